/**
 * Curves in a line of text.
 *
 * @module
 */

import { extentOf } from "./numbers.ts";

const LEVELS = [..."▁▂▃▄▅▆▇█"];

/** Numbers as bars of text, `width` at most: each the mean of an equal stretch. What is not finite is a blank. */
export function sparkline(values: Float64Array, width: number): string {
  const count = Math.min(width, values.length);
  const means = Float64Array.from({ length: count }, (_, i) => {
    const stretch = values.slice(Math.floor(i * values.length / count), Math.floor((i + 1) * values.length / count))
      .filter(Number.isFinite);
    return stretch.length === 0 ? NaN : stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
  });
  const [least, largest] = extentOf(means) ?? [0, 0];
  const level = (value: number) => least < largest ? Math.round((value - least) / (largest - least) * 7) : 3;
  return Array.from(means, (value) => Number.isNaN(value) ? " " : LEVELS[level(value)]!).join("");
}
