/**
 * From a flat index back to loop variables.
 *
 * @module
 */

import type { Axis } from "../../templates/axes.ts";
import type { Writer } from "./writer.ts";

/** Number of points of a domain. */
export function size(axes: readonly Axis[]): number {
  return axes.reduce((product, { extent }) => product * extent, 1);
}

/**
 * Binds the axes' variables to the coordinates of point `flat`, a u32. With `lane`, the last axis counts in fours. The outermost extent is
 * not part of the text.
 */
export function decode(w: Writer, axes: readonly Axis[], flat: string, lane = false): void {
  let rest = flat;
  for (let i = axes.length - 1; i >= 0; i--) {
    const { slot, extent } = axes[i]!;
    const inLane = lane && i === axes.length - 1;
    const steps = inLane ? extent / 4 : extent;
    const coordinate = i === 0 ? rest : `${rest} % ${steps}u`;
    const name = w.fresh("at");
    w.line(`let ${name} = i32(${coordinate})${inLane ? " * 4i" : ""};`);
    w.bindVariable(slot, name, inLane ? fours(name) : {});
    if (i === 0) break;
    const quotient = w.fresh("q");
    w.line(`let ${quotient} = ${rest} / ${steps}u;`);
    rest = quotient;
  }
}

/** A variable that stands for four consecutive values, the first a multiple of four. */
export function fours(name: string): { vector: string; aligned: true } {
  return { vector: `(vec4<i32>(${name}) + vec4<i32>(0i, 1i, 2i, 3i))`, aligned: true };
}
