/**
 * Equality of whole tensors, exact or within a tolerance.
 *
 * @module
 */

import { DTypeError, isFloat, sameShape, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { all } from "../reduction/logical.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { eq, isfinite, isnan, le } from "./comparison.ts";
import { logicalAnd, logicalOr } from "./logical.ts";
import { abs } from "./sign.ts";

/** What counts as close. */
export interface CloseOptions {
  /** Relative to the second tensor; 1e-5 by default. */
  readonly rtol?: number;
  /** Absolute; 1e-8 by default. */
  readonly atol?: number;
  /** Whether NaN is close to NaN; false by default. */
  readonly equalNan?: boolean;
}

/**
 * Whether |a - b| <= atol + rtol · |b|, element by element; equal infinities are close.
 *
 * @param a broadcasts against b, of its dtype
 * @param options `rtol`: 1e-5 by default; `atol`: 1e-8; `equalNan`, whether NaN is close to NaN: false
 * @throws {DTypeError} where the dtypes differ
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor, and for a negative tolerance
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isclose.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isclose(tensor([1.5, 2, NaN]), tensor([1.500001, 2.1, NaN]))); // tensor([ True, False, False])
 * ```
 */
export function isclose(a: Tensor, b: Tensor, options: CloseOptions = {}): Tensor {
  requireTensor("isclose", "a", a);
  requireTensor("isclose", "b", b);
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  if (!(a instanceof Tensor && b instanceof Tensor)) {
    throw new ValueError("Cannot compare a number by isclose: both operands must be tensors. Use tensor(2)");
  }
  if (a.dtype !== b.dtype) {
    throw new DTypeError(`Cannot compare ${a.dtype} and ${b.dtype} by isclose: convert one with to("${a.dtype}")`);
  }
  for (const [name, value] of Object.entries({ rtol, atol })) {
    if (!(value >= 0)) throw new ValueError(`Cannot compare by isclose with ${name} ${value}: it must be 0 or more`);
  }
  const same = eq(a, b);
  if (a.dtype === "bool" || (!isFloat(a.dtype) && rtol === 0 && atol === 0)) return same;
  const difference = abs(sub(a, b));
  const near = logicalAnd(isfinite(difference), le(difference, add(mul(abs(b), rtol), atol)));
  const close = logicalOr(same, near);
  return equalNan ? logicalOr(close, logicalAnd(isnan(a), isnan(b))) : close;
}

/**
 * Whether `isclose` holds everywhere: |a - b| <= atol + rtol · |b|. Reads the elements.
 *
 * @param a broadcasts against b, of its dtype
 * @param options `rtol`: 1e-5 by default; `atol`: 1e-8; `equalNan`, whether NaN is close to NaN: false
 * @throws {DTypeError} where the dtypes differ
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor, and for a negative tolerance
 * @see {@link https://pytorch.org/docs/stable/generated/torch.allclose.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.allclose(tensor([1.5, 2]), tensor([1.6, 2]), { atol: 0.2 })); // true
 * ```
 */
export function allclose(a: Tensor, b: Tensor, options: CloseOptions = {}): boolean {
  requireTensor("allclose", "a", a);
  requireTensor("allclose", "b", b);
  return all(isclose(a, b, options)).item<boolean>();
}

/**
 * Whether two tensors have one shape and equal elements. Reads the elements; NaN equals nothing.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.equal.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.equal(tensor([1, 2]), tensor([1, 2]))); // true
 * console.log(F.equal(tensor([1, 2]), tensor([[1, 2]]))); // false
 * ```
 */
export function equal(a: Tensor, b: Tensor): boolean {
  requireTensor("equal", "a", a);
  requireTensor("equal", "b", b);
  return sameShape(a.shape, b.shape) && all(eq(a, b)).item<boolean>();
}
