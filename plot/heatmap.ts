/**
 * Heat maps.
 *
 * @module
 */

import type * as Plot from "@observablehq/plot";
import { ValueError } from "../tensor/mod.ts";
import { axes, type Placement } from "./axes.ts";
import type { Figure } from "./figure.ts";
import type { AxesOptions } from "./line.ts";
import {
  checkRange,
  extentOf,
  type Grid,
  gridOf,
  grouped,
  type Matrix,
  notFinite,
  type Numbers,
  padded,
  short,
} from "./numbers.ts";
import { framed, nothing, type Panel } from "./panel.ts";
import { checkScheme, type Color, type ColorScheme, colorsOf, isDark, pixels } from "./pixels.ts";
import { element, fitted, INK, label, textWidth } from "./svg.ts";

/** Options of `heatmap`. */
export interface HeatmapOptions extends AxesOptions {
  /** The values that the first and the last colour stand for; values beyond get these. Default the least and the largest; of "rdbu" symmetric. */
  readonly range?: readonly [number, number];
  /** The colours. Default "rdbu", with white at 0, where there are values on both sides of 0, else "viridis". */
  readonly colors?: ColorScheme;
  /** Names of the rows. Default their numbers. */
  readonly rows?: readonly string[];
  /** Names of the columns. Default their numbers. */
  readonly columns?: readonly string[];
  /** Whether numbers stand in the cells. Default where there is room for them. */
  readonly values?: boolean;
}

/** A matrix with more rows or columns is drawn in blocks. */
const MANY = 512;

/**
 * A matrix in colours: row 0 above, column 0 at the left, as it is printed; a tensor of one dimension is one row. Beside it stands which
 * colour is which value. Values that are not finite are grey, and a note says how many there are. Of more than 512 rows or columns, blocks
 * of equal size are drawn, each in the mean of its finite values, and a note says so.
 *
 * @example
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const layer = new nn.Linear(8, 4);
 * console.log(plot.heatmap(layer.weight, { title: "Weights", xLabel: "input", yLabel: "output" }).description.slice(0, 52));
 * // Figure 640x400 "Weights": a heat map of 4x8 values f
 * ```
 *
 * @throws {ShapeError} for a tensor of more than two dimensions, or rows that are not equally long
 * @see {@link https://seaborn.pydata.org/generated/seaborn.heatmap.html}
 */
export function heatmap(matrix: Matrix | Numbers, options: HeatmapOptions = {}): Figure {
  return framed(heatmapPanel(matrix, options), options);
}

/** A heat map without what stands around it. */
export function heatmapPanel(matrix: Matrix | Numbers, options: HeatmapOptions): Panel {
  const whole = gridOf(matrix, "a heat map"), extent = extentOf(whole.data);
  for (const side of ["rows", "columns"] as const) {
    const given = options[side]?.length ?? whole[side];
    if (given !== whole[side]) throw new ValueError(`Cannot name ${whole[side]} ${side} with ${given} names`);
  }
  if (options.range !== undefined) checkRange(options.range, "a heat map");
  const block = Math.max(1, Math.ceil(Math.max(whole.rows, whole.columns) / MANY)), shown = blocks(whole, block);
  const [least, largest] = options.range ?? extentOf(shown.data) ?? [0, 1];
  const scheme = checkScheme(options.colors ?? (least < 0 && largest > 0 ? "rdbu" : "viridis"));
  const most = Math.max(-least, largest);
  const range = options.range ?? padded(scheme === "rdbu" ? [-most, most] : [least, largest]);
  return {
    text: `a heat map of ${whole.rows}x${whole.columns} values` +
      (extent === undefined ? "" : ` from ${short(extent[0])} to ${short(extent[1])}`),
    notes: [
      ...notFinite(whole.data),
      ...(block === 1
        ? []
        : [`Each cell is the mean of a block of ${block} by ${block} of ${grouped(whole.data.length)} values`]),
    ],
    draw: (width, height) =>
      whole.data.length === 0
        ? nothing("no values", width, height)
        : cells(shown, { ...options, range, block, colors: scheme }, width, height),
  };
}

/** What is known of a heat map when its cells are drawn. */
interface Cells extends HeatmapOptions {
  readonly range: readonly [number, number];
  readonly colors: ColorScheme;
  readonly block: number;
}

const BAR = 14, GREY: Color = [190, 190, 190];

