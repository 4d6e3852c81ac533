/**
 * What goes wrong in linear algebra with matrices of the right shape.
 *
 * @module
 */

import { TensaurError } from "../../kernels/mod.ts";

/**
 * A matrix without the property that an operation needs: it is singular, not positive definite, or its decomposition does not converge.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * try {
 *   linalg.inv(tensor([[1, 2], [2, 4]], { dtype: "float32" }));
 * } catch (error) {
 *   console.log(error instanceof linalg.LinAlgError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/linalg.html}
 */
export class LinAlgError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "LinAlgError";
}

/** For the library: throws for the first matrix of a batch whose `info` is not 0. */
export function refuseInfo(operation: string, info: ArrayLike<number>, reason: (info: number) => string): void {
  for (let i = 0; i < info.length; i++) {
    if (info[i] === 0) continue;
    const which = info.length === 1 ? "the matrix" : `matrix ${i} of the batch`;
    throw new LinAlgError(`Cannot apply ${operation}: ${which} ${reason(info[i]!)}`);
  }
}
