/**
 * What an ONNX file holds, as plain data: the messages of `onnx.proto` under its names in camelCase.
 *
 * 64-bit integers of attributes, dimensions and versions are numbers, beyond ±2^53 the nearest: 2^63 - 1, which stands for "to the end",
 * is 2^63 here and is written as 2^63 - 1 again. Those of tensors are exact.
 *
 * @module
 */

/** A model: a graph, and the versions of the operators in it. */
export interface ModelProto {
  /** Version of the format. */
  readonly irVersion: number;
  /** Versions of the sets of operators. */
  readonly opsetImport: readonly OperatorSetId[];
  /** The computation. */
  readonly graph: GraphProto;
  /** The program that made the model. */
  readonly producerName?: string;
  /** Its version. */
  readonly producerVersion?: string;
  /** The model's name space, reversed as for a package. */
  readonly domain?: string;
  /** The model's version. */
  readonly modelVersion?: number;
  /** A text for people. */
  readonly docString?: string;
  /** Further texts by name. */
  readonly metadataProps?: Readonly<Record<string, string>>;
  /** Operators that the model defines itself. */
  readonly functions?: readonly FunctionProto[];
}

/** A set of operators and its version. */
export interface OperatorSetId {
  /** Its name space; "" is ONNX's own, `ai.onnx`. */
  readonly domain: string;
  /** Its version. */
  readonly version: number;
}

/** A computation: nodes in an order in which they can run. */
export interface GraphProto {
  /** Its name. */
  readonly name: string;
  /** The operations. */
  readonly node: readonly NodeProto[];
  /** Values that are part of the file, among them the weights. */
  readonly initializer: readonly TensorProto[];
  /** What is given; before version 4 of the format the initializers are among them. */
  readonly input: readonly ValueInfoProto[];
  /** What is computed. */
  readonly output: readonly ValueInfoProto[];
  /** Types and shapes of values in between. */
  readonly valueInfo?: readonly ValueInfoProto[];
  /** How many initializers are sparse; they are not decoded. */
  readonly sparseInitializers?: number;
  /** A text for people. */
  readonly docString?: string;
}

/** An operation. */
export interface NodeProto {
  /** The operator. */
  readonly opType: string;
  /** The operator's name space; "" is `ai.onnx`. */
  readonly domain?: string;
  /** A name for messages; may be "". */
  readonly name?: string;
  /** Names of values; "" for one that is left out. */
  readonly input: readonly string[];
  /** Names of values; "" for one that is not wanted. */
  readonly output: readonly string[];
  /** The operator's options. */
  readonly attribute: readonly AttributeProto[];
  /** A text for people. */
  readonly docString?: string;
}

/** Kinds of attributes. */
export const AttributeType = {
  UNDEFINED: 0,
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
  TENSORS: 9,
  GRAPHS: 10,
  SPARSE_TENSOR: 11,
  SPARSE_TENSORS: 12,
  TYPE_PROTO: 13,
  TYPE_PROTOS: 14,
} as const;

/** An option of an operation; `type` says which of the fields it has. */
export interface AttributeProto {
  /** Its name. */
  readonly name: string;
  /** Which of the other fields holds its value. */
  readonly type: number;
  /** In a function: the name of the function's attribute that gives the value. */
  readonly refAttrName?: string;
  /** A number. */
  readonly f?: number;
  /** An integer. */
  readonly i?: number;
  /** A text. */
  readonly s?: string;
  /** A tensor. */
  readonly t?: TensorProto;
  /** A computation, such as a branch. */
  readonly g?: GraphProto;
  /** Numbers. */
  readonly floats?: readonly number[];
  /** Integers. */
  readonly ints?: readonly number[];
  /** Texts. */
  readonly strings?: readonly string[];
  /** Tensors. */
  readonly tensors?: readonly TensorProto[];
  /** Computations. */
  readonly graphs?: readonly GraphProto[];
}

/** Types of elements. */
export const TensorType = {
  UNDEFINED: 0,
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  COMPLEX64: 14,
  COMPLEX128: 15,
  BFLOAT16: 16,
  FLOAT8E4M3FN: 17,
  FLOAT8E4M3FNUZ: 18,
  FLOAT8E5M2: 19,
  FLOAT8E5M2FNUZ: 20,
  UINT4: 21,
  INT4: 22,
  FLOAT4E2M1: 23,
} as const;

/** A tensor: its elements in one of the fields, row-major. */
export interface TensorProto {
  /** Its name; initializers have one. */
  readonly name?: string;
  /** Its shape. */
  readonly dims: readonly number[];
  /** The type of its elements, one of `TensorType`. */
  readonly dataType: number;
  /** Elements of any type but texts, little-endian. */
  readonly rawData?: Uint8Array;
  /** Elements of FLOAT. */
  readonly floatData?: Float32Array;
  /** Elements of the integers of 32 bits and less, of BOOL, and the bits of FLOAT16 and BFLOAT16. */
  readonly int32Data?: Int32Array;
  /** Elements of INT64. */
  readonly int64Data?: BigInt64Array;
  /** Elements of DOUBLE. */
  readonly doubleData?: Float64Array;
  /** Elements of UINT32 and UINT64. */
  readonly uint64Data?: BigUint64Array;
  /** Elements of STRING. */
  readonly stringData?: readonly Uint8Array[];
  /** Where the elements are, if not here: `location`, and perhaps `offset` and `length`. */
  readonly externalData?: Readonly<Record<string, string>>;
  /** 1 where the elements are in another file. */
  readonly dataLocation?: number;
  /** A text for people. */
  readonly docString?: string;
}

/** A value's name, type and shape. */
export interface ValueInfoProto {
  /** Its name. */
  readonly name: string;
  /** Its type, if it is told. */
  readonly type?: TypeProto;
  /** A text for people. */
  readonly docString?: string;
}

/** An extent: a number, the name of one that is not known yet, or nothing. */
export type Dimension = number | string | undefined;

/** A type of values. */
export interface TypeProto {
  /** A tensor. */
  readonly tensorType?: {
    /** The type of its elements, one of `TensorType`. */
    readonly elemType: number;
    /** Its shape; left out where not even the number of dimensions is known. */
    readonly shape?: readonly Dimension[];
  };
  /** What it is if no tensor: "sequence", "map", "sparse tensor" or "optional". */
  readonly other?: string;
}

/** An operator that the model defines by others. */
export interface FunctionProto {
  /** Its name: the `opType` of the nodes that call it. */
  readonly name: string;
  /** Its name space. */
  readonly domain: string;
  /** The names of its inputs. */
  readonly input: readonly string[];
  /** The names of its outputs. */
  readonly output: readonly string[];
  /** The names of its attributes. */
  readonly attribute: readonly string[];
  /** The operations. */
  readonly node: readonly NodeProto[];
  /** Versions of the operators in it. */
  readonly opsetImport: readonly OperatorSetId[];
}
