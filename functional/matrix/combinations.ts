/**
 * A tensor and a product, each with a factor.
 *
 * @module
 */

import { isFloat, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { resultType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { ne } from "../elementwise/comparison.ts";
import { bmm, bmmSum, mm, mv, outer } from "./matmul.ts";

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
  // As in PyTorch, the factors of integers lose their fraction.
  const factor = (value: number) => isFloat(product.dtype) ? value : Math.trunc(value);
  const scaled = alpha === 1 ? product : mul(product, factor(alpha));
  return beta === 0 ? scaled : add(scaled, beta === 1 ? x : mul(x, factor(beta)));
}

/**
 * beta · x + alpha · a · b of matrices.
 *
 * @param x broadcasts against the product [m, n]
 * @param a [m, k]
 * @param b [k, n]
 * @param options `beta` and `alpha`: the factors; 1 by default; with `beta` 0, x does not count
 * @throws {ShapeError} where a or b is no matrix, or the shapes do not fit
 * @throws {DTypeError} where the dtypes of a and b differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.addmm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addmm(tensor([[100]]), tensor([[1, 2]]), tensor([[3], [4]]))); // tensor([[111]])
 * ```
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  requireTensor("addmm", "x", x);
  requireTensor("addmm", "a", a);
  requireTensor("addmm", "b", b);
  return combined("addmm", x, mm(a, b), options);
}

/**
 * beta · x + alpha · a · b of a matrix and a vector.
 *
 * @param x broadcasts against the product [m]
 * @param a [m, k]
 * @param b [k]
 * @param options `beta` and `alpha`: the factors; 1 by default; with `beta` 0, x does not count
 * @throws {ShapeError} where a is no matrix, b no vector, or the shapes do not fit
 * @throws {DTypeError} where the dtypes of a and b differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.addmv.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addmv(tensor([100]), tensor([[1, 2]]), tensor([3, 4]))); // tensor([111])
 * ```
 */
export function addmv(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  requireTensor("addmv", "x", x);
  requireTensor("addmv", "a", a);
  requireTensor("addmv", "b", b);
  return combined("addmv", x, mv(a, b), options);
}

/**
 * beta · x + alpha · a · bᵀ of vectors; of bools, whether x or both are true, each if its factor is not 0.
 *
 * @throws {ValueError} for integers with a factor that is none
 * @param x broadcasts against the product [m, n]
 * @param a [m]
 * @param b [n]
 * @param options `beta` and `alpha`: the factors; 1 by default; with `beta` 0, x does not count
 * @throws {ShapeError} where a or b is no vector, or x does not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.addr.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addr(tensor([[100]]), tensor([2]), tensor([3]))); // tensor([[106]])
 * ```
 */
export function addr(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  requireTensor("addr", "x", x);
  requireTensor("addr", "a", a);
  requireTensor("addr", "b", b);
  const { alpha = 1, beta = 1 } = options, product = outer(a, b), dtype = resultType(x, product);
  if (dtype === "bool") {
    return ne(combined("addr", toDtype(x, "int32"), toDtype(product, "int32"), truthFactors(options)), 0);
  }
  if (!isFloat(dtype) && !(Number.isInteger(alpha) && Number.isInteger(beta))) {
    throw new ValueError(`Cannot addr integers with factors ${beta} and ${alpha}: they must be integers`);
  }
  return combined("addr", x, product, options);
}

/** Factors as truth values. */
function truthFactors({ alpha = 1, beta = 1 }: CombinationOptions): CombinationOptions {
  return { alpha: Number(alpha !== 0), beta: Number(beta !== 0) };
}

/**
 * beta · x + alpha · a · b of batches of matrices.
 *
 * @param x broadcasts against the products [N, m, n]
 * @param a [N, m, k]
 * @param b [N, k, n]
 * @param options `beta` and `alpha`: the factors; 1 by default; with `beta` 0, x does not count
 * @throws {ShapeError} where a or b is no batch of matrices, or the shapes do not fit
 * @throws {DTypeError} where the dtypes of a and b differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.baddbmm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.baddbmm(tensor([[[100]]]), tensor([[[1, 2]]]), tensor([[[3], [4]]]))); // tensor([[[111]]])
 * ```
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  requireTensor("baddbmm", "x", x);
  requireTensor("baddbmm", "a", a);
  requireTensor("baddbmm", "b", b);
  return combined("baddbmm", x, bmm(a, b), options);
}

/**
 * beta · x + alpha · Σ a · b over batches of matrices.
 *
 * @param x broadcasts against the sum [m, n]
 * @param a [N, m, k]
 * @param b [N, k, n]
 * @param options `beta` and `alpha`: the factors; 1 by default; with `beta` 0, x does not count
 * @throws {ShapeError} where a or b is no batch of matrices, or the shapes do not fit
 * @throws {DTypeError} where the dtypes of a and b differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.addbmm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addbmm(tensor([[100]]), tensor([[[1, 2]], [[3, 4]]]), tensor([[[1], [1]], [[1], [1]]])));
 * // tensor([[110]])
 * ```
 */
export function addbmm(x: Tensor, a: Tensor, b: Tensor, options: CombinationOptions = {}): Tensor {
  requireTensor("addbmm", "x", x);
  requireTensor("addbmm", "a", a);
  requireTensor("addbmm", "b", b);
  return combined("addbmm", x, bmmSum("addbmm", a, b), options);
}
