/**
 * What importing a file gives, and what it refuses.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { importOnnx } from "../../io/onnx/mod.ts";
import type { GraphProto, ModelProto } from "../../io/onnx/model.ts";
import { AttributeType, TensorType } from "../../io/onnx/model.ts";
import { decodeModel, encodeModel } from "../../io/onnx/protobuf.ts";
import { nn, summary, TensaurError, type Tensor, tensor } from "../../mod.ts";
import {
  type Case,
  fileOf,
  floats,
  given,
  info,
  ints,
  modelOf,
  node,
  of,
  op,
  proto,
  some,
} from "./onnx_import_models.ts";
import { changed, mutated, random, surprise } from "./onnx_import_mutations.ts";

/** y = relu(x W + b), z = 2 y. */
const small: Case = {
  nodes: [
    node("Gemm", ["x", "fc.weight", "fc.bias"], ["h"], {}, "/fc/Gemm"),
    node("Relu", ["h"], ["y"]),
    node("Mul", ["y", "two"], ["z"]),
    node("Slice", ["z", "from", "to"], ["w"]),
  ],
  inputs: { x: some([2, 3]) },
  weights: {
    "fc.weight": some([3, 4], 2),
    "fc.bias": some([4], 3),
    two: floats([2], []),
    from: ints([0]),
    to: ints([2 ** 63]),
  },
  outputs: { y: "FLOAT", z: "FLOAT", w: "FLOAT" },
};

const load = (item: Case, change: (model: ModelProto) => ModelProto = (model) => model) =>
  importOnnx<Tensor>(encodeModel(change(modelOf(item))), { device: "cpu" });

const withGraph = (model: ModelProto, part: Partial<GraphProto>): ModelProto => ({
  ...model,
  graph: { ...model.graph, ...part },
});

Deno.test("importOnnx() gives a module with the file's names", () => {
  const model = importOnnx<[Tensor, Tensor] & { z: Tensor }>(fileOf(small), { device: "cpu" }),
    x = given(small.inputs!.x!);
  assertEquals([model.inputNames, model.outputNames], [["x"], ["y", "z", "w"]]);
  assertEquals(Object.keys(model.stateDict()), ["fc.weight", "fc.bias", "two", "from", "to"]);
  assertEquals(model.namedParameters().map(([name, p]) => [name, p.requiresGrad]), [["fc.weight", false], [
    "fc.bias",
    false,
  ]]);
  assertEquals(model.stateDict().to!.tolist(), [2 ** 31 - 1]);
  assertEquals(model.training, false);
  const [y, z] = model(x), named = model({ x });
  assertEquals(named.z.tolist(), z.tolist());
  assertEquals(y.mul(2).tolist(), z.tolist());
  assertEquals(
    `${model}`,
    `OnnxModel(
  (x: float[2, 3]) -> (y: float, z: float, w: float)
  opset 17, 4 nodes, 5 weights
  (fc_Gemm): Gemm(fc.weight [3, 4], fc.bias [4])
)`,
  );
});

Deno.test("summary() shows the layers of an imported model", () => {
  const result = summary(importOnnx(fileOf(small), { device: "cpu" }), [2, 3]);
  assertEquals([result.totalParams, result.totalMultAdds], [16, 24]);
  assertEquals(result.root.layers.map(({ name, type, params, outputShapes }) => [name, type, params, outputShapes]), [[
    "fc_Gemm",
    "Gemm",
    16,
    [[2, 4]],
  ]]);
});

Deno.test("hooks of an imported layer run, and copies are independent", () => {
  const model = importOnnx<Tensor[]>(fileOf(small), { device: "cpu" }),
    x = given(small.inputs!.x!),
    copy = nn.deepcopy(model);
  const seen: string[] = [];
  model.children()[0]!.registerForwardHook((layer) => void seen.push(layer.constructor.name));
  const before = copy(x)[0]!.tolist();
  nn.init.zeros_(model.getParameter("fc.weight"));
  nn.init.zeros_(model.getParameter("fc.bias"));
  assertEquals(model(x)[0]!.tolist(), [[0, 0, 0, 0], [0, 0, 0, 0]]);
  assertEquals([copy(x)[0]!.tolist(), seen], [before, ["Gemm"]]);
});

