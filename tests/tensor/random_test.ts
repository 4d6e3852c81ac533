import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import type { Tensor } from "../../mod.ts";
import golden from "../golden/draws.json" with { type: "json" };

const cpu = { device: "cpu" } as const;
const draws: Record<string, (n: number) => Tensor> = {
  "rand float32": (n) => torch.rand([n], cpu),
  "rand float64": (n) => torch.rand([n], { ...cpu, dtype: "float64" }),
  "uniform_ float32": (n) => torch.zeros([n], cpu).uniform_(-0.3, 0.7123),
  "uniform_ float64": (n) => torch.zeros([n], { ...cpu, dtype: "float64" }).uniform_(-0.3, 0.7123),
  "randn float32": (n) => torch.randn([n], cpu),
  "normal float32": (n) => torch.normal(0.1, 0.37, [n], cpu),
  "randint int32": (n) => torch.randint(-5, 100, [n], cpu),
  "randint float64": (n) => torch.randint(0, 2 ** 40, [n], { ...cpu, dtype: "float64" }),
  "randperm int32": (n) => torch.randperm(n, cpu),
  "bernoulli_ float32": (n) => torch.zeros([n], cpu).bernoulli_(0.3),
  "bernoulli float32": (n) => torch.bernoulli(torch.full([n], 0.3, cpu)),
  "bernoulli float64": (n) => torch.bernoulli(torch.full([n], 0.3, { ...cpu, dtype: "float64" })),
  "exponential_ float32": (n) => torch.zeros([n], cpu).exponential_(1.5),
  "random_ float32": (n) => torch.zeros([n], cpu).random_(),
  "random_ float64": (n) => torch.zeros([n], { ...cpu, dtype: "float64" }).random_(),
  "random_ uint8": (n) => torch.zeros([n], { ...cpu, dtype: "uint8" }).random_(),
  "multinomial int32": (n) => torch.multinomial(torch.arange(1, 1001, 1, { ...cpu, dtype: "float32" }), n),
  "multinomial replacement int32": (n) =>
    torch.multinomial(torch.arange(1, 8, 1, { ...cpu, dtype: "float32" }), n, { replacement: true }),
};

