/**
 * What a tensor is, and its elements as JavaScript values, as methods.
 *
 * @module
 */

import {
  hostData,
  IndexError,
  itemSize,
  numel,
  read,
  readAsync,
  TensaurError,
  type TypedArray,
  ValueError,
} from "../../kernels/mod.ts";
import { isComplex, isConj, isFloatingPoint, isNonzero, isSameSize, isSigned, select } from "../../functional/mod.ts";
import { displayTensor } from "../display.ts";
import { formatTensor, tensorText } from "../print.ts";
import type { Size } from "../size.ts";
import type { Tensor } from "../tensor.ts";
import { getters, type Implementations, methods } from "./define.ts";

/** The elements of a tensor as nested lists; of a tensor without axes, the element. */
export type NestedList = number | boolean | NestedList[];

/** Properties, and elements on the host. Reading waits for the device. */
export interface HostMethods {
  /** The element of a tensor that has one: a number, or of a bool tensor a boolean, `item<boolean>()`. */
  item<T extends number | boolean = number>(): T;
  /** The elements as nested lists. */
  tolist(): NestedList;
  /** A copy of the elements, row-major, without blocking where the host allows that. */
  data(): Promise<TypedArray>;
  /** A copy of the elements, row-major. */
  dataSync(): TypedArray;
  /** The shape. */
  size(): Size;
  /** The extent of one dimension. */
  size(dim: number): number;
  /** Number of dimensions. */
  dim(): number;
  /** Number of elements. */
  nelement(): number;
  /** Bytes of one element. */
  elementSize(): number;
  /** Number of dimensions. */
  ndimension(): number;
  /** For each dimension, how far neighbours lie apart in the row-major list of elements. */
  stride(): number[];
  /** How far neighbours along one dimension lie apart in the row-major list of elements. */
  stride(dim: number): number;
  /** Whether the one element of the tensor is not 0. Reads it. */
  isNonzero(): boolean;
  /** Whether elements have a fraction. */
  isFloatingPoint(): boolean;
  /** Whether elements can be below 0. */
  isSigned(): boolean;
  /** Whether elements are complex numbers: never. */
  isComplex(): boolean;
  /** Whether elements are kept conjugated: never. */
  isConj(): boolean;
  /** Whether `other` has the same shape. */
  isSameSize(other: Tensor): boolean;
  /** Whether the elements are in row-major order: always. */
  isContiguous(): boolean;
  /** As PyTorch prints the tensor in a format string. */
  toString(): string;
  /** Tensors along the first dimension. */
  [Symbol.iterator](): IterableIterator<Tensor>;
  /** Strings as in `toString`; arithmetic throws, for `a + b` can't be what is written `a.add(b)`. */
  [Symbol.toPrimitive](hint: string): string;
}

/** What a tensor takes in memory. */
export interface SizeProperties {
  /** Bytes of one element. */
  readonly itemsize: number;
  /** Bytes of all elements. */
  readonly nbytes: number;
}

function elementsOf(x: Tensor): TypedArray {
  return hostData(x.node) ?? read(x.node);
}

function item<T extends number | boolean>(x: Tensor): T {
  if (x.numel() !== 1) {
    throw new ValueError(
      `Cannot convert a tensor of shape [${
        x.shape.join(", ")
      }] to a number: item() needs one element. Use tolist() or dataSync()`,
    );
  }
  const value = elementsOf(x)[0]!;
  return (x.dtype === "bool" ? value !== 0 : value) as T;
}

function tolist(x: Tensor): NestedList {
  const elements = elementsOf(x), { shape, dtype } = x;
  const nested = (dim: number, start: number, stride: number): NestedList => {
    if (dim === shape.length) return dtype === "bool" ? elements[start] !== 0 : elements[start]!;
    const inner = stride / shape[dim]!;
    return Array.from({ length: shape[dim]! }, (_, i) => nested(dim + 1, start + i * inner, inner));
  };
  return nested(0, 0, elements.length);
}

function size(x: Tensor): Size;
function size(x: Tensor, dim: number): number;
function size(x: Tensor, dim?: number): Size | number {
  if (dim === undefined) return x.shape;
  const extent = x.shape.at(dim);
  if (extent === undefined) {
    throw new IndexError(
      `Cannot tell the size of dimension ${dim}: a tensor of shape [${x.shape.join(", ")}] has ${x.ndim} dimensions`,
    );
  }
  return extent;
}

function stride(x: Tensor): number[];
function stride(x: Tensor, dim: number): number;
function stride(x: Tensor, dim?: number): number[] | number {
  // As in PyTorch, an empty dimension counts as one element.
  const strides = x.shape.map((_, i) => numel(x.shape.slice(i + 1).map((extent) => Math.max(1, extent))));
  if (dim === undefined) return strides;
  size(x, dim);
  return strides.at(dim)!;
}

function* rows(x: Tensor): IterableIterator<Tensor> {
  if (x.ndim === 0) throw new ValueError("Cannot iterate over a 0-d tensor: use item()");
  for (let i = 0; i < x.shape[0]!; i++) yield select(x, 0, i);
}

function toPrimitive(x: Tensor, hint: string): string {
  if (hint === "string") return tensorText(x);
  throw new TensaurError(
    "Cannot use a tensor with an operator of JavaScript: write a.add(b) for a + b, a.lt(b) for a < b, a.item() for its number, " +
      "and `${a}` for its text",
  );
}

const functions: Implementations<HostMethods> = {
  item,
  tolist,
  data: (x) => readAsync(x.node),
  dataSync: (x) => read(x.node),
  size: size as Implementations<HostMethods>["size"],
  dim: (x) => x.ndim,
  nelement: (x) => x.numel(),
  elementSize: (x) => itemSize(x.dtype),
  stride: stride as Implementations<HostMethods>["stride"],
  ndimension: (x) => x.ndim,
  isNonzero,
  isFloatingPoint,
  isSigned,
  isComplex,
  isConj,
  isSameSize,
  isContiguous: () => true,
  toString: tensorText,
  [Symbol.iterator]: rows,
  [Symbol.toPrimitive]: toPrimitive,
};

const properties: Implementations<SizeProperties> = {
  itemsize: (x) => itemSize(x.dtype),
  nbytes: (x) => itemSize(x.dtype) * x.numel(),
};

/** Descriptors for the prototype, with what consoles and notebooks call. */
export const host: PropertyDescriptorMap = {
  ...methods(functions),
  ...getters(properties),
  ...methods({
    [Symbol.for("Deno.customInspect")]: formatTensor,
    [Symbol.for("nodejs.util.inspect.custom")]: formatTensor,
    [Symbol.for("Jupyter.display")]: displayTensor,
  }),
};
