/**
 * What PyTorch defines for complex numbers, of real ones: the conjugate is the number itself, and so on. There are no complex dtypes.
 *
 * @module
 */

import { DTypeError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";

/**
 * The angle in the complex plane: π for negative numbers, else 0; NaN for NaN.
 *
 * The gradient is 0. Integers and bools give floats.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.angle.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.angle(tensor([1.5, -2]))); // tensor([0.0000, 3.1416])
 * ```
 */
export const angle: Unary = elementwise(
  "angle",
  (x) => f.where(f.isnan(x), x, f.where(f.lt(x, 0), f.number(Math.PI, x), 0)),
  { computes: "float", gradients: [(grad) => f.number(0, grad)] },
);

/**
 * The real part of x, which is x itself.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.real.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.real(tensor([1, -2]))); // tensor([ 1, -2])
 * ```
 */
export function real(x: Tensor): Tensor {
  requireTensor("real", "x", x);
  return x;
}

/**
 * The complex conjugate of x, which is x itself.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.conj.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.conj(tensor([1, -2]))); // tensor([ 1, -2])
 * ```
 */
export function conj(x: Tensor): Tensor {
  requireTensor("conj", "x", x);
  return x;
}

/**
 * The complex conjugate of x, computed at once, which is x itself.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.conj_physical.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.conjPhysical(tensor([1, -2]))); // tensor([ 1, -2])
 * ```
 */
export function conjPhysical(x: Tensor): Tensor {
  requireTensor("conjPhysical", "x", x);
  return x;
}

/**
 * Whether the imaginary part is 0: true for every element.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isreal.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isreal(tensor([1, -2]))); // tensor([True, True])
 * ```
 */
export const isreal: Unary = elementwise("isreal", (x) => f.or(f.eq(x, x), f.ne(x, x)));

/**
 * +x, which is x itself; bools are refused.
 *
 * @throws {DTypeError} for bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.positive.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.positive(tensor([1, -2]))); // tensor([ 1, -2])
 * ```
 */
export function positive(x: Tensor): Tensor {
  requireTensor("positive", "x", x);
  if (x.dtype === "bool") throw new DTypeError('Cannot take positive of bool: convert it with to("int32")');
  return x;
}
