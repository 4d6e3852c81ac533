/**
 * SVG as PNG, by resvg.
 *
 * @module
 */

// Named here so that the package with the font is there: its files can't be imported.
import font from "@fontsource/dejavu-sans/metadata.json" with { type: "json" };
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { attempt, pathOf } from "../data/files.ts";
import { TensaurError } from "../tensor/mod.ts";
import { SHARP } from "./svg.ts";

interface FileSystem {
  readFileSync(path: string): Uint8Array<ArrayBuffer>;
}

let fonts: Promise<Uint8Array[]> | undefined;

/** Starts the renderer, once, and reads the fonts. */
async function start(): Promise<Uint8Array[]> {
  // As packages, not by the names in the import map: these are not replaced when the library is published.
  const renderer = import.meta.resolve("npm:@resvg/resvg-wasm@^2/index_bg.wasm");
  const files = ["400-normal", "700-normal"].map((style) =>
    import.meta.resolve(`npm:@fontsource/dejavu-sans@^5/files/dejavu-sans-latin-${style}.woff2`)
  );
  await initWasm(read(renderer));
  return files.map(read);
}

function read(url: string): Uint8Array<ArrayBuffer> {
  if (!url.startsWith("file:")) {
    throw new TensaurError(`Cannot draw a PNG in this host: ${url} is no file here. Keep the picture as SVG`);
  }
  const path = pathOf(new URL(url));
  try {
    return attempt(path, "Keep the picture as SVG", (fs: FileSystem) => fs.readFileSync(path));
  } catch (error) {
    if (!(error instanceof TensaurError) || error.cause === undefined) throw error;
    const message = "Cannot draw a PNG without permission to read: the renderer and the font are files of packages. " +
      "Run with --allow-read, or keep the picture as SVG";
    throw new TensaurError(message, { cause: error.cause });
  }
}

/** A picture in SVG, `scale` times as large, as the content of a PNG file. */
export async function png(svg: string, scale: number): Promise<Uint8Array<ArrayBuffer>> {
  fonts ??= start().catch((error) => {
    fonts = undefined;
    throw error;
  });
  const { family } = font;
  // The renderer knows the attribute beside it, and not this style, which browsers want.
  const renderer = new Resvg(svg.replaceAll(SHARP.style, ""), {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontBuffers: await fonts,
      defaultFontFamily: family,
      sansSerifFamily: family,
      monospaceFamily: family,
    },
  });
  try {
    return Uint8Array.from(renderer.render().asPng());
  } finally {
    renderer.free();
  }
}
