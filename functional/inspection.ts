/**
 * What can be asked about a tensor.
 *
 * @module
 */

import { isFloat, sameShape, ValueError } from "../kernels/mod.ts";
import { requireTensor } from "../tensor/require_tensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { show } from "./dims.ts";
import { elementsOf } from "./host.ts";

/**
 * Whether a value is a tensor.
 *
 * @example
 * ```ts
 * import { isTensor, ones } from "@tensaur/tensaur";
 *
 * console.log(isTensor(ones([2])), isTensor([1, 1])); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.is_tensor.html}
 */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/**
 * Whether elements have a fraction.
 *
 * @example
 * ```ts
 * import { isFloatingPoint, tensor } from "@tensaur/tensaur";
 *
 * console.log(isFloatingPoint(tensor([0.5])), isFloatingPoint(tensor([1]))); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.is_floating_point.html}
 */
export function isFloatingPoint(x: Tensor): boolean {
  requireTensor("isFloatingPoint", "x", x);
  return isFloat(x.dtype);
}

/**
 * Whether elements can be below 0.
 *
 * @example
 * ```ts
 * import { isSigned, tensor } from "@tensaur/tensaur";
 *
 * console.log(isSigned(tensor([1])), isSigned(tensor([1], { dtype: "uint8" }))); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.is_signed.html}
 */
export function isSigned(x: Tensor): boolean {
  requireTensor("isSigned", "x", x);
  return isFloat(x.dtype) || x.dtype === "int32";
}

/**
 * Whether elements are complex numbers: never.
 *
 * @example
 * ```ts
 * import { isComplex, tensor } from "@tensaur/tensaur";
 *
 * console.log(isComplex(tensor([1.5]))); // false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.is_complex.html}
 */
export function isComplex(_x: Tensor): boolean {
  requireTensor("isComplex", "_x", _x);
  return false;
}

/**
 * Whether elements are kept conjugated: never.
 *
 * @example
 * ```ts
 * import { isConj, tensor } from "@tensaur/tensaur";
 *
 * console.log(isConj(tensor([1.5]))); // false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.is_conj.html}
 */
export function isConj(_x: Tensor): boolean {
  requireTensor("isConj", "_x", _x);
  return false;
}

/**
 * Whether the one element of a tensor is not 0. Reads it.
 *
 * @throws {ValueError} for none or several elements
 * @example
 * ```ts
 * import { isNonzero, tensor } from "@tensaur/tensaur";
 *
 * console.log(isNonzero(tensor([0.5])), isNonzero(tensor(false))); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.is_nonzero.html}
 */
export function isNonzero(x: Tensor): boolean {
  requireTensor("isNonzero", "x", x);
  if (x.numel() !== 1) {
    throw new ValueError(`Cannot tell whether a tensor of shape ${show(x.shape)} is 0: use any() or all()`);
  }
  return elementsOf(x)[0] !== 0;
}

/**
 * Whether two tensors have the same shape.
 *
 * @example
 * ```ts
 * import { isSameSize, ones, zeros } from "@tensaur/tensaur";
 *
 * console.log(isSameSize(ones([2, 3]), zeros([2, 3])), isSameSize(ones([2, 3]), zeros([6]))); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.size.html}
 */
export function isSameSize(x: Tensor, other: Tensor): boolean {
  requireTensor("isSameSize", "x", x);
  requireTensor("isSameSize", "other", other);
  return sameShape(x.shape, other.shape);
}

/**
 * The number of elements.
 *
 * @example
 * ```ts
 * import { numel, ones } from "@tensaur/tensaur";
 *
 * console.log(numel(ones([2, 3]))); // 6
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.numel.html}
 */
export function numel(x: Tensor): number {
  requireTensor("numel", "x", x);
  return x.numel();
}

/**
 * The same elements without their history: no gradient flows through.
 *
 * @example
 * ```ts
 * import { detach, ones } from "@tensaur/tensaur";
 *
 * console.log(detach(ones([2], { requiresGrad: true }).mul(2))); // tensor([2., 2.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.detach.html}
 */
export function detach(x: Tensor): Tensor {
  requireTensor("detach", "x", x);
  return x.detach();
}
