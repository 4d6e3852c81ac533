/**
 * Batches of matrices between tensors and the host, where decompositions are computed in double precision.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { allocate, DTypeError, ShapeError } from "../../kernels/mod.ts";
import { commonDevice } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { elementsOf } from "../host.ts";
import { LinAlgError } from "./errors.ts";

/** The matrices in the last two dimensions of a tensor, as a copy in double precision. */
export interface Matrices {
  readonly batch: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** One row-major matrix for each place in the batch. */
  readonly each: readonly Float64Array[];
}

/** Throws unless `x` has the dtype and the number of dimensions that decompositions need. */
export function requireMatrix(operation: string, x: Tensor, parameter = "a"): void {
  requireReal(operation, x, parameter);
  if (x.ndim < 2) {
    throw new ShapeError(
      `Cannot apply ${operation} to a tensor of shape ${show(x.shape)}: it must have at least 2 dimensions. ` +
        "unsqueeze() makes a matrix of a vector",
    );
  }
}

/** Throws unless the elements are float32 or float64. */
export function requireReal(operation: string, x: Tensor, parameter = "a"): void {
  requireTensor(operation, parameter, x);
  if (x.dtype === "float32" || x.dtype === "float64") return;
  throw new DTypeError(`Cannot apply ${operation} to ${x.dtype}: it takes float32 and float64. Convert with float()`);
}

/** Throws unless the last two dimensions of `x` make square matrices. */
export function requireSquare(operation: string, x: Tensor, parameter = "a"): void {
  requireMatrix(operation, x, parameter);
  if (x.shape.at(-1) === x.shape.at(-2)) return;
  throw new ShapeError(
    `Cannot apply ${operation} to matrices of ${x.shape.at(-2)} rows and ${
      x.shape.at(-1)
    } columns: they must be square`,
  );
}

/** Throws unless `a` and `b` have one dtype and one device. */
export function requireAlike(operation: string, a: Tensor, b: Tensor): void {
  commonDevice(operation, [a, b]);
  if (a.dtype === b.dtype) return;
  throw new DTypeError(
    `Cannot apply ${operation} to ${a.dtype} and ${b.dtype}: both must have one dtype. Convert one with to("${a.dtype}")`,
  );
}

/** The matrices of `x`; waits for the device. */
export function matricesOf(x: Tensor): Matrices {
  const shape = x.node.shape;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const batch = shape.slice(0, -2);
  const elements = Float64Array.from(elementsOf(x)), size = rows * columns;
  const each = Array.from({ length: kernels.numel(batch) }, (_, i) => elements.subarray(i * size, (i + 1) * size));
  return { batch, rows, columns, each };
}

/** Throws where a decomposition by iteration would not end. */
export function requireFinite(operation: string, { each }: Matrices): void {
  const at = each.findIndex((a) => !a.every(Number.isFinite));
  if (at < 0) return;
  throw new LinAlgError(
    `Cannot apply ${operation}: ${
      each.length === 1 ? "the matrix" : `matrix ${at} of the batch`
    } has NaN or infinite elements`,
  );
}

/** A tensor of `shape` of the numbers in `parts`, one after another, rounded to the dtype of `like` and on its device. */
export function tensorOf(parts: readonly ArrayLike<number>[], shape: readonly number[], like: Tensor): Tensor {
  const values = allocate(like.dtype, kernels.numel(shape));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return new Tensor(kernels.fromHost(values, shape, like.dtype, like.device));
}

/** Both with their batch dimensions broadcast to those of the other. */
export function broadcastBatches(operation: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const batch = broadcastShape(operation, a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [expandTo(a, [...batch, ...a.shape.slice(-2)]), expandTo(b, [...batch, ...b.shape.slice(-2)])];
}
