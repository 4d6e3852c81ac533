/**
 * From kernels to WGSL: each kernel becomes the units of work that compute shaders are linked from, in order.
 *
 * @module
 */

import type { Kernel, LoopKernel } from "../../ir/kernel.ts";
import { lowerContract } from "./contract.ts";
import { size } from "./decode.ts";
import { lowerElementwise } from "./elementwise.ts";
import type { Target, Unit } from "./module.ts";
import { lowerRows } from "./rows.ts";
import { lowerSort } from "./sort.ts";
import { segments } from "./stages.ts";

export { link, type Shader } from "./link.ts";
export type { Param, ShaderBuffer, Target, Unit } from "./module.ts";

const known = new WeakMap<Target, WeakMap<Kernel, readonly Unit[]>>();

/** The units of a kernel, made once; none where there is nothing to do. */
export function lower(kernel: Kernel, target: Target): readonly Unit[] {
  let units = known.get(target);
  if (units === undefined) known.set(target, units = new WeakMap());
  let own = units.get(kernel);
  if (own === undefined) units.set(kernel, own = unitsOf(kernel, target));
  return own;
}

function unitsOf(kernel: Kernel, target: Target): Unit[] {
  switch (kernel.kind) {
    case "loop":
      return lowerLoop(kernel, target);
    case "contract":
      return lowerContract(kernel, target);
    case "sort":
      return lowerSort(kernel);
  }
}

function lowerLoop(kernel: LoopKernel, target: Target): Unit[] {
  if (kernel.rows.includes(0)) return [];
  return segments(kernel).flatMap((segment) => {
    const [first] = segment.loops;
    if (segment.loops.every(({ stage, inner }) => stage.kind !== "reduce" && size(inner) === 0)) return [];
    const alone = segment.loops.length === 1 && first!.stage.kind === "store";
    return [alone ? lowerElementwise(first!, kernel.bindings) : lowerRows(segment, kernel.bindings, target)];
  });
}
