/**
 * Pictures that can be kept and shown.
 *
 * @module
 */

import { attempt, pathOf } from "../data/files.ts";
import { ValueError } from "../tensor/mod.ts";
import { escapeHtml } from "../tensor/table.ts";
import { png } from "./png.ts";
import { element, FONT, INK } from "./svg.ts";

/** Options of every picture. */
export interface FigureOptions {
  /** What stands above. */
  readonly title?: string;
  /** Pixels from left to right. Default 640. */
  readonly width?: number;
  /** Pixels from top to bottom. Default 400. */
  readonly height?: number;
}

/** Options of a PNG file. */
export interface PngOptions {
  /** Pixels of the file to a pixel of the picture. Default 2, for sharp text. */
  readonly scale?: number;
}

interface FileSystem {
  writeFileSync(path: string, content: string | Uint8Array): void;
}

/**
 * A picture, in SVG. A notebook shows it as the last value of a cell; `console.log` says what it is; `save` writes it to a file.
 *
 * @example
 * ```ts
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const figure = plot.line([3, 1, 2], { title: "Three points" });
 * console.log(figure.width, figure.height, figure.svg.startsWith("<svg ")); // 640 400 true
 * console.log(figure); // Figure 640x400 "Three points": a curve of 3 points
 * ```
 */
export class Figure {
  /** The picture. */
  readonly svg: string;
  /** @ignore */
  constructor(
    /** Pixels from left to right. */
    readonly width: number,
    /** Pixels from top to bottom. */
    readonly height: number,
    content: string,
    /** What the picture shows, in words. */
    readonly description: string,
  ) {
    const [w, h] = [Math.round(width), Math.round(height)], name = escapeHtml(description.split("\n")[0]!);
    const background = element("rect", { width: w, height: h, fill: "#ffffff" });
    const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" ${FONT} ` +
      `fill="${INK}" color="${INK}" text-rendering="geometricPrecision" role="img" aria-label="${name}">` +
      `${background}${content}</svg>`;
    // Control characters but tabs and line ends: most of them no file of XML may have.
    this.svg = text.toWellFormed().replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "\ufffd");
  }

  /** The picture as the content of an SVG file. */
  toString(): string {
    return this.svg;
  }

  /**
   * The picture as the content of a PNG file, with text in DejaVu Sans. Needs permission to read: the renderer and the font are files of
   * packages.
   *
   * ```ts
   * import * as plot from "@tensaur/tensaur/plot";
   *
   * const bytes = await plot.line([3, 1, 2], { width: 200, height: 100 }).png({ scale: 1 });
   * console.log(String.fromCharCode(...bytes.subarray(1, 4))); // PNG
   * ```
   */
  async png({ scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
    if (!(scale > 0 && Number.isFinite(scale))) {
      throw new ValueError(`Cannot draw a PNG at scale ${scale}: it is a number above 0, such as 2`);
    }
    return await png(this.svg, scale);
  }

  /**
   * Writes the picture to a file that ends in .svg or .png. An SVG file is there when `save` returns; a PNG file has to be awaited.
   *
   * ```ts
   * import * as plot from "@tensaur/tensaur/plot";
   *
   * const folder = Deno.makeTempDirSync();
   * const figure = plot.histogram([1, 2, 2, 3]);
   * figure.save(`${folder}/histogram.svg`);
   * await figure.save(`${folder}/histogram.png`);
   * ```
   *
   * @throws {ValueError} for a name that ends otherwise
   * @throws {TensaurError} for a folder that is not there, or without permission to write, which names the flag
   */
  save(path: string | URL, options: PngOptions = {}): Promise<void> {
    const file = pathOf(path), ending = /\.(svg|png)$/i.exec(file)?.[1]?.toLowerCase();
    const write = (content: string | Uint8Array) =>
      attempt(file, "Make it first", (fs: FileSystem) => fs.writeFileSync(file, content), "write");
    if (ending === "png") return this.png(options).then(write);
    if (ending === undefined) throw new ValueError(`Cannot save a picture as ${file}: the name ends in .svg or .png`);
    write(this.svg);
    return Promise.resolve();
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.description;
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.description, "image/svg+xml": this.svg };
  }
}

/** The width and height that a picture gets, checked. */
export function sizeOf(options: FigureOptions, height = 400): { readonly width: number; readonly height: number } {
  const size = { width: options.width ?? 640, height: options.height ?? height };
  for (const [name, value] of Object.entries(size)) {
    if (Number.isInteger(value) && value >= 80 && value <= 20_000) continue;
    throw new ValueError(`Cannot draw a picture of ${name} ${value}: it is a whole number of pixels from 80 to 20000`);
  }
  return size;
}

/** The first words of a figure's text. */
export function nameOf({ width, height }: { readonly width: number; readonly height: number }, title?: string): string {
  return `Figure ${Math.round(width)}x${Math.round(height)}${title === undefined ? "" : ` "${title}"`}`;
}
