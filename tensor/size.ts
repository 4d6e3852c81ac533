/**
 * Shapes as users see them.
 *
 * @module
 */

import { numel, type Shape } from "../kernels/mod.ts";

/** A shape as users see it: a read-only list that prints as PyTorch prints it. */
export type Size = readonly number[] & { numel(): number };

class SizeList extends Array<number> {
  // Mapping a shape gives a plain list.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  numel(): number {
    return numel(this);
  }

  override toString(): string {
    return `torch.Size([${this.join(", ")}])`;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Shapes that were asked for, by their extents: programs use few, again and again. */
const sizes = new Map<string, Size>();
const MOST_KEPT = 4096;

/** A node's shape as users see it. */
export function sizeOf(shape: Shape): Size {
  const key = shape.join();
  let size = sizes.get(key);
  if (size === undefined) {
    const list = new SizeList(shape.length);
    shape.forEach((extent, i) => list[i] = extent);
    size = Object.freeze(list) as unknown as Size;
    if (sizes.size >= MOST_KEPT) sizes.clear();
    sizes.set(key, size);
  }
  return size;
}
