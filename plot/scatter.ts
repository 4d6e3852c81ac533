/**
 * Points of the plane, and what a model makes of the plane.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { Module } from "../nn/module.ts";
import { isFloat, noGrad, ShapeError, Tensor, tensor } from "../tensor/mod.ts";
import { across, axes, linear, type Placement } from "./axes.ts";
import { classesOf, countOf, namesOf, wholeNumbers } from "./classes.ts";
import type { Figure } from "./figure.ts";
import type { AxesOptions } from "./line.ts";
import { extentOf, type Grid, gridOf, grouped, type Matrix, type Numbers, padded } from "./numbers.ts";
import { framed, nothing } from "./panel.ts";
import { parsed, pixels } from "./pixels.ts";
import { colorOf } from "./svg.ts";

/** Options of `scatter`. */
export interface ScatterOptions extends AxesOptions {
  /** The class of each point, which gives its colour. */
  readonly classes?: Numbers;
  /** Names of the classes. Default their numbers. */
  readonly names?: readonly string[];
  /**
   * A model whose decisions colour the plane. It takes points [N, 2] and gives scores [N, C], of which the largest decides; or a score [N] or
   * [N, 1], which decides for class 1 above 0; or classes [N], whole numbers. A module is called in evaluation mode.
   */
  readonly regions?: (points: Tensor) => Tensor;
}

/** Of more points an evenly spaced part is drawn. */
const MANY = 5000;
/** How many places a region is tried at, across and down. */
const ACROSS = 160, DOWN = 120;

/**
 * Points of the plane, coloured by class, over the regions in which a model decides for each class.
 *
 * Of more than 5,000 points every second, third and so on is drawn, and a note says so; points that are not finite are left out with a note.
 *
 * @example
 * ```ts
 * import { manualSeed, randn } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * manualSeed(0);
 * const points = randn([100, 2]), classes = points.sum(1).gt(0).long();
 * console.log(plot.scatter(points, { classes, regions: (x) => x.sum(1), names: ["below", "above"] }));
 * // Figure 640x400: 100 points of classes below (46), above (54), over the regions of a model
 * ```
 *
 * @throws {ShapeError} for points that are not [N, 2], or another number of classes than of points
 * @see {@link https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.scatter.html}
 * @see {@link https://scikit-learn.org/stable/modules/generated/sklearn.inspection.DecisionBoundaryDisplay.html}
 */
export function scatter(points: Matrix, options: ScatterOptions = {}): Figure {
  const { regions, xLabel, yLabel } = options;
  const grid = gridOf(points, "points"), { rows, columns, data } = grid;
  if (rows > 0 && columns !== 2) {
    throw new ShapeError(`Cannot draw points from shape [${rows}, ${columns}]: it is [N, 2], a place for each point`);
  }
  const classes = options.classes === undefined ? undefined : wholeNumbers(options.classes, "classes of points");
  if (classes !== undefined && classes.length !== rows) {
    throw new ShapeError(`Cannot draw ${rows} points with ${classes.length} classes: pass one for each`);
  }
  const finite = Array.from({ length: rows }, (_, i) => i)
    .filter((i) => Number.isFinite(data[2 * i]) && Number.isFinite(data[2 * i + 1]));
  const step = Math.ceil(finite.length / MANY), drawn = finite.filter((_, i) => i % step === 0);
  const frame = frameOf(grid, finite);
  const decided = regions === undefined || finite.length === 0 ? undefined : decisions(regions, frame, points);
  const count = Math.max(countOf(classes), countOf(decided));
  const names = count === 0 ? [] : namesOf(options.names, count, "points");
  const sizes = names.map((name, i) => `${name} (${grouped(classes?.filter((c) => c === i).length ?? 0)})`);
  return framed({
    text: `${grouped(rows)} point${rows === 1 ? "" : "s"}` +
      (classes === undefined ? "" : ` of classes ${sizes.join(", ")}`) +
      (regions === undefined ? "" : ", over the regions of a model"),
    legend: names.map((name) => ({ name })),
    notes: [
      ...(finite.length === rows
        ? []
        : [`${grouped(rows - finite.length)} of ${grouped(rows)} points not drawn: not finite`]),
      ...(step <= 1 ? [] : [`${grouped(drawn.length)} of ${grouped(rows)} points drawn, evenly spaced`]),
    ],
    draw(width, height) {
      if (drawn.length === 0) return nothing(rows === 0 ? "no points" : "no point is finite", width, height);
      const place = (i: number) => ({ x: data[2 * i], y: data[2 * i + 1], fill: colorOf(classes?.[i] ?? 0) });
      const marks = [
        Plot.dot(drawn.map(place), {
          x: "x",
          y: "y",
          fill: "fill",
          ...(drawn.length > 1000 ? { r: 2, fillOpacity: 0.6 } : { r: 3.5, stroke: "#ffffff", strokeWidth: 0.5 }),
        }),
        Plot.frame(),
      ];
      const x = across(frame.x, width);
      const y = { ...linear(frame.y), nice: false };
      const color = { type: "identity" as const };
      return axes({ width, height, x, y, color, marks }, {
        xLabel,
        yLabel,
        ...(decided === undefined ? {} : { under: (at: Placement) => backdrop(decided, frame, at) }),
      });
    },
  }, options);
}

