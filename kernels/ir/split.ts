/**
 * Long reductions with few results, in two steps: parts first, then over the parts. It keeps every core or workgroup busy, and bounds the
 * error of sums. The parts depend on the shape alone, so the result does not depend on the machine.
 *
 * @module
 */

import { numel, type Shape } from "./node.ts";

/** From so many elements a result on a reduction is worth two kernels. */
const LONG = 32768;
/** With so many results every device is busy without splitting. */
const MANY_ROWS = 64;
/** Parts are about this long. */
const PART = 8192;

/** How to cut one reduced axis: into `parts` of `length` elements each. */
export interface Split {
  readonly axis: number;
  readonly parts: number;
  readonly length: number;
}

/** The axis to cut and its parts, or undefined where one kernel does well. */
export function splitReduction(shape: Shape, axes: readonly number[]): Split | undefined {
  const reduced = numel(axes.map((a) => shape[a]!));
  const rows = reduced === 0 ? 0 : numel(shape) / reduced;
  if (reduced < LONG || rows >= MANY_ROWS) return undefined;
  const wanted = Math.min(1024, Math.max(2, Math.round(reduced / PART)));
  let best: Split | undefined;
  for (const axis of axes) {
    const extent = shape[axis]!;
    for (let parts = 2; parts <= Math.min(extent, 4096); parts++) {
      if (extent % parts !== 0) continue;
      const better = best === undefined || Math.abs(Math.log(parts / wanted)) < Math.abs(Math.log(best.parts / wanted));
      if (better) best = { axis, parts, length: extent / parts };
    }
  }
  return best !== undefined && best.parts >= 8 ? best : undefined;
}
