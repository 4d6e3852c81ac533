/**
 * Graphs drawn layer by layer, by dagre.
 *
 * @module
 */

import { graphlib, layout } from "@dagrejs/dagre";
import { element, INK, label, moved, PALE, textWidth } from "./svg.ts";

/** A box of a graph. */
export interface Box {
  /** What it is called by edges. */
  readonly id: string;
  /** Its text, line by line. The first is printed bold where `bold`. */
  readonly lines: readonly string[];
  /** Its colour. */
  readonly fill: string;
  /** Whether the first line is a title. */
  readonly bold?: boolean;
  /** Whether text stands at the left rather than in the middle. */
  readonly left?: boolean;
}

/** An arrow from a box to a box. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** A drawn graph. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly svg: string;
}

const SIZE = 12, LEADING = 16, PADDING = 8;

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes in layers, arrows from above to below. */
export function layered(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 24, ranksep: 34, edgesep: 12 });
  for (const box of boxes) graph.setNode(box.id, sizeOf(box));
  for (const { from, to } of arrows) graph.setEdge(from, to, {});
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  const lines = arrows.map(({ from, to }) => arrow((graph.edge(from, to) as { readonly points: Point[] }).points));
  const drawn = boxes.map((box) => boxed(box, graph.node(box.id) as Placed));
  return { width: Math.max(0, width), height: Math.max(0, height), svg: [...lines, ...drawn].join("") };
}

function sizeOf({ lines }: Box): { width: number; height: number } {
  const width = Math.max(...lines.map((text) => textWidth(text, SIZE)));
  return { width: Math.ceil(width) + 2 * PADDING, height: lines.length * LEADING + PADDING };
}

function boxed({ lines, fill, bold = false, left = false }: Box, { x, y, width, height }: Placed): string {
  const frame = element("rect", { width, height, rx: 4, fill, stroke: PALE, "stroke-width": 0.75 });
  const text = lines.map((line, i) => {
    const style = {
      ...(left ? {} : { "text-anchor": "middle" }),
      ...(bold && i === 0 ? { "font-weight": "bold" } : {}),
    };
    return label(line, left ? PADDING : width / 2, PADDING / 2 + i * LEADING + 12, SIZE, style);
  });
  return moved(x - width / 2, y - height / 2, frame + text.join(""));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve through points, with a head at its end. */
function arrow(points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${Math.round(10 * x) / 10},${Math.round(10 * y) / 10}`;
  const middle = (a: Point, b: Point) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [first, ...rest] = points, end = points.at(-1)!;
  // Each inner point bends the curve towards itself.
  const bends = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1]!;
    return `Q${at(point)} ${at(i === rest.length - 2 ? next : middle(point, next))}`;
  });
  const path = `M${at(first!)}${bends.length === 0 ? `L${at(end)}` : bends.join("")}`;
  const before = points.at(-2)!, length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const corner = (side: number) => ({ x: end.x - 7 * dx - side * 3.5 * dy, y: end.y - 7 * dy + side * 3.5 * dx });
  return element("path", { d: path, fill: "none", stroke: PALE }) +
    element("path", { d: `M${at(end)}L${at(corner(1))}L${at(corner(-1))}Z`, fill: INK });
}
