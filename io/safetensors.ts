/**
 * Safetensors, the format in which weights are published.
 *
 * @module
 */

import { type FileSource, pathOf } from "../data/files.ts";
import type { StateDict } from "../nn/module_state.ts";
import { IndexError, Tensor, ValueError } from "../tensor/mod.ts";
import { type Content, contentBytes, type FileTarget, openSource, type Source, writeContent } from "./content.ts";
import { headerBytes, jsonRecord, readHeader, type SafetensorsEntry, writingOrder } from "./safetensors_header.ts";
import { type ReadOptions, storedTensor, tensorBytes } from "./stored_types.ts";

interface Located extends SafetensorsEntry {
  readonly source: Source;
}

/**
 * The tensors of a safetensors file, or of several with an index, each read when it is asked for.
 *
 * @example
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * const file: io.SafetensorsFile = io.openSafetensors(io.encodeSafetensors({ weight: ones([2, 3]) }));
 * console.log(file.keys(), file.info("weight").shape); // [ "weight" ] [ 2, 3 ]
 * ```
 *
 * @throws {IndexError} for a name that the file lacks
 * @see {@link https://huggingface.co/docs/safetensors}
 */
export class SafetensorsFile {
  readonly #name: string;
  readonly #entries: ReadonlyMap<string, Located>;

  /** Made by `openSafetensors`. */
  constructor(
    name: string,
    entries: ReadonlyMap<string, Located>,
    /** Texts that the file has besides the tensors. */
    readonly metadata: Readonly<Record<string, string>>,
  ) {
    this.#name = name;
    this.#entries = entries;
  }

  #entry(name: string): Located {
    const found = this.#entries.get(name);
    if (found === undefined) throw new IndexError(`Cannot find a tensor "${name}" in ${this.#name}: see keys()`);
    return found;
  }

  /** The names of the tensors. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** The type of a tensor's elements, its shape and its place, without reading it. */
  info(name: string): SafetensorsEntry {
    const { dtype, shape, start, length } = this.#entry(name);
    return { dtype, shape, start, length };
  }

  /** Reads one tensor. */
  getTensor(name: string, options: ReadOptions = {}): Tensor {
    const { source, start, length, dtype, shape } = this.#entry(name);
    return storedTensor(source.read(start, length), dtype, shape, options, `"${name}" of ${source.name}`);
  }

  /** Reads all tensors, one after the other. */
  stateDict(options: ReadOptions = {}): StateDict {
    return Object.fromEntries(this.keys().map((name) => [name, this.getTensor(name, options)]));
  }
}

/**
 * Opens a safetensors file, or the index of a sharded one (`model.safetensors.index.json`), of which only headers are read; tensors
 * are read one by one when they are asked for.
 *
 * Elements keep their type where there is such a dtype on the device. F64 becomes float32 where the device has no float64 (WebGPU);
 * F16 becomes float32 where it has no float16 (the CPU); BF16, F8_E4M3 and F8_E5M2 become float32, which holds all their values; I8,
 * I16 and U16 become int32; I64 becomes int32, or uint32 where only that holds all its numbers, and U64 uint32; where none does, that
 * is an error.
 *
 * Errors: a file that is no safetensors file or is damaged, a missing file or shard, missing permission to read.
 *
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * const file = io.openSafetensors(io.encodeSafetensors({ weight: ones([2, 3]), bias: ones([2]) }));
 * console.log(file.keys()); // [ "bias", "weight" ]
 * console.log(file.info("weight").shape); // [ 2, 3 ]
 * console.log(file.getTensor("bias")); // tensor([1., 1.])
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://huggingface.co/docs/safetensors/index}
 */
export function openSafetensors(source: FileSource): SafetensorsFile {
  if (!(source instanceof Uint8Array) && pathOf(source).endsWith(".json")) return openShards(pathOf(source));
  const opened = openSource(source);
  const { entries, metadata } = readHeader(opened);
  const located = [...entries].map(([name, entry]): [string, Located] => [name, { ...entry, source: opened }]);
  return new SafetensorsFile(opened.name, new Map(located), metadata);
}

function openShards(path: string): SafetensorsFile {
  const index = openSource(path);
  const { weight_map: map, metadata } = jsonRecord(index.read(0, index.size), path, "the index");
  if (typeof map !== "object" || map === null) throw new ValueError(`Cannot read ${path}: the index has no weight_map`);
  const folder = path.slice(0, path.length - path.split(/[/\\]/).at(-1)!.length);
  const shards = new Map<string, { source: Source; entries: ReadonlyMap<string, SafetensorsEntry> }>();
  const entries = Object.entries(map).map(([name, file]): [string, Located] => {
    if (typeof file !== "string" || /[/\\\0]|^\.*$/.test(file)) {
      throw new ValueError(`Cannot read ${path}: "${name}" is in ${JSON.stringify(file)}, which is no name of a file`);
    }
    let shard = shards.get(file);
    if (shard === undefined) {
      const source = openSource(folder + file);
      shards.set(file, shard = { source, entries: readHeader(source).entries });
    }
    const entry = shard.entries.get(name);
    if (entry === undefined) throw new ValueError(`Cannot read ${path}: there is no "${name}" in ${file}`);
    return [name, { ...entry, source: shard.source }];
  });
  const texts = Object.entries(metadata ?? {}).map(([key, value]) => [key, String(value)]);
  return new SafetensorsFile(path, new Map(entries), Object.fromEntries(texts));
}

