/**
 * Slopes of a function that is known at points of a grid.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, type Dims, show } from "../dims.ts";
import { add, mul, neg, sub } from "../elementwise/arithmetic.ts";
import type { Operand } from "../elementwise/define.ts";
import { div } from "../elementwise/division.ts";
import { cat } from "../movement/cat.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { diff } from "./difference.ts";

/** Options of `gradient`. */
export interface GradientOptions {
  /** Distance of the points: one number, or for each dimension a number or the list of coordinates. 1 by default. */
  readonly spacing?: number | readonly number[] | readonly Tensor[] | null;
  /** The dimensions; all by default. */
  readonly dim?: Dims | null;
  /** How many neighbours the slopes at both ends use: 1 (the default) or 2. */
  readonly edgeOrder?: 1 | 2;
}

/** A part of an axis, `start` counted from the end where negative. */
function part(x: Tensor, axis: number, start: number, size: number): Tensor {
  return sliced(x, rangesOf(x.shape, axis, start < 0 ? x.shape[axis]! + start : start, size));
}

/** a · x + b · y + c · z */
function combined(a: Operand, x: Tensor, b: Operand, y: Tensor, c: Operand, z: Tensor): Tensor {
  return add(add(mul(x, a), mul(y, b)), mul(z, c));
}

function uniform(x: Tensor, axis: number, distance: number, order: 1 | 2): Tensor {
  const at = (i: number) => part(x, axis, i, 1), inner = x.shape[axis]! - 2;
  const middle = div(sub(part(x, axis, 2, inner), part(x, axis, 0, inner)), 2 * distance);
  const [first, last] = order === 1 ? [div(sub(at(1), at(0)), distance), div(sub(at(-1), at(-2)), distance)] : [
    div(combined(-1.5, at(0), 2, at(1), -0.5, at(2)), distance),
    div(combined(1.5, at(-1), -2, at(-2), 0.5, at(-3)), distance),
  ];
  return cat([first, middle, last], axis);
}

/** Between points at distances h and k a parabola's slope is exact. */
function uneven(x: Tensor, axis: number, coordinates: Tensor, order: 1 | 2): Tensor {
  const length = x.shape[axis]!, inner = length - 2;
  const upright = reshaped(toDtype(coordinates, x.dtype), x.shape.map((_, i) => i === axis ? length : 1));
  const steps = diff(upright, 1, axis);
  const at = (i: number) => part(x, axis, i, 1), step = (i: number) => part(steps, axis, i, 1);
  const [h, k] = [part(steps, axis, 0, inner), part(steps, axis, 1, inner)];
  const outer = (h: Tensor, k: Tensor) => mul(h, add(h, k));
  const middle = combined(
    neg(div(k, outer(h, k))),
    part(x, axis, 0, inner),
    div(sub(k, h), mul(h, k)),
    part(x, axis, 1, inner),
    div(h, outer(k, h)),
    part(x, axis, 2, inner),
  );
  if (order === 1) {
    const first = div(sub(at(1), at(0)), step(0)), last = div(sub(at(-1), at(-2)), step(-1));
    return cat([first, middle, last], axis);
  }
  const end = (h: Tensor, k: Tensor, x: Tensor, y: Tensor, z: Tensor) =>
    combined(
      neg(div(add(add(h, h), k), outer(h, k))),
      x,
      div(add(h, k), mul(h, k)),
      y,
      neg(div(h, outer(k, h))),
      z,
    );
  return cat([
    end(step(0), step(1), at(0), at(1), at(2)),
    middle,
    neg(end(step(-1), step(-2), at(-1), at(-2), at(-3))),
  ], axis);
}

/** The spacing of each of `count` dimensions. */
function spacings(spacing: GradientOptions["spacing"], count: number): readonly (number | Tensor)[] {
  if (spacing == null || typeof spacing === "number") return new Array(count).fill(spacing ?? 1);
  if (spacing.length === count) return spacing;
  throw new ValueError(
    `Cannot take the gradient along ${count} dimensions with ${spacing.length} spacings: give one for each, or a number`,
  );
}

/**
 * Slopes of x along each of `dim`: central differences, exact for parabolas, and differences of `edgeOrder` neighbours at both ends.
 *
 * @returns a tensor of x's shape for each dimension
 * @throws {ShapeError} where a dimension has fewer than edgeOrder + 1 points, or coordinates do not fit
 * @throws {ValueError} for spacings that do not fit the dimensions, and an edgeOrder other than 1 and 2
 * @see {@link https://pytorch.org/docs/stable/generated/torch.gradient.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.gradient(tensor([1, 4, 9, 16]))); // [ tensor([3., 4., 6., 7.]) ]
 * ```
 */
export function gradient(x: Tensor, { spacing, dim, edgeOrder = 1 }: GradientOptions = {}): Tensor[] {
  requireTensor("gradient", "x", x);
  if (edgeOrder !== 1 && edgeOrder !== 2) {
    throw new ValueError(`Cannot take the gradient with edgeOrder ${edgeOrder}: it is 1 or 2`);
  }
  const axes = dim == null ? [...x.shape.keys()] : [dim].flat().map((d) => axisOf("take the gradient", d, x.ndim));
  if (new Set(axes).size !== axes.length) {
    throw new ShapeError(`Cannot take the gradient along a dimension twice: ${show([dim ?? []].flat())}`);
  }
  const source = toDtype(x, floatType(x.dtype)), distances = spacings(spacing, axes.length);
  return axes.map((axis, i) => {
    const extent = x.shape[axis] ?? 1, distance = distances[i]!;
    if (extent < edgeOrder + 1) {
      throw new ShapeError(
        `Cannot take the gradient along dimension ${axis} of extent ${extent}: it needs ${edgeOrder + 1} points`,
      );
    }
    if (typeof distance === "number") return uniform(source, axis, distance, edgeOrder);
    if (!(distance instanceof Tensor) || distance.ndim !== 1 || distance.numel() !== extent) {
      throw new ShapeError(
        `Cannot take the gradient along dimension ${axis} of extent ${extent}: its coordinates must be as many`,
      );
    }
    return uneven(source, axis, distance, edgeOrder);
  });
}
