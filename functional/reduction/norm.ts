/**
 * Norms of vectors.
 *
 * @module
 */

import { isFloat, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { axisOf, show } from "../dims.ts";
import { add, mul, square } from "../elementwise/arithmetic.ts";
import { eq, gt, ne } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { pow, sqrt } from "../elementwise/power.ts";
import { abs, sign } from "../elementwise/sign.ts";
import { where } from "../elementwise/where.ts";
import { amax, amin } from "./extremes.ts";
import { type ReduceOptions, reductionOf, requireFloat, restored, spread } from "./reduce.ts";
import { summed } from "./sum.ts";

/** Options of `norm`. */
export interface NormOptions extends ReduceOptions {
  /** The exponent; 2 by default. "fro" is 2, "nuc" the nuclear norm of matrices. */
  readonly p?: number | "fro" | "nuc";
}

/** The p-norm of the dimensions and dtype that the options name, p being a number or "fro". For the library. */
export function powerNorm(x: Tensor, given: NormOptions): Tensor {
  const power = given.p === undefined || given.p === "fro" ? 2 : given.p;
  if (typeof power !== "number") {
    throw new ValueError(`Cannot take the norm with p = "${power}": p is a number, "fro" or "nuc"`);
  }
  const { axes, keepdim, dtype } = reductionOf("norm", x, given);
  const source = dtype === undefined ? x : toDtype(x, dtype);
  requireFloat("norm", source);
  return normOver(source, power, axes, keepdim);
}

/** The p-norm over `axes`. For the library. */
export function normOver(x: Tensor, p: number, axes: readonly number[], keepdim = false): Tensor {
  if (axes.length === 0 && isFloat(x.dtype)) return p === 0 ? toDtype(ne(x, 0), x.dtype) : abs(x);
  const options = { dim: axes, keepdim };
  switch (p) {
    case Infinity:
      return amax(abs(x), options);
    case -Infinity:
      return amin(abs(x), options);
    case 0:
      return custom("norm", [x], () => summed(toDtype(ne(x, 0), x.dtype), axes, keepdim), [
        (grad, [x]) => mul(spread(grad, x!, axes), 0),
      ]);
    case 1:
      return summed(abs(x), axes, keepdim);
    case 2:
      return custom("norm", [x], () => sqrt(summed(square(x), axes, keepdim)), [(grad, [x], y) => {
        const length = restored(y, x!, axes);
        return mul(x!, where(eq(length, 0), 0, div(restored(grad, x!, axes), length)));
      }]);
    default:
      return custom("norm", [x], () => pow(summed(pow(abs(x), p), axes, keepdim), 1 / p), [
        (grad, [x], y) => {
          const length = restored(y, x!, axes);
          const scale = where(eq(length, 0), 0, div(restored(grad, x!, axes), pow(length, p - 1)));
          const size = abs(x!);
          const slope = p < 1 ? where(eq(size, 0), 0, pow(size, p - 1)) : pow(size, p - 1);
          return mul(mul(sign(x!), slope), scale);
        },
      ]);
  }
}

/**
 * x with each part along `dim` whose p-norm is above `maxnorm` scaled down to it.
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {ValueError} for p not above 0, or a negative maxnorm
 * @see {@link https://pytorch.org/docs/stable/generated/torch.renorm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.renorm(tensor([[3, 4.5], [0.5, 0.5]]), 1, 0, 5));
 * // tensor([[2.0000, 3.0000],
 * //         [0.5000, 0.5000]])
 * ```
 */
export function renorm(x: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  requireTensor("renorm", "x", x);
  if (x.ndim < 2) throw new ShapeError(`Cannot renorm a tensor of shape ${show(x.shape)}: it needs 2 dimensions`);
  if (!(p > 0) || !(maxnorm >= 0)) {
    throw new ValueError(`Cannot renorm with p = ${p} to ${maxnorm}: p must be above 0, and the norm not negative`);
  }
  requireFloat("renorm", x);
  const axis = axisOf("renorm", dim, x.ndim), axes = [...x.shape.keys()].filter((i) => i !== axis);
  const length = normOver(x, p, axes, true);
  return mul(x, where(gt(length, maxnorm), div(maxnorm, add(length, 1e-7)), 1));
}
