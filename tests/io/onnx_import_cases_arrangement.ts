/**
 * Models of one operator that arranges, picks or makes elements.
 *
 * @module
 */

import { type Case, floats, info, ints, node, of, op, proto, some } from "./onnx_import_models.ts";

const x = some([2, 3, 4]), image = some([1, 4, 2, 3]), END = 2 ** 63;

/** A case whose shape is computed by the graph: `make` is given the name of the shape of x. */
function computed(
  nodes: Case["nodes"],
  weights: Case["weights"] = {},
  outputs: Case["outputs"] = { y: "FLOAT" },
  opset = 17,
): Case {
  return { opset, nodes, inputs: { x }, weights, outputs };
}

/** Operators that arrange elements. */
export const movement: Readonly<Record<string, Case>> = {
  "Reshape": op("Reshape", [x, ints([0, -1])], {}, { held: [1] }),
  "Reshape by an input": op("Reshape", [x, ints([4, 0, 2])]),
  "Reshape with zeros": op("Reshape", [floats([], [0, 3]), ints([3, 0])], { allowzero: 1 }, { held: [1] }),
  "Flatten": op("Flatten", [x], { axis: 2 }),
  "Flatten from the end": op("Flatten", [x], { axis: -1 }, { opset: 11 }),
  "Flatten to a row": op("Flatten", [x], { axis: 0 }),
  "Transpose": op("Transpose", [x], { perm: [1, 2, 0] }),
  "Transpose without perm": op("Transpose", [x]),
  "Squeeze": op("Squeeze", [some([1, 3, 1]), ints([-1])], {}, { held: [1] }),
  "Squeeze of all": op("Squeeze", [some([1, 3, 1])]),
  "Squeeze of version 11": op("Squeeze", [some([1, 3, 1])], { axes: [0] }, { opset: 11 }),
  "Unsqueeze": op("Unsqueeze", [some([3]), ints([0, -1])], {}, { held: [1] }),
  "Unsqueeze of version 11": op("Unsqueeze", [some([3])], { axes: [0, 2] }, { opset: 11 }),
  "Concat": op("Concat", [x, some([2, 1, 4], 2), some([2, 2, 4], 3)], { axis: 1 }),
  "Concat from the end": op("Concat", [x, some([2, 3, 1], 2)], { axis: -1 }),
  "Split": op("Split", [x, ints([1, 2])], { axis: 1 }, { held: [1], outputs: ["FLOAT", "FLOAT"] }),
  "Split of version 11": op("Split", [x], { axis: 2, split: [3, 1] }, { opset: 11, outputs: ["FLOAT", "FLOAT"] }),
  "Split evenly": op("Split", [x], { axis: 2 }, { outputs: ["FLOAT", "FLOAT"] }),
  "Split of version 18": op("Split", [x], { axis: 1, num_outputs: 2 }, { opset: 18, outputs: ["FLOAT", "FLOAT"] }),
  "Slice": op("Slice", [x, ints([1, -3]), ints([END, -1]), ints([0, 2])], {}, { held: [1, 2, 3] }),
  "Slice backwards": op("Slice", [x, ints([-1, 3]), ints([-END, 0]), ints([1, 2]), ints([-1, -2])], {}, {
    held: [1, 2, 3, 4],
  }),
  "Slice of version 9": op("Slice", [x], { starts: [0, 1], ends: [1, END], axes: [0, 2] }, { opset: 9 }),
  "Slice of nothing": op("Slice", [x, ints([2]), ints([1])], {}, { held: [1, 2] }),
  "Expand": op("Expand", [some([3, 1]), ints([2, 1, 4])], {}, { held: [1] }),
  "Tile": op("Tile", [x, ints([1, 2, 3])], {}, { held: [1] }),
  "Pad": op("Pad", [x, ints([0, 1, 2, 0, 0, 1]), floats([1.5], [])], {}, { held: [1, 2] }),
  "Pad and crop": op("Pad", [x, ints([0, -1, 2, 0, 0, -1])], {}, { held: [1] }),
  "Pad of version 2": op("Pad", [x], { pads: [0, 0, 1, 0, 0, 1], value: 0.5 }, { opset: 10 }),
  "Pad by reflection": op("Pad", [x, ints([0, 1, 2, 0, 0, 1])], { mode: "reflect" }, { held: [1] }),
  "Pad by edges": op("Pad", [x, ints([2, 0, 1, 0, 1, 1])], { mode: "edge" }, { held: [1] }),
  "Pad by the other end": op("Pad", [x, ints([0, 1, 2, 0, 0, 1])], { mode: "wrap" }, { opset: 19, held: [1] }),
  "Pad of some axes": op("Pad", [x, ints([1, 2]), floats([0], []), ints([-1])], {}, { opset: 18, held: [1, 2, 3] }),
  "DepthToSpace": op("DepthToSpace", [image], { blocksize: 2 }),
  "DepthToSpace by columns": op("DepthToSpace", [image], { blocksize: 2, mode: "CRD" }),
  "SpaceToDepth": op("SpaceToDepth", [some([1, 2, 4, 6])], { blocksize: 2 }),
  "Trilu": op("Trilu", [x, ints([1], [])], {}, { held: [1] }),
  "Trilu below": op("Trilu", [x], { upper: 0 }),
  "ReverseSequence": op("ReverseSequence", [some([4, 3, 2]), ints([1, 4, 2])]),
};

