/**
 * ONNX files as bytes: Protocol Buffers, decoded and encoded by `onnx-proto`.
 *
 * @module
 */

import library, { type onnx as wire } from "onnx-proto";
import { ValueError } from "../../tensor/mod.ts";
import { longs, number, numbers, oneLong, words } from "./int64.ts";
import {
  type AttributeProto,
  AttributeType,
  type Dimension,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetId,
  type TensorProto,
  type TypeProto,
  type ValueInfoProto,
} from "./model.ts";
import { checkWire } from "./wire.ts";

const { onnx } = library;

/** The same bytes as no subclass: the library gives and keeps Node's where there are such. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The fields that are there. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined | null> };
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Present<T>;
}

const given = (text: string | null | undefined): string | undefined => text === "" ? undefined : text ?? undefined;
const filled = <T extends { readonly length: number }>(list: T | null | undefined): T | undefined =>
  list === null || list === undefined || list.length === 0 ? undefined : list;

function record(entries: readonly wire.IStringStringEntryProto[] | null | undefined): Record<string, string> {
  return Object.fromEntries((entries ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
}

const opsets = (list: readonly wire.IOperatorSetIdProto[] | null | undefined): OperatorSetId[] =>
  (list ?? []).map(({ domain, version }) => ({ domain: domain ?? "", version: number(version ?? 0) }));

function decodeTensor(tensor: wire.ITensorProto): TensorProto {
  const { name, dims, dataType, docString, dataLocation } = tensor;
  const externalData = filled(tensor.externalData);
  const float = filled(tensor.floatData), double = filled(tensor.doubleData), int32 = filled(tensor.int32Data);
  const int64 = filled(tensor.int64Data), uint64 = filled(tensor.uint64Data);
  return {
    dims: numbers(dims),
    dataType: dataType ?? 0,
    ...present({
      name: given(name),
      // An empty field counts, as that of a tensor without elements; the decoder's own default does not.
      rawData: Object.hasOwn(tensor, "rawData") ? tensor.rawData : undefined,
      floatData: float && Float32Array.from(float),
      int32Data: int32 && Int32Array.from(int32),
      int64Data: int64 && new BigInt64Array(words(int64)),
      doubleData: double && Float64Array.from(double),
      uint64Data: uint64 && new BigUint64Array(words(uint64)),
      stringData: filled(tensor.stringData),
      externalData: externalData && record(externalData),
      dataLocation: dataLocation === 0 ? undefined : dataLocation,
      docString: given(docString),
    }),
  };
}

function decodeType(type: wire.ITypeProto): TypeProto {
  const { tensorType } = type;
  if (tensorType) {
    const shape = tensorType.shape?.dim?.map((dim): Dimension =>
      Object.hasOwn(dim, "dimValue") ? number(dim.dimValue ?? 0) : given(dim.dimParam)
    );
    return { tensorType: { elemType: tensorType.elemType ?? 0, ...present({ shape }) } };
  }
  const others = [
    [type.sequenceType, "sequence"],
    [type.mapType, "map"],
    [type.sparseTensorType, "sparse tensor"],
    [type.optionalType, "optional"],
  ] as const;
  return present({ other: others.find(([message]) => message)?.[1] });
}

const decodeValue = ({ name, type, docString }: wire.IValueInfoProto): ValueInfoProto => ({
  name: name ?? "",
  ...present({ type: type ? decodeType(type) : undefined, docString: given(docString) }),
});

/** The field that each kind of attribute is in. */
const fieldOfType = {
  [AttributeType.FLOAT]: "f",
  [AttributeType.INT]: "i",
  [AttributeType.STRING]: "s",
  [AttributeType.TENSOR]: "t",
  [AttributeType.GRAPH]: "g",
  [AttributeType.FLOATS]: "floats",
  [AttributeType.INTS]: "ints",
  [AttributeType.STRINGS]: "strings",
  [AttributeType.TENSORS]: "tensors",
  [AttributeType.GRAPHS]: "graphs",
} as const;

