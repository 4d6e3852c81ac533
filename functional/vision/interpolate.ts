/**
 * Images brought to another size.
 *
 * @module
 */

import { DTypeError, isFloat, ShapeError, ValueError } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { adaptiveAveraged } from "../pooling/adaptive.ts";
import { resampled, type Taps } from "../resample.ts";
import type { PerDimension } from "../windows.ts";
import { antialiased, type AxisScaling, cubic, linear, nearest } from "./filters.ts";

/** How elements between the given ones are made; linear for [N, C, W], bilinear and bicubic for [N, C, H, W], trilinear for [N, C, D, H, W]. */
export type InterpolationMode = "nearest" | "nearest-exact" | "linear" | "bilinear" | "bicubic" | "trilinear" | "area";

/** Options of `interpolate`; one of `size` and `scaleFactor` must be given. */
export interface InterpolateOptions {
  /** Spatial extents of the result. */
  readonly size?: PerDimension | null;
  /** Factors of the spatial extents. */
  readonly scaleFactor?: PerDimension | null;
  /** `"nearest"` by default. */
  readonly mode?: InterpolationMode;
  /**
   * Lets the centers of the corner elements coincide rather than their edges; for the linear and cubic modes, false by
   * default.
   */
  readonly alignCorners?: boolean | null;
  /** Computes positions from the rounded extents of the result instead of from `scaleFactor`; false by default. */
  readonly recomputeScaleFactor?: boolean | null;
  /** Smooths when an image becomes smaller; for bilinear and bicubic; false by default. */
  readonly antialias?: boolean;
}

