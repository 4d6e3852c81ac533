/**
 * Decompositions of symmetric matrices that need not be positive definite.
 *
 * @module
 */

import { AutogradError, ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { elementsOf, fromIntegers } from "../host.ts";
import { withNames } from "../pairs.ts";
import { broadcastBatches, matricesOf, requireAlike, requireMatrix, requireSquare, tensorOf } from "./batches.ts";
import { ldlInPlace, solveLdlInPlace } from "./dense/ldl.ts";
import { refuseInfo } from "./errors.ts";
import { type CheckErrorsOptions, singularity } from "./solve.ts";

/** Options of `ldlFactor` and `ldlSolve`. */
export interface LdlOptions {
  /** Takes complex matrices as equal to their conjugate transposes; without effect on real ones. */
  readonly hermitian?: boolean;
}

/** Options of `ldlFactorEx`. */
export interface LdlFactorExOptions extends LdlOptions, CheckErrorsOptions {}

/** L and D in one, and the rows exchanged. */
export type PackedLdl = [LD: Tensor, pivots: Tensor] & {
  /** D in the diagonal and its blocks of two, L below. */
  readonly LD: Tensor;
  /** int32, as LAPACK's sytrf gives them: negative ones stand for blocks of two. */
  readonly pivots: Tensor;
};

/** L and D in one, the rows exchanged, and how the elimination went. */
export type PackedLdlInfo = [LD: Tensor, pivots: Tensor, info: Tensor] & {
  /** D in the diagonal and its blocks of two, L below. */
  readonly LD: Tensor;
  /** int32, as LAPACK's sytrf gives them: negative ones stand for blocks of two. */
  readonly pivots: Tensor;
  /** int32: 0, or the first block (from 1) that is 0. */
  readonly info: Tensor;
};

/**
 * What `ldlFactor` gives, with a report for each matrix instead of an error for singular ones.
 *
 * @param a [..., n, n]
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @throws {LinAlgError} with `checkErrors`, where one has no result
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.ldlFactorEx(tensor([[0, 0], [0, 1]], { dtype: "float32" })).info.item()); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.ldl_factor_ex.html}
 */
export function ldlFactorEx(a: Tensor, { checkErrors = false }: LdlFactorExOptions = {}): PackedLdlInfo {
  requireTensor("ldlFactorEx", "a", a);
  requireSquare("ldlFactor", a);
  const { each, batch, rows } = matricesOf(a);
  const results = each.map((matrix) => ldlInPlace(matrix, rows)), infos = results.map((result) => result.info);
  if (checkErrors) refuseInfo("ldlFactor", infos, singularity);
  const LD = record("linalgLdlFactorEx", tensorOf(each, a.shape, a).node, [a], [() => {
    throw new AutogradError("Cannot go backward through ldlFactor: as in PyTorch, it has no gradient. Use solve");
  }]);
  const pivots = fromIntegers(results.flatMap((result) => [...result.pivots]), [...batch, rows], a.device);
  const info = fromIntegers(infos, batch, a.device);
  return withNames([LD, pivots, info] as [Tensor, Tensor, Tensor], { LD, pivots, info });
}

/**
 * L and D of a symmetric A = P · L · D · Lᵀ · Pᵀ, of which the lower triangle is looked at, for `ldlSolve`. D has blocks of one or two
 * rows (Bunch and Kaufman 1977). Without a gradient, as in PyTorch.
 *
 * @param a [..., n, n]
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const { LD, pivots } = linalg.ldlFactor(tensor([[2, 1], [1, 3]], { dtype: "float32" }));
 * console.log(linalg.ldlSolve(LD, pivots, tensor([[3], [4]], { dtype: "float32" })));
 * // tensor([[1.],
 * //         [1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.ldl_factor.html}
 */
export function ldlFactor(a: Tensor, _options: LdlOptions = {}): PackedLdl {
  requireTensor("ldlFactor", "a", a);
  const { LD, pivots } = ldlFactorEx(a, { checkErrors: true });
  return withNames([LD, pivots] as [Tensor, Tensor], { LD, pivots });
}

/**
 * X of A · X = B, from what `ldlFactor` gave for A.
 *
 * @param ld [..., n, n]
 * @param pivots int32, [..., n]
 * @param b [..., n, k]; batch dimensions broadcast
 *
 * @throws {ShapeError} where the matrices are not square, or do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const { LD, pivots } = linalg.ldlFactor(tensor([[0, 2], [2, 0]], { dtype: "float32" }));
 * console.log(linalg.ldlSolve(LD, pivots, tensor([[2], [4]], { dtype: "float32" })));
 * // tensor([[2.],
 * //         [1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.ldl_solve.html}
 */
export function ldlSolve(ld: Tensor, pivots: Tensor, b: Tensor, _options: LdlOptions = {}): Tensor {
  requireTensor("ldlSolve", "pivots", pivots);
  requireSquare("ldlSolve", ld, "ld");
  requireMatrix("ldlSolve", b, "b");
  requireAlike("ldlSolve", ld, b);
  if (b.shape.at(-2) !== ld.shape.at(-1) || show(pivots.shape) !== show(ld.shape.slice(0, -1))) {
    throw new ShapeError(
      `Cannot apply ldlSolve to a decomposition of shape ${show(ld.shape)} with pivots ${show(pivots.shape)} ` +
        `and a right side ${show(b.shape)}: the right side must have ${ld.shape.at(-1)} rows`,
    );
  }
  const [factors, right] = broadcastBatches("ldlSolve", ld, b);
  return substituted(factors, expandTo(pivots, factors.shape.slice(0, -1)), right);
}

function substituted(ld: Tensor, pivots: Tensor, b: Tensor): Tensor {
  const factors = matricesOf(ld), { each, columns } = matricesOf(b), n = factors.rows;
  const rows = Int32Array.from(elementsOf(pivots));
  each.forEach((right, i) => solveLdlInPlace(factors.each[i]!, rows.subarray(i * n, (i + 1) * n), n, right, columns));
  return record("linalgLdlSolve", tensorOf(each, b.shape, b).node, [ld, b], [
    () => {
      throw new AutogradError("Cannot go backward through ldlSolve to its decomposition: as in PyTorch. Use solve");
    },
    (grad, [ld]) => substituted(ld!, pivots, grad),
  ]);
}
