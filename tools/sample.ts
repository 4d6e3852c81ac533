/**
 * `deno task sample --corpus DIR --result FILE`: chooses the sample of the conformance corpus that `tests/conformance` runs, for each operation
 * that the library has. FILE is what `run.ts --device cpu --json FILE` of the corpus wrote. Small cases are taken before large ones, and
 * none with complex numbers, which the library does not have. A case that fails is left out, and named, unless
 * `tests/conformance/known_failures.json` lists it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import known from "../tests/conformance/known_failures.json" with { type: "json" };
import { root } from "./deno.ts";

/** The most bytes that the sample may have. */
const BUDGET = 1_900_000;
/** Cases beyond the first of an operation are at most this large. */
const LARGE = 8_000;

interface Case {
  readonly id: string;
  readonly complex?: boolean;
  readonly grads?: unknown;
}

interface Operation {
  readonly op: string;
  readonly kind: string;
  readonly cases: readonly Case[];
  readonly errors: readonly Case[];
}

/** How an operation fared. */
interface Result {
  readonly op: string;
  readonly missing: boolean;
  readonly failures: readonly { readonly id: string; readonly what: string }[];
}

/** One chosen case as a line of JSON, and the list that it belongs to. */
interface Line {
  readonly text: string;
  readonly list: "cases" | "errors";
}

/** A case as JSON, which has no way of its own to write a negative zero. */
function written(c: Case): string {
  const marked = JSON.stringify(c, (_, value) => Object.is(value, -0) ? "negative zero" : value);
  return marked.replaceAll('"negative zero"', "-0.0");
}

/** Cases in the order in which they are chosen: a small one with gradients, a refusal, one of middling size, and the rest by size. */
function ranked({ cases, errors }: Operation, leftOut: ReadonlySet<string>): Line[] {
  const lines = (list: Line["list"], from: readonly Case[]) =>
    from.filter(({ complex, id }) => !complex && !leftOut.has(id)).map((c) => ({
      text: written(c),
      list,
      slopes: c.grads !== undefined,
    }))
      .sort((a, b) => a.text.length - b.text.length);
  const calls = lines("cases", cases), refusals = lines("errors", errors);
  const first = calls.find(({ slopes, text }) => slopes && text.length > 400) ?? calls.find(({ slopes }) => slopes);
  const middle = calls[Math.floor(calls.length / 2)];
  return [...new Set([first ?? calls[0], refusals[0], middle, ...calls, ...refusals])].filter((line) =>
    line !== undefined
  );
}

const { corpus, result } = parseArgs({
  options: { corpus: { type: "string", default: "../shared/conformance" }, result: { type: "string" } },
}).values;
if (result === undefined) {
  console.error(
    "usage: deno task sample --result FILE [--corpus DIR], where the corpus's run.ts --json FILE wrote the file",
  );
  Deno.exit(2);
}
const folder = new URL(`${corpus}/`, `file://${Deno.cwd()}/`);
const read = async (url: URL) => JSON.parse(await Deno.readTextFile(url));
const { ops: results } = await read(new URL(result, `file://${Deno.cwd()}/`));
const present = new Map((results as Result[]).filter(({ missing }) => !missing).map((result) => [result.op, result]));
const listed = new Set(known.flatMap(({ cases }) => cases));
const failing = [...present.values()].flatMap(({ failures }) => failures)
  .filter(({ id, what }) => !listed.has(`${id} ${what}`)).map(({ id }) => id);
const leftOut = new Set(failing);
const index = (await read(new URL("index.json", folder))).ops as { op: string; file: string; category: string }[];

const chosen = await Promise.all(
  index.filter(({ op }) => present.has(op)).map(async ({ file, category }) => {
    const operation: Operation = await read(new URL(file, folder));
    return { category, operation, ranked: ranked(operation, leftOut), lines: [] as Line[] };
  }),
);
let bytes = 0;
for (let round = 0; chosen.some(({ ranked }) => ranked.length > round); round++) {
  for (const { ranked, lines } of chosen) {
    const line = ranked[round];
    if (line === undefined || round > 0 && line.text.length > LARGE || bytes + line.text.length > BUDGET) continue;
    bytes += line.text.length;
    lines.push(line);
  }
}

const target = new URL("tests/conformance/sample/", root);
await Deno.remove(target, { recursive: true }).catch(() => {});
await Deno.mkdir(target);
for (const [category, members] of Map.groupBy(chosen, ({ category }) => category)) {
  const operations = members.filter(({ lines }) => lines.length > 0).map(({ operation: { op, kind }, lines }) => {
    const list = (name: Line["list"]) => lines.filter((line) => line.list === name).map(({ text }) => text).join(",\n");
    return `{"op":${JSON.stringify(op)},"kind":${JSON.stringify(kind)},"cases":[\n${list("cases")}\n],"errors":[\n${
      list("errors")
    }\n]}`;
  });
  await Deno.writeTextFile(new URL(`${category}.json`, target), `[\n${operations.join(",\n")}\n]\n`);
}
if (leftOut.size > 0) console.log(`Left out, for they fail and are not listed: ${[...leftOut].join(", ")}`);
const count = chosen.reduce((sum, { lines }) => sum + lines.length, 0);
console.log(`${count} cases of ${chosen.filter(({ lines }) => lines.length > 0).length} operations, ${bytes} bytes`);