async function hash(...parts: ArrayBufferView<ArrayBuffer>[]): Promise<string> {
  const bytes = await new Blob(parts).arrayBuffer();
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

for (const [name, draw] of Object.entries(draws)) {
  Deno.test(`${name} draws PyTorch's bits for every seed and size`, async () => {
    const wrong: string[] = [];
    for (const [seed, n, op, expected] of golden.cases as [string, number, string, string][]) {
      if (op !== name) continue;
      torch.manualSeed(BigInt(seed));
      const drawn = draw(n).dataSync(), after = torch.randn([1], cpu).dataSync();
      if (!(await hash(drawn, after)).startsWith(expected)) wrong.push(`seed ${seed}, ${n} numbers`);
    }
    assertEquals(wrong, []);
  });
}

for (const [name, expected] of Object.entries(golden.near)) {
  Deno.test(`${name} draws PyTorch's numbers but for the last bit`, () => {
    torch.manualSeed(3);
    const options = { ...cpu, dtype: "float64" } as const;
    const normal = torch.randn([40], options);
    const drawn = name.startsWith("randn") ? normal : torch.zeros([40], options).exponential_(1.5);
    drawn.dataSync().forEach((value, i) => assertAlmostEquals(value, expected[i]!, Math.abs(expected[i]!) * 1e-15));
  });
}

Deno.test("randn draws what the article's seed gives in PyTorch", () => {
  torch.manualSeed(119838410);
  assertEquals(torch.randn([3, 5], cpu).tolist(), [
    [-1.741922378540039, 1.4327199459075928, 0.32138729095458984, -0.052389778196811676, 0.5726860165596008],
    [-2.4470179080963135, 0.5088334083557129, 3.327322006225586, -1.1076107025146484, -1.1067328453063965],
    [1.3000328540802002, 1.0258835554122925, 1.2956180572509766, 0.4219532310962677, 0.08845983445644379],
  ]);
});

Deno.test("Generator state is PyTorch's and can be restored", async () => {
  const generator = new torch.Generator().manualSeed(123456789012);
  torch.randn([3], { ...cpu, generator });
  const state = generator.getState();
  assertEquals(await hash(state), golden.state);
  const expected = torch.randn([20], { ...cpu, generator }).tolist();
  assertEquals(torch.randn([20], { ...cpu, generator: new torch.Generator().setState(state) }).tolist(), expected);
  assertThrows(() => generator.setState(new Uint8Array(7)), torch.ValueError, "state");
});

Deno.test("Generator seeds as PyTorch does", () => {
  const generator = new torch.Generator();
  assertEquals(generator.initialSeed(), 67280421310721n);
  assertEquals(generator.manualSeed(-1).initialSeed(), 2n ** 64n - 1n);
  assertEquals(torch.rand([1], { ...cpu, generator }).dataSync()[0]!.toFixed(4), "0.9938");
  const drawn = generator.seed();
  assertEquals(generator.initialSeed(), drawn);
  for (const wrong of [1.5, NaN, 2n ** 64n, -(2n ** 63n) - 1n]) {
    assertThrows(() => generator.manualSeed(wrong), torch.ValueError, "Cannot seed");
  }
});

Deno.test("random words are the same however many are drawn at once", () => {
  const whole = new torch.Generator().manualSeed(3), parts = new torch.Generator().manualSeed(3);
  // States have 624 words; many of them are drawn in vectors, 64 at a time.
  const sizes = [1, 623, 2496, 2495, 70 * 624, 5000, 130 * 624 + 7];
  for (const size of sizes) {
    const words = whole.bits(size);
    for (let i = 0; i < size; i++) {
      const [word] = parts.bits(1);
      if (words[i] !== word) throw new Error(`word ${i} of ${size}: ${words[i]} and ${word}`);
    }
    assertEquals(whole.getState(), parts.getState());
  }
});

Deno.test("two generators are independent", () => {
  const a = new torch.Generator().manualSeed(1), b = new torch.Generator().manualSeed(1);
  const together = torch.randn([6], { ...cpu, generator: a }).tolist() as number[];
  torch.manualSeed(5);
  const apart = [0, 1].flatMap(() => {
    torch.randn([3], cpu);
    return torch.randn([3], { ...cpu, generator: b }).tolist() as number[];
  });
  assertEquals(apart, together);
});

Deno.test("normal takes tensors", () => {
  torch.manualSeed(2);
  const sum = torch.normal(torch.arange(1, 20, 1, { ...cpu, dtype: "float32" }), 0.3);
  torch.manualSeed(2);
  const noise = torch.normal(0, 0.3, [19], cpu);
  const expected = noise.dataSync().map((value, i) => value + i + 1);
  assertEquals(sum.dataSync(), expected);
});

Deno.test("randomly filled tensors have the shape, dtype and device asked for", () => {
  const like = torch.zeros([2, 3], { ...cpu, dtype: "float64" });
  assertEquals(torch.randLike(like).dtype, "float64");
  assertEquals([...torch.randnLike(like).shape], [2, 3]);
  assertEquals(torch.randintLike(like, 3, { dtype: "int32" }).dtype, "int32");
  assert(torch.randn([2], { requiresGrad: true }).requiresGrad);
  assertEquals([...torch.randn(2, 0, 3).shape], [2, 0, 3]);
  assertEquals(torch.randperm(0).numel(), 0);
  assertEquals(torch.rand([]).ndim, 0);
});

Deno.test("draws refuse what makes no sense", () => {
  assertThrows(() => torch.randint(5, 5, [2]), torch.ValueError, "5 to below 5");
  assertThrows(() => torch.randint(0, 2 ** 40, [2]), torch.ValueError, "int32 holds");
  assertThrows(() => torch.randn([2], { dtype: "int32" }), torch.DTypeError, "randn");
  assertThrows(() => torch.randn([-1]), torch.ShapeError);
  assertThrows(() => torch.randperm(-1), torch.ValueError);
  assertThrows(() => torch.zeros([2]).bernoulli_(1.5), torch.ValueError, "1.5");
  assertThrows(() => torch.zeros([2]).normal_(0, -1), torch.ValueError, "-1");
  assertThrows(() => torch.multinomial(torch.ones([3]), 4), torch.ValueError, "replacement");
  assertThrows(() => torch.multinomial(torch.zeros([3]), 1), torch.ValueError, "all 0");
});

Deno.test("normal numbers of large tensors, which the CPU device computes, are those of small ones to the bit", () => {
  const blocks = 2 ** 11;
  for (const [mean, std] of [[0, 1], [-0.5, 0.02]] as const) {
    const few = (): number[] => torch.normal(mean, std, [16], cpu).tolist() as number[];
    torch.manualSeed(119838410);
    const expected = Array.from({ length: blocks }, few).flat();
    torch.manualSeed(119838410);
    assertEquals(torch.normal(mean, std, [blocks, 16], cpu).flatten().tolist(), expected);
    // Where blocks of 16 leave a rest, the last 16 elements are drawn again.
    torch.manualSeed(119838410);
    for (let i = 0; i < blocks; i++) few();
    torch.rand([7], cpu);
    const last = few();
    torch.manualSeed(119838410);
    const whole = torch.normal(mean, std, [16 * blocks + 7], cpu).tolist();
    assertEquals(whole, [...expected.slice(0, 16 * blocks - 9), ...last]);
  }
});
