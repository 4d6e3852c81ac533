/**
 * Models made by hand for the tests of the import, and what onnxruntime makes of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
// deno-lint-ignore no-import-prefix -- what no other part needs is not among the imports
import ort from "npm:onnxruntime-web@^1.30/wasm";
import type {
  AttributeProto,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from "../../io/onnx/model.ts";
import { AttributeType, TensorType } from "../../io/onnx/model.ts";
import { encodeModel } from "../../io/onnx/protobuf.ts";
import { importOnnx, type OnnxModel } from "../../io/onnx/mod.ts";
import { type DeviceName, type Tensor, tensor } from "../../mod.ts";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** Elements of a type and shape: what both runtimes are given. */
export interface Elements {
  readonly type: keyof typeof TensorType;
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** Floats, by default of one dimension. */
export const floats = (data: readonly number[], dims: readonly number[] = [data.length]): Elements => ({
  type: "FLOAT",
  dims,
  data,
});
/** 64-bit integers, by default of one dimension. */
export const ints = (data: readonly number[], dims: readonly number[] = [data.length]): Elements => ({
  type: "INT64",
  dims,
  data,
});
/** Elements of another type. */
export const of = (
  type: keyof typeof TensorType,
  data: readonly number[],
  dims: readonly number[] = [data.length],
): Elements => ({ type, dims, data });

/** `count` floats that look random and are the same each time. */
export function some(dims: readonly number[], seed = 1): Elements {
  let state = seed * 7919 + 13;
  const count = dims.reduce((a, b) => a * b, 1);
  return floats(
    Array.from({ length: count }, () => {
      state = (state * 48271) % 2147483647;
      return Math.fround(state / 2147483647 * 2 - 1);
    }),
    dims,
  );
}

/** A tensor of a file, its elements raw. */
export function proto(name: string, { type, dims, data }: Elements): TensorProto {
  const made = {
    FLOAT: () => Float32Array.from(data),
    DOUBLE: () => Float64Array.from(data),
    FLOAT16: () => Float16Array.from(data),
    INT64: () => BigInt64Array.from(data, (x) => x >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(x)),
    INT32: () => Int32Array.from(data),
    INT8: () => Int8Array.from(data),
    UINT8: () => Uint8Array.from(data),
    BOOL: () => Uint8Array.from(data),
  }[type as "FLOAT"];
  if (made === undefined) throw new Error(`no elements of ${type}`);
  const { buffer, byteLength } = made();
  return { name, dims, dataType: TensorType[type], rawData: new Uint8Array(buffer, 0, byteLength) };
}

/** What an attribute may be: 2.5 is a float, 2 an integer, [2] integers, [2.5] floats; `float(2)` is a float. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | Elements
  | GraphProto;

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === "string") return { name, type: AttributeType.STRING, s: value };
  if (typeof value === "number") {
    return Number.isInteger(value)
      ? { name, type: AttributeType.INT, i: value }
      : { name, type: AttributeType.FLOAT, f: value };
  }
  if (Array.isArray(value)) {
    if (value.some((x) => typeof x === "string")) {
      return { name, type: AttributeType.STRINGS, strings: value as string[] };
    }
    const list = value as number[], whole = list.every(Number.isInteger);
    return whole ? { name, type: AttributeType.INTS, ints: list } : { name, type: AttributeType.FLOATS, floats: list };
  }
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ("node" in value) return { name, type: AttributeType.GRAPH, g: value };
  return { name, type: AttributeType.TENSOR, t: proto("", value as Elements) };
}

/** A node: `node("Add", ["a", "b"], ["c"])`. An operator of com.microsoft is written "ms.Gelu". */
export function node(
  operator: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  name = "",
): NodeProto {
  const microsoft = operator.startsWith("ms.");
  return {
    opType: microsoft ? operator.slice(3) : operator,
    ...(microsoft ? { domain: "com.microsoft" } : {}),
    ...(name === "" ? {} : { name }),
    input,
    output,
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  };
}

/** What a value is. */
export function info(
  name: string,
  type: keyof typeof TensorType = "FLOAT",
  shape?: readonly (number | string)[],
): ValueInfoProto {
  return { name, type: { tensorType: { elemType: TensorType[type], ...(shape === undefined ? {} : { shape }) } } };
}

/** A model of one graph. */
export interface Case {
  /** Version of ai.onnx; 17 by default. */
  readonly opset?: number;
  readonly nodes: readonly NodeProto[];
  /** What is given when the model is called. */
  readonly inputs?: Readonly<Record<string, Elements>>;
  /** What the file holds. */
  readonly weights?: Readonly<Record<string, Elements>>;
  /** Whether the file leaves the first extent of each input open. */
  readonly open?: boolean;
  /** Names and types of the outputs; by default "y", floats. */
  readonly outputs?: Readonly<Record<string, keyof typeof TensorType>>;
}

/** The model of a case. */
export function modelOf(
  { opset = 17, nodes, inputs = {}, weights = {}, open = false, outputs = { y: "FLOAT" } }: Case,
): ModelProto {
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: opset }, { domain: "com.microsoft", version: 1 }],
    graph: {
      name: "test",
      node: nodes,
      initializer: Object.entries(weights).map(([name, value]) => proto(name, value)),
      input: Object.entries(inputs).map(([name, { type, dims }]) =>
        info(name, type, open ? ["N", ...dims.slice(1)] : dims)
      ),
      output: Object.entries(outputs).map(([name, type]) => info(name, type)),
    },
  };
}

