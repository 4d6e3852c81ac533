/**
 * Pictures that tensors are.
 *
 * @module
 */

import { type ImageOptions as RasterOptions, rasterOf } from "../data/raster.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { Figure, nameOf } from "./figure.ts";
import { grouped } from "./numbers.ts";
import { heading, MARGIN } from "./panel.ts";
import { pixels } from "./pixels.ts";
import { fitted, label, moved, PALE } from "./svg.ts";

/** Options of `image`. */
export interface ImageOptions extends RasterOptions {
  /** What stands above. */
  readonly title?: string;
  /** What stands above each picture, such as its class. */
  readonly captions?: readonly string[];
}

/** Of more pictures the first are drawn. */
const MANY = 256;
/** About how wide small pictures become. */
const WIDE = 480;

/**
 * A tensor as a picture: grey from [H, W] or [1, H, W], colour from [3, H, W], with transparency from [4, H, W], and from [N, C, H, W] a grid,
 * row by row, by torchvision's rules: `nrow` pictures in a row, `padding` elements of `padValue` between them. Numbers with a fraction go
 * from 0, black, to 1, uint8 from 0 to 255; what is beyond is cut off, and NaN is black. `normalize` brings other ranges there.
 *
 * Small pictures are enlarged by a whole number, or by `scale`. Of more than 256 pictures the first 256 are drawn, and a note says so.
 *
 * @example
 * ```ts
 * import { rand } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * console.log(plot.image(rand([6, 1, 8, 8]), { nrow: 3, captions: ["0", "1", "2", "3", "4", "5"] }));
 * // Figure 482x368: 6 pictures of 8x8
 * ```
 *
 * @throws {ShapeError} for a tensor of another shape
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html}
 */
export function image(x: Tensor, options: ImageOptions = {}): Figure {
  const { title, captions, nrow = 8, padding = 2 } = options, isGrid = x.ndim === 4;
  const total = isGrid ? x.shape[0]! : 1, count = Math.min(total, MANY);
  if (captions !== undefined && captions.length !== total) {
    throw new ValueError(`Cannot write ${captions.length} captions above ${total} pictures: pass one for each`);
  }
  const shown = count < total ? x.at(`:${MANY}`) : x, [height, width] = x.shape.slice(-2) as [number, number];
  const notes = count < total ? [`The first ${MANY} of ${grouped(total)} pictures`] : [];
  const columns = Math.min(nrow, Math.max(count, 1)), across = isGrid ? columns * (width + padding) + padding : width;
  const scale = options.scale ?? Math.max(1, Math.round(WIDE / across));
  const content = captions === undefined ? together() : apart(captions.slice(0, count));
  const top = title === undefined ? MARGIN : 36, bottom = notes.length > 0 ? 28 : MARGIN;
  const full = { width: Math.max(80, content.width + 2 * MARGIN), height: content.height + top + bottom };
  const parts = [
    ...heading(title, full.width),
    moved(MARGIN, top, content.svg),
    ...notes.map((note) =>
      label(fitted(note, full.width - 2 * MARGIN, 11), MARGIN, full.height - 8, 11, { fill: PALE })
    ),
  ];
  const what = `${isGrid ? `${grouped(total)} picture${total === 1 ? "" : "s"}` : "a picture"} of ${width}x${height}`;
  const text = [`${nameOf(full, title)}: ${what}`, ...notes].join("; ");
  return new Figure(full.width, full.height, parts.join(""), text);

  /** All pictures as one. */
  function together(): { readonly width: number; readonly height: number; readonly svg: string } {
    const raster = rasterOf(shown, { ...options, scale: 1 });
    const box = { x: 0, y: 0, width: raster.width * scale, height: raster.height * scale };
    return { ...box, svg: pixels(raster, box) };
  }

  /** Each picture with its caption. */
  function apart(
    captions: readonly string[],
  ): { readonly width: number; readonly height: number; readonly svg: string } {
    const strip = rasterOf(shown, { ...options, scale: 1, nrow: 1, padding: 0 });
    const { channels, data } = strip, size = width * height * channels;
    const cell = { width: (width + padding) * scale, height: (height + padding) * scale + 18 };
    const svg = captions.map((caption, i) => {
      const x = i % columns * cell.width, y = Math.floor(i / columns) * cell.height;
      const picture = { width, height, channels, data: data.slice(i * size, (i + 1) * size) };
      return label(fitted(caption, cell.width - 2, 12), x, y + 12, 12) +
        pixels(picture, { x, y: y + 18, width: width * scale, height: height * scale });
    });
    return {
      width: columns * cell.width,
      height: Math.ceil(captions.length / columns) * cell.height,
      svg: svg.join(""),
    };
  }
}
