/**
 * Whatever an entry point exports and can be called or made has an example. That examples run is `deno test --doc`'s to see.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };

interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string };
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly { readonly kind: string }[] };
}

interface Documentation {
  readonly nodes: Readonly<
    Record<string, { readonly symbols: readonly { readonly name: string; readonly declarations: Declaration[] }[] }>
  >;
}

/** What `deno doc` reads in the entry points. */
async function documentation(): Promise<Documentation> {
  const cwd = new URL("..", import.meta.url);
  const args = ["doc", "--json", ...Object.values(config.exports)];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function hasExample({ jsDoc }: Declaration): boolean {
  return jsDoc?.doc?.includes("```ts") === true || jsDoc?.tags?.some(({ kind }) => kind === "example") === true;
}

Deno.test("every function, class and constant of an entry point has an example", async () => {
  const found = new Map<string, boolean>();
  for (const { symbols } of Object.values((await documentation()).nodes)) {
    for (const { name, declarations } of symbols) {
      const made = declarations.filter(({ kind }) => ["function", "class", "variable"].includes(kind));
      if (made.length === 0) continue;
      const place = `${name} of ${made[0]!.location.filename.split("/").slice(-2).join("/")}`;
      found.set(place, found.get(place) || made.some(hasExample));
    }
  }
  assert(found.size > 500, `found ${found.size} exports only`);
  assertEquals([...found].flatMap(([place, has]) => has ? [] : [place]), []);
});