Deno.test("an imported model that is part of another has its names below that", () => {
  class Whole extends nn.Module {
    backbone = importOnnx<Tensor[]>(fileOf(small), { device: "cpu" });
  }
  const whole = new Whole();
  assertEquals(Object.keys(whole.stateDict())[0], "backbone.fc.weight");
  assertEquals(whole.namedParameters().map(([name]) => name), ["backbone.fc.weight", "backbone.fc.bias"]);
});

Deno.test("initializers that are inputs as well may be given, and need not be", () => {
  const model = load(
    op("Add", [floats([1]), floats([10])], {}, { held: [1] }),
    (model) => withGraph(model, { input: [...model.graph.input, info("b", "FLOAT", [1])] }),
  );
  assertEquals(model(tensor([1], { dtype: "float32" })).tolist(), [11]);
  assertEquals(model({ a: tensor([1], { dtype: "float32" }), b: tensor([2], { dtype: "float32" }) }).tolist(), [3]);
});

Deno.test("writing into an output leaves weights and constants alone", () => {
  const model = importOnnx<Tensor[]>(
    fileOf({
      nodes: [node("Identity", ["w"], ["y"]), node("Shape", ["x"], ["s"])],
      inputs: { x: some([2]) },
      weights: { w: floats([1, 2]) },
      outputs: { y: "FLOAT", s: "INT64" },
    }),
    { device: "cpu" },
  );
  const x = tensor([0.5, 1.5], { device: "cpu" });
  for (const output of model(x)) output.zero_();
  assertEquals(model(x).map((output) => output.tolist()), [[1, 2], [2]]);
});

Deno.test("weights of other types become dtypes that there are", () => {
  const types = {
    FLOAT16: "float32",
    DOUBLE: "float64",
    INT8: "int32",
    UINT8: "uint8",
    BOOL: "bool",
    INT64: "int32",
  } as const;
  for (const [type, dtype] of Object.entries(types)) {
    const model = load({
      nodes: [node("Identity", ["w"], ["y"])],
      weights: { w: of(type as "INT8", [1, 0]) },
      outputs: { y: type as "INT8" },
    });
    assertEquals([model().dtype, Array.from(model().dataSync(), Number)], [dtype, [1, 0]]);
  }
  const halves = { name: "w", dims: [2], dataType: TensorType.BFLOAT16, int32Data: Int32Array.of(0x3f80, 0xc000) };
  const four = { name: "w", dims: [3], dataType: TensorType.INT4, rawData: Uint8Array.of(0x7f, 0x08) };
  for (const [initializer, values] of [[halves, [1, -2]], [four, [-1, 7, -8]]] as const) {
    const model = load(
      { nodes: [node("Identity", ["w"], ["y"])] },
      (model) => withGraph(model, { initializer: [initializer] }),
    );
    assertEquals(Array.from(model().dataSync(), Number), [...values]);
  }
});

Deno.test("functions of a model are replaced by what they stand for", () => {
  const call = {
    opType: "Twice",
    domain: "own",
    input: ["x"],
    output: ["y"],
    attribute: [{ name: "by", type: AttributeType.FLOAT, f: 3 }],
  };
  const body = [
    {
      opType: "Constant",
      input: [],
      output: ["c"],
      attribute: [{ name: "value_float", type: AttributeType.FLOAT, refAttrName: "by" }],
    },
    node("Mul", ["a", "c"], ["t"]),
    node("Add", ["t", "t"], ["b"]),
  ];
  const functions = [{
    name: "Twice",
    domain: "own",
    input: ["a"],
    output: ["b"],
    attribute: ["by"],
    node: body,
    opsetImport: [{ domain: "", version: 13 }],
  }];
  const item = { nodes: [call], inputs: { x: floats([1, -2]) } };
  assertEquals(load(item, (model) => ({ ...model, functions }))(tensor([1.5, -2])).tolist(), [9, -12]);
  const endless = [{ ...functions[0]!, node: [{ ...call, input: ["a"], output: ["b"] }] }];
  assertThrows(() => load(item, (model) => ({ ...model, functions: endless })), TensaurError, "calls itself");
});