const indices = ints([0, -1, 1], [3]), mask = of("BOOL", [1, 0, 1], [3]);

/** Operators that pick elements by position, or put them there. */
export const selection: Readonly<Record<string, Case>> = {
  "Gather": op("Gather", [x, ints([0, 2, -1, 1], [2, 2])], { axis: 1 }),
  "Gather of one": op("Gather", [x, ints([-1], [])], { axis: 2 }, { held: [1] }),
  "Gather of a table": op("Gather", [some([5, 3]), ints([4, 0, 2, 2], [2, 2])], {}, { held: [0] }),
  "GatherElements": op("GatherElements", [some([3, 3]), ints([0, -1, 1, 2, 0, 0], [2, 3])], { axis: 0 }),
  "GatherND": op("GatherND", [x, ints([0, 1, 1, -1], [2, 2])]),
  "GatherND of batches": op("GatherND", [x, ints([1, 0], [2, 1])], { batch_dims: 1 }),
  "ScatterElements": op("ScatterElements", [some([3, 3]), ints([1, -1, 2, 0, 2, 1], [2, 3]), some([2, 3], 4)]),
  "ScatterElements that adds": op("ScatterElements", [some([1, 5]), ints([1, 1], [1, 2]), some([1, 2], 4)], {
    axis: 1,
    reduction: "add",
  }, { opset: 16 }),
  "ScatterElements of the largest": op("ScatterElements", [some([1, 5]), ints([1, 1], [1, 2]), some([1, 2], 4)], {
    axis: 1,
    reduction: "max",
  }, { opset: 18 }),
  "Scatter": op("Scatter", [some([3, 3]), ints([1, 0, 2], [1, 3]), some([1, 3], 4)], {}, { opset: 9 }),
  "ScatterND": op("ScatterND", [x, ints([0, 1, 1, 2], [2, 2]), some([2, 4], 5)]),
  "ScatterND that adds": op("ScatterND", [some([4]), ints([1, 1, 3], [3, 1]), some([3], 5)], { reduction: "add" }, {
    opset: 16,
  }),
  "OneHot": op("OneHot", [ints([0, -1, 2]), ints([4], []), floats([-1, 2])], {}, { held: [1, 2] }),
  "OneHot along an axis": op("OneHot", [ints([0, 1, 2, 1], [2, 2]), ints([3], [1]), floats([0, 1])], { axis: 1 }, {
    held: [1, 2],
  }),
  "NonZero": op("NonZero", [floats([1, 0, 0, 2], [2, 2])], {}, { outputs: ["INT64"] }),
  "Compress": op("Compress", [some([2, 3]), mask], { axis: 1 }),
  "Compress of all": op("Compress", [some([2, 2]), mask]),
  "Unique": { ...op("Unique", [floats([2, 1, 1, 3])], {}, { outputs: ["FLOAT"] }) },
  "Gather of truth": op("Gather", [mask, indices], {}, { outputs: ["BOOL"] }),
};

