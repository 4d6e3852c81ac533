/**
 * Contractions of chosen dimensions, and products of whole tensors.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { mul, sub } from "../elementwise/arithmetic.ts";
import { diagonal } from "../movement/diagonal.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { roll } from "../movement/roll.ts";
import { sum } from "../reduction/sum.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { contracted } from "./contract.ts";

/** Which dimensions `tensordot` sums over: the last of one and the first of the other, or those listed for each. */
export type TensordotDims = number | readonly [readonly number[], readonly number[]] | readonly (readonly number[])[];

/**
 * Sums of products over several dimensions of both: the last `dims` of a and the first of b, or those listed.
 *
 * @param dims how many dimensions, or those of a and those of b; 2 by default; by position or in options
 * @returns the other dimensions of a, then those of b
 * @throws {ShapeError} where the dimensions are not as many, or their extents differ and neither is 1
 * @throws {IndexError} for a dimension that a or b does not have
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tensordot.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tensordot(tensor([[1, 2], [3, 4]]), tensor([[1, 1], [1, 1]]), 2)); // tensor(10)
 * ```
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  dims?: TensordotDims | { readonly dims?: TensordotDims },
): Tensor {
  requireTensor("tensordot", "a", a);
  requireTensor("tensordot", "b", b);
  const given = named<{ dims?: TensordotDims }>(["dims"], dims).dims ?? 2;
  if (typeof given === "number" && (given < 0 || given > Math.min(a.ndim, b.ndim))) {
    throw new ShapeError(`Cannot tensordot over ${given} dimensions of shapes ${show(a.shape)} and ${show(b.shape)}`);
  }
  const [ofA, ofB] = typeof given === "number"
    ? [Array.from({ length: given }, (_, i) => a.ndim - given + i), Array.from({ length: given }, (_, i) => i)]
    : [
      given[0]!.map((dim) => axisOf("tensordot", dim, a.ndim)),
      given[1]!.map((dim) => axisOf("tensordot", dim, b.ndim)),
    ];
  // Extents of 1 are broadcast, as PyTorch does: what the other has there is summed.
  const k = ofA.length;
  if (k !== ofB.length) {
    throw new ShapeError(`Cannot tensordot over ${k} dimensions of one and ${ofB.length} of the other`);
  }
  const extents = ofA.map((axis, i) => [a.shape[axis]!, b.shape[ofB[i]!]!] as const);
  if (extents.some(([x, y]) => x !== y && x !== 1 && y !== 1)) {
    throw new ShapeError(
      `Cannot tensordot shapes ${show(a.shape)} and ${show(b.shape)}: the summed extents differ, ${
        show(extents.flat())
      }`,
    );
  }
  const restA = [...a.shape.keys()].filter((i) => !ofA.includes(i)),
    restB = [...b.shape.keys()].filter((i) => !ofB.includes(i));
  const common = extents.map(([x, y]) => Math.max(x, y));
  const left = permuted(a, [...restA, ...ofA]), right = permuted(b, [...ofB, ...restB]);
  return contracted(
    "tensordot",
    expandTo(left, [...restA.map((i) => a.shape[i]!), ...common]),
    expandTo(right, [...common, ...restB.map((i) => b.shape[i]!)]),
    { batch: 0, m: restA.length, n: restB.length, k },
  );
}

/**
 * The sum of the diagonal of a matrix.
 *
 * @param x [m, n]; the result is a scalar
 * @throws {ShapeError} where x is no matrix
 * @see {@link https://pytorch.org/docs/stable/generated/torch.trace.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.trace(tensor([[1, 2], [3, 4]]))); // tensor(5)
 * ```
 */
export function trace(x: Tensor): Tensor {
  requireTensor("trace", "x", x);
  if (x.ndim !== 2) {
    throw new ShapeError(`Cannot take the trace of a tensor of shape ${show(x.shape)}: it must be a matrix`);
  }
  return sum(diagonal(x));
}

/**
 * The Kronecker product: every element of a times the whole of b.
 *
 * @param a [..., m]
 * @param b [..., n]; the result is [..., m · n], the shorter shape being preceded by 1s
 * @see {@link https://pytorch.org/docs/stable/generated/torch.kron.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.kron(tensor([1, 2]), tensor([1, 10]))); // tensor([ 1, 10,  2, 20])
 * ```
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  requireTensor("kron", "a", a);
  requireTensor("kron", "b", b);
  const rank = Math.max(a.ndim, b.ndim);
  const upright = (x: Tensor) => [...new Array(rank - x.ndim).fill(1), ...x.shape];
  const [shapeA, shapeB] = [upright(a), upright(b)];
  const product = mul(reshaped(a, shapeA.flatMap((n) => [n, 1])), reshaped(b, shapeB.flatMap((n) => [1, n])));
  return reshaped(product, shapeA.map((n, i) => n * shapeB[i]!));
}

/**
 * The cross product of vectors of three elements along `dim`, by default the first dimension that has three.
 *
 * @param a [..., 3, ...]; broadcasts against b
 * @param dim the dimension of extent 3; by position or in options
 * @throws {ShapeError} where the dimension's extent is not 3, or the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cross.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cross(tensor([1, 0, 0]), tensor([0, 1, 0]))); // tensor([0, 0, 1])
 * ```
 */
export function cross(a: Tensor, b: Tensor, dim?: number | { readonly dim?: number | null } | null): Tensor {
  requireTensor("cross", "a", a);
  requireTensor("cross", "b", b);
  const shape = broadcastShape("cross", a.shape, b.shape);
  const given = named<{ dim?: number | null }>(["dim"], dim).dim;
  const axis = given == null ? shape.indexOf(3) : axisOf("cross", given, shape.length);
  if (shape[axis] !== 3) {
    throw new ShapeError(`Cannot take the cross product of shape ${show(shape)}: dimension ${axis} must have extent 3`);
  }
  const [x, y] = [expandTo(a, shape), expandTo(b, shape)];
  const next = (t: Tensor) => roll(t, -1, axis), afterNext = (t: Tensor) => roll(t, -2, axis);
  return sub(mul(next(x), afterNext(y)), mul(afterNext(x), next(y)));
}