/** The file of a case. */
export const fileOf = (item: Case): Uint8Array => encodeModel(modelOf(item));

/** A tensor as the library takes it. */
export function given({ type, dims, data }: Elements, device: "cpu" | "webgpu" = "cpu"): Tensor {
  const dtype = ({ FLOAT: "float32", DOUBLE: "float64", BOOL: "bool", UINT8: "uint8" } as const)[type as "FLOAT"] ??
    "int32";
  return tensor(data.length === 0 ? new Float32Array() : [...data], { shape: [...dims], dtype, device });
}

/** Shape and elements of an output. */
export interface Output {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

const typeNames: Readonly<Record<string, ort.Tensor.Type>> = {
  FLOAT: "float32",
  DOUBLE: "float64",
  INT64: "int64",
  INT32: "int32",
  INT8: "int8",
  UINT8: "uint8",
  BOOL: "bool",
};

/** What onnxruntime makes of a file. */
export async function expected(
  file: Uint8Array,
  inputs: Readonly<Record<string, Elements>> = {},
): Promise<Record<string, Output>> {
  const session = await ort.InferenceSession.create(file, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 3,
  });
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => {
        const { rawData } = proto(name, value), type = typeNames[value.type]!;
        const kinds = {
          float32: Float32Array,
          float64: Float64Array,
          int64: BigInt64Array,
          int32: Int32Array,
          int8: Int8Array,
          uint8: Uint8Array,
          bool: Uint8Array,
        };
        return [
          name,
          new ort.Tensor(type, new kinds[type as "float32"](rawData!.buffer as ArrayBuffer) as never, [...value.dims]),
        ];
      }),
    );
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map((
        [name, { dims, data }],
      ) => [name, { dims, data: Array.from(data as ArrayLike<number>, Number) }]),
    );
  } finally {
    await session.release();
  }
}

/** A tensor in the same form. */
export const outputOf = (x: Tensor): Output => ({ dims: [...x.shape], data: Array.from(x.dataSync(), Number) });

/** Asserts that outputs agree, to float32's accuracy. */
export function assertClose(actual: Output, wanted: Output, name: string): void {
  assertEquals(actual.dims, [...wanted.dims], `shape of ${name}`);
  wanted.data.forEach((value, i) => {
    const found = actual.data[i]!, near = Math.abs(found - value) <= 2e-5 * (1 + Math.abs(value));
    assert(near || Object.is(found, value) || found === value, `${name}, element ${i}: ${found} instead of ${value}`);
  });
}

/** Holds what the library makes of a case against what onnxruntime does. */
export async function checkCase(item: Case, on: readonly DeviceName[]): Promise<void> {
  const file = fileOf(item), wanted = await expected(file, item.inputs), names = Object.keys(item.outputs ?? { y: 1 });
  for (const device of on) {
    const model = importOnnx<Tensor | Tensor[]>(file, { device });
    const inputs = Object.fromEntries(
      Object.entries(item.inputs ?? {}).map(([name, value]) => [name, given(value, device)]),
    );
    const result = model(inputs), outputs = Array.isArray(result) ? result : [result];
    names.forEach((name, i) => assertClose(outputOf(outputs[i]!), wanted[name]!, `${name} on ${device}`));
  }
}

/** A model of one node, whose inputs are named a, b, c, … and whose outputs y, z, …; null for an input that is left out. */
export function op(
  operator: string,
  inputs: readonly (Elements | null)[],
  attributes: Readonly<Record<string, Attribute>> = {},
  { opset = 17, held = [], outputs = ["FLOAT"] }: {
    /** Version of ai.onnx; 17 by default. */
    readonly opset?: number;
    /** Positions of the inputs that the file holds; none by default. */
    readonly held?: readonly number[];
    /** Types of the outputs. */
    readonly outputs?: readonly (keyof typeof TensorType)[];
  } = {},
): Case {
  const names = inputs.map((input, i) => input === null ? "" : String.fromCharCode(97 + i));
  const outputNames = outputs.map((_, i) => ["y", "z", "u", "v"][i]!);
  const part = (keep: (i: number) => boolean) =>
    Object.fromEntries(inputs.flatMap((input, i) => input !== null && keep(i) ? [[names[i]!, input]] : []));
  return {
    opset,
    nodes: [node(operator, names, outputNames, attributes)],
    inputs: part((i) => !held.includes(i)),
    weights: part((i) => held.includes(i)),
    outputs: Object.fromEntries(outputs.map((type, i) => [outputNames[i]!, type])),
  };
}

/** The model of a case, taken in on the CPU after a change of what the file says. */
export const load = (item: Case, change: (model: ModelProto) => ModelProto = (model) => model): OnnxModel =>
  importOnnx(encodeModel(change(modelOf(item))), { device: "cpu" });

/** A model with other parts of its graph. */
export const withGraph = (model: ModelProto, part: Partial<GraphProto>): ModelProto => ({
  ...model,
  graph: { ...model.graph, ...part },
});
