/**
 * The pictures of docs/pictures.md, drawn by the blocks above them. As a program, writes them to docs/pictures/.
 *
 * @module
 */

import type { Figure } from "../../plot/mod.ts";

const root = new URL("../../", import.meta.url);

/** Where a picture of the page is kept. */
export function fileOf(name: string): URL {
  return new URL(`docs/${name}`, root);
}

/** The pictures of the page: the files that it names, and what the blocks above them draw. */
export async function drawnPictures(): Promise<Map<string, Figure>> {
  const page = Deno.readTextFileSync(fileOf("pictures.md")), drawn = new Map<string, Figure>();
  for (const [, code, name] of page.matchAll(/^```ts\n((?:(?!^```).)*)^```\n\n!\[[^\]]*\]\(([^)]*)\)/gms)) {
    const absolute = code!.replaceAll("console.log(", "void (")
      .replaceAll('"@tensaur/tensaur"', `"${new URL("mod.ts", root)}"`)
      .replaceAll('"@tensaur/tensaur/plot"', `"${new URL("plot/mod.ts", root)}"`);
    const block = await import(`data:application/typescript,${encodeURIComponent(`${absolute}\nexport { figure };`)}`);
    drawn.set(name!, block.figure);
  }
  return drawn;
}

if (import.meta.main) {
  for (const [name, figure] of await drawnPictures()) {
    await figure.save(fileOf(name));
    console.log(`${name}: ${figure.svg.length} bytes`);
  }
}