/** The cells between axes, and the colour bar. */
function cells(grid: Grid, options: Cells, width: number, height: number): string {
  const { rows, columns, data } = grid, { range, xLabel, yLabel, block } = options;
  const colors = colorsOf(options.colors), [from, to] = range;
  const position = (value: number) => Math.max(0, Math.min(1, (value - from) / (to - from)));
  const color = (value: number) => Number.isFinite(value) ? colors[Math.round(255 * position(value))]! : GREY;
  const image = new Uint8Array(rows * columns * 3);
  data.forEach((value, i) => image.set(color(value), 3 * i));
  const ticks = [from, (from + to) / 2, to].map((value) => short(value));
  const side = BAR + 22 + Math.max(...ticks.map((text) => textWidth(text, 12)));
  const rowNames = options.rows?.map((name) => fitted(name, width / 4, 12));
  const left = 26 + Math.max(14, ...(rowNames ?? [`${rows * block}`]).map((name) => textWidth(name, 12)));
  const inner = width - left - side - 12;
  const under = (at: Placement) => {
    const [x, y] = [at.x(-0.5), at.y(-0.5)], w = at.x(columns - 0.5) - x, h = at.y(rows - 0.5) - y;
    const bar = { x: x + w + 14, y, width: BAR, height: h };
    return [
      pixels({ width: columns, height: rows, channels: 3, data: image }, { x, y, width: w, height: h }),
      ...numbers(grid, at, options.values, w / columns, h / rows, color),
      pixels({ width: 1, height: 256, channels: 3, data: Uint8Array.from(colors.toReversed().flat()) }, bar),
      element("rect", { ...bar, fill: "none", stroke: INK, "stroke-width": 0.5 }),
      ...ticks.map((text, i) => label(text, bar.x + BAR + 6, y + h - i / 2 * h + 4, 12)),
    ].join("");
  };
  const columnNames = options.columns?.map((name) => fitted(name, height / 4, 12));
  const widest = Math.max(...(columnNames ?? [`${columns * block}`]).map((name) => textWidth(name, 12)));
  const turned = columnNames !== undefined && (widest + 8) * columns > inner;
  const x = axis(columnNames, columns, block, inner / (turned ? 14 : widest + 8));
  const y = axis(rowNames, rows, block, height / 18);
  return axes({
    width,
    height,
    x: { ...x, domain: [-0.5, columns - 0.5], ...(turned ? { tickRotate: -45 } : {}) },
    y: { ...y, domain: [rows - 0.5, -0.5] },
    marginLeft: left,
    marginRight: side + 12,
    ...(turned ? { marginBottom: 18 + 0.72 * widest + (xLabel === undefined ? 0 : 20) } : {}),
  }, { xLabel, yLabel, under });
}

/** An axis of `extent` cells, for `room` of which there is room to name them. */
function axis(names: readonly string[] | undefined, extent: number, block: number, room: number): Plot.ScaleOptions {
  const step = Math.max(1, Math.ceil(extent / Math.max(1, room)));
  const nice = names !== undefined ? step : [1, 2, 5, 10, 20, 50, 100, 200, 500].find((x) => x >= step) ?? step;
  const ticks = Array.from({ length: Math.ceil(extent / nice) }, (_, i) => i * nice);
  return { type: "linear", ticks, tickFormat: (i: number) => names?.[i * block] ?? `${i * block}`, tickSize: 0 };
}

/** The numbers in the cells, where they are wanted or there is room. */
function* numbers(
  { rows, columns, data }: Grid,
  at: Placement,
  wanted: boolean | undefined,
  width: number,
  height: number,
  color: (value: number) => Color,
): Generator<string> {
  if (wanted === false || rows * columns > 10_000) return;
  const texts = Array.from(
    data,
    (value) => Number.isFinite(value) ? short(value) : String(value).replace("Infinity", "∞"),
  );
  const size = Math.min(12, 0.7 * height, ...texts.map((text) => 12 * (width - 4) / textWidth(text, 12)));
  if (size < (wanted ? 4 : 9)) return;
  for (const [i, text] of texts.entries()) {
    const x = at.x(i % columns), y = at.y(Math.floor(i / columns)) + 0.36 * size;
    const fill = isDark(color(data[i]!)) ? "#ffffff" : INK;
    yield label(text, x, y, size, { "text-anchor": "middle", fill });
  }
}

/** The means of the finite values of square blocks. */
function blocks({ rows, columns, data }: Grid, block: number): Grid {
  if (block === 1) return { rows, columns, data };
  const down = Math.ceil(rows / block), across = Math.ceil(columns / block);
  const sums = new Float64Array(down * across), counts = new Float64Array(down * across);
  data.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const cell = Math.floor(Math.floor(i / columns) / block) * across + Math.floor(i % columns / block);
    sums[cell]! += value;
    counts[cell]!++;
  });
  return { rows: down, columns: across, data: sums.map((sum, i) => sum / counts[i]!) };
}
