/**
 * The pages of docs/ and the README print what they say: in their code, comments are the output of the block they stand in. That
 * the blocks compile is `deno test --doc`'s to see.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { setDefaultDevice } from "../mod.ts";

const root = new URL("..", import.meta.url);
const exported: Record<string, string> = config.exports;

/** The blocks of TypeScript of a page, with their lines. */
function blocksOf(text: string): { line: number; code: string }[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((found) => ({
    line: text.slice(0, found.index).split("\n").length + 1,
    code: found[1]!,
  }));
}

/** What the comments of a block say. */
function expected(code: string): string {
  return code.split("\n").flatMap((line) => /(?:^|\s)\/\/ ?(.*)$/.exec(line)?.[1] ?? []).join("\n");
}

/** What a block prints. */
async function printed(code: string): Promise<string> {
  const absolute = code
    .replaceAll(/from "@tensaur\/tensaur([^"]*)"/g, (_, entry) => `from "${new URL(exported[`.${entry}`]!, root)}"`)
    .replaceAll('from "../', `from "${root}`);
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values) => {
    lines.push(values.map((value) => typeof value === "string" ? value : Deno.inspect(value)).join(" "));
  };
  try {
    await import(`data:application/typescript,${encodeURIComponent(`${absolute}\nexport {};`)}`);
  } finally {
    console.log = log;
  }
  return lines.join("\n").replaceAll(/ +$/gm, "");
}

const pages = [...Deno.readDirSync(new URL("docs/", root))].map(({ name }) => `docs/${name}`)
  .filter((name) => name.endsWith(".md")).sort();
for (const page of ["README.md", ...pages]) {
  const blocks = blocksOf(Deno.readTextFileSync(new URL(page, root))).filter(({ code }) => expected(code) !== "");
  if (blocks.length === 0) continue;
  Deno.test(`${page} prints what it says`, async () => {
    setDefaultDevice("cpu");
    for (const { line, code } of blocks) assertEquals(await printed(code), expected(code), `${page}:${line}`);
  });
}
