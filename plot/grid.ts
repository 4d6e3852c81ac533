/**
 * Several pictures as one.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { Figure, nameOf } from "./figure.ts";
import { heading } from "./panel.ts";
import { moved } from "./svg.ts";

/** Options of `grid`. */
export interface GridOptions {
  /** What stands above all pictures. */
  readonly title?: string;
  /** How many pictures stand side by side. Default 2. */
  readonly columns?: number;
}

/**
 * Several pictures as one, row by row. Each keeps its size.
 *
 * @example
 * ```ts
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const size = { width: 300, height: 200 };
 * const figure = plot.grid([plot.line([2, 1], size), plot.histogram([1, 2, 2], size)], { title: "Two pictures" });
 * console.log(figure.width, figure.height); // 600 232
 * ```
 *
 * @see {@link https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.subplots.html}
 */
export function grid(figures: readonly Figure[], options: GridOptions = {}): Figure {
  const { title, columns = 2 } = options;
  if (figures.length === 0) throw new ValueError("Cannot put no picture into a grid: pass at least one");
  if (!Number.isInteger(columns) || columns < 1) {
    throw new ValueError(`Cannot make a grid of ${columns} columns: it is a whole number from 1 on`);
  }
  const rows = Array.from(
    { length: Math.ceil(figures.length / columns) },
    (_, i) => figures.slice(i * columns, (i + 1) * columns),
  );
  const largest = (values: readonly number[]) => Math.max(...values);
  const widths = rows[0]!.map((_, j) => largest(rows.map((row) => row[j]?.width ?? 0)));
  const heights = rows.map((row) => largest(row.map(({ height }) => height)));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const width = sum(widths), top = title === undefined ? 0 : 32, height = top + sum(heights);
  const parts = rows.flatMap((row, i) =>
    row.map((figure, j) => moved(sum(widths.slice(0, j)), top + sum(heights.slice(0, i)), figure.svg))
  );
  const text = [
    `${nameOf({ width, height }, title)}: ${figures.length} picture${figures.length === 1 ? "" : "s"}`,
    ...figures.map(({ description }) => description),
  ];
  return new Figure(width, height, heading(title, width).join("") + parts.join(""), text.join("\n  "));
}
