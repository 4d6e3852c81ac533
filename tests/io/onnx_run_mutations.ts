/**
 * Changed models that are still models: other numbers, shapes, operators and names, such as importing takes. And inputs for them.
 *
 * @module
 */

import {
  AttributeType,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  TensorType,
} from "../../io/onnx/model.ts";
import { type DType, type Tensor, tensor } from "../../mod.ts";
import { changed } from "./onnx_import_mutations.ts";

/** Random whole numbers from 0 to below a bound. */
type Pick = (below: number) => number;

/** A model without what says that it must not be written to. */
type Open<T> = T extends ArrayBufferView ? T
  : T extends object ? { -readonly [K in keyof T]: Open<T[K]> }
  : T;

const one = <T>(list: readonly T[], pick: Pick): T => list[pick(list.length)]!;
const extents = [0, 1, 1, 2, 2, 3, 4, 5, 7, 16, 255];
const numbers = [0, 1, -1, 2, -2, 3, 5, 17, 255, 4097, 65536, 2 ** 24, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 40];
const ends = [2 ** 53, 2 ** 63, -(2 ** 63)], fractions = [0.5, -0.5, 1e-30, 1e30, NaN, Infinity, -Infinity];

/** A number near another, or one that is seldom thought of. */
function other(value: number, pick: Pick): number {
  if (!Number.isInteger(value) && pick(2) === 0) return one(fractions, pick);
  return pick(2) === 0 ? value + 1 - pick(3) : one(pick(4) === 0 ? ends : numbers, pick);
}

/** How many bytes an element has. */
const sizes: Readonly<Record<number, number>> = {
  [TensorType.FLOAT]: 4,
  [TensorType.INT32]: 4,
  [TensorType.INT64]: 8,
  [TensorType.DOUBLE]: 8,
  [TensorType.FLOAT16]: 2,
};

/** Another element at some place of a tensor. */
function changeElement(proto: Open<TensorProto>, pick: Pick): void {
  const { dataType, rawData } = proto, size = sizes[dataType] ?? 1;
  if (rawData === undefined || rawData.length < size) return;
  const bytes = rawData.slice(), view = new DataView(bytes.buffer), at = size * pick(Math.floor(bytes.length / size));
  if (dataType === TensorType.INT64) {
    const value = BigInt(other(Number(view.getBigInt64(at, true)), pick));
    view.setBigInt64(at, value > 2n ** 63n - 1n ? 2n ** 63n - 1n : value, true);
  } else if (dataType === TensorType.INT32) view.setInt32(at, other(view.getInt32(at, true), pick), true);
  else if (dataType === TensorType.FLOAT) view.setFloat32(at, other(view.getFloat32(at, true), pick), true);
  else bytes[at] = pick(256);
  proto.rawData = bytes;
}

/** A shape with an extent changed, left out or added. */
function otherShape(shape: readonly number[], pick: Pick): number[] {
  const copy = [...shape], at = pick(copy.length + 1);
  copy.splice(at, pick(3) === 0 ? 0 : 1, ...(pick(4) === 0 ? [] : [one(extents, pick)]));
  return copy;
}

/** Another shape for a tensor, whose elements are repeated. */
function changeShape(proto: Open<TensorProto>, pick: Pick): void {
  const { rawData } = proto, dims = otherShape(proto.dims, pick);
  const length = dims.reduce((a, b) => a * b, sizes[proto.dataType] ?? 1);
  if (rawData === undefined || length > 2 ** 16) return;
  proto.dims = dims;
  proto.rawData = Uint8Array.from({ length }, (_, i) => rawData[i % rawData.length] ?? 0);
}

/** All graphs of a model, those in its nodes as well. */
function graphsOf(graph: Open<GraphProto>): Open<GraphProto>[] {
  return [graph, ...graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => g ? graphsOf(g) : []))];
}

/** Changes an attribute's number, or one of its list. */
function changeAttribute(node: Open<NodeProto>, pick: Pick): void {
  if (node.attribute.length === 0) return;
  const attribute = one(node.attribute, pick), list = attribute.ints ?? attribute.floats;
  if (attribute.s !== undefined) {
    const letters = [...attribute.s], at = pick(letters.length + 1);
    letters.splice(at, pick(2), ...(pick(3) === 0 ? [] : [one([...letters, ..."aijk,->. "], pick)]));
    attribute.s = letters.join("");
  } else if (attribute.i !== undefined) attribute.i = other(attribute.i, pick);
  else if (attribute.f !== undefined) attribute.f = one([...fractions, 0, 1, -1, 2], pick);
  else if (list !== undefined) {
    const at = pick(list.length + 1);
    list.splice(at, pick(2), ...(pick(3) === 0 ? [] : [other(list[at] ?? 1, pick)]));
  } else if (attribute.t !== undefined) (pick(2) === 0 ? changeElement : changeShape)(attribute.t, pick);
}

