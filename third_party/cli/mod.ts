/**
 * Stands in for `@std/cli` on a machine that cannot reach JSR (`deno.offline.json` links it): `parseArgs` as far as
 * this project uses it, on Node's parser. Written for this project.
 *
 * @module
 */

import { parseArgs as parseNode } from "node:util";

/** What {@linkcode parseArgs} understands, in the real package's words. */
export interface ParseOptions {
  /** Flags without a value; `false` when absent. */
  boolean?: readonly string[];
  /** Options with a text value. */
  string?: readonly string[];
  /** Values of absent options. */
  default?: Record<string, unknown>;
  /** Other names of an option. */
  alias?: Record<string, string | readonly string[]>;
}

/** Parses a command line; what is not an option is listed under `_`. */
// deno-lint-ignore no-explicit-any -- the real package infers each value's type from the options
export function parseArgs(args: readonly string[], options: ParseOptions = {}): { _: string[]; [name: string]: any } {
  const type = (name: string): "boolean" | "string" => options.boolean?.includes(name) ? "boolean" : "string";
  const canonical = new Map<string, string>();
  for (const name of [...options.boolean ?? [], ...options.string ?? []]) canonical.set(name, name);
  for (const [name, others] of Object.entries(options.alias ?? {})) {
    for (const other of [others].flat() as string[]) canonical.set(other, name);
  }
  // Node knows one letter names only as the short form of a long one, so they go through the same table both ways.
  const known: Record<string, { type: "boolean" | "string"; short?: string }> = {};
  for (const [name, target] of canonical) {
    known[name] = name.length === 1 ? { type: type(target), short: name } : { type: type(target) };
  }
  const { values, positionals } = parseNode({
    args: [...args],
    options: known,
    strict: false,
    allowPositionals: true,
  });
  const result: { _: string[]; [name: string]: unknown } = { _: positionals };
  for (const name of options.boolean ?? []) result[name] = false;
  for (const [name, value] of Object.entries(options.default ?? {})) result[name] = value;
  for (const [name, value] of Object.entries(values)) result[canonical.get(name) ?? name] = value;
  for (const [other, name] of canonical) if (name in result) result[other] = result[name];
  return result;
}
