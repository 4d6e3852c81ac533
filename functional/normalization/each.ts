/**
 * Normalization of each element by itself: over its last dimensions, or over groups of its channels.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ShapeError } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireList, requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { reshaped } from "../movement/reshape.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { scaledByRms, standardized } from "./standardize.ts";

/** Options of normalizations. */
export interface NormalizationOptions {
  /** Factors of the normalized elements; none by default. */
  readonly weight?: Tensor | null;
  /** What is added to them; none by default. */
  readonly bias?: Tensor | null;
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
}

/** Weight and bias by position or by name, and other options. */
function given<O extends object>(...values: readonly unknown[]): O {
  return named<O>((values.length > 2 ? ["weight", "bias"] : ["weight"]) as (keyof O)[], ...values);
}

/** y · weight + bias, both shaped to broadcast. For the library. */
export function affine(
  y: Tensor,
  weight: Tensor | null | undefined,
  bias: Tensor | null | undefined,
  shape: readonly number[],
): Tensor {
  const scaled = weight == null ? y : mul(y, reshaped(weight, shape));
  return bias == null ? scaled : add(scaled, reshaped(bias, shape));
}

/** Refuses tensors that do not hold one number for each channel. For the library. */
export function requirePerChannel(
  operation: string,
  channels: number,
  tensors: Readonly<Record<string, Tensor | null | undefined>>,
): void {
  for (const [name, t] of Object.entries(tensors)) {
    requireTensorOrNone(operation, name, t);
    if (t == null || t.numel() === channels) continue;
    throw new ShapeError(
      `Cannot apply ${operation} to ${channels} channels with ${name} of shape ${
        show(t.shape)
      }: it must be [${channels}]`,
    );
  }
}

/** The last axes of `x`, which must be `normalizedShape`. */
function lastAxes(
  operation: string,
  x: Tensor,
  normalizedShape: readonly number[],
  ...affine: (Tensor | null | undefined)[]
): number[] {
  const lead = x.ndim - normalizedShape.length;
  if (normalizedShape.length === 0 || lead < 0 || !kernels.sameShape(x.shape.slice(lead), normalizedShape)) {
    throw new ShapeError(
      `Cannot apply ${operation} with normalizedShape ${show(normalizedShape)} to a tensor of shape ${
        show(x.shape)
      }: ` +
        "its last dimensions must be normalizedShape",
    );
  }
  affine.forEach((t, i) => requireTensorOrNone(operation, i === 0 ? "weight" : "bias", t));
  for (const t of affine) {
    if (t == null || kernels.sameShape(t.shape, normalizedShape)) continue;
    throw new ShapeError(
      `Cannot apply ${operation} with normalizedShape ${show(normalizedShape)} and a weight or bias of shape ${
        show(t.shape)
      }`,
    );
  }
  requireFloat(operation, x);
  return normalizedShape.map((_, i) => lead + i);
}

/**
 * Layer normalization: (x - mean) / √(variance + eps) · weight + bias, over the last dimensions of each element.
 *
 * @param normalizedShape extents of the last dimensions
 * @throws {ShapeError} where the last dimensions, the weight or the bias are others
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.layerNorm(tensor([[1, 2, 3, 4.5]]), [4]).sum().abs().lt(1e-6).item()); // true
 * ```
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: readonly number[],
  weight?: Tensor | NormalizationOptions | null,
  bias?: Tensor | NormalizationOptions | null,
  options?: NormalizationOptions,
): Tensor {
  requireTensor("layerNorm", "x", x);
  requireList("layerNorm", "normalizedShape", normalizedShape);
  const { weight: factors, bias: offsets, eps = 1e-5 } = given<NormalizationOptions>(weight, bias, options);
  const axes = lastAxes("layerNorm", x, normalizedShape, factors, offsets);
  return noted("layerNorm", affine(standardized(x, axes, eps), factors, offsets, normalizedShape), () => ({
    inputs: [x, factors, offsets],
    attributes: { dimensions: axes.length, eps },
  }));
}

/** Options of `rmsNorm`. */
export interface RmsNormOptions {
  /** Factors of the normalized elements; none by default. */
  readonly weight?: Tensor | null;
  /** Added to the mean square; the dtype's machine epsilon by default. */
  readonly eps?: number | null;
}

/**
 * Root mean square normalization: x / √(mean of x² + eps) · weight, over the last dimensions of each element.
 *
 * @throws {ShapeError} where the last dimensions, the weight or the bias are others
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.rmsNorm(tensor([[3.5, -3.5]]), [2]).tolist()); // [ [ 1, -1 ] ]
 * ```
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: readonly number[],
  weight?: Tensor | RmsNormOptions | null,
  options?: RmsNormOptions,
): Tensor {
  requireTensor("rmsNorm", "x", x);
  requireList("rmsNorm", "normalizedShape", normalizedShape);
  const { weight: factors, eps } = given<RmsNormOptions>(weight, options);
  const axes = lastAxes("rmsNorm", x, normalizedShape, factors);
  const epsilon = eps ?? (x.dtype === "float64" ? Number.EPSILON : x.dtype === "float16" ? 2 ** -10 : 2 ** -23);
  return affine(scaledByRms(x, axes, epsilon), factors, null, normalizedShape);
}

/**
 * Group normalization: the channels in `numGroups` groups, each normalized over its channels and all positions.
 *
 * @param x [N, C, …]
 * @throws {ShapeError} where the groups do not divide the channels, or the weight or the bias is not [C]
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.groupNorm(tensor([[1.5, 2.5, 8.5, 9.5]]), 2).round().tolist()); // [ [ -1, 1, -1, 1 ] ]
 * ```
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight?: Tensor | NormalizationOptions | null,
  bias?: Tensor | NormalizationOptions | null,
  options?: NormalizationOptions,
): Tensor {
  requireTensor("groupNorm", "x", x);
  const { weight: factors, bias: offsets, eps = 1e-5 } = given<NormalizationOptions>(weight, bias, options);
  const [n, c] = x.shape;
  if (n === undefined || c === undefined || !Number.isInteger(numGroups) || numGroups < 1 || c % numGroups !== 0) {
    throw new ShapeError(
      `Cannot apply groupNorm to a tensor of shape ${
        show(x.shape)
      } in ${numGroups} groups: groups must divide dimension 1`,
    );
  }
  requireFloat("groupNorm", x);
  requirePerChannel("groupNorm", c, { weight: factors, bias: offsets });
  const rest = x.shape.slice(2);
  const apart = reshaped(x, [n, numGroups, c / numGroups, ...rest]);
  const normal = standardized(apart, Array.from({ length: apart.ndim - 2 }, (_, i) => i + 2), eps);
  return noted("groupNorm", affine(reshaped(normal, x.shape), factors, offsets, [1, c, ...rest.map(() => 1)]), () => ({
    inputs: [x, factors, offsets],
    attributes: { groups: numGroups, eps },
  }));
}
