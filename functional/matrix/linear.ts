/**
 * Affine maps.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add } from "../elementwise/arithmetic.ts";
import { permuted } from "../movement/permute.ts";
import { contracted } from "./contract.ts";
import { einsum } from "./einsum.ts";

/**
 * x · weightᵀ + bias along the last dimension; the weight is [out, in].
 *
 * @param x [..., in]; the result is [..., out]
 * @param weight [out, in], or [in], which gives [...]
 * @param bias [out]; none by default
 * @throws {ShapeError} where the last dimensions differ
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.linear(tensor([1, 2]), tensor([[3, 4], [5, 6]]), tensor([10, 20]))); // tensor([21, 37])
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  requireTensor("linear", "x", x);
  requireTensor("linear", "weight", weight);
  requireTensorOrNone("linear", "bias", bias);
  if (x.ndim === 0 || weight.ndim === 0 || weight.ndim > 2 || x.shape.at(-1) !== weight.shape.at(-1)) {
    throw new ShapeError(
      `Cannot apply linear with a weight of shape ${show(weight.shape)} to an input of shape ${show(x.shape)}: ` +
        `the input's last dimension must be the weight's, ${weight.shape.at(-1) ?? "which it lacks"}`,
    );
  }
  const columns = weight.ndim === 2 ? permuted(weight, [1, 0]) : weight;
  const product = contracted("linear", x, columns, { batch: 0, m: x.ndim - 1, n: weight.ndim - 1, k: 1 });
  return noted("linear", bias == null ? product : add(product, bias), () => ({ inputs: [x, weight, bias] }));
}

/**
 * Σᵢⱼ aᵢ · weightₖᵢⱼ · bⱼ + biasₖ along the last dimensions; the weight is [out, in of a, in of b].
 *
 * @param a [..., in of a]
 * @param b [..., in of b]; the result is [..., out]
 * @param weight [out, in of a, in of b]
 * @param bias [out]; none by default
 * @throws {ShapeError} where the last dimensions differ from the weight's
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.bilinear.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bilinear(tensor([1, 2]), tensor([3, 4]), tensor([[[1, 0], [0, 1]]]))); // tensor([11])
 * ```
 */
export function bilinear(a: Tensor, b: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  requireTensor("bilinear", "a", a);
  requireTensor("bilinear", "b", b);
  requireTensor("bilinear", "weight", weight);
  requireTensorOrNone("bilinear", "bias", bias);
  if (weight.ndim !== 3 || a.shape.at(-1) !== weight.shape[1] || b.shape.at(-1) !== weight.shape[2]) {
    throw new ShapeError(
      `Cannot apply bilinear with a weight of shape ${show(weight.shape)} to inputs of shapes ${show(a.shape)} and ${
        show(b.shape)
      }: ` +
        "the weight is [out, last of the first, last of the second]",
    );
  }
  const product = einsum("...i,kij,...j->...k", a, weight, b);
  return bias == null ? product : add(product, bias);
}
