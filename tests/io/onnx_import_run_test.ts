/**
 * Models that are no good and can be imported: what running them says. And models that ask for more than there is.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { importOnnx } from "../../io/onnx/mod.ts";
import { TensaurError, type Tensor, tensor } from "../../mod.ts";
import { fuzz } from "./onnx_fuzz.ts";
import {
  type Case,
  fileOf,
  floats,
  given,
  info,
  ints,
  load,
  node,
  of,
  op,
  some,
  withGraph,
} from "./onnx_import_models.ts";

/** What running a case says that is wrong with it. */
function refusal(item: Case, change?: Parameters<typeof load>[1]): string {
  const model = load(item, change), begin = performance.now();
  const inputs = Object.entries(item.inputs ?? {}).filter(([name]) => model.inputNames.includes(name));
  const error = assertThrows(() => {
    const result: Tensor | Tensor[] = model(Object.fromEntries(inputs.map(([name, value]) => [name, given(value)])));
    for (const output of [result].flat()) output.dataSync();
  }, TensaurError);
  assert(performance.now() - begin < 10_000, `${error.message} took ${performance.now() - begin} ms`);
  assert(/^Cannot run \d+ bytes: /.test(error.message), error.message);
  return error.message;
}

const image = some([1, 2, 5, 6]), x = some([2, 3, 4]);

Deno.test("an imported model whose node is no good says what is wrong with it", () => {
  const weights = [some([2, 3, 6]), some([6, 12], 2)];
  const wrong: [Case, RegExp][] = [
    [
      op("ConvTranspose", [image, some([2, 3, 3, 3], 2)], { strides: [2, 2], output_shape: [10] }),
      /In ConvTranspose "y": it has the output_shape \[10\] for 2 spatial axes/,
    ],
    [op("SpaceToDepth", [x], { blocksize: 2 }), /its input 0 has the shape \[2, 3, 4\], and not 4 axes/],
    [op("DepthToSpace", [image], { blocksize: 0 }), /it has blocksize 0, and not 1 or more/],
    [op("EyeLike", [x]), /its input 0 has the shape \[2, 3, 4\], and not 2 axes/],
    [op("GroupNormalization", [x, some([3]), some([3])], { num_groups: 0 }, { opset: 21 }), /num_groups 0, and not 1/],
    [op("GatherND", [x, ints([1, 0], [2, 1])], { batch_dims: 5 }), /rows of 1 positions, after 5 axes of batches/],
    [op("ScatterND", [some([4]), ints([1, 1], [1, 2]), some([1])]), /rows of 2 positions, after 0 axes/],
    [op("ms.Attention", weights, { num_heads: 5 }, { held: [1] }), /cannot take 5 heads of \[2, 3, 4\]/],
    [op("ms.Attention", weights, { num_heads: 2, qkv_hidden_sizes: [12] }), /it has 1 qkv_hidden_sizes, and not 3/],
    [op("ReverseSequence", [some([4, 3, 2]), ints([1, 4])]), /it has lengths of 2 sequences, and is given 3/],
    [op("Expand", [some([1]), floats([1.5])]), /cannot expand \[1\] to \[1\.5\]/],
    [op("Split", [x, floats([1.5, 1.5])], { axis: 1 }, { outputs: ["FLOAT", "FLOAT"] }), /into \[1\.5, 1\.5\]/],
    [op("Slice", [x, floats([0.5]), ints([2])]), /it slices from \[0\.5\] to \[2\] by \[1\]: give whole numbers/],
    [
      { ...wide([2 ** 10], [node("Unsqueeze", ["x", "w"], ["y"])]), inputs: { x: of("INT32", [1]) } },
      /it asks for 1025 axes, and 64 are the most/,
    ],
    [op("Sum", []), /In Sum "y": it has no inputs/],
    [op("Cast", [x], { to: 0 }), /elements of type 0 have no dtype here/],
    [
      { nodes: [node("DequantizeLinear", ["w", "s"], ["more", "y"])], weights: { w: of("INT8", [1]), s: floats([1]) } },
      /its output 1, "y", is not supported/,
    ],
  ];
  for (const [item, message] of wrong) {
    const said = refusal(item);
    assert(message.test(said), said);
  }
});

Deno.test("a value of ConstantOfShape that is said to be in another file is refused", () => {
  const said = refusal(op("ConstantOfShape", [ints([2])], { value: ints([7]) }, { held: [0] }), (model) => {
    const [made] = model.graph.node, [attribute] = made!.attribute;
    const t = { ...attribute!.t!, dataLocation: 1, externalData: { location: "w.bin" } };
    return withGraph(model, { node: [{ ...made!, attribute: [{ ...attribute!, t }] }] });
  });
  assert(/In ConstantOfShape "y": it has its value in another file, which is not supported/.test(said), said);
});

/** A body of a loop without a node, which goes on for ever. */
const endless = {
  name: "body",
  node: [],
  initializer: [],
  input: [info("i", "INT64", []), info("going", "BOOL", []), info("state")],
  output: [info("going", "BOOL", []), info("state")],
};

/** The same with a sum that is an output of each round. */
const kept = {
  ...endless,
  node: [node("Add", ["state", "state"], ["sum"])],
  output: [info("going", "BOOL", []), info("sum"), info("sum")],
};

