/**
 * Histograms.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { Tensor, ValueError } from "../tensor/mod.ts";
import { across, axes, linear } from "./axes.ts";
import type { Figure } from "./figure.ts";
import type { AxesOptions } from "./line.ts";
import { checkRange, elementsOf, extentOf, grouped, notFinite, type Numbers, numbersOf, short } from "./numbers.ts";
import { framed, nothing } from "./panel.ts";
import { colorOf } from "./svg.ts";

/** Options of `histogram`. */
export interface HistogramOptions extends AxesOptions {
  /** How many equal bins there are. Default 30. */
  readonly bins?: number;
  /** Where the first bin begins and the last one ends; values beyond are not counted. Default from the least to the largest value. */
  readonly range?: readonly [number, number];
  /** Whether bars show a density, whose area is 1, rather than counts. Default false. */
  readonly density?: boolean;
}

/**
 * How often values occur: those of an array or of a tensor of any shape, or several by name, which then share their bins and have a legend.
 * All values are counted, however many there are; a note says how many are not finite or out of range.
 *
 * @example
 * ```ts
 * import { manualSeed, randn } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * manualSeed(0);
 * console.log(plot.histogram(randn([1000]), { bins: 20, title: "Normal" }));
 * // Figure 640x400 "Normal": a histogram of 1,000 values from -3.15 to 4.1
 * ```
 *
 * @see {@link https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.hist.html}
 */
export function histogram(
  values: Numbers | Readonly<Record<string, Numbers>>,
  options: HistogramOptions = {},
): Figure {
  const { bins = 30, density = false, xLabel, yLabel = density ? "density" : "count" } = options;
  if (!Number.isInteger(bins) || bins < 1 || bins > 10_000) {
    throw new ValueError(`Cannot draw a histogram of ${bins} bins: it is a whole number from 1 to 10000`);
  }
  if (options.range !== undefined) checkRange(options.range, "a histogram");
  const groups = groupsOf(values), all = Float64Array.from(groups.flatMap(({ data }) => [...data]));
  const extent = extentOf(all), range = options.range ?? (extent && binned(extent));
  const counted = groups.map(({ data }) => range === undefined ? undefined : count(data, range, bins, density));
  const outside = range === undefined
    ? 0
    : all.filter((x) => Number.isFinite(x) && (x < range[0] || x > range[1])).length;
  const names = groups.map(({ name }) => name).filter((name) => name !== "");
  return framed({
    text: `a histogram of ${names.length > 0 ? `${names.join(", ")}: ` : ""}${grouped(all.length)} values` +
      (extent === undefined ? "" : ` from ${short(extent[0])} to ${short(extent[1])}`),
    legend: names.map((name) => ({ name })),
    notes: [
      ...notFinite(all),
      ...(outside === 0
        ? []
        : [`${grouped(outside)} of ${grouped(all.length)} values ${outside === 1 ? "is" : "are"} out of range`]),
    ],
    draw(width, height) {
      if (range === undefined) return nothing(all.length === 0 ? "no values" : "no finite value", width, height);
      const step = (range[1] - range[0]) / bins;
      const bars = (heights: Float64Array) =>
        Array.from(heights, (y, i) => ({ x1: range[0] + i * step, x2: range[0] + (i + 1) * step, y }));
      const marks = counted.map((heights, i) =>
        Plot.rectY(bars(heights!).filter(({ y }) => y > 0), {
          x1: "x1",
          x2: "x2",
          y: "y",
          fill: colorOf(i),
          fillOpacity: groups.length > 1 ? 0.55 : 0.9,
          inset: bins > 100 ? 0 : 0.5,
        })
      );
      const highest = Math.max(...counted.map((heights) => Math.max(...heights!)));
      const x = across(range, width);
      const y = { ...linear([0, highest > 0 ? highest : 1]), grid: true };
      return axes({ width, height, x, y, marks: [...marks, Plot.ruleY([0])] }, { xLabel, yLabel });
    },
  }, options);
}

interface Group {
  readonly name: string;
  readonly data: Float64Array;
}

function groupsOf(values: Numbers | Readonly<Record<string, Numbers>>): Group[] {
  const read = (x: Numbers, what: string) => x instanceof Tensor ? elementsOf(x) : numbersOf(x, what);
  if (values instanceof Tensor || Array.isArray(values) || ArrayBuffer.isView(values)) {
    return [{ name: "", data: read(values as Numbers, "a histogram") }];
  }
  const groups = Object.entries(values as Record<string, Numbers>);
  if (groups.length === 0) throw new ValueError("Cannot draw a histogram of nothing: pass at least one list of values");
  return groups.map(([name, x]) => ({ name, data: read(x, `the histogram ${name}`) }));
}

/** The range of bins for these values; that of equal values is one wide, as in NumPy. */
function binned([least, largest]: readonly [number, number]): readonly [number, number] {
  return least < largest ? [least, largest] : [least - 0.5, largest + 0.5];
}

/** How many values are in each bin; the largest value is in the last one. */
function count(
  data: Float64Array,
  [from, to]: readonly [number, number],
  bins: number,
  density: boolean,
): Float64Array {
  const heights = new Float64Array(bins);
  let total = 0;
  for (const value of data) {
    if (!(value >= from && value <= to)) continue;
    heights[Math.min(bins - 1, Math.floor((value - from) / (to - from) * bins))]!++;
    total++;
  }
  return density && total > 0 ? heights.map((height) => height * bins / (total * (to - from))) : heights;
}
