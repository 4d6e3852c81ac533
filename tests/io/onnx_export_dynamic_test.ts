import { assertEquals, assertThrows } from "@std/assert";
import { functional as F, nn, noGrad, randint, randn, type Tensor, ValueError } from "../../mod.ts";
import { type DynamicAxes, type Exportable, exportOnnx } from "../../io/onnx/mod.ts";
import { decodeModel } from "../../io/onnx/protobuf.ts";
import { assertSame, run, tensorsOf } from "./onnx_export_runtime.ts";

/** Exports with `example`, and compares for each of `others`. */
async function checkDynamic(
  model: Exportable,
  example: readonly Tensor[],
  dynamicAxes: DynamicAxes,
  others: readonly (readonly Tensor[])[],
): Promise<void> {
  const bytes = exportOnnx(model, example, { inputNames: example.map((_, i) => `x${i}`), dynamicAxes });
  if (model instanceof nn.Module) model.eval();
  const call = model as (...inputs: readonly unknown[]) => unknown;
  for (const inputs of others) assertSame(await run(bytes, inputs), tensorsOf(noGrad(() => call(...inputs))));
}

Deno.test("exportOnnx() with a dynamic batch and length: a transformer", async () => {
  const model = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
  const x = (batch: number, length: number) => [randn([batch, length, 8])];
  await checkDynamic(model, x(1, 4), { x0: { 0: "batch", 1: "length" } }, [x(1, 1), x(3, 7)]);
});

class CharacterModel extends nn.Module {
  tokens = new nn.Embedding(11, 8);
  positions = new nn.Embedding(64, 8);
  attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
  head = new nn.Linear(8, 11);

  override forward(tokens: Tensor): Tensor {
    const length = tokens.shape[1]!;
    const x = (this.tokens.call(tokens) as Tensor).add(this.positions.weight.narrow(0, 0, length));
    const mask = nn.Transformer.generateSquareSubsequentMask(length);
    const [y] = this.attention.call(x, x, x, { attnMask: mask }) as [Tensor];
    return this.head.call(x.add(y)) as Tensor;
  }
}

Deno.test("exportOnnx() with a dynamic batch and length: a causal language model", async () => {
  const x = (batch: number, length: number) => [randint(0, 11, [batch, length])];
  await checkDynamic(new CharacterModel(), x(2, 16), { x0: { 0: "batch", 1: "length" } }, [x(1, 1), x(3, 9), x(2, 64)]);
});

Deno.test("exportOnnx() with a dynamic batch and length: LSTM and GRU", async () => {
  const x = (length: number, batch: number) => [randn([length, batch, 3])];
  for (const model of [new nn.LSTM(3, 4, { numLayers: 2 }), new nn.GRU(3, 4, { bidirectional: true })]) {
    await checkDynamic(model, x(5, 2), { x0: { 0: "length", 1: "batch" } }, [x(1, 1), x(8, 3)]);
  }
});

Deno.test("exportOnnx() with dynamic images: convolutions, pooling, resizing", async () => {
  const model = new nn.Sequential(
    new nn.Conv2d(2, 4, 3, { padding: 1, stride: 2 }),
    new nn.GroupNorm(2, 4),
    new nn.ReLU(),
    new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
    new nn.AvgPool2d(2, { stride: 1 }),
    new nn.Upsample({ scaleFactor: 2, mode: "bilinear" }),
    new nn.ReflectionPad2d(1),
    new nn.ZeroPad2d(1),
    new nn.ConvTranspose2d(4, 4, 2, { stride: 2 }),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Linear(4, 3),
  );
  const x = (...shape: number[]) => [randn([shape[0]!, 2, shape[1]!, shape[2]!])];
  await checkDynamic(model, x(2, 16, 20), { x0: { 0: "batch", 2: "height", 3: "width" } }, [
    x(1, 17, 23),
    x(3, 40, 21),
  ]);
});

Deno.test("exportOnnx() with dynamic images: shapes that are computed from other shapes", async () => {
  const model = (x: Tensor) => {
    const [n, c, h, w] = x.shape as readonly number[] as [number, number, number, number];
    const tokens = x.flatten(2).transpose(1, 2), grid = x.reshape([n, c, h * w]).mean(2);
    const larger = F.interpolate(x, { size: [2 * h, w + 1] });
    return [tokens, grid, larger, x.sum().div(n * h), x.reshape([n * h, c * w]), x.mul(1 / (h * w))];
  };
  const x = (...shape: number[]) => [randn([shape[0]!, 2, shape[1]!, shape[2]!])];
  await checkDynamic(model, x(2, 3, 4), { x0: [0, 2, 3] }, [x(1, 5, 2), x(3, 2, 7)]);
});