/** A few elements, which become many, and what is made of them. */
function wide(shape: readonly number[], nodes: Case["nodes"], weights: Case["weights"] = {}): Case {
  const first = node("Expand", ["x", "shape"], ["w"]);
  return { nodes: [first, ...nodes], inputs: { x: floats([1]) }, weights: { shape: ints(shape), ...weights } };
}

/** Each is the one before and x. */
const sums = Array.from({ length: 20 }, (_, i) => node("Add", ["w", i === 0 ? "w" : `y${i - 1}`], [`y${i}`]));

Deno.test("runs of models that ask for all memory or time there is are stopped", () => {
  const many = (of: number) => ints([of], []), big = [2 ** 20, 2 ** 20];
  const wrong: Case[] = [
    op("LRN", [some([1, 6, 2, 2])], { size: 2 ** 31 }),
    op("Expand", [some([1]), ints(big)]),
    op("ConstantOfShape", [ints(big)], {}, { held: [0] }),
    op("RandomNormal", [], { shape: big }),
    op("Range", [many(-(2 ** 63)), many(3), many(1)], {}, { held: [0, 1, 2], outputs: ["INT64"] }),
    op("OneHot", [ints([0, 1]), many(2 ** 31 - 1), floats([0, 1])], {}, { held: [1] }),
    op("Resize", [some([1, 1, 3, 4]), null, null, ints([1, 1, 2 ** 24, 1])], { mode: "linear" }, { held: [3] }),
    op("Resize", [some([4]), floats([0, 2 ** 30]), floats([2 ** -29])], {
      mode: "linear",
      antialias: 1,
      coordinate_transformation_mode: "tf_crop_and_resize",
    }, { opset: 18 }),
    op("Conv", [image, some([1, 2, 3, 3])], { pads: [2 ** 20, 2 ** 20, 2 ** 20, 2 ** 20] }),
    op("RandomNormal", [], { shape: [2 ** 22] }),
    wide([4096 * 4096], [node("NonZero", ["w"], ["y"])]),
    wide([2 ** 17, 4], [
      node("Reshape", ["w", "boxes"], ["b"]),
      node("Expand", ["x", "scores"], ["s"]),
      node("NonMaxSuppression", ["b", "s", "most", "limit"], ["y"]),
    ], {
      boxes: ints([1, 2 ** 17, 4]),
      scores: ints([1, 1, 2 ** 17]),
      most: ints([2 ** 31 - 1]),
      limit: floats([2]),
    }),
    wide([2 ** 14, 1, 1], [node("GRU", ["w", "W", "R"], ["y"], { hidden_size: 1 })], {
      W: some([1, 3, 1]),
      R: some([1, 3, 1]),
    }),
    // Sums that are kept, and outputs that take a gigabyte together.
    {
      nodes: [node("Loop", ["m", "", "x"], ["last", "y"], { body: kept })],
      inputs: { x: floats([1]) },
      weights: { m: many(2 ** 16) },
    },
    { ...wide([2 ** 24], sums), outputs: Object.fromEntries(sums.map(({ output: [name] }) => [name!, "FLOAT"])) },
    { nodes: [node("Loop", ["", "", "x"], ["y"], { body: endless })], inputs: { x: floats([1]) } },
    {
      nodes: [node("Loop", ["m", "", "x"], ["y"], { body: endless })],
      inputs: { x: floats([1]) },
      weights: { m: many(2 ** 63) },
    },
  ];
  for (const item of wrong) {
    const said = refusal(item);
    assert(
      /In (\w+) "\w+": it .* the most for what the run is given: import it with \{ bounded: false \}/.test(said),
      said,
    );
  }
});

Deno.test("weights that are computed while importing are bounded as well", () => {
  const item = op("DequantizeLinear", [of("INT8", [1, 2], [1, 2]), floats([1, 1], [1, 2])], {
    axis: 0,
    block_size: 2 ** 31,
  }, { opset: 21, held: [0, 1] });
  const error = assertThrows(() => load(item), TensaurError);
  assert(/In DequantizeLinear "y": it asks for the shape \[1, 2147483648, 2\]/.test(error.message), error.message);
});

Deno.test("a diagonal of EyeLike may be far away, and a model that is trusted may take more", () => {
  assertEquals(load(op("EyeLike", [some([1, 2])], { k: 2 ** 40 }))(given(some([1, 2]))).tolist(), [[0, 0]]);
  const item: Case = {
    nodes: [node("Expand", ["x", "shape"], ["wide"]), node("Slice", ["wide", "zero", "one"], ["y"])],
    inputs: { x: floats([3]) },
    weights: { shape: ints([2 ** 24 + 2 ** 20]), zero: ints([0]), one: ints([1]) },
  };
  assert(/it asks for the shape \[17825792\]/.test(refusal(item)));
  const free = importOnnx(fileOf(item), { device: "cpu", bounded: false });
  assertEquals(free(tensor([3], { dtype: "float32", device: "cpu" })).tolist(), [3]);
});

Deno.test("changed models give tensors, or are refused in the library's words", () => {
  const counts = fuzz(20261129, 4000);
  assert(Object.values(counts).every((count) => count > 0), JSON.stringify(counts));
});
