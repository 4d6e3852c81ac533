/**
 * The gated linear unit.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { sigmoid } from "../elementwise/special.ts";
import { rangesOf, sliced } from "../movement/slice.ts";

/** Options of `glu`. */
export interface GluOptions {
  /** The dimension that is halved; -1 by default. */
  readonly dim?: number;
}

/**
 * a · sigmoid(b), where a and b are the halves of x along `dim`.
 *
 * @param x [..., 2n, ...]; the result is [..., n, ...]
 * @param dim the dimension that is halved; -1 by default
 * @throws {ShapeError} for a 0-dimensional tensor, or where the dimension's extent is odd
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.glu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.glu(tensor([1.5, 2, 0, 1]))); // tensor([0.7500, 1.4621])
 * ```
 */
export function glu(x: Tensor, dim?: number | GluOptions): Tensor {
  requireTensor("glu", "x", x);
  if (x.ndim === 0) throw new ShapeError("Cannot apply glu to a 0-dimensional tensor: it has no dimension to halve");
  const axis = axisOf("glu", named<GluOptions>(["dim"], dim).dim ?? -1, x.ndim), extent = x.shape[axis]!;
  if (extent % 2 !== 0) {
    throw new ShapeError(
      `Cannot apply glu to shape ${show(x.shape)}: dimension ${axis} of extent ${extent} has no halves`,
    );
  }
  const half = (start: number) => sliced(x, rangesOf(x.shape, axis, start, extent / 2));
  return mul(half(0), sigmoid(half(extent / 2)));
}
