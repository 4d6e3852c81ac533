/**
 * What importing a file gives.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { importOnnx } from "../../io/onnx/mod.ts";
import { AttributeType, TensorType } from "../../io/onnx/model.ts";
import { encodeModel } from "../../io/onnx/protobuf.ts";
import { nn, summary, TensaurError, type Tensor, tensor } from "../../mod.ts";
import {
  type Case,
  fileOf,
  floats,
  given,
  info,
  ints,
  load,
  modelOf,
  node,
  of,
  op,
  some,
  withGraph,
} from "./onnx_import_models.ts";

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