const ranks: Record<InterpolationMode, readonly number[]> = {
  nearest: [1, 2, 3],
  "nearest-exact": [1, 2, 3],
  area: [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
};

/**
 * The input with its spatial dimensions at another size.
 *
 * @param input [N, C, …] with one to three spatial dimensions
 * @throws {ShapeError} where the input has no spatial dimensions for the mode, or the size does not fit
 * @throws {DTypeError} for integers and bools by other modes than nearest ones
 * @throws {ValueError} for another mode, for options that are not for it, and without one of size and scaleFactor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const row = tensor([[[0, 1.5, 3]]]);
 * console.log(F.interpolate(row, { size: 6 }).tolist()); // [ [ [ 0, 0, 1.5, 1.5, 3, 3 ] ] ]
 * console.log(F.interpolate(row, { size: 5, mode: "linear", alignCorners: true }).tolist());
 * // [ [ [ 0, 0.75, 1.5, 2.25, 3 ] ] ]
 * ```
 */
export function interpolate(input: Tensor, options: InterpolateOptions = {}): Tensor {
  requireTensor("interpolate", "input", input);
  const { mode = "nearest", alignCorners, antialias = false } = options;
  checkMode(input, mode, alignCorners ?? undefined, antialias);
  const scalings = scalingsOf(input, options);
  if (mode === "area") return adaptiveAveraged(input, scalings.map((axis) => axis.to));
  const result = scalings.reduce((x, axis, i) => {
    const unchanged = axis.from === axis.to && (axis.scale === undefined || axis.scale === 1);
    return unchanged ? x : resampled(x, 2 + i, tapsFor(mode, axis, antialias));
  }, input);
  const scales = options.recomputeScaleFactor ? undefined : options.scaleFactor;
  return noted("interpolate", result, () => ({
    inputs: [input],
    attributes: { mode, antialias, alignCorners: alignCorners ?? false, scales },
  }));
}

function tapsFor(mode: Exclude<InterpolationMode, "area">, axis: AxisScaling, antialias: boolean): Taps {
  switch (mode) {
    case "nearest":
    case "nearest-exact":
      return nearest(axis, mode === "nearest-exact");
    case "bicubic":
      return antialias ? antialiased(axis, "cubic") : cubic(axis);
    default:
      return antialias ? antialiased(axis, "linear") : linear(axis);
  }
}

function checkMode(
  input: Tensor,
  mode: InterpolationMode,
  alignCorners: boolean | undefined,
  antialias: boolean,
): void {
  const rank = input.ndim - 2;
  if (!Object.hasOwn(ranks, mode)) {
    throw new ValueError(`Cannot interpolate by "${mode}": modes are ${Object.keys(ranks).join(", ")}`);
  }
  if (!ranks[mode].includes(rank)) {
    throw new ShapeError(
      `Cannot interpolate a tensor of shape ${show(input.shape)} by "${mode}": it takes [N, C, …] with ${
        ranks[mode].join(" to ")
      } spatial dimension${rank === 1 ? "" : "s"}`,
    );
  }
  if (input.shape.slice(1).includes(0)) {
    throw new ShapeError(`Cannot interpolate a tensor of shape ${show(input.shape)}: only the batch may be empty`);
  }
  if (!isFloat(input.dtype) && !mode.startsWith("nearest")) {
    throw new DTypeError(`Cannot interpolate a ${input.dtype} tensor by "${mode}": convert it with to("float32")`);
  }
  if (alignCorners !== undefined && (mode.startsWith("nearest") || mode === "area")) {
    throw new ValueError(`Cannot interpolate by "${mode}" with alignCorners: only linear and cubic modes have corners`);
  }
  if (antialias && mode !== "bilinear" && mode !== "bicubic") {
    throw new ValueError(`Cannot interpolate by "${mode}" with antialias: only bilinear and bicubic have it`);
  }
}

function scalingsOf(input: Tensor, options: InterpolateOptions): AxisScaling[] {
  const { size, scaleFactor, recomputeScaleFactor, alignCorners } = options;
  const spatial = input.shape.slice(2);
  if ((size == null) === (scaleFactor == null)) {
    throw new ValueError("Cannot interpolate without one of size and scaleFactor, or with both");
  }
  if (recomputeScaleFactor && size != null) {
    throw new ValueError("Cannot interpolate with recomputeScaleFactor and size: it is for scaleFactor");
  }
  const given = (size ?? scaleFactor)!;
  const each = typeof given === "number" ? spatial.map(() => given) : given;
  if (each.length !== spatial.length) {
    throw new ShapeError(
      `Cannot interpolate a tensor of shape ${show(input.shape)} to ${
        show(each)
      }: give one number, or ${spatial.length}`,
    );
  }
  return spatial.map((from, i) => {
    const to = size == null ? Math.floor(from * each[i]!) : each[i]!;
    if (!Number.isInteger(to) || to < 1) {
      throw new ShapeError(`Cannot interpolate extent ${from} to ${to}: extents are whole numbers from 1`);
    }
    const scale = size == null && !recomputeScaleFactor ? each[i]! : undefined;
    return { from, to, scale, alignCorners: alignCorners ?? false };
  });
}

/**
 * `interpolate` by its older name.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.upsample.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.upsample(tensor([[[0.5, 1.5]]]), { scaleFactor: 2 }).tolist()); // [ [ [ 0.5, 0.5, 1.5, 1.5 ] ] ]
 * ```
 */
export function upsample(input: Tensor, options: InterpolateOptions = {}): Tensor {
  requireTensor("upsample", "input", input);
  return interpolate(input, options);
}

/** Options of the upsamplings of one mode. */
export type UpsampleOptions = Pick<InterpolateOptions, "size" | "scaleFactor">;

/**
 * `interpolate` with mode nearest.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.upsample_nearest.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.upsampleNearest(tensor([[[0.5, 1.5]]]), { size: 3 }).tolist()); // [ [ [ 0.5, 0.5, 1.5 ] ] ]
 * ```
 */
export function upsampleNearest(input: Tensor, options: UpsampleOptions = {}): Tensor {
  requireTensor("upsampleNearest", "input", input);
  return interpolate(input, { ...options, mode: "nearest" });
}

/**
 * `interpolate` with mode bilinear and aligned corners.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.upsample_bilinear.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.upsampleBilinear(tensor([[[[0.5, 1.5]]]]), { size: [1, 3] }).tolist());
 * // [
 * //   [ [ [ 0.5, 1, 1.5 ] ] ]
 * // ]
 * ```
 */
export function upsampleBilinear(input: Tensor, options: UpsampleOptions = {}): Tensor {
  requireTensor("upsampleBilinear", "input", input);
  return interpolate(input, { ...options, mode: "bilinear", alignCorners: true });
}