/** Shapes that the graph computes, and tensors that it makes. */
export const shapes: Readonly<Record<string, Case>> = {
  "Shape": op("Shape", [x], {}, { outputs: ["INT64"] }),
  "Shape of some axes": op("Shape", [x], { start: -2, end: 3 }, { outputs: ["INT64"] }),
  "Size": op("Size", [x], {}, { outputs: ["INT64"] }),
  "ConstantOfShape": op("ConstantOfShape", [ints([2, 2])], { value: ints([7]) }, { held: [0], outputs: ["INT64"] }),
  "ConstantOfShape of many": op("ConstantOfShape", [ints([70, 70])], {}, { held: [0] }),
  "Range": op("Range", [ints([3], []), ints([11], []), ints([2], [])], {}, { outputs: ["INT64"] }),
  "Range of floats": op("Range", [floats([1], []), floats([-1], []), floats([-0.5], [])], {}, { held: [0, 1, 2] }),
  "EyeLike": op("EyeLike", [some([3, 4])], { k: 1 }),
  "EyeLike below": op("EyeLike", [some([3, 2])], { k: -1 }),
  "Constant": {
    nodes: [
      node("Constant", [], ["c"], { value: floats([1, 2, 3]) }),
      node("Constant", [], ["k"], { value_float: { float: 2 } }),
      node("Mul", ["c", "k"], ["y"]),
    ],
  },
  "a view of all but the first axis": computed([
    node("Shape", ["x"], ["s"]),
    node("Gather", ["s", "zero"], ["n"]),
    node("Unsqueeze", ["n", "axes"], ["n1"]),
    node("Concat", ["n1", "rest"], ["shape"], { axis: 0 }),
    node("Reshape", ["x", "shape"], ["y"]),
  ], { zero: ints([0], []), axes: ints([0]), rest: ints([-1]) }),
  "halves by arithmetic": computed([
    node("Shape", ["x"], ["s"]),
    node("Gather", ["s", "two"], ["w"]),
    node("Cast", ["w"], ["f"], { to: 1 }),
    node("Div", ["f", "half"], ["d"]),
    node("Floor", ["d"], ["fl"]),
    node("Cast", ["fl"], ["i"], { to: 7 }),
    node("Unsqueeze", ["i", "axes"], ["end"]),
    node("Slice", ["x", "axes", "end", "last"], ["y"]),
  ], { two: ints([2], []), half: floats([2], []), axes: ints([0]), last: ints([2]) }),
  "the square root of a width": computed([
    node("Shape", ["x"], ["s"]),
    node("Slice", ["s", "start", "end"], ["w"]),
    node("Cast", ["w"], ["f"], { to: 1 }),
    node("Sqrt", ["f"], ["r"]),
    node("Div", ["x", "r"], ["y"]),
  ], { start: ints([-1]), end: ints([END]) }),
  "expansion as older exports write it": computed([
    node("Constant", [], ["wanted"], { value: ints([-1, 3, 4]) }),
    node("Shape", ["x"], ["s"]),
    node("Constant", [], ["minus"], { value: ints([-1]) }),
    node("ConstantOfShape", ["three"], ["ones"], { value: ints([1]) }),
    node("Mul", ["ones", "minus"], ["minuses"]),
    node("Equal", ["wanted", "minuses"], ["open"]),
    node("Where", ["open", "ones", "wanted"], ["shape"]),
    node("Expand", ["x", "shape"], ["e"]),
    node("ReduceProd", ["s"], ["count"], { keepdims: 0 }),
    node("Cast", ["count"], ["f"], { to: 1 }),
    node("Add", ["e", "f"], ["y"]),
  ], { three: ints([3]) }),
  "positions of a sequence": computed(
    [
      node("Shape", ["x"], ["s"]),
      node("Gather", ["s", "one"], ["n"]),
      node("Range", ["zero", "n", "one"], ["r"]),
      node("Unsqueeze", ["r", "axes"], ["u"]),
      node("Less", ["r", "one"], ["l"]),
      node("Not", ["l"], ["nl"]),
      node("Cast", ["nl"], ["c"], { to: 7 }),
      node("Add", ["u", "c"], ["y"]),
    ],
    { zero: ints([0], []), one: ints([1], []), axes: ints([0]) },
    { y: "INT64" },
  ),
  "a shape that is scattered into": computed([
    node("Shape", ["x"], ["s"]),
    node("ScatterND", ["s", "at", "new"], ["t"]),
    node("Split", ["t", "sizes"], ["a", "b"]),
    node("Concat", ["b", "a"], ["shape"], { axis: 0 }),
    node("Reshape", ["x", "shape"], ["y"]),
  ], { at: ints([1], [1, 1]), new: ints([-1]), sizes: ints([1, 2]) }),
  "a host mask among tensors": computed([
    node("Shape", ["x"], ["s"]),
    node("Transpose", ["s"], ["st"]),
    node("Max", ["st", "two"], ["m"]),
    node("Min", ["m", "four"], ["m2"]),
    node("Mod", ["m2", "two"], ["mm"]),
    node("Tile", ["mm", "one"], ["t"]),
    node("Cast", ["t"], ["f"], { to: 1 }),
    node("ReduceSum", ["f"], ["sum"], { keepdims: 0 }),
    node("Mul", ["x", "sum"], ["y"]),
  ], { two: ints([2], []), four: ints([4], []), one: ints([1]) }),
};

