/**
 * Triangular systems.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { neg } from "../elementwise/mod.ts";
import { matmul } from "../matrix/matmul.ts";
import { tril, triu } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { broadcastBatches, matricesOf, requireAlike, requireMatrix, requireSquare, tensorOf } from "./batches.ts";
import { solveTriangularInPlace } from "./dense/triangular.ts";

/** Options of `solveTriangular`. */
export interface SolveTriangularOptions {
  /** Whether the upper triangle of A counts, or the lower one. */
  readonly upper: boolean;
  /** Solves A · X = B, or X · A = B; true by default. */
  readonly left?: boolean;
  /** Takes the diagonal of A as 1; false by default. */
  readonly unitriangular?: boolean;
}

/** X of A · X = B, where the shapes fit already. */
function substituted(a: Tensor, b: Tensor, upper: boolean, unit: boolean): Tensor {
  const matrices = matricesOf(a), { each } = matricesOf(b);
  const [n, k] = b.shape.slice(-2) as [number, number];
  matrices.each.forEach((matrix, i) => solveTriangularInPlace(matrix, n, each[i]!, k, { upper, unit }));
  const solution = (a: Tensor, grad: Tensor): Tensor => substituted(mT(a), grad, !upper, unit);
  return record("linalgSolveTriangular", tensorOf(each, b.shape, b).node, [a, b], [
    (grad, [a], x) => {
      const whole = neg(matmul(solution(a!, grad), mT(x)));
      return upper ? triu(whole, unit ? 1 : 0) : tril(whole, unit ? -1 : 0);
    },
    (grad, [a]) => solution(a!, grad),
  ]);
}

/**
 * X of A · X = B, or of X · A = B, where A is triangular; the other triangle is not looked at. Computed in float64 on the host,
 * for which it waits for the device.
 *
 * @param a [..., n, n]
 * @param b [..., n, k], or [..., k, n] where `left` is false; batch dimensions broadcast
 * @throws {ShapeError} where A is not square or B does not fit
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const a = tensor([[2, 0], [1, 4]], { dtype: "float32" }), b = tensor([[2], [9]], { dtype: "float32" });
 * console.log(linalg.solveTriangular(a, b, { upper: false }));
 * // tensor([[1.],
 * //         [2.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.solve_triangular.html}
 */
export function solveTriangular(a: Tensor, b: Tensor, options: SolveTriangularOptions): Tensor {
  requireSquare("solveTriangular", a);
  requireMatrix("solveTriangular", b, "b");
  if (options === undefined) {
    throw new ValueError("Cannot call solveTriangular without options: pass { upper: true } or { upper: false }");
  }
  const { upper, left = true, unitriangular = false } = options;
  requireAlike("solveTriangular", a, b);
  if (a.shape.at(-1) !== b.shape.at(left ? -2 : -1)) {
    throw new ShapeError(
      `Cannot apply solveTriangular to shapes ${show(a.shape)} and ${show(b.shape)}: the second must have ${
        a.shape.at(-1)
      } ${left ? "rows" : "columns"}`,
    );
  }
  const [matrix, right] = broadcastBatches("solveTriangular", a, b);
  if (left) return substituted(matrix, right, upper, unitriangular);
  return mT(substituted(mT(matrix), mT(right), !upper, unitriangular));
}
