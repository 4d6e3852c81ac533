/**
 * Pixels as part of a picture, and colours for numbers.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { encode } from "fast-png";
import type { Raster } from "../data/raster.ts";
import { ValueError } from "../tensor/mod.ts";
import { element, SHARP } from "./svg.ts";

/** Where pixels are drawn. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels in a box. They stay sharp squares when enlarged. */
export function pixels(raster: Raster, box: Box): string {
  const { width, height, channels, data } = raster;
  let binary = "";
  for (const byte of encode({ width, height, channels, data })) binary += String.fromCharCode(byte);
  const href = `data:image/png;base64,${btoa(binary)}`;
  return element("image", { ...box, preserveAspectRatio: "none", ...(box.width >= width ? SHARP : {}), href });
}

/** Colours from the least to the largest value. */
export type ColorScheme = "viridis" | "magma" | "greys" | "blues" | "rdbu";

/** Red, green and blue. */
export type Color = readonly [red: number, green: number, blue: number];

/** Colours of a scheme: 256, from that of the least value to that of the largest. */
export function colorsOf(scheme: ColorScheme): Color[] {
  // Of red and blue, red is for what is above 0.
  const colors = Plot.scale({ color: { type: "linear", scheme, domain: [0, 255], reverse: scheme === "rdbu" } })!;
  return Array.from({ length: 256 }, (_, i) => parsed(colors.apply(i)));
}

/** The names of the schemes. */
export const SCHEMES: readonly ColorScheme[] = ["viridis", "magma", "greys", "blues", "rdbu"];

/** A scheme's name, checked. */
export function checkScheme(scheme: ColorScheme): ColorScheme {
  if (SCHEMES.includes(scheme)) return scheme;
  throw new ValueError(`Cannot draw with the colors "${scheme}": the schemes are ${SCHEMES.join(", ")}`);
}

/** A colour of CSS: #rrggbb or rgb(r, g, b). */
export function parsed(color: string): Color {
  const hex = /^#(..)(..)(..)$/.exec(color)?.slice(1).map((part) => parseInt(part, 16));
  return (hex ?? color.match(/\d+/g)!.map(Number)) as unknown as Color;
}

/** Whether text on a colour is read better in white. */
export function isDark([red, green, blue]: Color): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140;
}