Deno.test("weights in other files are read from the model's folder, or from what is given", () => {
  const folder = Deno.makeTempDirSync(), data = new Uint8Array(Float32Array.of(9, 1, 2).buffer);
  const file = (location: string, more: Record<string, string> = {}) =>
    encodeModel(withGraph(modelOf({ nodes: [node("Identity", ["w"], ["y"])] }), {
      initializer: [{
        name: "w",
        dims: [2],
        dataType: 1,
        dataLocation: 1,
        externalData: { location, offset: "4", ...more },
      }],
    }));
  try {
    Deno.writeFileSync(`${folder}/w.bin`, data);
    Deno.writeFileSync(`${folder}/m.onnx`, file("w.bin"));
    assertEquals(importOnnx(`${folder}/m.onnx`, { device: "cpu" })().tolist(), [1, 2]);
    assertEquals(importOnnx(file("w.bin"), { device: "cpu", externalData: { "w.bin": data } })().tolist(), [1, 2]);
    const refused: [string, string, Record<string, string>?][] = [
      ["../w.bin", "not below the folder"],
      ["a/../../w.bin", "not below the folder"],
      ["/etc/passwd", "not below the folder"],
      ["C:\\w.bin", "not below the folder"],
      ["\\\\host\\w", "not below the folder"],
      ["", "not below the folder"],
      ["gone.bin", "there is no such file"],
      ["w.bin", "12 in all", { offset: "8" }],
      ["w.bin", '"-1"', { offset: "-1" }],
      ["w.bin", "12 bytes, not 8", { length: "12" }],
    ];
    for (const [location, message, more] of refused) {
      Deno.writeFileSync(`${folder}/bad.onnx`, file(location, more));
      assertThrows(() => importOnnx(`${folder}/bad.onnx`, { device: "cpu" }), TensaurError, message);
    }
    assertThrows(() => importOnnx(file("w.bin"), { device: "cpu" }), TensaurError, "{ externalData }");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const add = node("Add", ["x", "x"], ["y"], {}, "adder"), one: Case = { nodes: [add], inputs: { x: floats([1, 2]) } };
const tensorProto = (part: Partial<ReturnType<typeof proto>>) => ({ ...proto("w", floats([1, 2])), ...part });

Deno.test("importOnnx() says what is wrong with a file", () => {
  const held = (part: Partial<ReturnType<typeof proto>>) => (model: ModelProto) =>
    withGraph(model, { initializer: [tensorProto(part)] });
  const wrong: [Case, RegExp, ((model: ModelProto) => ModelProto)?][] = [
    [
      { ...one, nodes: [node("Add", ["x", "v"], ["y"], {}, "adder")] },
      /In Add "adder": its input 1 is "v", which nothing gives/,
    ],
    [{ ...one, nodes: [add, node("Relu", ["x"], ["y"])] }, /the output of Relu "y" "y" is defined twice/],
    [{ ...one, nodes: [node("Relu", ["x"], ["x"])] }, /"x" is defined twice/],
    [
      { ...one, nodes: [node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"])], outputs: { b: "FLOAT" } },
      /in a circle: Add "a", Relu "b"/,
    ],
    [{ ...one, outputs: { q: "FLOAT" } }, /the output "q" is given by nothing/],
    [{ ...one, opset: 6 }, /version 6 of ai\.onnx, and 7 to 25 are supported/],
    [{ ...one, opset: 99 }, /version 99 of ai\.onnx/],
    [one, /does not say of which version/, (model) => ({ ...model, opsetImport: [] })],
    [
      {
        ...one,
        nodes: [node("Foo", ["x"], ["a"], {}, "first"), node("ms.Bar", ["a"], ["b"]), node("Foo", ["b"], ["y"])],
      },
      /2 operators are not supported:\n {2}Foo of ai\.onnx 17: Foo "first", Foo "y"\n {2}Bar of com\.microsoft 1: Bar "b"/,
    ],
    [{ ...one, nodes: [node("toString", ["x"], ["y"])] }, /toString of ai\.onnx/],
    [one, /initializer "w": it has the shape \[3\], 12 bytes of float, but 8 bytes of data/, held({ dims: [3] })],
    [one, /has the shape \[-2\], which no tensor can have/, held({ dims: [-2] })],
    [one, /which no tensor can have/, held({ dims: [2 ** 40, 2 ** 40] })],
    [one, /bytes of float, but 8 bytes of data/, held({ dims: [2 ** 40] })],
    [one, /elements of string/, held({ dataType: TensorType.STRING })],
    [one, /elements of complex64/, held({ dataType: TensorType.COMPLEX64 })],
    [{ ...one, weights: { w: ints([1, 2 ** 40]) } }, /initializer "w": its element 1 is 1099511627776/],
    [one, /"w" is defined twice/, (model) => withGraph(model, { initializer: [tensorProto({}), tensorProto({})] })],
    [one, /the initializer has no name/, held({ name: "" })],
    [
      { ...one, nodes: [node("Constant", [], ["c"], { value_string: "x" }), add] },
      /In Constant "c": its value is the attribute value_string/,
    ],
    [{
      ...one,
      nodes: [node("If", ["x"], ["y"], { then_branch: modelOf({ nodes: [node("Relu", ["lost"], ["y"])] }).graph })],
    }, /In Relu "y": its input 0 is "lost"/],
  ];
  for (const [item, message, change] of wrong) {
    const error = assertThrows(() => load(item, change), TensaurError);
    assert(message.test(error.message), error.message);
    assert(/^Cannot import \d+ bytes: /.test(error.message), error.message);
  }
});

Deno.test("an imported model says what is wrong with a call", () => {
  const model = load({
    ...one,
    nodes: [node("MatMul", ["x", "w"], ["m"], {}, "product"), node("Add", ["m", "k"], ["y"])],
    inputs: { x: some([2, 3]), k: floats([1]) },
    weights: { w: some([3, 2]) },
  });
  const x = given(some([2, 3])), k = tensor([1], { dtype: "float32", device: "cpu" });
  const wrong: [unknown[], RegExp][] = [
    [[x], /it is not given k: float\[1\]/],
    [[], /it is not given x: float\[2, 3\], k: float\[1\]/],
    [[x, k, k], /takes 2 inputs .* and is given 3/],
    [[{ x, k, q: k }], /it has no input "q": its inputs are x/],
    [[x, k.to("int32")], /its input k: float\[1\] is given int32: convert it with to\("float32"\)/],
    [[x.mT, k], /its input x: float\[2, 3\] is given a tensor of shape \[3, 2\]/],
    [[x, 1], /its input k: float\[1\] is given no tensor/],
  ];
  for (const [inputs, message] of wrong) {
    const error = assertThrows(() => model(...inputs as Tensor[]), TensaurError);
    assert(message.test(error.message) && /^Cannot run \d+ bytes: /.test(error.message), error.message);
  }
  const open = load({
    ...one,
    nodes: [node("MatMul", ["x", "w"], ["y"], {}, "product")],
    inputs: { x: some([2, 3]) },
    weights: { w: some([4, 2]) },
  });
  const error = assertThrows(() => open(x), TensaurError);
  assert(/In MatMul "product": .*\[2, 3\] and \[4, 2\]/.test(error.message), error.message);
});

Deno.test("importOnnx() names the same extent of several inputs where they differ", () => {
  const model = load(
    { nodes: [node("Add", ["x", "k"], ["y"])] },
    (model) => withGraph(model, { input: [info("x", "FLOAT", ["N"]), info("k", "FLOAT", ["N"])] }),
  );
  const floats32 = (...data: number[]) => tensor(data, { dtype: "float32", device: "cpu" });
  assertEquals(model(floats32(1, 2), floats32(3, 4)).tolist(), [4, 6]);
  assertThrows(
    () => model(floats32(1, 2), floats32(3)),
    TensaurError,
    "k: float[N] is given a tensor of shape [1] with N = 2",
  );
});

Deno.test("importOnnx() refuses damaged files in its own words", () => {
  const files = [fileOf(small), fileOf(one)], pick = random(20261128), end = performance.now() + 1500;
  for (let round = 0; performance.now() < end; round++) {
    const file = files[pick(files.length)]!;
    const damaged = pick(2) === 0 ? mutated(file, pick) : encodeModel(changed(decodeModel(file), pick));
    assertEquals(surprise(damaged), undefined, `round ${round} of seed 20261128: [${damaged}]`);
  }
});
