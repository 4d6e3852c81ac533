/**
 * Systems of linear equations and inverses.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { neg } from "../elementwise/mod.ts";
import { fromIntegers } from "../host.ts";
import { matmul } from "../matrix/matmul.ts";
import { mT } from "../movement/permute.ts";
import { squeeze, unsqueeze } from "../movement/reshape.ts";
import { withNames } from "../pairs.ts";
import { broadcastBatches, matricesOf, requireAlike, requireMatrix, requireSquare, tensorOf } from "./batches.ts";
import { luInPlace, solveLuInPlace } from "./dense/lu.ts";
import { refuseInfo } from "./errors.ts";

/** Options of the forms that report trouble instead of throwing. */
export interface CheckErrorsOptions {
  /** Throws for all that; false by default. */
  readonly checkErrors?: boolean;
}

/** The reason of a failure, from what elimination reported. */
export function singularity(info: number): string {
  return `is singular: pivot ${info} of its elimination is 0. pinv() and lstsq() take such matrices`;
}

/** X of A · X = B, where the shapes fit already; what elimination reported goes to `infos`. */
function eliminated(a: Tensor, b: Tensor, infos: number[]): Tensor {
  const matrices = matricesOf(a), { each } = matricesOf(b);
  const [n, k] = b.shape.slice(-2) as [number, number];
  matrices.each.forEach((matrix, i) => {
    const { pivots, info } = luInPlace(matrix, n, n);
    solveLuInPlace(matrix, pivots, n, each[i]!, k);
    infos.push(info);
  });
  return record("linalgSolve", tensorOf(each, b.shape, b).node, [a, b], [
    (grad, [a], x) => neg(matmul(eliminated(mT(a!), grad, []), mT(x))),
    (grad, [a]) => eliminated(mT(a!), grad, []),
  ]);
}

/** The inverse of each matrix, whatever it is; what elimination reported goes to `infos`. */
export function inverted(a: Tensor, infos: number[] = []): Tensor {
  const { each, rows: n } = matricesOf(a);
  const inverses = each.map((matrix) => {
    const identity = new Float64Array(n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = 1;
    const { pivots, info } = luInPlace(matrix, n, n);
    solveLuInPlace(matrix, pivots, n, identity, n);
    infos.push(info);
    return identity;
  });
  return record("linalgInv", tensorOf(inverses, a.shape, a).node, [a], [
    (grad, _, y) => neg(matmul(mT(y), matmul(grad, mT(y)))),
  ]);
}

/** A result, and what elimination reported of each matrix. */
export type ResultInfo = [result: Tensor, info: Tensor] & {
  /** The solution. */
  readonly result: Tensor;
  /** int32: 0, or the first pivot (from 1) that is 0. */
  readonly info: Tensor;
};

/** Options of `solve`. */
export interface SolveOptions {
  /** Solves A · X = B, or X · A = B; true by default. */
  readonly left?: boolean;
}

/** Options of `solveEx`. */
export interface SolveExOptions extends SolveOptions, CheckErrorsOptions {}

/**
 * What `solve` gives, with a report for each matrix instead of an error for singular ones, whose solutions are infinite or NaN.
 *
 * @param a [..., n, n]
 * @param b as for `solve`
 * @throws {ShapeError} where A is not square or B does not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @throws {LinAlgError} with `checkErrors`, where a matrix is singular
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const { info } = linalg.solveEx(tensor([[1, 2], [2, 4]], { dtype: "float32" }), tensor([1, 1], { dtype: "float32" }));
 * console.log(info.item()); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.solve_ex.html}
 */
export function solveEx(a: Tensor, b: Tensor, { left = true, checkErrors = false }: SolveExOptions = {}): ResultInfo {
  requireTensor("solveEx", "a", a);
  requireTensor("solveEx", "b", b);
  requireSquare("solve", a);
  requireAlike("solve", a, b);
  // As in PyTorch: one vector, or one for each matrix of the batch.
  const vector = b.ndim === 1 || b.ndim === a.ndim - 1 && b.shape.every((extent, i) => extent === a.shape[i]);
  if (vector && !left) {
    throw new ShapeError(`Cannot solve X · A = B for a vector of shape ${show(b.shape)}: unsqueeze(-2) makes it a row`);
  }
  const right = vector ? unsqueeze(b, -1) : b;
  requireMatrix("solve", right);
  if (a.shape.at(-1) !== right.shape.at(left ? -2 : -1)) {
    throw new ShapeError(
      `Cannot solve a system with matrices of shape ${show(a.shape)} for ${show(b.shape)}: the right side must have ${
        a.shape.at(-1)
      } ${left ? "rows" : "columns"}`,
    );
  }
  const [matrix, target] = broadcastBatches("solve", a, right);
  const infos: number[] = [];
  const solution = left ? eliminated(matrix, target, infos) : mT(eliminated(mT(matrix), mT(target), infos));
  if (checkErrors) refuseInfo("solve", infos, singularity);
  const result = vector ? squeeze(solution, -1) : solution;
  const info = fromIntegers(infos, matrix.shape.slice(0, -2), a.device);
  return withNames([result, info] as [Tensor, Tensor], { result, info });
}

/**
 * X of A · X = B, or of X · A = B with `left: false`. Computed in float64 on the host, for which it waits for the device.
 *
 * @param a [..., n, n]
 * @param b [..., n, k], [..., n] with the batch dimensions of A, or [n]; batch dimensions broadcast
 * @throws {LinAlgError} where a matrix is singular
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const a = tensor([[2, 1], [1, 3]], { dtype: "float32" }), b = tensor([3, 5], { dtype: "float32" });
 * console.log(linalg.solve(a, b)); // tensor([0.8000, 1.4000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.solve.html}
 */
export function solve(a: Tensor, b: Tensor, options: SolveOptions = {}): Tensor {
  requireTensor("solve", "a", a);
  requireTensor("solve", "b", b);
  return solveEx(a, b, { ...options, checkErrors: true }).result;
}

/** An inverse, and what elimination reported of each matrix. */
export type InverseInfo = [inverse: Tensor, info: Tensor] & {
  /** The inverses. */
  readonly inverse: Tensor;
  /** int32: 0, or the first pivot (from 1) that is 0. */
  readonly info: Tensor;
};

/**
 * What `inv` gives, with a report for each matrix instead of an error for singular ones.
 *
 * @param a [..., n, n]
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @throws {LinAlgError} with `checkErrors`, where one has no result
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.invEx(tensor([[1, 2], [2, 4]], { dtype: "float32" })).info.item()); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.inv_ex.html}
 */
export function invEx(a: Tensor, { checkErrors = false }: CheckErrorsOptions = {}): InverseInfo {
  requireTensor("invEx", "a", a);
  requireSquare("inv", a);
  const infos: number[] = [];
  const inverse = inverted(a, infos);
  if (checkErrors) refuseInfo("inv", infos, singularity);
  const info = fromIntegers(infos, a.shape.slice(0, -2), a.device);
  return withNames([inverse, info] as [Tensor, Tensor], { inverse, info });
}

/**
 * A⁻¹ of square matrices. Computed in float64 on the host, for which it waits for the device.
 *
 * @param a [..., n, n]
 * @throws {LinAlgError} where a matrix is singular
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.inv(tensor([[2, 0], [0, 4]], { dtype: "float32" })));
 * // tensor([[0.5000, 0.0000],
 * //         [0.0000, 0.2500]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.inv.html}
 */
export function inv(a: Tensor): Tensor {
  requireTensor("inv", "a", a);
  return invEx(a, { checkErrors: true }).inverse;
}
