/**
 * Pieces of pictures as text in SVG.
 *
 * @module
 */

import { escapeHtml } from "../tensor/table.ts";

/** What most text is written in: the reader's own font. */
export const FONT = 'font-family="system-ui, sans-serif"';

/** The colour of text and axes. */
export const INK = "#222222";

/** The colour of what matters less. */
export const PALE = "#666666";

/** Attributes of pixels that stay sharp squares when they are enlarged: for viewers of SVG, and for browsers. */
export const SHARP = { "image-rendering": "optimizeSpeed", style: "image-rendering:pixelated" } as const;

/** Colours of things that have nothing to do with one another: curves, classes. */
export const PALETTE = [
  "#1f77b4",
  "#ff7f0e",
  "#2ca02c",
  "#d62728",
  "#9467bd",
  "#8c564b",
  "#e377c2",
  "#17becf",
  "#bcbd22",
  "#7f7f7f",
] as const;

/** The colour of the `i`th of several things; after ten they come again. */
export function colorOf(i: number): string {
  return PALETTE[i % PALETTE.length]!;
}

/** How wide a text is at most, about: the width in DejaVu Sans, a wide font. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    if (/[ijl.,:;'|!()[\]\- ]/.test(character)) width += 0.38;
    else if (/[mwMW%@]/.test(character)) width += 0.95;
    else if (/[A-Z]/.test(character)) width += 0.7;
    else width += character.codePointAt(0)! < 0x1100 ? 0.62 : 1;
  }
  return width * size;
}

/** As much of a text as `width` has room for, with an ellipsis where it is cut. */
export function fitted(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  let cut = text;
  while (cut !== "" && textWidth(`${cut}…`, size) > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}

/** Attributes, in order. */
type Attributes = Readonly<Record<string, string | number>>;

/** An element. `content` is SVG: escape text. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const text = Object.entries(attributes).map(([key, value]) => {
    return ` ${key}="${typeof value === "number" ? decimals(value) : escapeHtml(value)}"`;
  }).join("");
  return content === "" ? `<${name}${text}/>` : `<${name}${text}>${content}</${name}>`;
}

/** Text at a place. */
export function label(text: string, x: number, y: number, size: number, more: Attributes = {}): string {
  return element("text", { x, y, "font-size": size, ...more }, escapeHtml(text));
}

/** A part of a picture, moved. */
export function moved(x: number, y: number, content: string): string {
  return element("g", { transform: `translate(${decimals(x)},${decimals(y)})` }, content);
}

/** A number of pixels in as few characters as are of use. */
export function decimals(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}
