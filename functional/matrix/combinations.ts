/**
 * A tensor and a product, each with a factor.
 *
 * @module
 */

import { isFloat, ShapeError, ValueError } from "../../kernels/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { summed } from "../reduction/sum.ts";
import { bmm, mm, mv, outer } from "./matmul.ts";

/** Factors of `addmm` and its kin. */
export interface CombinationOptions {
  /** Factor of the tensor; 1 by default. With 0, its NaN and infinities do not count. */
  readonly beta?: number;
  /** Factor of the product; 1 by default. */
  readonly alpha?: number;
}

function combined(operation: string, x: Tensor, product: Tensor, { beta = 1, alpha = 1 }: CombinationOptions): Tensor {
  const lead = product.ndim - x.ndim;
  if (lead < 0 || x.shape.some((extent, i) => extent !== 1 && extent !== product.shape[lead + i])) {
    throw new ShapeError(
      `Cannot ${operation} a tensor of shape ${show(x.shape)} and a product of shape ${
        show(product.shape)
      }: the first must broadcast`,
    );
  }
  if (!isFloat(product.dtype) && !(Number.isInteger(alpha) && Number.isInteger(beta))) {
    throw new ValueError(`Cannot ${operation} integers with fractional factors ${beta} and ${alpha}`);
  }
  const scaled = alpha === 1 ? product : mul(product, alpha);
  return beta === 0 ? scaled : add(scaled, beta === 1 ? x : mul(x, beta));
}

/**
 * beta · x + alpha · a · b of matrices.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addmm(tensor([[100]]), tensor([[1, 2]]), tensor([[3], [4]]))); // tensor([[111]])
 * ```
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  return combined("addmm", x, mm(a, b), options);
}

/**
 * beta · x + alpha · a · b of a matrix and a vector.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addmv(tensor([100]), tensor([[1, 2]]), tensor([3, 4]))); // tensor([111])
 * ```
 */
export function addmv(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  return combined("addmv", x, mv(a, b), options);
}

/**
 * beta · x + alpha · a · bᵀ of vectors.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addr(tensor([[100]]), tensor([2]), tensor([3]))); // tensor([[106]])
 * ```
 */
export function addr(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  return combined("addr", x, outer(a, b), options);
}

/**
 * beta · x + alpha · a · b of batches of matrices.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.baddbmm(tensor([[[100]]]), tensor([[[1, 2]]]), tensor([[[3], [4]]]))); // tensor([[[111]]])
 * ```
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  return combined("baddbmm", x, bmm(a, b), options);
}

/**
 * beta · x + alpha · Σ a · b over batches of matrices.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addbmm(tensor([[100]]), tensor([[[1, 2]], [[3, 4]]]), tensor([[[1], [1]], [[1], [1]]])));
 * // tensor([[110]])
 * ```
 */
export function addbmm(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  return combined("addbmm", x, summed(bmm(a, b), [0]), options);
}
