/**
 * Grids of positions for `gridSample`.
 *
 * @module
 */

import { isFloat, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";

/** Options of `affineGrid`. */
export interface AffineGridOptions {
  /** Whether -1 and 1 are the centers of the first and last elements, or their outer edges; false by default. */
  readonly alignCorners?: boolean | null;
}

/**
 * Where each element of an image comes from under affine maps: θ · (x, y, 1) for x and y from -1 to 1, the last dimension of the result
 * in the order x, y(, z).
 *
 * @param theta [N, 2, 3], or [N, 3, 4] for volumes
 * @param size [N, C, H, W] or [N, C, D, H, W] of the image that is wanted
 * @returns [N, H, W, 2] or [N, D, H, W, 3]
 * @throws {ShapeError} for another size, or a theta that does not fit it
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const identity = tensor([[[1, 0, 0], [0, 1, 0]]], { dtype: "float32" });
 * console.log(F.affineGrid(identity, [1, 1, 1, 2], { alignCorners: true }).tolist());
 * // [
 * //   [ [ [ -1, 0 ], [ 1, 0 ] ] ]
 * // ]
 * ```
 */
export function affineGrid(theta: Tensor, size: readonly number[], { alignCorners }: AffineGridOptions = {}): Tensor {
  requireTensor("affineGrid", "theta", theta);
  const rank = size.length - 2, expected = [size[0], rank, rank + 1];
  if ((rank !== 2 && rank !== 3) || size.some((extent) => !Number.isInteger(extent) || extent < 1)) {
    throw new ShapeError(`Cannot make an affineGrid for size ${show(size)}: it takes [N, C, H, W] or [N, C, D, H, W]`);
  }
  if (!isFloat(theta.dtype) || show(theta.shape) !== `[${expected.join(", ")}]`) {
    throw new ShapeError(
      `Cannot make an affineGrid for size ${show(size)} from a ${theta.dtype} theta of shape ${
        show(theta.shape)
      }: it must be float, of shape [${expected.join(", ")}]`,
    );
  }
  const [n, , ...spatial] = size as [number, number, ...number[]];
  const column = (i: number) =>
    reshaped(sliced(theta, rangesOf(theta.shape, 2, i, 1)), [n, ...spatial.map(() => 1), rank]);
  return spatial.reduce((sum, extent, d) => {
    const at = coordinates(extent, 1 + d, rank + 2, alignCorners ?? false, theta);
    return add(sum, mul(at, column(rank - 1 - d)));
  }, column(rank));
}

/** `extent` numbers from -1 to 1 along `axis`. */
function coordinates(extent: number, axis: number, rank: number, alignCorners: boolean, like: Tensor): Tensor {
  const i = toDtype(positions(extent, axis, rank, like.device), like.dtype);
  if (alignCorners) return extent === 1 ? mul(i, 0) : add(mul(i, 2 / (extent - 1)), -1);
  return add(mul(i, 2 / extent), 1 / extent - 1);
}
