/**
 * Axes with what is drawn between them, by Observable Plot.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { grouped, padded, short } from "./numbers.ts";
import { decimals, fitted, FONT, label, textWidth } from "./svg.ts";

const { document } = parseHTML("<!doctype html><html></html>") as unknown as { readonly document: never };

/** The size of an axis's numbers. */
const SIZE = 12;

/** Where values lie between axes: in pixels. */
export interface Placement {
  /** From the left. */
  readonly x: (value: number) => number;
  /** From above. */
  readonly y: (value: number) => number;
}

/** What stands at the axes, and below the marks. */
export interface AxesParts {
  /** What goes from left to right. */
  readonly xLabel?: string | undefined;
  /** What goes from below to above. */
  readonly yLabel?: string | undefined;
  /** Draws what lies below all marks. */
  readonly under?: (at: Placement) => string;
}

/** Axes with marks between them. */
export function axes(
  options: Omit<Plot.PlotOptions, "document"> & { readonly width: number; readonly height: number },
  { xLabel, yLabel, under }: AxesParts = {},
): string {
  const { width, height } = options;
  const layout: Plot.PlotOptions = {
    marginTop: yLabel === undefined ? 12 : 28,
    marginRight: 20,
    marginBottom: xLabel === undefined ? 28 : 44,
    ...options,
    x: { label: null, ...options.x },
    y: { label: null, ...options.y },
  };
  const draw = (marginLeft: number) => Plot.plot({ ...layout, marginLeft, document }) as unknown as PlotElement;
  // How much room the numbers of the y axis take is known once they are there.
  const left = options.marginLeft ?? Math.max(40, 26 + Math.ceil(labelWidth(draw(40).outerHTML)));
  const plot = draw(left);
  const place = (name: string) => (value: number) => plot.scale(name)!.apply(value);
  const middle = (left + width - layout.marginRight!) / 2;
  return [
    under?.({ x: place("x"), y: place("y") }) ?? "",
    compact(plot.outerHTML, options),
    yLabel === undefined ? "" : label(fitted(yLabel, width - 32, SIZE), 16, 14, SIZE),
    xLabel === undefined
      ? ""
      : label(fitted(xLabel, 2 * Math.min(middle, width - middle) - 16, SIZE), middle, height - 8, SIZE, {
        "text-anchor": "middle",
      }),
  ].join("");
}

/** A linear axis that shows these values, even if they are all the same. */
export function linear([least, largest]: readonly [number, number]): Plot.ScaleOptions {
  const size = Math.max(Math.abs(least), Math.abs(largest));
  return {
    type: "linear",
    domain: [...padded([least, largest])],
    nice: true,
    // Numbers with more digits than are read are written with an exponent.
    ...(size >= 1e7 && largest - least > 1e-3 * size || size < 1e-4 && size > 0 ? { tickFormat: exponential } : {}),
  };
}

/** A linear axis from left to right that begins and ends with these values, with as many numbers as there is room for. */
export function across(extent: readonly [number, number], width: number): Plot.ScaleOptions {
  const widest = Math.max(...extent.map((value) => textWidth(grouped(Number(value.toPrecision(2))), SIZE)));
  return { ...linear(extent), nice: false, ticks: Math.max(2, Math.floor(width / Math.max(80, widest + 40))) };
}

/** A logarithmic axis that shows these values. */
export function logarithmic([least, largest]: readonly [number, number]): Plot.ScaleOptions {
  const narrow = largest / least < 30;
  return {
    type: "log",
    domain: least < largest ? [least, largest] : [least / 2, largest * 2],
    tickFormat: (value: number) => narrow || isPowerOfTen(value) ? short(value) : "",
  };
}

function isPowerOfTen(value: number): boolean {
  const exponent = Math.log10(value);
  return Math.abs(exponent - Math.round(exponent)) < 1e-9;
}

function exponential(value: number): string {
  return value === 0 ? "0" : value.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
}

interface PlotElement {
  readonly outerHTML: string;
  scale(name: string): { apply(value: number): number } | undefined;
}

function labelWidth(svg: string): number {
  const axis = /aria-label="y-axis tick label">(.*?)<\/g>/s.exec(svg)?.[1] ?? "";
  const labels = [...axis.matchAll(/>([^<]*)<\/text>/g)].map(([, text]) => textWidth(text!, SIZE));
  return Math.max(0, ...labels);
}

/** Plot's SVG without style sheet, with larger text and with fewer decimals. */
function compact(svg: string, { width, height }: { readonly width: number; readonly height: number }): string {
  const content = svg.replace(/^<svg[^>]*>(?:<style>.*?<\/style>)?/s, "").replace(/<\/svg>$/, "")
    .replaceAll(/ aria-[a-z]+="[^"]*"/g, "")
    .replaceAll(
      /( (?:transform|d|x|y|x1|x2|y1|y2|cx|cy|r|width|height)=")([^"]*)"/g,
      (_, name: string, value: string) =>
        `${name}${value.replaceAll(/-?\d+\.\d+/g, (number) => decimals(Number(number)))}"`,
    );
  return `<svg width="${decimals(width)}" height="${
    decimals(height)
  }" ${FONT} font-size="${SIZE}" text-anchor="middle" ` +
    `fill="currentColor">${content}</svg>`;
}
