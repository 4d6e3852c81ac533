/**
 * Inverses and equations of tensors that stand for matrices.
 *
 * @module
 */

import { numel, ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, show } from "../dims.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { inv, solve } from "./solve.ts";

/** Options of `tensorinv`. */
export interface TensorinvOptions {
  /** How many dimensions count as rows; 2 by default. */
  readonly ind?: number;
}

/**
 * The inverse of the map that `tensordot(a, ·, ndim - ind)` is; its dimensions come in the other order.
 *
 * @param a the product of its first `ind` extents is that of the others
 *
 * @throws {ShapeError} where the extents have not one product
 * @throws {ValueError} for an `ind` below 1
 * @example
 * ```ts
 * import { eye, linalg } from "@tensaur/tensaur";
 *
 * console.log(linalg.tensorinv(eye(4).reshape([2, 2, 4]), { ind: 2 }).shape); // torch.Size([4, 2, 2])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.tensorinv.html}
 */
export function tensorinv(a: Tensor, { ind = 2 }: TensorinvOptions = {}): Tensor {
  requireTensor("tensorinv", "a", a);
  if (!Number.isInteger(ind) || ind < 1) {
    throw new ValueError(`Cannot apply tensorinv with ind ${ind}: it is at least 1`);
  }
  const rows = a.shape.slice(0, ind), columns = a.shape.slice(ind);
  if (numel(rows) !== numel(columns)) {
    throw new ShapeError(
      `Cannot apply tensorinv with ind ${ind} to shape ${show(a.shape)}: ${show(rows)} and ${
        show(columns)
      } must have one product`,
    );
  }
  return reshaped(inv(reshaped(a, [numel(rows), numel(columns)])), [...columns, ...rows]);
}

/** Options of `tensorsolve`. */
export interface TensorsolveOptions {
  /** Dimensions of A that are moved to its end first; none by default. */
  readonly dims?: readonly number[] | null;
}

/**
 * X of tensordot(A, X, X.ndim) = B.
 *
 * @param a [...shape of B, ...shape of X], where both have one product
 *
 * @throws {ShapeError} where the extents do not fit
 * @example
 * ```ts
 * import { eye, linalg, ones } from "@tensaur/tensaur";
 *
 * console.log(linalg.tensorsolve(eye(4).reshape([2, 2, 4]), ones([2, 2]))); // tensor([1., 1., 1., 1.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.tensorsolve.html}
 */
export function tensorsolve(a: Tensor, b: Tensor, { dims }: TensorsolveOptions = {}): Tensor {
  requireTensor("tensorsolve", "a", a);
  requireTensor("tensorsolve", "b", b);
  const moved = (dims ?? []).map((dim) => axisOf("tensorsolve", dim, a.ndim));
  const order = [...a.shape.keys()].filter((axis) => !moved.includes(axis));
  const whole = moved.length === 0 ? a : permuted(a, [...order, ...moved]);
  const shape = whole.shape.slice(b.ndim);
  if (numel(shape) !== b.numel() || whole.numel() !== b.numel() ** 2) {
    throw new ShapeError(
      `Cannot apply tensorsolve to shapes ${show(whole.shape)} and ${show(b.shape)}: ` +
        `what is left of the first, ${show(shape)}, must have ${b.numel()} elements`,
    );
  }
  return reshaped(solve(reshaped(whole, [b.numel(), b.numel()]), reshaped(b, [b.numel()])), shape);
}