/**
 * The tensors of a safetensors file by name, or of a sharded one by its index; `openSafetensors` says what they become and what is
 * refused.
 *
 * ```ts
 * import { io, nn } from "@tensaur/tensaur";
 *
 * const path = `${Deno.makeTempDirSync()}/model.safetensors`;
 * const model = new nn.Linear(4, 2), copy = new nn.Linear(4, 2);
 * io.writeSafetensors(path, model.stateDict());
 * console.log(copy.loadStateDict(io.readSafetensors(path))); // <All keys matched successfully>
 * ```
 *
 * @param source A path, or the content of a file.
 * @see {@link https://huggingface.co/docs/safetensors/api/torch}
 */
export function readSafetensors(source: FileSource, options: ReadOptions = {}): StateDict {
  return openSafetensors(source).stateDict(options);
}

/** Options of `encodeSafetensors`. */
export interface SafetensorsOptions {
  /** Texts to be kept besides the tensors. The `transformers` library wants `{ format: "pt" }`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Options of `writeSafetensors`. */
export interface SafetensorsFileOptions extends SafetensorsOptions {
  /** Tensors of more bytes than this are spread over several files with an index. No limit by default. */
  readonly maxShardSize?: number;
}

function contentOf(state: Readonly<StateDict>, { metadata }: SafetensorsOptions): Content {
  for (const [name, value] of Object.entries(state)) {
    if (!(value instanceof Tensor)) throw new ValueError(`Cannot write "${name}" as safetensors: it is no tensor`);
    if (name === "__metadata__") {
      throw new ValueError(`Cannot write a tensor "${name}" as safetensors: give another name`);
    }
  }
  const tensors = writingOrder(state);
  const header = headerBytes(tensors, metadata);
  return {
    length: tensors.reduce((sum, [, x]) => sum + bytesOf(x), header.length),
    *chunks() {
      yield header;
      for (const [, x] of tensors) yield tensorBytes(x);
    },
  };
}

function bytesOf(x: Tensor): number {
  return x.numel() * x.elementSize();
}

/**
 * The content of a safetensors file, byte for byte what the reference implementation writes.
 *
 * ```ts
 * import { io, tensor } from "@tensaur/tensaur";
 *
 * const bytes = io.encodeSafetensors({ x: tensor([1.5]) }, { metadata: { format: "pt" } });
 * console.log(io.readSafetensors(bytes).x); // tensor([1.5000])
 * ```
 *
 * @see {@link https://huggingface.co/docs/safetensors/index#format}
 */
export function encodeSafetensors(
  state: Readonly<StateDict>,
  options: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  return contentBytes(contentOf(state, options));
}

/**
 * Writes tensors by name to a safetensors file, as the reference implementation does; one tensor at a time is copied. Tensors that
 * share elements are each written.
 *
 * With `maxShardSize`, and more bytes than that, `model.safetensors` becomes `model-00001-of-00002.safetensors`, … and
 * `model.safetensors.index.json`, which is the file to read.
 *
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * const folder = Deno.makeTempDirSync();
 * io.writeSafetensors(`${folder}/model.safetensors`, { a: ones([8]), b: ones([8]) }, { maxShardSize: 40 });
 * console.log(Object.keys(io.readSafetensors(`${folder}/model.safetensors.index.json`))); // [ "a", "b" ]
 * ```
 *
 * @throws {ValueError} for what is no tensor, or shards of no bytes
 * @see {@link https://huggingface.co/docs/safetensors/api/torch}
 */
export function writeSafetensors(
  target: FileTarget,
  state: Readonly<StateDict>,
  { maxShardSize = Infinity, ...options }: SafetensorsFileOptions = {},
): void {
  if (!(maxShardSize > 0)) throw new ValueError(`Cannot write shards of ${maxShardSize} bytes: expected more than 0`);
  const shards: [string, Tensor][][] = [[]];
  let filled = 0;
  for (const [name, x] of Object.entries(state)) {
    if (filled > 0 && filled + bytesOf(x) > maxShardSize) {
      shards.push([]);
      filled = 0;
    }
    shards.at(-1)!.push([name, x]);
    filled += bytesOf(x);
  }
  const path = pathOf(target);
  if (shards.length === 1) return writeContent(path, contentOf(state, options));

  const stem = path.replace(/\.safetensors$/, ""), count = String(shards.length).padStart(5, "0");
  const weightMap: [string, string][] = [];
  shards.forEach((shard, i) => {
    const file = `${stem}-${String(i + 1).padStart(5, "0")}-of-${count}.safetensors`;
    writeContent(file, contentOf(Object.fromEntries(shard), options));
    for (const [name] of shard) weightMap.push([name, file.split(/[/\\]/).at(-1)!]);
  });
  const totalSize = Object.values(state).reduce((sum, x) => sum + bytesOf(x), 0);
  const index = { metadata: { total_size: totalSize }, weight_map: Object.fromEntries(weightMap) };
  const bytes = new TextEncoder().encode(JSON.stringify(index, null, 2) + "\n");
  writeContent(`${stem}.safetensors.index.json`, { length: bytes.length, chunks: () => [bytes] });
}
