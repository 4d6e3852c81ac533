/**
 * Long reductions with few results, in two steps: parts first, then over the parts. It keeps every core or workgroup busy, and bounds the
 * error of sums. The parts depend on the shape alone, so the result does not depend on the machine.
 *
 * @module
 */

import type { DeviceName } from "../runtime/device.ts";
import { numel, type Shape } from "./node.ts";

/** From so many elements a result on a reduction is worth two kernels. */
const LONG = 32768;
/** With so many results every device is busy without splitting. */
const MANY_ROWS = 64;
/** Parts are about this long. */
const PART = 8192;
/** What one invocation may walk on WebGPU: software adapters leave a loop after 65,535 steps without a word. */
const LONGEST_WALK = 65535;

/** How to cut one reduced axis: into `parts` of `length` elements each, the last one filled up. */
export interface Split {
  readonly axis: number;
  readonly parts: number;
  readonly length: number;
}

/** The axis to cut and its parts, or undefined where one kernel does well. */
export function splitReduction(shape: Shape, axes: readonly number[], device: DeviceName): Split | undefined {
  const reduced = numel(axes.map((a) => shape[a]!));
  const rows = reduced === 0 ? 0 : numel(shape) / reduced;
  const tooLong = device === "webgpu" && reduced > LONGEST_WALK;
  if (reduced < LONG || (rows >= MANY_ROWS && !tooLong)) return undefined;
  const wanted = Math.min(1024, Math.max(2, Math.round(reduced / PART)));
  const axis = axes.reduce((a, b) => shape[b]! > shape[a]! ? b : a);
  const extent = shape[axis]!;
  let best = Math.min(extent, wanted);
  // Near the wanted number, a divisor spares the filling up.
  for (let parts = Math.ceil(wanted / 2); parts <= Math.min(extent, 2 * wanted); parts++) {
    if (extent % parts === 0 && (extent % best !== 0 || Math.abs(parts - wanted) < Math.abs(best - wanted))) {
      best = parts;
    }
  }
  return best < 2 ? undefined : { axis, parts: best, length: Math.ceil(extent / best) };
}
