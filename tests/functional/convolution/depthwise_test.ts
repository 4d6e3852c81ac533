import { assert, assertEquals } from "@std/assert";
import { explain, eye, functional as F, manualSeed, randint, randn, type Tensor } from "../../../mod.ts";
import { testOnDevices } from "../../tensor/expect.ts";

interface Case {
  readonly shape: readonly number[];
  readonly size: readonly number[];
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
}

const cases: readonly Case[] = [
  { shape: [2, 4, 70], size: [3], padding: 1 },
  { shape: [2, 5, 9, 13], size: [3, 3], padding: 1 },
  { shape: [2, 5, 9, 13], size: [3, 3], stride: 2, padding: 1 },
  { shape: [1, 4, 20, 40], size: [5, 5], padding: 2 },
  { shape: [2, 3, 8, 33], size: [2, 3], dilation: 2 },
  { shape: [1, 2, 4, 5, 6], size: [2, 2, 2] },
  { shape: [0, 4, 5, 5], size: [3, 3] },
  // Too large to be written out.
  { shape: [1, 3, 16, 16], size: [7, 7], padding: 3 },
];

const convolve = (rank: number) => [F.conv1d, F.conv2d, F.conv3d][rank - 1] as typeof F.conv2d;

/** The result and the gradients of input and weight. */
function results(x: Tensor, weight: Tensor, compute: (x: Tensor, weight: Tensor) => Tensor, grad: Tensor): Tensor[] {
  const [a, b] = [x, weight].map((tensor) => tensor.detach().requiresGrad_()) as [Tensor, Tensor];
  const y = compute(a, b);
  y.mul(grad).sum().backward();
  return [y.detach(), a.grad!, b.grad!];
}

for (const { shape, size, ...options } of cases) {
  testOnDevices(
    `channels by themselves are convolved as with zeros between them: ${JSON.stringify({ shape, size, ...options })}`,
    () => {
      manualSeed(0);
      const channels = shape[1]!, conv = convolve(size.length);
      // Whole numbers, whose sums are exact in any order.
      const whole = (shape: readonly number[]) => randint(-4, 5, [...shape]).float();
      const x = whole(shape), weight = whole([channels, 1, ...size]);
      const between = eye(channels).reshape([channels, channels, ...size.map(() => 1)]);
      const alone = (x: Tensor, weight: Tensor) => conv(x, weight, null, { ...options, groups: channels });
      const together = (x: Tensor, weight: Tensor) =>
        conv(x, weight.expand([channels, channels, ...size]).mul(between), null, options);
      const grad = whole(alone(x, weight).shape);
      const expected = results(x, weight, together, grad);
      results(x, weight, alone, grad).forEach((result, i) => {
        assertEquals([...result.shape], [...expected[i]!.shape]);
        if (result.numel() > 0) assert(result.sub(expected[i]!).abs().max().item<number>() < 1e-5);
      });
    },
  );
}

testOnDevices("channels by themselves are convolved as exactly as float32 allows", () => {
  manualSeed(0);
  for (const { shape, size, ...options } of cases.filter(({ shape }) => !shape.includes(0))) {
    const conv = convolve(size.length), channels = shape[1]!;
    const alone = (x: Tensor, weight: Tensor) => conv(x, weight, null, { ...options, groups: channels });
    const x = randn(shape), weight = randn([channels, 1, ...size]), grad = randn(alone(x, weight).shape);
    const [a, b, g] = [x, weight, grad].map((tensor) => tensor.to("cpu").double()) as [Tensor, Tensor, Tensor];
    const expected = results(a, b, alone, g), sizes = results(a.abs(), b.abs(), alone, g.abs());
    results(x, weight, alone, grad).forEach((result, i) => {
      const error = result.to("cpu").double().sub(expected[i]!).abs();
      // A millionth of what is added up, and for results and the inputs' gradients the same bound for all.
      assert(error.le(sizes[i]!.mul(1e-6)).all().item<boolean>(), `${shape}`);
      if (i < 2) assert(error.max().item<number>() < 1e-5, `${shape}`);
    });
  }
});

testOnDevices("what a convolution of channels by themselves looks at often is computed once", () => {
  const text = explain(F.conv2d(F.gelu(randn([1, 4, 8, 8])), randn([4, 1, 3, 3]), null, { groups: 4 }));
  assertEquals(text.match(/erf\(/g)?.length, 2, text);
});