/** The part of the plane that is drawn. */
interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

function frameOf({ data }: Grid, points: readonly number[]): Frame {
  const side = (axis: number): readonly [number, number] => {
    const [least, largest] = padded(extentOf(Float64Array.from(points, (i) => data[2 * i + axis]!)) ?? [0, 1]);
    const margin = (largest - least) / 20;
    return [least - margin, largest + margin];
  };
  return { x: side(0), y: side(1) };
}

/** The class that a model decides for at each place of the frame, row by row from above. */
function decisions(model: (points: Tensor) => Tensor, { x, y }: Frame, like: Matrix): Int32Array {
  const places = new Float64Array(2 * ACROSS * DOWN);
  for (let i = 0; i < ACROSS * DOWN; i++) {
    places[2 * i] = x[0] + (i % ACROSS + 0.5) / ACROSS * (x[1] - x[0]);
    places[2 * i + 1] = y[1] - (Math.floor(i / ACROSS) + 0.5) / DOWN * (y[1] - y[0]);
  }
  const options = like instanceof Tensor
    ? { device: like.device, dtype: isFloat(like.dtype) ? like.dtype : "float32" } as const
    : { dtype: "float32" } as const;
  const modules = model instanceof Module ? model.modules() : [], modes = modules.map(({ training }) => training);
  for (const module of modules) module.training = false;
  let decided: Int32Array;
  try {
    decided = noGrad(() => classesOf(model(tensor(places, { shape: [ACROSS * DOWN, 2], ...options })), "regions"));
  } finally {
    modules.forEach((module, i) => module.training = modes[i]!);
  }
  if (decided.length === ACROSS * DOWN) return decided;
  throw new ShapeError(`Cannot draw regions: the model gives ${decided.length} rows for ${ACROSS * DOWN} points`);
}

/** The regions, in pale colours. */
function backdrop(decided: Int32Array, { x, y }: Frame, at: Placement): string {
  const pale = (c: number) => parsed(colorOf(c)).map((part) => Math.round(255 - 0.3 * (255 - part)));
  const data = new Uint8Array(3 * decided.length);
  decided.forEach((c, i) => data.set(pale(c), 3 * i));
  const [left, top] = [at.x(x[0]), at.y(y[1])];
  const box = { x: left, y: top, width: at.x(x[1]) - left, height: at.y(y[0]) - top };
  return pixels({ width: ACROSS, height: DOWN, channels: 3, data }, box);
}
