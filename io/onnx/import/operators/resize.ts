/**
 * Images brought to another size, or sampled elsewhere.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { resampled, type Tap, tapsOf } from "../../../../functional/resample.ts";
import { ShapeError, type Tensor, tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators } from "../call.ts";

/** How an axis is brought to another extent. */
interface Axis {
  readonly from: number;
  readonly to: number;
  /** The factor of the extent. */
  readonly scale: number;
  /** The part of the axis that is taken, for tf_crop_and_resize. */
  readonly region: readonly [start: number, end: number];
}

type Coordinates = (i: number, axis: Axis) => number;

/** Rounded as in files' runtimes, so that ties fall to the same side. */
const over = (x: number, scale: number): number => Math.fround(x / Math.fround(scale));

/** The position in the input of a position in the result. */
const coordinates: Readonly<Record<string, Coordinates>> = {
  half_pixel: (i, { scale }) => over(i + 0.5, scale) - 0.5,
  half_pixel_symmetric: (i, { from, to, scale }) => {
    const adjustment = to / (from * scale), center = from / 2;
    return center * (1 - adjustment) + over(i + 0.5, scale) - 0.5;
  },
  pytorch_half_pixel: (i, { to, scale }) => to > 1 ? over(i + 0.5, scale) - 0.5 : 0,
  align_corners: (i, { from, to }) => to === 1 ? 0 : i * (from - 1) / (to - 1),
  asymmetric: (i, { scale }) => over(i, scale),
  tf_half_pixel_for_nn: (i, { scale }) => over(i + 0.5, scale),
  tf_crop_and_resize: (i, { from, to, region: [start, end] }) =>
    to > 1 ? start * (from - 1) + i * (end - start) * (from - 1) / (to - 1) : 0.5 * (start + end) * (from - 1),
};

