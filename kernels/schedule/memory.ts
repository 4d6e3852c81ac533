/**
 * Memory of values that live within a run: which of them may share a buffer.
 *
 * @module
 */

/** A value's place in the order of kernels: made by one, last read by another. */
export interface Lifetime {
  readonly node: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
  /** May give its memory to a later value of the same run. */
  readonly reusable: boolean;
}

/** Sizes of the buffers, and which buffer each value has. */
export interface MemoryPlan {
  readonly sizes: readonly number[];
  readonly buffer: ReadonlyMap<number, number>;
}

/** Assigns buffers: a value takes the tightest free one that is at least half used, or a new one. */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const sizes: number[] = [];
  const buffer = new Map<number, number>();
  const busyUntil: number[] = [];
  for (const value of [...lifetimes].sort((a, b) => a.from - b.from)) {
    let best = -1;
    if (value.reusable) {
      for (let i = 0; i < sizes.length; i++) {
        const fits = busyUntil[i]! < value.from && sizes[i]! >= value.bytes && sizes[i]! <= 2 * value.bytes + 256;
        if (fits && (best < 0 || sizes[i]! < sizes[best]!)) best = i;
      }
    }
    if (best < 0) {
      best = sizes.length;
      sizes.push(value.bytes);
    }
    busyUntil[best] = value.reusable ? value.to : Infinity;
    buffer.set(value.node, best);
  }
  return { sizes, buffer };
}