/** The kind of an attribute; files of the first versions do not tell it. */
function attributeType(attribute: wire.IAttributeProto): number {
  if (attribute.type) return attribute.type;
  const found = Object.entries(fieldOfType).find(([, field]) => {
    const value = attribute[field];
    return Object.hasOwn(attribute, field) && !(Array.isArray(value) && value.length === 0);
  });
  return found === undefined ? AttributeType.UNDEFINED : Number(found[0]);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function decodeAttribute(attribute: wire.IAttributeProto): AttributeProto {
  const type = attributeType(attribute), is = (kind: keyof typeof AttributeType) => type === AttributeType[kind];
  const { t, g } = attribute;
  return {
    name: attribute.name ?? "",
    type,
    ...present({
      refAttrName: given(attribute.refAttrName),
      f: is("FLOAT") ? attribute.f ?? 0 : undefined,
      i: is("INT") ? number(attribute.i ?? 0) : undefined,
      s: is("STRING") ? text(attribute.s ?? new Uint8Array()) : undefined,
      t: is("TENSOR") && t ? decodeTensor(t) : undefined,
      g: is("GRAPH") && g ? decodeGraph(g) : undefined,
      floats: is("FLOATS") ? attribute.floats ?? [] : undefined,
      ints: is("INTS") ? numbers(attribute.ints) : undefined,
      strings: is("STRINGS") ? attribute.strings?.map(text) ?? [] : undefined,
      tensors: is("TENSORS") ? attribute.tensors?.map(decodeTensor) ?? [] : undefined,
      graphs: is("GRAPHS") ? attribute.graphs?.map(decodeGraph) ?? [] : undefined,
    }),
  };
}

const decodeNode = (node: wire.INodeProto): NodeProto => ({
  opType: node.opType ?? "",
  input: node.input ?? [],
  output: node.output ?? [],
  attribute: node.attribute?.map(decodeAttribute) ?? [],
  ...present({ domain: given(node.domain), name: given(node.name), docString: given(node.docString) }),
});

const decodeGraph = (graph: wire.IGraphProto): GraphProto => ({
  name: graph.name ?? "",
  node: graph.node?.map(decodeNode) ?? [],
  initializer: graph.initializer?.map(decodeTensor) ?? [],
  input: graph.input?.map(decodeValue) ?? [],
  output: graph.output?.map(decodeValue) ?? [],
  ...present({
    valueInfo: filled(graph.valueInfo)?.map(decodeValue),
    sparseInitializers: graph.sparseInitializer?.length || undefined,
    docString: given(graph.docString),
  }),
});

const decodeFunction = (f: wire.IFunctionProto): FunctionProto => ({
  name: f.name ?? "",
  domain: f.domain ?? "",
  input: f.input ?? [],
  output: f.output ?? [],
  attribute: f.attribute ?? [],
  node: f.node?.map(decodeNode) ?? [],
  opsetImport: opsets(f.opsetImport),
});

/**
 * The model in the bytes of an ONNX file. Raw data stays in the bytes given and is not copied.
 *
 * @param file What messages call the bytes.
 * @throws {ValueError} for bytes that are no ONNX model, truncated, nested too deep or larger than `wire.ts` allows
 */
export function decodeModel(bytes: Uint8Array, file = `${bytes.length} bytes`): ModelProto {
  checkWire(bytes, file);
  const model = onnx.ModelProto.decode(plain(bytes));
  if (!model.graph) throw new ValueError(`Cannot read ${file} as ONNX: it has no graph`);
  const metadata = filled(model.metadataProps);
  return {
    irVersion: number(model.irVersion),
    opsetImport: opsets(model.opsetImport),
    graph: decodeGraph(model.graph),
    ...present({
      producerName: given(model.producerName),
      producerVersion: given(model.producerVersion),
      domain: given(model.domain),
      modelVersion: number(model.modelVersion) || undefined,
      docString: given(model.docString),
      metadataProps: metadata && record(metadata),
      functions: filled(model.functions)?.map(decodeFunction),
    }),
  };
}

const entries = (texts: Readonly<Record<string, string>>): wire.IStringStringEntryProto[] =>
  Object.entries(texts).map(([key, value]) => ({ key, value }));

const encodedOpsets = (list: readonly OperatorSetId[]): wire.IOperatorSetIdProto[] =>
  list.map(({ domain, version }) => ({ domain, version: oneLong(version) }));

const encodedTensor = (tensor: TensorProto): wire.ITensorProto => ({
  ...present({ name: tensor.name, dataLocation: tensor.dataLocation, docString: tensor.docString }),
  dims: longs(tensor.dims),
  dataType: tensor.dataType,
  ...present({
    rawData: tensor.rawData,
    // The encoder asks of lists their length and elements, which typed arrays have.
    floatData: tensor.floatData as unknown as number[],
    doubleData: tensor.doubleData as unknown as number[],
    int32Data: tensor.int32Data as unknown as number[],
    int64Data: tensor.int64Data && longs(tensor.int64Data),
    uint64Data: tensor.uint64Data && longs(tensor.uint64Data),
    stringData: tensor.stringData as Uint8Array[],
    externalData: tensor.externalData && entries(tensor.externalData),
  }),
});

function encodedDimension(dimension: Dimension): wire.TensorShapeProto.IDimension {
  if (typeof dimension === "number") return { dimValue: oneLong(dimension) };
  return dimension === undefined ? {} : { dimParam: dimension };
}

function encodedValue({ name, type, docString }: ValueInfoProto): wire.IValueInfoProto {
  const tensorType = type?.tensorType;
  if (type?.other !== undefined) throw new ValueError(`Cannot write the type of "${name}": it is a ${type.other}`);
  const shape = tensorType?.shape && { dim: tensorType.shape.map(encodedDimension) };
  return {
    name,
    ...present({
      type: tensorType && { tensorType: { elemType: tensorType.elemType, ...present({ shape }) } },
      docString,
    }),
  };
}

const encodedAttribute = (attribute: AttributeProto): wire.IAttributeProto => ({
  ...present({ name: attribute.name, refAttrName: attribute.refAttrName, type: attribute.type, f: attribute.f }),
  ...present({
    i: attribute.i === undefined ? undefined : oneLong(attribute.i),
    s: attribute.s === undefined ? undefined : new TextEncoder().encode(attribute.s),
    t: attribute.t && encodedTensor(attribute.t),
    g: attribute.g && encodedGraph(attribute.g),
    floats: attribute.floats as number[],
    ints: attribute.ints && longs(attribute.ints),
    strings: attribute.strings?.map((s) => new TextEncoder().encode(s)),
    tensors: attribute.tensors?.map(encodedTensor),
    graphs: attribute.graphs?.map(encodedGraph),
  }),
});

const encodedNode = (node: NodeProto): wire.INodeProto => ({
  ...present({ opType: node.opType, domain: node.domain, name: node.name, docString: node.docString }),
  input: [...node.input],
  output: [...node.output],
  attribute: node.attribute.map(encodedAttribute),
});

const encodedGraph = (graph: GraphProto): wire.IGraphProto => ({
  name: graph.name,
  node: graph.node.map(encodedNode),
  initializer: graph.initializer.map(encodedTensor),
  input: graph.input.map(encodedValue),
  output: graph.output.map(encodedValue),
  ...present({ valueInfo: graph.valueInfo?.map(encodedValue), docString: graph.docString }),
});

const encodedFunction = (f: FunctionProto): wire.IFunctionProto => ({
  ...present({ name: f.name, domain: f.domain, opsetImport: encodedOpsets(f.opsetImport) }),
  input: [...f.input],
  output: [...f.output],
  attribute: [...f.attribute],
  node: f.node.map(encodedNode),
});

/** The bytes of an ONNX file that holds a model. */
export function encodeModel(model: ModelProto): Uint8Array {
  const { producerName, producerVersion, domain, modelVersion, docString, metadataProps, functions } = model;
  const message: wire.IModelProto = {
    irVersion: oneLong(model.irVersion),
    opsetImport: encodedOpsets(model.opsetImport),
    graph: encodedGraph(model.graph),
    ...present({ producerName, producerVersion, domain, docString }),
    ...present({
      modelVersion: modelVersion === undefined ? undefined : oneLong(modelVersion),
      metadataProps: metadataProps && entries(metadataProps),
      functions: functions?.map(encodedFunction),
    }),
  };
  return plain(onnx.ModelProto.encode(message).finish());
}
