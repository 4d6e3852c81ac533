import { assertEquals, assertThrows } from "@std/assert";
import { AttributeType, type ModelProto, TensorType } from "../../io/onnx/model.ts";
import { decodeModel, encodeModel } from "../../io/onnx/protobuf.ts";

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

/** One of everything that there is a field for. */
const full: ModelProto = {
  irVersion: 8,
  opsetImport: [{ domain: "", version: 17 }, { domain: "com.microsoft", version: 1 }],
  producerName: "a test",
  producerVersion: "1",
  domain: "org.example",
  modelVersion: 3,
  docString: "for people",
  metadataProps: { author: "somebody" },
  functions: [{
    name: "Twice",
    domain: "org.example",
    input: ["a"],
    output: ["b"],
    attribute: ["alpha"],
    node: [{ opType: "Add", input: ["a", "a"], output: ["b"], attribute: [] }],
    opsetImport: [{ domain: "", version: 17 }],
  }],
  graph: {
    name: "g",
    docString: "a graph",
    node: [{
      opType: "Many",
      domain: "com.microsoft",
      name: "node",
      docString: "a node",
      input: ["x", "", "w"],
      output: ["y", ""],
      attribute: [
        { name: "f", type: AttributeType.FLOAT, f: 0.5 },
        { name: "i", type: AttributeType.INT, i: -7 },
        { name: "zero", type: AttributeType.INT, i: 0 },
        { name: "s", type: AttributeType.STRING, s: "naïve" },
        {
          name: "t",
          type: AttributeType.TENSOR,
          t: { dims: [], dataType: TensorType.FLOAT, rawData: bytes(0, 0, 0, 0) },
        },
        { name: "g", type: AttributeType.GRAPH, g: { name: "b", node: [], initializer: [], input: [], output: [] } },
        { name: "floats", type: AttributeType.FLOATS, floats: [1, -Infinity] },
        {
          name: "ints",
          type: AttributeType.INTS,
          ints: [2 ** 63, -(2 ** 63), 2 ** 53 - 1, -1, 0, 2 ** 31, -(2 ** 31)],
        },
        { name: "none", type: AttributeType.INTS, ints: [] },
        { name: "strings", type: AttributeType.STRINGS, strings: ["a", ""] },
        { name: "tensors", type: AttributeType.TENSORS, tensors: [] },
        { name: "graphs", type: AttributeType.GRAPHS, graphs: [] },
        { name: "from", type: AttributeType.FLOAT, refAttrName: "alpha", f: 0 },
      ],
    }],
    initializer: [
      { name: "w", dims: [2], dataType: TensorType.FLOAT, floatData: Float32Array.of(1.5, -2) },
      { name: "e", dims: [0], dataType: TensorType.FLOAT, rawData: bytes() },
      { name: "d", dims: [1], dataType: TensorType.DOUBLE, doubleData: Float64Array.of(0.1) },
      { name: "k", dims: [2], dataType: TensorType.INT32, int32Data: Int32Array.of(-1, 2 ** 31 - 1) },
      {
        name: "l",
        dims: [3],
        dataType: TensorType.INT64,
        int64Data: BigInt64Array.of(-1n, 2n ** 63n - 1n, -(2n ** 63n)),
      },
      { name: "u", dims: [2], dataType: TensorType.UINT64, uint64Data: BigUint64Array.of(0n, 2n ** 64n - 1n) },
      { name: "t", dims: [1], dataType: TensorType.STRING, stringData: [bytes(104, 105)] },
      {
        name: "far",
        dims: [4],
        dataType: TensorType.FLOAT,
        dataLocation: 1,
        externalData: { location: "w.bin", offset: "0", length: "16" },
      },
    ],
    input: [{ name: "x", type: { tensorType: { elemType: TensorType.FLOAT, shape: [2, "n", undefined, 0] } } }],
    output: [{ name: "y", type: { tensorType: { elemType: TensorType.INT64 } }, docString: "out" }],
    valueInfo: [{ name: "z", type: { tensorType: { elemType: TensorType.BOOL, shape: [] } } }, { name: "q" }],
  },
};

Deno.test("decodeModel() gives back what encodeModel() was given", () => {
  const { dims: _, ...rest } = full.graph.initializer[0]!;
  assertEquals(rest.floatData, Float32Array.of(1.5, -2));
  assertEquals(decodeModel(encodeModel(full)), full);
});

Deno.test("decodeModel() leaves raw data in the file's bytes", () => {
  const file = encodeModel(full);
  const raw = decodeModel(file).graph.node[0]!.attribute[4]!.t!.rawData!;
  assertEquals(raw.buffer, file.buffer);
});

Deno.test("encodeModel() refuses fractions where integers belong", () => {
  const graph = { ...full.graph, initializer: [{ name: "w", dims: [1.5], dataType: 1 }] };
  assertThrows(() => encodeModel({ ...full, graph }), Error, "1.5");
});
