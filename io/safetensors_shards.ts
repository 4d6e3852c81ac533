/**
 * Safetensors in several files, with an index that says which tensor is in which.
 *
 * @module
 */

import { closing, openSource, type Source } from "../data/source.ts";
import type { StateDict } from "../nn/module_state.ts";
import { ValueError } from "../tensor/mod.ts";
import { writeContent } from "./content.ts";
import { SafetensorsFile } from "./safetensors_file.ts";
import { compareText, jsonRecord, readHeader, type SafetensorsEntry } from "./safetensors_header.ts";
import { type StoredType, tensorLength } from "./stored_types.ts";
import type { Located } from "./tensor_file.ts";

/** Longer indices are refused. */
const LONGEST = 100_000_000;

interface OpenShard {
  readonly source: Source;
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
}

function nameIn(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}

/** The tensors that an index lists, with the files that they are in open. */
export function openShards(path: string): SafetensorsFile {
  const { map, metadata } = readIndex(path);
  const folder = path.slice(0, path.length - nameIn(path).length), shards = new Map<string, OpenShard>();
  try {
    const entries = map.map(([name, file]): [string, Located<StoredType>] => {
      let shard = shards.get(file);
      if (shard === undefined) {
        const source = openSource(folder + file);
        shards.set(file, { source, entries: new Map() });
        shards.set(file, shard = { source, entries: readHeader(source).entries });
      }
      const entry = shard.entries.get(name);
      if (entry === undefined) throw new ValueError(`Cannot read ${path}: there is no "${name}" in ${file}`);
      return [name, { ...entry, source: shard.source }];
    });
    return new SafetensorsFile(path, new Map(entries), [...shards.values()].map(({ source }) => source), metadata);
  } catch (error) {
    for (const { source } of shards.values()) source[Symbol.dispose]();
    throw error;
  }
}

function readIndex(path: string): { map: [name: string, file: string][]; metadata: Record<string, string> } {
  const bytes = closing(openSource(path), (index) => {
    if (index.size <= LONGEST) return index.read(0, index.size);
    throw new ValueError(`Cannot read ${path}: an index of ${index.size} bytes; at most ${LONGEST} are allowed`);
  });
  const { weight_map: map, metadata } = jsonRecord(bytes, path, "the index");
  if (typeof map !== "object" || map === null) throw new ValueError(`Cannot read ${path}: the index has no weight_map`);
  for (const [name, file] of Object.entries(map)) {
    if (typeof file === "string" && !/[/\\\0]|^\.*$/.test(file)) continue;
    throw new ValueError(`Cannot read ${path}: "${name}" is in ${JSON.stringify(file)}, which is no name of a file`);
  }
  const texts = Object.entries(metadata ?? {}).map(([key, value]) => [key, String(value)]);
  return { map: Object.entries(map), metadata: Object.fromEntries(texts) };
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** The number of bytes that a text such as "5GB" or "2GiB" stands for. */
function byteCount(size: number | string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]?i?)B$/.exec(String(size)) ?? [];
  const bytes = typeof size === "number" ? size : Number(digits) * (UNITS[unit ?? ""] ?? NaN);
  if (bytes > 0) return bytes;
  throw new ValueError(
    `Cannot write shards of ${typeof size === "number" ? size : JSON.stringify(size)} bytes: expected more than 0, ` +
      'or a text such as "5GB", "500MB" or "2GiB"',
  );
}

/** A file to be written, and what goes into it. */
export interface Shard {
  /** Its path. */
  readonly file: string;
  /** Its tensors by name. */
  readonly tensors: StateDict;
}

/** Tensors in their order, shared out among files of at most `limit` bytes; a larger one has a file of its own. */
export function shardsOf(state: Readonly<StateDict>, limit: number | string, path: string): Shard[] {
  const most = byteCount(limit), groups: StateDict[] = [];
  let open: StateDict = {}, filled = 0;
  for (const [name, x] of Object.entries(state)) {
    const bytes = tensorLength(x);
    if (bytes > most) {
      groups.push({ [name]: x });
      continue;
    }
    if (filled + bytes > most) {
      groups.push(open);
      open = {};
      filled = 0;
    }
    open[name] = x;
    filled += bytes;
  }
  if (Object.keys(open).length > 0 || groups.length === 0) groups.push(open);
  if (groups.length === 1) return [{ file: path, tensors: groups[0]! }];
  const stem = stemOf(path), number = (i: number): string => String(i).padStart(5, "0");
  return groups.map((tensors, i) => ({
    file: `${stem}-${number(i + 1)}-of-${number(groups.length)}.safetensors`,
    tensors,
  }));
}

function stemOf(path: string): string {
  return path.replace(/\.safetensors$/, "");
}

/** Writes the index of several files beside them. */
export function writeIndex(path: string, shards: readonly Shard[]): void {
  const places = shards.flatMap(({ file, tensors }) =>
    Object.keys(tensors).map((name) => [name, nameIn(file)] as const)
  );
  const sizes = shards.flatMap(({ tensors }) => Object.values(tensors).map(tensorLength));
  const index = {
    metadata: { total_size: sizes.reduce((sum, size) => sum + size, 0) },
    weight_map: Object.fromEntries(places.sort(([a], [b]) => compareText(a, b))),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(index, null, 2) + "\n");
  writeContent(`${stemOf(path)}.safetensors.index.json`, { length: bytes.length, chunks: () => [bytes] });
}