/** A graph within a node. */
const graph = (
  inputs: Record<string, "FLOAT" | "INT64" | "BOOL">,
  nodes: Case["nodes"],
  outputs: Record<string, "FLOAT" | "INT64" | "BOOL">,
  weights: Case["weights"] = {},
) => ({
  name: "inner",
  node: nodes,
  initializer: Object.entries(weights).map(([name, value]) => proto(name, value)),
  // onnxruntime wants the shapes of a loop's counter and condition.
  input: Object.entries(inputs).map(([name, type]) => info(name, type, type === "FLOAT" ? undefined : [])),
  output: Object.entries(outputs).map(([name, type]) => info(name, type)),
});

const loopBody = graph(
  { i: "INT64", going: "BOOL", state: "FLOAT" },
  [
    node("Mul", ["state", "factor"], ["next"]),
    node("Add", ["next", "bias"], ["twin"]),
    node("ReduceSum", ["twin"], ["total"], { keepdims: 0 }),
    node("Less", ["total", "limit"], ["more"]),
  ],
  { more: "BOOL", next: "FLOAT", twin: "FLOAT" },
  { factor: floats([2], []), limit: floats([20], []) },
);

const scanBody = graph({ sum: "FLOAT", row: "FLOAT" }, [
  node("Add", ["sum", "row"], ["after"]),
  node("Identity", ["after"], ["shown"]),
], { after: "FLOAT", shown: "FLOAT" });

/** Operators that run graphs. */
export const control: Readonly<Record<string, Case>> = {
  ...Object.fromEntries([0, 1].map((yes): [string, Case] => [`If ${yes}`, {
    nodes: [node("If", ["c"], ["y"], {
      then_branch: graph({}, [node("Relu", ["x"], ["t"])], { t: "FLOAT" }),
      else_branch: graph({}, [node("Neg", ["x"], ["n0"]), node("Mul", ["n0", "w"], ["n"])], { n: "FLOAT" }, {
        w: floats([3], []),
      }),
    })],
    inputs: { x, c: of("BOOL", [yes], []) },
  }])),
  "Loop": {
    nodes: [node("Loop", ["n", "c", "x"], ["y", "z"], { body: loopBody })],
    inputs: { x: floats([1, 2]), bias: floats([0.5]) },
    weights: { n: ints([10], []), c: of("BOOL", [1], []) },
    outputs: { y: "FLOAT", z: "FLOAT" },
  },
  "Loop a number of times": {
    nodes: [node("Loop", ["n", "", "x"], ["y", "z"], { body: loopBody })],
    inputs: { x: floats([0.1, 0.2]), bias: floats([0.5]), n: ints([3], []) },
    outputs: { y: "FLOAT", z: "FLOAT" },
  },
  "Scan": {
    nodes: [node("Scan", ["start", "rows"], ["y", "z"], { body: scanBody, num_scan_inputs: 1 })],
    inputs: { start: some([2]), rows: some([3, 2], 2) },
    outputs: { y: "FLOAT", z: "FLOAT" },
  },
  "Scan backwards along an axis": {
    nodes: [
      node("Scan", ["start", "rows"], ["y", "z"], {
        body: scanBody,
        num_scan_inputs: 1,
        scan_input_axes: [1],
        scan_input_directions: [1],
        scan_output_axes: [1],
        scan_output_directions: [1],
      }),
    ],
    inputs: { start: some([2]), rows: some([2, 3], 2) },
    outputs: { y: "FLOAT", z: "FLOAT" },
  },
};
