import { assert } from "@std/assert";
import { functional as F, manualSeed, randn } from "../../../mod.ts";
import { testOnDevices } from "../../tensor/expect.ts";

interface Geometry {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

const geometries: readonly Geometry[] = [
  { size: [3, 3], stride: [2, 2], padding: [1, 1] },
  { size: [7, 7], stride: [2, 2], padding: [3, 3] },
  { size: [1, 1], stride: [2, 2] },
  { size: [4, 4], stride: [4, 4] },
  { size: [2, 5], stride: [3, 4], padding: [0, 2] },
  { size: [3, 3], stride: [2, 2], padding: [1, 1], groups: 2 },
  { size: [3, 3], stride: [1, 2], dilation: [2, 1], padding: [2, 0] },
  { size: [3, 3], stride: [2, 2], dilation: [2, 2], padding: [1, 1] },
];

/** What each output element gives back to the inputs that it was made from. */
function inputGradient(
  { stride, padding = [0, 0], dilation = [1, 1], groups = 1 }: Geometry,
  [n, c, height, width]: readonly number[],
  grad: readonly number[][][][],
  weight: readonly number[][][][],
): number[] {
  const result = new Array<number>(n! * c! * height! * width!).fill(0), per = c! / groups;
  grad.forEach((image, b) =>
    image.forEach((channel, o) =>
      channel.forEach((row, y) =>
        row.forEach((value, x) =>
          weight[o]!.forEach((kernel, i) =>
            kernel.forEach((taps, ky) =>
              taps.forEach((tap, kx) => {
                const top = y * stride[0] + ky * dilation[0] - padding[0];
                const left = x * stride[1] + kx * dilation[1] - padding[1];
                if (top < 0 || left < 0 || top >= height! || left >= width!) return;
                const from = Math.floor(o / (weight.length / groups)) * per + i;
                result[((b * c! + from) * height! + top) * width! + left]! += value * tap;
              })
            )
          )
        )
      )
    )
  );
  return result;
}

testOnDevices("gradients of strided convolutions are what each output gives back", () => {
  manualSeed(0);
  for (const geometry of geometries) {
    const { size, stride, padding, dilation, groups = 1 } = geometry, shape = [2, 2 * groups, 11, 13];
    const x = randn(shape, { requiresGrad: true }), weight = randn([3 * groups, 2, ...size]);
    const y = F.conv2d(x, weight, {
      stride: [...stride],
      padding: [...padding ?? [0, 0]],
      dilation: [...dilation ?? [1, 1]],
      groups,
    });
    const grad = randn([...y.shape]);
    y.mul(grad).sum().backward();
    const expected = inputGradient(geometry, shape, grad.tolist() as number[][][][], weight.tolist() as number[][][][]);
    const got = x.grad!.dataSync();
    const error = Math.max(...expected.map((value, i) => Math.abs(value - got[i]!)));
    assert(error < 1e-5, `${JSON.stringify(geometry)}: ${error}`);
    // A transposed convolution is that gradient.
    const transposed = F.convTranspose2d(grad, weight, {
      ...{ stride: [...stride], padding: [...padding ?? [0, 0]], dilation: [...dilation ?? [1, 1]], groups },
      outputPadding: [0, 1].map((i) => {
        const d = dilation?.[i] ?? 1, p = padding?.[i] ?? 0;
        return shape[2 + i]! - ((y.shape[2 + i]! - 1) * stride[i]! - 2 * p + d * (size[i]! - 1) + 1);
      }),
    });
    assert(transposed.allclose(x.grad!, { atol: 1e-5 }), JSON.stringify(geometry));
  }
});
