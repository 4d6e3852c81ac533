/**
 * The CPU device's memory: one WebAssembly memory, grown as needed, and the blocks handed out of it.
 *
 * Free blocks are kept in lists by size, eight lists for each power of two, and merge with free neighbours, so that a program of
 * any length runs in the memory its largest moment needs.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import { createMemory, MAX_PAGES } from "../lower/wasm/memory.ts";

const PAGE = 65536;
/** Blocks begin and end at multiples of this, a cache line. */
const ALIGNMENT = 64;
/** Low memory holds no blocks: reading a little before the first one is harmless, and so is reading past the last one. */
const MARGIN = 4096;
/** Lists for each power of two. */
const STEPS = 8;

/** The memory, its views, and its blocks. */
export class Heap {
  readonly memory: WebAssembly.Memory = createMemory(16);
  /** Views of the whole memory; replaced when it grows. */
  bytes = new Uint8Array(0) as Uint8Array<ArrayBufferLike>;
  ints = new Int32Array(0) as Int32Array<ArrayBufferLike>;
  floats = new Float32Array(0) as Float32Array<ArrayBufferLike>;
  doubles = new Float64Array(0) as Float64Array<ArrayBufferLike>;
  /** Where memory that was never handed out begins. */
  #top = MARGIN;
  /** Sizes of free blocks by address, and addresses of free blocks by their end. */
  readonly #free = new Map<number, number>();
  readonly #ends = new Map<number, number>();
  readonly #lists: Set<number>[] = [];

  constructor() {
    this.#refresh();
  }

  #refresh(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.ints = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** The address of a block of at least `size` bytes, aligned to 64. Its contents are undefined. */
  allocate(size: number): number {
    const wanted = Math.max(ALIGNMENT, Math.ceil(size / ALIGNMENT) * ALIGNMENT);
    const found = this.#find(wanted);
    if (found !== undefined) {
      const left = this.#remove(found) - wanted;
      if (left > 0) this.#insert(found + wanted, left);
      return found;
    }
    const address = this.#top;
    this.#grow(address + wanted, size);
    this.#top = address + wanted;
    return address;
  }

  /** Gives back the block at `address`, which was allocated with `size`. */
  release(address: number, size: number): void {
    let start = address;
    let length = Math.max(ALIGNMENT, Math.ceil(size / ALIGNMENT) * ALIGNMENT);
    const before = this.#ends.get(start);
    if (before !== undefined) {
      length += this.#remove(before);
      start = before;
    }
    if (this.#free.has(start + length)) length += this.#remove(start + length);
    if (start + length === this.#top) this.#top = start;
    else this.#insert(start, length);
  }

  #find(size: number): number | undefined {
    const own = listOf(size);
    // Blocks of a size's own list may be smaller than it; those of later lists are not.
    for (const address of this.#lists[own] ?? []) if (this.#free.get(address)! >= size) return address;
    for (let i = own + 1; i < this.#lists.length; i++) {
      const list = this.#lists[i];
      if (list !== undefined && list.size > 0) return list.values().next().value;
    }
    return undefined;
  }

  #insert(address: number, size: number): void {
    this.#free.set(address, size);
    this.#ends.set(address + size, address);
    (this.#lists[listOf(size)] ??= new Set()).add(address);
  }

  #remove(address: number): number {
    const size = this.#free.get(address)!;
    this.#free.delete(address);
    this.#ends.delete(address + size);
    this.#lists[listOf(size)]!.delete(address);
    return size;
  }

  #grow(end: number, size: number): void {
    const have = this.bytes.length;
    const needed = end + MARGIN;
    if (needed <= have) return;
    // A fifth more than needed, so that growing stays rare.
    const pages = [Math.ceil(Math.max(needed, have * 1.2) / PAGE), Math.ceil(needed / PAGE)];
    for (const total of pages) {
      if (total > MAX_PAGES) continue;
      try {
        this.memory.grow(total - have / PAGE);
        this.#refresh();
        return;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    throw new DeviceError(
      `Cannot allocate ${size} bytes on the CPU: ${this.#top} of at most ${MAX_PAGES * PAGE} bytes are taken. ` +
        `Use a smaller batch, wrap code that needs no gradients in noGrad(), or drop tensors that are not needed any more`,
    );
  }
}

/** The list for free blocks of `size` bytes: an eighth of a power of two apart. */
function listOf(size: number): number {
  const units = size / ALIGNMENT;
  const power = 31 - Math.clz32(units);
  return power * STEPS + Math.floor((units / 2 ** power - 1) * STEPS);
}