Deno.test("exportOnnx() names the extents of the outputs", () => {
  const shapes = (model: Exportable, dynamicAxes: DynamicAxes) => {
    const { graph } = decodeModel(exportOnnx(model, randn([2, 3]), { dynamicAxes }));
    return [...graph.input, ...graph.output].map(({ type }) => type?.tensorType?.shape);
  };
  const double = (x: Tensor) => [x.repeat([2, 1]), F.pad(x, [1, 2]), x.reshape([-1])];
  assertEquals(shapes(double, {}), [[2, 3], [4, 3], [2, 6], [6]]);
  assertEquals(shapes(double, { input: { 0: "n" } }), [["n", 3], ["2*n", 3], ["n", 6], ["3*n"]]);
  assertEquals(shapes(double, { input: [-1] }), [[2, "input_dim_1"], [4, "input_dim_1"], [2, "input_dim_1 + 3"], [
    "2*input_dim_1",
  ]]);
  assertEquals(shapes(double, { input: { 0: "n", 1: "m" }, output_2: { 0: "all" } }), [
    ["n", "m"],
    ["2*n", "m"],
    ["n", "m + 3"],
    ["all"],
  ]);
});

Deno.test("exportOnnx() says where a model cannot follow a dynamic extent", () => {
  const message = (model: Exportable, example: readonly Tensor[], dynamicAxes: DynamicAxes) =>
    assertThrows(() => exportOnnx(model, example, { dynamicAxes }), ValueError).message;
  const loop = (x: Tensor) => Array.from({ length: x.shape[0]! }, (_, i) => x.at(i)).reduce((a, b) => a.add(b));
  assertEquals(
    message(loop, [randn([4, 3])], { input: [0] }),
    "Cannot export view: from here on the model does something else for other extents, as a loop over a dimension does, and a " +
      "graph is the same for all. Leave the dimension out of dynamicAxes, so that it is fixed",
  );
  assertEquals(
    message(
      new nn.Sequential(
        new nn.Flatten(),
        new (class Roll extends nn.Module {
          override forward = (x: Tensor) => x.roll(1, 0);
        })(),
      ),
      [randn([4, 3])],
      { input: [0] },
    ),
    'Cannot export roll (in module "1"): it moves elements along a dynamic dimension in a way that no operator of ONNX can ' +
      "follow. Leave the dimension out of dynamicAxes, so that it is fixed",
  );
  assertEquals(
    message((a: Tensor, b: Tensor) => a.add(b), [randn([4, 3]), randn([4, 3])], { input_0: [0], input_1: [0] }),
    'Cannot export with a dynamic "input_0_dim_0": the model takes no other extents than the example\'s 4: Cannot add tensors ' +
      "of shapes [28, 3] and [4, 3]: counted from the right, sizes at dimension -2 are 28 and 4, and neither is 1. Reshape, " +
      "transpose or slice one of them. Leave it out of dynamicAxes, or give dimensions that have to be equal one name",
  );
  assertEquals(
    message((x: Tensor) => x.squeeze(), [randn([1, 3])], { input: { 0: "batch" } }),
    'Cannot export with a dynamic "batch": with the example\'s extent of 1 the results have 1 dimensions, else 2. Name the ' +
      "dimension that squeeze() is to drop, or give a larger example",
  );
  const dynamic = (model: (x: Tensor) => Tensor) =>
    message(model, [randn([4, 5])], { input: [0] }).split(" in a way")[0];
  assertEquals(
    dynamic((x) => x.roll(x.shape[0]!, 1)),
    "Cannot export roll: it moves elements by a distance that depends on a dynamic dimension",
  );
  assertEquals(
    dynamic((x) => F.pad(x, [1, 1], { value: x.shape[0]! })),
    "Cannot export constantPadNd: it moves elements",
  );
  assertEquals(dynamic((x) => x.mT.sum(x.shape[0]! % 2)), "Cannot export sum: it works");
  assertEquals(
    message((x: Tensor) => x.unbind(), [randn([4, 3])], { input: [0] }),
    "Cannot export with dynamicAxes a model that has 4 results for the example, and 28 for other extents: a graph always has as " +
      "many. Leave the dimension out of dynamicAxes, so that it is fixed",
  );
  assertEquals(
    message((x: Tensor) => x, [randn([4, 3])], { x: [0] }),
    'Cannot make dimensions of "x" dynamic: the model\'s inputs and outputs are input, output',
  );
  assertEquals(
    message((x: Tensor) => x, [randn([4, 3])], { input: [2] }),
    "Cannot make dimension 2 of input dynamic: its shape is [4, 3]",
  );
  assertEquals(
    message((x: Tensor) => x, [randn([4, 3])], { input: { 0: "n", 1: "n" } }),
    'Cannot give one name, "n", to extents 4 and 3 (of input): dimensions of one name are equal',
  );
});
