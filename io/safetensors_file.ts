/**
 * An open safetensors file, of one part or several.
 *
 * @module
 */

import type { StateDict } from "../nn/module_state.ts";
import { IndexError, type Tensor, ValueError } from "../tensor/mod.ts";
import type { Source } from "./content.ts";
import type { SafetensorsEntry } from "./safetensors_header.ts";
import { type ReadOptions, storedLength, storedTensor } from "./stored_types.ts";

/** A tensor in a file, and the file. */
export interface Located extends SafetensorsEntry {
  /** The file that it is in. */
  readonly source: Source;
}

/** The tensors of a safetensors file, or of several with an index, each read when it is asked for. `using` closes the files. */
export class SafetensorsFile implements Disposable {
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

  /**
   * Reads the rows `start`, … before `stop` of one tensor, and nothing else: `getSlice("weight", 10, 20)` is `weight[10:20]`. Positions
   * are Python's: negative ones count from the end, and those beyond it are the end.
   */
  getSlice(name: string, start = 0, stop = Infinity, options: ReadOptions = {}): Tensor {
    const entry = this.#entry(name), { source, dtype, shape } = entry;
    const [rows, ...rest] = shape;
    if (rows === undefined) {
      throw new IndexError(`Cannot take rows of "${name}" of ${source.name}: it is a 0-d tensor. Use getTensor()`);
    }
    const place = (at: number): number => {
      if (Number.isInteger(at) || Math.abs(at) === Infinity) {
        return Math.min(rows, Math.max(0, at < 0 ? rows + at : at));
      }
      throw new IndexError(`Cannot take rows of "${name}" from ${start} to ${stop}: expected whole numbers`);
    };
    const from = place(start), count = Math.max(0, place(stop) - from);
    const before = storedLength(dtype, [from, ...rest]), length = storedLength(dtype, [count, ...rest]);
    if (before === undefined || length === undefined) {
      throw new ValueError(`Cannot take rows of "${name}" of ${source.name}: one of ${dtype} begins within a byte`);
    }
    const bytes = source.read(entry.start + before, length);
    return storedTensor(bytes, dtype, [count, ...rest], options, `"${name}" of ${source.name}`);
  }

  /** Reads all tensors, one after the other. */
  stateDict(options: ReadOptions = {}): StateDict {
    return Object.fromEntries(this.keys().map((name) => [name, this.getTensor(name, options)]));
  }

  /** Closes the files; tensors that were read stay. */
  close(): void {
    for (const { source } of this.#entries.values()) source[Symbol.dispose]();
  }

  /** What `using` does at the end of its block: `close()`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
