/**
 * What flows between the nodes of a graph: tensors, and small arrays on the host, of which shapes are computed without asking a device.
 *
 * @module
 */

import { adopted } from "../../../tensor/creation.ts";
import { type DeviceName, type DType, isFloat, noGrad, type Tensor, tensor, ValueError } from "../../../tensor/mod.ts";

/** The most elements that are computed on the host. */
export const HOST_LIMIT = 4096;

/** A small array on the host. Integers are exact up to 2^53, and may be beyond what int32 holds: 2^63 stands for "to the end". */
export class HostArray {
  /** Elements, row-major. */
  constructor(
    /** Its extents. */
    readonly shape: readonly number[],
    /** The dtype of the tensor that it becomes. */
    readonly dtype: DType,
    /** The elements, row-major. */
    readonly data: readonly number[],
  ) {}
}

/** A value of a graph. */
export type Value = Tensor | HostArray;

/** Integers from here on stand for "to the end", and -2^53 and below for "to the start", as exporters write it. */
const ENDLESS = 2 ** 53;
const LARGEST = 2 ** 31 - 1, SMALLEST = -(2 ** 31);

/** A 64-bit integer in 32 bits; undefined where it is none of those and does not stand for an end. */
export function narrowed(value: number): number | undefined {
  if (value >= ENDLESS) return LARGEST;
  if (value <= -ENDLESS) return SMALLEST;
  return value >= SMALLEST && value <= LARGEST ? value : undefined;
}

/** The product of extents. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The nearest number that a dtype has on the host. */
export function rounded(value: number, dtype: DType): number {
  switch (dtype) {
    case "float32":
      return Math.fround(value);
    case "float16":
      return Math.f16round(value);
    case "bool":
      return Number(value !== 0);
    default:
      return value;
  }
}

/** Tensors of arrays that were asked for: constants stay where they are from run to run. */
const tensors = new WeakMap<HostArray, Tensor>();

/** A tensor of an array's elements. */
export function tensorOf(array: HostArray, device: DeviceName): Tensor {
  const known = tensors.get(array);
  if (known?.device === device) return known;
  const made = noGrad(() => newTensor(array, device));
  tensors.set(array, made);
  return made;
}

function newTensor({ shape, dtype, data }: HostArray, device: DeviceName): Tensor {
  if (isFloat(dtype) || dtype === "bool") return tensor([...data], { shape: [...shape], dtype, device });
  const integers = data.map((value, i) => {
    const fits = dtype === "int32" ? narrowed(value) : value;
    if (fits !== undefined) return fits;
    throw new ValueError(`its element ${i} is ${value}, and 64-bit integers become int32, which does not hold it`);
  });
  if (dtype !== "int32") return tensor(integers, { shape: [...shape], dtype, device });
  if (shape.length === 0) return tensor(integers[0]!, { dtype, device });
  return adopted(Int32Array.from(integers), shape, dtype, { device });
}

/** The array of a tensor that seldom changes, read from its device when it has. */
const arrays = new WeakMap<Tensor, { readonly version: number; readonly array: HostArray }>();

/** The array of a tensor that a file held: it is read once, and again after it was written to. */
export function keptOnHost(tensor: Tensor): HostArray {
  const known = arrays.get(tensor);
  if (known?.version === tensor.version) return known.array;
  const array = hostOf(tensor);
  arrays.set(tensor, { version: tensor.version, array });
  tensors.set(array, tensor);
  return array;
}

/** The elements of a value; of a tensor, read from its device. */
export function hostOf(value: Value): HostArray {
  if (value instanceof HostArray) return value;
  return new HostArray([...value.shape], value.dtype, Array.from(value.dataSync(), Number));
}
