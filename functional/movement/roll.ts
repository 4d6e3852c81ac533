/**
 * Rotations: of elements around a dimension, and of whole matrices.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { expr, IndexError, ShapeError } from "../../kernels/mod.ts";
import { clone } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, type Dims, named, show } from "../dims.ts";
import { unshared } from "./alias.ts";
import { permuted } from "./permute.ts";
import { reshaped } from "./reshape.ts";
import { flip } from "./slice.ts";

/** Element i goes to i + `shift`, around the end. */
function rolled(x: Tensor, shift: number, axis: number): Tensor {
  const extent = x.shape[axis]!;
  const offset = extent === 0 ? 0 : (((-shift) % extent) + extent) % extent;
  if (offset === 0) return x;
  const node = kernels.view(x.node, `roll ${axis}`, x.shape, (axes) => ({
    index: axes.map((i, a) =>
      a === axis ? expr.binary("mod", expr.binary("add", i, expr.arg(0, "int32", extent)), expr.int(extent)) : i
    ),
  }), { parameters: [kernels.scalar(offset, "int32", x.device)] });
  return record("roll", node, [x], [(grad) => rolled(grad, -shift, axis)]);
}

/**
 * x with its elements moved by `shifts` along `dims`, those that leave at the end coming in at the start; without `dims`, flattened.
 *
 * @param shifts how far, for each of `dims`; negative numbers move toward the start
 * @throws {ShapeError} where the shifts are not as many as the dimensions
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.roll.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.roll(tensor([1, 2, 3]), 1)); // tensor([3, 1, 2])
 * ```
 */
export function roll(x: Tensor, shifts: Dims, dims?: Dims | { readonly dims?: Dims }): Tensor {
  requireTensor("roll", "x", x);
  const by = [shifts].flat(), along = [named<{ dims?: Dims }>(["dims"], dims).dims ?? []].flat();
  if (along.length === 0) {
    if (by.length !== 1) {
      throw new ShapeError(`Cannot roll by ${show(by)} without dims: give one shift, or a dimension for each`);
    }
    return unshared(reshaped(rolled(reshaped(x, [x.numel()]), by[0]!, 0), x.shape), x);
  }
  if (by.length !== along.length) {
    throw new ShapeError(`Cannot roll by ${show(by)} along ${show(along)}: give a shift for each dimension`);
  }
  if (x.ndim === 0) throw new IndexError(`Cannot roll along ${show(along)}: a 0-dimensional tensor has no dimensions`);
  const turned = along.reduce<Tensor>((result, dim, i) => rolled(result, by[i]!, axisOf("roll", dim, x.ndim)), x);
  return unshared(turned, x);
}

/** Options of `rot90`. */
export interface Rot90Options {
  /** How often; 1 by default. */
  readonly k?: number;
  /** The plane, from the first dimension toward the second; [0, 1] by default. */
  readonly dims?: readonly [number, number] | readonly number[];
}

/**
 * x turned by 90 degrees `k` times in the plane of two dimensions.
 *
 * @param k how often; 1 by default; negative numbers turn the other way; by position or in options
 * @param dims the plane, from the first toward the second; [0, 1] by default
 * @throws {ShapeError} for other than two different dimensions
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.rot90.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.rot90(tensor([[1, 2], [3, 4]])));
 * // tensor([[2, 4],
 * //         [1, 3]])
 * ```
 */
export function rot90(x: Tensor, k?: number | Rot90Options, dims?: readonly number[] | Rot90Options): Tensor {
  requireTensor("rot90", "x", x);
  const options = named<Rot90Options>(["k", "dims"], k, dims);
  const plane = (options.dims ?? [0, 1]).map((dim) => axisOf("rot90", dim, x.ndim));
  const [a, b] = plane;
  if (plane.length !== 2 || a === b) {
    throw new ShapeError(`Cannot rot90 in dimensions ${show(plane)}: name two different ones`);
  }
  const order = x.shape.map((_, i) => i === a ? b! : i === b ? a! : i);
  switch ((((options.k ?? 1) % 4) + 4) % 4) {
    case 1:
      return permuted(flip(x, b!), order);
    case 2:
      return flip(x, [a!, b!]);
    case 3:
      return flip(permuted(x, order), b!);
    default:
      return clone(x);
  }
}