/** Which of two neighbours is the nearest. */
const nearest: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Keys' cubic convolution at distance `t`. */
function cubic(t: number, a: number): number {
  const x = Math.abs(t);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

type Filter = (x: number, axis: Axis) => Tap[];

/** The elements within `radius` of a position, by their distance; with antialias, within as many times more as the axis shrinks. */
function weighted(
  { run }: OperatorCall,
  radius: number,
  weight: (t: number) => number,
  antialias: boolean,
  excludeOutside: boolean,
): Filter {
  return (x, { from, scale }) => {
    const stretch = antialias ? Math.max(1, 1 / scale) : 1, reach = radius * stretch, first = Math.floor(x - reach) + 1;
    run.bounds.onHost(2 * reach);
    const taps = Array.from(
      { length: Math.ceil(2 * reach) },
      (_, k): Tap => [first + k, weight((x - first - k) / stretch)],
    );
    const kept = excludeOutside ? taps.filter(([at]) => at >= 0 && at < from) : taps;
    const total = excludeOutside || antialias ? kept.reduce((sum, [, share]) => sum + share, 0) : 1;
    return kept.map(([at, share]) => [Math.min(Math.max(at, 0), from - 1), share / total]);
  };
}

/** How the attributes ask for elements between those that are there. */
function filterOf(call: OperatorCall): Filter {
  const mode = call.text("mode", "nearest"),
    antialias = call.int("antialias", 0) === 1,
    excluded = call.int("exclude_outside", 0) === 1;
  if (mode === "linear") return weighted(call, 1, (t) => Math.max(0, 1 - Math.abs(t)), antialias, excluded);
  if (mode === "cubic") {
    const a = call.float("cubic_coeff_a", -0.75);
    return weighted(call, 2, (t) => cubic(t, a), antialias, excluded);
  }
  if (mode !== "nearest") call.fail(`has the mode ${mode}`);
  const name = call.text("nearest_mode", call.version < 11 ? "floor" : "round_prefer_floor");
  const pick = nearest[name] ?? call.fail(`has the nearest_mode ${name}`);
  return (x, { from }) => [[Math.min(Math.max(pick(x), 0), from - 1), 1]];
}

/** One factor for all sizes where the aspect ratio stays, or one for each. */
function factorsOf(call: OperatorCall, extents: readonly number[], sizes: readonly number[]): number[] {
  const factors = sizes.map((size, i) => size / extents[i]!);
  switch (call.text("keep_aspect_ratio_policy", "stretch")) {
    case "not_larger":
      return factors.map(() => Math.min(...factors));
    case "not_smaller":
      return factors.map(() => Math.max(...factors));
    default:
      return factors;
  }
}

const filled = (list: readonly number[] | undefined) => list === undefined || list.length === 0 ? undefined : list;

/** How each axis is brought to its extent, by sizes or factors of the axes that are named. */
function axesOf(call: OperatorCall, shape: readonly number[], crop: boolean): Axis[] {
  const position = call.version < 11 ? 1 : 2, sizes = filled(call.maybeNumbers(3));
  const axes = call.ints("axes")?.map((axis) => call.axis(axis, shape.length)) ?? [...shape.keys()];
  const given = sizes ?? filled(call.floats("scales") ?? call.maybeNumbers(position)) ??
    call.fail("has neither scales nor sizes");
  if (given.length !== axes.length) {
    throw new ShapeError(`it has ${given.length} scales or sizes for ${axes.length} axes`);
  }
  const region = crop ? filled(call.maybeNumbers(1)) : undefined;
  const scales = sizes === undefined ? given : factorsOf(call, axes.map((axis) => shape[axis]!), sizes);
  const kept = call.text("keep_aspect_ratio_policy", "stretch") !== "stretch";
  return shape.map((from, axis): Axis => {
    const i = axes.indexOf(axis), start = region?.[i] ?? 0, end = region?.[axes.length + i] ?? 1;
    if (i < 0) return { from, to: from, scale: 1, region: [0, 1] };
    const scale = scales[i]!;
    const to = sizes === undefined
      ? Math.floor(from * scale * (end - start))
      : kept
      ? Math.floor(from * scale + 0.5)
      : sizes[i]!;
    if (!(to >= 0 && to <= 2 ** 24)) throw new ShapeError(`cannot resize axis ${axis} of extent ${from} to ${to}`);
    return { from, to, scale, region: [start, end] };
  });
}

function resize(call: OperatorCall): Tensor {
  const x = call.tensor(0), filter = filterOf(call);
  const name = call.text("coordinate_transformation_mode", call.version < 11 ? "asymmetric" : "half_pixel");
  const locate = coordinates[name] ?? call.fail(`has the coordinate_transformation_mode ${name}`);
  const crop = name === "tf_crop_and_resize", outside = call.float("extrapolation_value", 0);
  return axesOf(call, x.shape, crop).reduce((x, axis, i) => {
    if (axis.from === axis.to && axis.scale === 1 && axis.region.join() === "0,1") return x;
    call.run.bounds.onHost(axis.to);
    const places = Array.from({ length: axis.to }, (_, at) => locate(at, axis));
    const made = resampled(x, i, tapsOf(axis.from, places.map((at) => filter(at, axis))));
    const beyond = places.flatMap((at, k) => crop && (at < 0 || at > axis.from - 1) ? [k] : []);
    return beyond.length === 0 ? made : F.indexFill(made, i, tensor(beyond, { device: x.device }), outside);
  }, x);
}

function gridSample(call: OperatorCall): Tensor {
  const modes: Readonly<Record<string, string>> = { linear: "bilinear", cubic: "bicubic" };
  const name = call.text("mode", "linear"), mode = (modes[name] ?? name) as "bilinear" | "nearest" | "bicubic";
  const paddingMode = call.text("padding_mode", "zeros") as "zeros" | "border" | "reflection";
  return F.gridSample(call.tensor(0), call.tensor(1), {
    mode,
    paddingMode,
    alignCorners: call.int("align_corners", 0) === 1,
  });
}

/** Operators of ai.onnx by name. */
export const resizing: Operators = {
  AffineGrid: (call) =>
    F.affineGrid(call.tensor(0), [...call.numbers(1)], { alignCorners: call.int("align_corners", 0) === 1 }),
  GridSample: gridSample,
  Resize: resize,
  Upsample: resize,
};
