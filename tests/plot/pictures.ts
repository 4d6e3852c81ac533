/**
 * Looking at pictures: their text, and the pixels that they carry.
 *
 * @module
 */

import { readImage } from "../../data/images.ts";
import type { Tensor } from "../../mod.ts";
import type { Figure } from "../../plot/mod.ts";

/** All text of a picture, in the order in which it is drawn. */
export function textsOf({ svg }: Pick<Figure, "svg">): string[] {
  const characters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text!.replaceAll(/&(\w+);/g, (_, name: string) => characters[name]!)
  );
}

/** The PNG files within a picture, as tensors [3, H, W]. */
export function imagesOf({ svg }: Figure): Tensor[] {
  return [...svg.matchAll(/data:image\/png;base64,([^"]*)"/g)].map(([, data]) =>
    readImage(Uint8Array.from(atob(data!), (character) => character.charCodeAt(0)))
  );
}

/** The curves of a picture: their points in pixels, and their colours. A gap begins a new piece. */
export function curvesOf({ svg }: Figure): { readonly color: string; readonly pieces: [x: number, y: number][][] }[] {
  return [...svg.matchAll(/stroke-width="1\.75" stroke="(#\w+)"[^>]*><path d="([^"]*)"/g)].map(([, color, d]) => ({
    color: color!,
    pieces: d!.split(/M/).slice(1).map((piece) =>
      piece.split("L").map((point) => point.split(",").map(Number) as [number, number])
    ),
  }));
}

/** How many dots there are of each colour. */
export function dotsOf({ svg }: Figure): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, attributes, content] of svg.matchAll(/<g([^>]*)>((?:<circle[^>]*>)+)/g)) {
    const common = /fill="(#\w+)"/.exec(attributes!)?.[1];
    for (const [circle] of content!.matchAll(/<circle[^>]*>/g)) {
      const color = /fill="(#\w+)"/.exec(circle)?.[1] ?? common ?? "";
      counts[color] = (counts[color] ?? 0) + 1;
    }
  }
  return counts;
}
