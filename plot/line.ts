/**
 * Curves.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { ShapeError, Tensor, ValueError } from "../tensor/mod.ts";
import { across, axes, linear, logarithmic } from "./axes.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { extentOf, grouped, type Numbers, numbersOf } from "./numbers.ts";
import { framed, nothing } from "./panel.ts";
import { colorOf } from "./svg.ts";

/** A curve: its heights, over 0, 1, 2, … or over numbers of its own. */
export type Curve = Numbers | { readonly x: Numbers; readonly y: Numbers };

/** Options of pictures with two axes. */
export interface AxesOptions extends FigureOptions {
  /** What goes from left to right. */
  readonly xLabel?: string;
  /** What goes from below to above. */
  readonly yLabel?: string;
}

/** Options of `line`. */
export interface LineOptions extends AxesOptions {
  /** The places of the points of every curve that has none of its own. Default 0, 1, 2, … */
  readonly x?: Numbers;
  /** How places are spread. Default "linear". */
  readonly xScale?: "linear" | "log";
  /** How heights are spread. Default "linear". */
  readonly yScale?: "linear" | "log";
}

interface Points {
  readonly name: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A curve of more points is thinned; a curve of at most so many gets dots. */
const MANY = 4000, FEW = 20;

/**
 * One curve or several: an array, a tensor [N], the columns of a tensor [N, C], or curves by name, which then have a legend.
 *
 * A value that is not finite, or on a logarithmic axis not above 0, makes a gap, and a note says how many there are. Of a curve of more than
 * 4,000 points the first, lowest, highest and last of each of 1,000 equal stretches are drawn: no peak is lost.
 *
 * @example
 * ```ts
 * import { linspace } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const x = linspace(0, 6.28, 50);
 * console.log(plot.line({ sine: x.sin(), cosine: x.cos() }, { x, title: "Two waves" }));
 * // Figure 640x400 "Two waves": curves sine (50 points), cosine (50 points)
 * ```
 *
 * @throws {ShapeError} where places and heights are not equally many
 * @see {@link https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.plot.html}
 */
export function line(curves: Curve | Readonly<Record<string, Curve>>, options: LineOptions = {}): Figure {
  const { xScale = "linear", yScale = "linear", xLabel, yLabel } = options;
  const isDrawn = (x: number, y: number) =>
    Number.isFinite(x) && Number.isFinite(y) && (xScale === "linear" || x > 0) && (yScale === "linear" || y > 0);
  const all = curvesOf(curves, options.x).map(({ name, x, y }) => {
    return { name, x, y: y.map((value, i) => isDrawn(x[i]!, value) ? value : NaN) };
  });
  const named = all.length > 1 || all[0]!.name !== "";
  const missing = all.reduce((sum, { y }) => sum + y.filter(Number.isNaN).length, 0);
  const total = all.reduce((sum, { y }) => sum + y.length, 0);
  const positive = xScale === "log" || yScale === "log" ? " and above 0" : "";
  const of = (n: number) => `${grouped(n)} point${n === 1 ? "" : "s"}`;
  const dashes = (i: number) => i < 10 ? {} : { dashes: `${2 + Math.floor(i / 10) * 2},3` };
  return framed({
    text: named
      ? `curve${all.length === 1 ? "" : "s"} ${all.map(({ name, y }) => `${name} (${of(y.length)})`).join(", ")}`
      : `a curve of ${of(all[0]!.y.length)}`,
    legend: named ? all.map(({ name }, i) => ({ name, color: colorOf(i), line: true, ...dashes(i) })) : [],
    notes: missing === 0 ? [] : [`${grouped(missing)} of ${of(total)} not drawn: not finite${positive}`],
    draw(width, height) {
      if (missing === total) return nothing(total === 0 ? "no points" : "no point that can be drawn", width, height);
      const marks = all.flatMap(({ x, y }, i) => {
        const kept = thinned(x, y), color = colorOf(i);
        const points = kept.map((n): [number, number] => [x[n]!, y[n]!]);
        const dots = points.filter(([, value], n) =>
          !Number.isNaN(value) && (points.length <= FEW || isAlone(points, n))
        );
        const stroke = { stroke: color, strokeWidth: 1.75, strokeDasharray: dashes(i).dashes ?? "none" };
        return [
          Plot.line(points, { x: "0", y: "1", ...stroke }),
          Plot.dot(dots, { x: "0", y: "1", r: 2.5, fill: color }),
        ];
      });
      const along = union(all.map(({ x, y }) => extentOf(x.filter((_, i) => !Number.isNaN(y[i])))));
      const up = union(all.map(({ y }) => extentOf(y)));
      const x = xScale === "log" ? logarithmic(along) : places(all.map(({ x }) => x), along, width);
      const y = yScale === "log" ? logarithmic(up) : linear(up);
      return axes({ width, height, grid: true, x, y, marks }, { xLabel, yLabel });
    },
  }, options);
}

function curvesOf(curves: Curve | Readonly<Record<string, Curve>>, x: Numbers | undefined): Points[] {
  const isCurve = (value: unknown): value is Curve =>
    value instanceof Tensor || Array.isArray(value) || ArrayBuffer.isView(value) ||
    (typeof value === "object" && value !== null && "x" in value && "y" in value);
  if (curves instanceof Tensor && curves.ndim === 2) {
    const columns = Array.from({ length: curves.shape[1]! }, (_, i) => pointsOf(`${i}`, curves.at(":", i), x));
    if (columns.length > 0) return columns;
    throw new ShapeError(`Cannot draw the columns of a tensor of shape [${curves.shape.join(", ")}]: it has none`);
  }
  if (isCurve(curves)) return [pointsOf("", curves, x)];
  const entries = Object.entries(curves);
  if (entries.length === 0) throw new ValueError("Cannot draw no curve: pass at least one");
  return entries.map(([name, curve]) => pointsOf(name, curve, x));
}

function pointsOf(name: string, curve: Curve, common: Numbers | undefined): Points {
  const what = name === "" ? "a curve" : `the curve ${name}`;
  const own = !(curve instanceof Tensor) && "x" in curve;
  const y = numbersOf(own ? curve.y : curve as Numbers, what), places = own ? curve.x : common;
  const x = places === undefined ? Float64Array.from(y.keys()) : numbersOf(places, `the places of ${what}`);
  if (x.length === y.length) return { name, x, y };
  throw new ShapeError(`Cannot draw ${what}: it has ${y.length} heights and ${x.length} places`);
}

/** Which points of a curve are drawn: all, or of many the first, lowest, highest and last of each stretch. */
function thinned(x: Float64Array, y: Float64Array): number[] {
  if (y.length <= MANY) return [...y.keys()];
  const stretches = MANY / 4, kept = new Set<number>();
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor(s * x.length / stretches), to = Math.floor((s + 1) * x.length / stretches);
    let lowest = -1, highest = -1, gap = -1;
    for (let i = from; i < to; i++) {
      if (Number.isNaN(y[i])) gap = i;
      else {
        if (lowest < 0 || y[i]! < y[lowest]!) lowest = i;
        if (highest < 0 || y[i]! > y[highest]!) highest = i;
      }
    }
    for (const i of [from, lowest, highest, gap, to - 1]) if (i >= 0) kept.add(i);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Whether the neighbours of a point are gaps, so that no line leads to it. */
function isAlone(points: readonly [number, number][], i: number): boolean {
  return [i - 1, i + 1].every((j) => points[j] === undefined || Number.isNaN(points[j]![1]));
}

/** The range from the least to the largest of several; of none that is there, from 0 to 1. */
function union(ranges: readonly (readonly [number, number] | undefined)[]): readonly [number, number] {
  return extentOf(Float64Array.from(ranges.flatMap((range) => range ?? []))) ?? [0, 1];
}

/** The axis of places. Where all are whole numbers, such as steps and epochs, there are no marks between them. */
function places(all: readonly Float64Array[], extent: readonly [number, number], width: number): Plot.ScaleOptions {
  const [least, largest] = extent, axis = across(extent, width);
  const whole = all.every((x) => x.every((value) => Number.isInteger(value) || !Number.isFinite(value)));
  if (!whole || largest - least > Number(axis.ticks)) return axis;
  const ticks = Array.from({ length: largest - least + 1 }, (_, i) => least + i);
  return { ...axis, ticks, tickFormat: "d" };
}
