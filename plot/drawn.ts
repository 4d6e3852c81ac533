/**
 * Pictures of graphs.
 *
 * @module
 */

import { Figure, nameOf } from "./figure.ts";
import { type Arrow, type Box, layered } from "./layered.ts";
import { heading, MARGIN } from "./panel.ts";
import { fitted, label, moved, PALE, textWidth } from "./svg.ts";

/** A graph, and what is said of it. */
export interface DrawnGraph {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** What is drawn, in words. */
  readonly text: string;
  /** Sentences below. */
  readonly notes: readonly string[];
  /** What stands above. */
  readonly title?: string;
}

/** A picture of a graph, as large as the graph. */
export function drawn({ boxes, arrows, text, notes, title }: DrawnGraph): Figure {
  const drawing = layered(boxes, arrows);
  const top = title === undefined ? MARGIN : 40, bottom = MARGIN + 16 * notes.length;
  const width = Math.ceil(Math.max(drawing.width, title === undefined ? 0 : textWidth(title, 16))) + 2 * MARGIN;
  const size = { width, height: Math.ceil(drawing.height) + top + bottom };
  const parts = [
    ...heading(title, width),
    moved((width - drawing.width) / 2, top, drawing.svg),
    ...notes.map((note, i) => {
      return label(fitted(note, width - 2 * MARGIN, 11), MARGIN, size.height - 8 - 16 * i, 11, { fill: PALE });
    }),
  ];
  return new Figure(width, size.height, parts.join(""), [`${nameOf(size, title)}: ${text}`, ...notes].join("; "));
}
