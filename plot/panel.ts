/**
 * What stands around a drawing: a title, a legend, notes.
 *
 * @module
 */

import { Figure, type FigureOptions, nameOf, sizeOf } from "./figure.ts";
import { colorOf, element, fitted, INK, label, moved, PALE, textWidth } from "./svg.ts";

/** A thing with a colour. */
export interface LegendEntry {
  /** Its name. */
  readonly name: string;
  /** Its colour; that of its place by default. */
  readonly color?: string;
  /** Whether it is a line, which may be dashed, rather than an area. */
  readonly line?: boolean;
  /** The dashes of a line. */
  readonly dashes?: string;
}

/** A drawing, and what is said of it. */
export interface Panel {
  /** Names of colours, above the drawing. */
  readonly legend?: readonly LegendEntry[];
  /** Sentences below the drawing. */
  readonly notes?: readonly string[];
  /** What is drawn, in words. */
  readonly text: string;
  /** Text in place of the first line of `text`, in a terminal. */
  readonly table?: string;
  /** The drawing in the size that is left for it. */
  draw(width: number, height: number): string;
}

/** Pixels beside a title, a legend and notes. */
export const MARGIN = 16;

const LINE = 20;

/** A picture of a drawing. */
export function framed(panel: Panel, options: FigureOptions, defaultHeight?: number): Figure {
  const { width, height } = sizeOf(options, defaultHeight), { title } = options;
  const { legend = [] } = panel, most = Math.max(1, Math.floor(0.4 * height / LINE));
  const named = legendRows(legend, width - 2 * MARGIN), rows = named.slice(0, most).map(({ svg }) => svg);
  const count = named.slice(0, most).reduce((sum, row) => sum + row.count, 0);
  const unnamed = count < legend.length ? [`The first ${count} of ${legend.length} have their names above`] : [];
  const notes = [...panel.notes ?? [], ...unnamed];
  const top = (title === undefined ? 6 : 32) + rows.length * LINE,
    bottom = notes.length * 16 + (notes.length > 0 ? 6 : 0);
  const parts = [
    ...heading(title, width),
    ...rows.map((row, i) => moved(MARGIN, top - (rows.length - i) * LINE, row)),
    moved(0, top, panel.draw(width, Math.max(60, height - top - bottom))),
    ...notes.map((note, i) => {
      const text = fitted(note, width - 2 * MARGIN, 11);
      return label(text, MARGIN, height - 8 - 16 * (notes.length - 1 - i), 11, { fill: PALE });
    }),
  ];
  const text = [`${nameOf({ width, height }, title)}: ${panel.text}`, ...notes].join("; ");
  return new Figure(width, height, parts.join(""), panel.table === undefined ? text : `${text}\n${panel.table}`);
}

/** A title, where there is one. */
export function heading(title: string | undefined, width: number): string[] {
  if (title === undefined) return [];
  return [label(fitted(title, width - 2 * MARGIN, 16), MARGIN, 24, 15, { "font-weight": "bold", fill: INK })];
}

/** The rows of a legend, as wide as there is room for, and how many names each has. */
function legendRows(
  entries: readonly LegendEntry[],
  width: number,
): { readonly svg: string; readonly count: number }[] {
  const rows: { svg: string; count: number }[] = [];
  let x = Infinity;
  entries.forEach((entry, i) => {
    const name = fitted(entry.name, width - 24, 12), advance = 24 + textWidth(name, 12) + 16;
    if (x + advance - 16 > width) {
      rows.push({ svg: "", count: 0 });
      x = 0;
    }
    const row = rows.at(-1)!;
    row.svg += moved(x, 0, swatch(entry, i) + label(name, 24, 14, 12));
    row.count++;
    x += advance;
  });
  return rows;
}

function swatch({ color, line = false, dashes }: LegendEntry, i: number): string {
  const paint = color ?? colorOf(i);
  if (!line) return element("rect", { x: 2, y: 4, width: 14, height: 12, rx: 2, fill: paint });
  const dashed: Record<string, string> = dashes === undefined ? {} : { "stroke-dasharray": dashes };
  return element("line", { x1: 0, y1: 10, x2: 18, y2: 10, stroke: paint, "stroke-width": 2.5, ...dashed });
}

/** Words in the middle of a drawing in which there is nothing to see. */
export function nothing(words: string, width: number, height: number): string {
  return label(words, width / 2, height / 2, 13, { "text-anchor": "middle", fill: PALE });
}
