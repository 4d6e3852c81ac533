/**
 * Open files of many tensors, each read when it is asked for.
 *
 * @module
 */

import type { Source } from "../data/source.ts";
import type { StateDict } from "../nn/module_state.ts";
import { IndexError, type Tensor, ValueError } from "../tensor/mod.ts";
import type { ReadOptions } from "./stored_types.ts";

/** A tensor in a file. */
export interface TensorEntry<Type extends string = string> {
  /** The type of its elements. */
  readonly dtype: Type;
  /** Its extents. */
  readonly shape: readonly number[];
  /** Where its bytes begin in the file. */
  readonly start: number;
  /** How many bytes it has. */
  readonly length: number;
}

/** A tensor in a file, and the file. */
export interface Located<Type extends string> extends TensorEntry<Type> {
  /** The file that it is in. */
  readonly source: Source;
}

/**
 * The tensors of a file, or of several, each read when it is asked for. `using` closes the files.
 *
 * ```ts
 * import { io, ones } from "@tensaur/tensaur";
 *
 * using file: io.TensorFile<string> = io.openSafetensors(io.encodeSafetensors({ weight: ones([2, 3]) }));
 * console.log(file.getTensor("weight").sum()); // tensor(6.)
 * ```
 */
export abstract class TensorFile<Type extends string> implements Disposable {
  readonly #name: string;
  readonly #entries: ReadonlyMap<string, Located<Type>>;
  readonly #sources: readonly Source[];

  /** Made by a function such as `openSafetensors`; the open files are closed with this one. */
  constructor(name: string, entries: ReadonlyMap<string, Located<Type>>, sources: readonly Source[]) {
    this.#name = name;
    this.#entries = entries;
    this.#sources = sources;
  }

  /** The bytes that elements of a type and shape take; undefined where that is no whole number. */
  protected abstract byteLength(dtype: Type, shape: readonly number[]): number | undefined;

  /** The tensor of bytes that nobody else has; `label` is what messages call it. */
  protected abstract decode(
    bytes: Uint8Array<ArrayBuffer>,
    dtype: Type,
    shape: readonly number[],
    options: ReadOptions,
    label: string,
  ): Tensor;

  #entry(name: string): Located<Type> {
    const found = this.#entries.get(name);
    if (found === undefined) throw new IndexError(`Cannot find a tensor "${name}" in ${this.#name}: see keys()`);
    return found;
  }

  /** The names of the tensors. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** The type of a tensor's elements, its shape and its place, without reading it. */
  info(name: string): TensorEntry<Type> {
    const { dtype, shape, start, length } = this.#entry(name);
    return { dtype, shape, start, length };
  }

  /** Reads one tensor. */
  getTensor(name: string, options: ReadOptions = {}): Tensor {
    const { source, start, length, dtype, shape } = this.#entry(name);
    return this.decode(source.read(start, length), dtype, shape, options, `"${name}" of ${source.name}`);
  }

  /**
   * Reads the rows `start`, … before `stop` of one tensor, and nothing else: `getSlice("weight", 10, 20)` is `weight[10:20]`. Positions
   * are Python's: negative ones count from the end, and those beyond it are the end.
   */
  getSlice(name: string, start = 0, stop = Infinity, options: ReadOptions = {}): Tensor {
    const entry = this.#entry(name), { source, dtype, shape } = entry;
    const [rows, ...rest] = shape, label = `"${name}" of ${source.name}`;
    if (rows === undefined) throw new IndexError(`Cannot take rows of ${label}: it is a 0-d tensor. Use getTensor()`);
    const place = (at: number): number => {
      if (Number.isInteger(at) || Math.abs(at) === Infinity) {
        return Math.min(rows, Math.max(0, at < 0 ? rows + at : at));
      }
      throw new IndexError(`Cannot take rows of ${label} from ${start} to ${stop}: expected whole numbers`);
    };
    const from = place(start), count = Math.max(0, place(stop) - from);
    const before = this.byteLength(dtype, [from, ...rest]), length = this.byteLength(dtype, [count, ...rest]);
    if (before === undefined || length === undefined) {
      throw new ValueError(`Cannot take rows of ${label}: one of ${dtype} begins within a byte or a block`);
    }
    return this.decode(source.read(entry.start + before, length), dtype, [count, ...rest], options, label);
  }

  /** Reads all tensors, one after the other. */
  stateDict(options: ReadOptions = {}): StateDict {
    return Object.fromEntries(this.keys().map((name) => [name, this.getTensor(name, options)]));
  }

  /** Closes the files; tensors that were read stay. */
  close(): void {
    for (const source of this.#sources) source[Symbol.dispose]();
  }

  /** What `using` does at the end of its block: `close()`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
