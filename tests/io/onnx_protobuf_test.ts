import { assert, assertEquals, assertThrows } from "@std/assert";
import { AttributeType, type ModelProto, TensorType } from "../../io/onnx/model.ts";
import { decodeModel, encodeModel } from "../../io/onnx/protobuf.ts";
import { ValueError } from "../../mod.ts";

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

/** A field whose content is bytes. */
const field = (number: number, content: readonly number[]): number[] => {
  const length = content.length;
  return [number * 8 + 2, ...(length < 128 ? [length] : [length % 128 + 128, length >> 7]), ...content];
};

Deno.test("decodeModel() says where a file is damaged", () => {
  const file = encodeModel(full);
  for (let length = 0; length < file.length; length++) {
    try {
      decodeModel(file.slice(0, length));
    } catch (error) {
      assert(error instanceof ValueError, `${length}: ${error}`);
    }
  }
  const wrong: [number[], string][] = [
    [[], "the model is empty"],
    [field(7, field(1, [8])), "graph[0].node[0] is truncated or damaged at byte 5"],
    [field(7, field(5, [10, 3, 1])), "graph[0].initializer[0] is truncated or damaged"],
    [field(7, [8, 1]), "graph[0] is truncated or damaged"],
    [[7 * 8 + 3], "the model is truncated or damaged"],
    [[8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], "the model is truncated or damaged"],
    [[8, 7], "it has no graph"],
  ];
  for (const [bytes, message] of wrong) assertThrows(() => decodeModel(Uint8Array.from(bytes)), ValueError, message);
});

Deno.test("decodeModel() bounds how deep a file is nested, and how much it holds", () => {
  let graph: number[] = [];
  for (let depth = 0; depth < 60; depth++) graph = field(1, field(5, field(6, graph)));
  assertThrows(() => decodeModel(Uint8Array.from(field(7, graph))), ValueError, "is nested more than 96 deep");

  // As many 64-bit integers of one byte as two more than there may be.
  const count = 2 ** 24 + 2,
    varint = (n: number): number[] => n < 128 ? [n] : [n % 128 + 128, ...varint(Math.floor(n / 128))];
  const parts = [[7 * 8 + 2], [1 * 8 + 2], [5 * 8 + 2], [8 * 8 + 2]], lengths: number[][] = [];
  for (let i = 3, size = count; i >= 0; i--) {
    lengths.unshift(varint(size));
    size += lengths[0]!.length + 1;
  }
  const head = parts.flatMap((tag, i) => [...tag, ...lengths[i]!]), bytes = new Uint8Array(head.length + count);
  bytes.set(head);
  assertThrows(() => decodeModel(bytes), ValueError, "graph[0].node[0].attribute[0] holds too much");
});

Deno.test("decodeModel() takes kinds of attributes that the first files do not tell", () => {
  const file = encodeModel({
    ...full,
    graph: { ...full.graph, node: [{ ...full.graph.node[0]!, attribute: [{ name: "f", type: 0, f: 2 }] }] },
  });
  assertEquals(decodeModel(file).graph.node[0]!.attribute, [{ name: "f", type: AttributeType.FLOAT, f: 2 }]);
});
