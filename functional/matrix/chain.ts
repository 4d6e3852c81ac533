/**
 * Products of several matrices, in the cheapest order.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireTensors } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { mm } from "./matmul.ts";

/** `split[i][j]` is the last matrix of the left factor of matrices i to j, of extents[i] rows and extents[i + 1] columns each. */
function cheapestSplits(extents: readonly number[]): number[][] {
  const count = extents.length - 1;
  const cost = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const split = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let length = 1; length < count; length++) {
    for (let i = 0, j = length; j < count; i++, j++) {
      cost[i]![j] = Infinity;
      for (let k = i; k < j; k++) {
        const own = cost[i]![k]! + cost[k + 1]![j]! + extents[i]! * extents[k + 1]! * extents[j + 1]!;
        if (own >= cost[i]![j]!) continue;
        cost[i]![j] = own;
        split[i]![j] = k;
      }
    }
  }
  return split;
}

/** For the library: the product of matrices, in the order that takes the fewest multiplications. */
export function chained(operation: string, matrices: readonly Tensor[]): Tensor {
  matrices.forEach((x, i) => {
    const before = matrices[i - 1];
    if (x.ndim === 2 && (before === undefined || before.shape[1] === x.shape[0])) return;
    throw new ShapeError(
      `Cannot ${operation} tensors of shapes ${matrices.map((x) => show(x.shape)).join(" and ")}: ` +
        `the columns of each matrix must be as many as the rows of the next`,
    );
  });
  const split = cheapestSplits([matrices[0]!.shape[0]!, ...matrices.map((x) => x.shape[1]!)]);
  const product = (i: number, j: number): Tensor =>
    i === j ? matrices[i]! : mm(product(i, split[i]![j]!), product(split[i]![j]! + 1, j));
  return product(0, matrices.length - 1);
}

/**
 * The product of matrices, in the order that takes the fewest multiplications; a single matrix as it is.
 *
 * @throws {ShapeError} where neighbours do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.chain_matmul.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.chainMatmul(tensor([[1, 2]]), tensor([[3], [4]]), tensor([[5]]))); // tensor([[55]])
 * ```
 */
export function chainMatmul(...matrices: Tensor[]): Tensor {
  requireTensors("chainMatmul", "matrices", matrices);
  if (matrices.length === 0) throw new ValueError("Cannot chainMatmul no matrices: give one or more");
  return chained("chainMatmul", matrices);
}