/** An input that the file holds instead, or what it holds in a node of its own. */
function changeHolder(graph: Open<GraphProto>, pick: Pick): void {
  const at = pick(graph.input.length + graph.initializer.length), held = graph.initializer[at - graph.input.length];
  if (at < graph.input.length) {
    const { name, type } = graph.input[at]!, { elemType = 1, shape = [] } = type?.tensorType ?? {};
    const dims = shape.map((extent) => typeof extent === "number" && extent >= 0 ? extent : 2);
    const length = dims.reduce((a, b) => a * b, sizes[elemType] ?? 1);
    if (length > 2 ** 16) return;
    const rawData = Uint8Array.from({ length }, (_, i) => i % (sizes[elemType] ?? 1) === 0 ? pick(3) : 0);
    graph.input.splice(at, 1);
    graph.initializer.push({ name, dims, dataType: elemType, rawData });
  } else if (held?.name) {
    const attribute = [{ name: "value", type: AttributeType.TENSOR, t: held }];
    graph.initializer.splice(at - graph.input.length, 1);
    graph.node.unshift({ opType: "Constant", input: [], output: [held.name], attribute });
  }
}

/** The kinds of changes; `others` are nodes of other models. */
function change(model: Open<ModelProto>, others: readonly NodeProto[], pick: Pick): void {
  const graph = one(graphsOf(model.graph), pick);
  if (graph.node.length === 0) return;
  const node = one(graph.node, pick), from = structuredClone(one(others, pick)) as Open<NodeProto>;
  const names = [
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name = "" }) => name),
    ...graph.node.slice(0, graph.node.indexOf(node)).flatMap(({ output }) => output),
  ];
  const held = graph.initializer.length > 0 ? one(graph.initializer, pick) : undefined;
  const told = graph.input.length > 0 ? one(graph.input, pick).type?.tensorType : undefined;
  const kinds = [
    () => changeAttribute(node, pick),
    () => changeAttribute(node, pick),
    () => held && changeElement(held, pick),
    () => held && changeElement(held, pick),
    () => held && changeShape(held, pick),
    () => changeHolder(graph, pick),
    () => changeHolder(graph, pick),
    () => told && (told.elemType = one([1, 2, 3, 6, 7, 9, 11], pick)),
    () => told?.shape && (told.shape = pick(2) === 0 ? undefined! : otherShape(told.shape.map((n) => +n! || 2), pick)),
    () => {
      node.opType = from.opType;
      node.domain = from.domain!;
      if (pick(2) === 0) node.attribute = from.attribute;
    },
    () => from.attribute.length > 0 && node.attribute.push(one(from.attribute, pick)),
    () => node.input.splice(pick(node.input.length + 1), pick(2), one([...names, ""], pick)),
    () => node.input.splice(pick(node.input.length + 1), 1),
    () => node.output.splice(pick(node.output.length + 1), pick(2), `more${pick(3)}`),
    () => graph.output.push({ name: one([...names, ...node.output], pick) }),
    () => (model.opsetImport[0]!.version = 7 + pick(19)),
    () => (graph.input = graph.input.filter(() => pick(4) > 0)),
  ];
  one(kinds, pick)();
}

/** A model with a few changes. */
export function altered(model: ModelProto, others: readonly NodeProto[], pick: Pick): ModelProto {
  let copy = structuredClone(model);
  for (let n = 1 + pick(pick(4) === 0 ? 8 : 3); n > 0; n--) {
    if (pick(5) === 0) copy = changed(copy, pick);
    else change(copy as Open<ModelProto>, others, pick);
  }
  return copy;
}

const dtypes: readonly DType[] = ["float32", "int32", "uint8", "bool", "float64"];

/** A small tensor that looks random. */
export function someTensor(shape: readonly number[], dtype: DType, pick: Pick): Tensor {
  const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    const value = pick(16) === 0
      ? one(dtype === "int32" ? [-1, 2 ** 31 - 1, 300] : [NaN, Infinity, -1], pick)
      : pick(4);
    if (dtype === "bool") return value & 1;
    if (dtype === "uint8") return value & 255;
    return dtype === "int32" ? value : value - 1.5;
  });
  return tensor(data.length === 0 ? new Float32Array() : data, { shape: [...shape], dtype, device: "cpu" });
}

/** A tensor that may not fit where another does. */
export function unfitting(shape: readonly number[], dtype: DType, pick: Pick): Tensor {
  const wanted = pick(2) === 0 ? otherShape(shape, pick) : shape;
  const small = wanted.reduce((a, b) => a * b, 1) > 4096 ? [2] : wanted;
  return someTensor(small, pick(3) === 0 ? one(dtypes, pick) : dtype, pick);
}
