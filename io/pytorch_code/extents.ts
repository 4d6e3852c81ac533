/**
 * Numbers that come from shapes: which they are shows in runs on inputs of other shapes.
 *
 * @module
 */

import type { Tensor } from "../../tensor/mod.ts";
import { type Run, type Step, tensorsOf } from "./recording.ts";

/** For each tensor of the first run, its extents in all runs, by dimension. */
export function extentsOf(runs: readonly Run[], steps: readonly (readonly Step[])[]): Map<Tensor, number[][]> {
  const extents = new Map<Tensor, number[][]>();
  const note = (values: readonly unknown[], shapes: readonly Run["shapes"][]): void => {
    const lists = values.map((value) => [...tensorsOf(value)]);
    lists[0]!.forEach((x, j) => {
      const all = lists.map((list, r) => shapes[r]!.get(list[j]!) ?? []);
      extents.set(x, all[0]!.map((_, d) => all.map((shape) => shape[d]!)));
    });
  };
  note(runs.map((run) => run.inputs), runs.map((run) => run.shapes));
  steps[0]!.forEach((_, i) => {
    const all = steps.map((list) => list[i]!);
    note(all.map((step) => step.output), all.map((step) => step.shapes));
  });
  return extents;
}

/** An extent in all runs, and what it is called. */
export interface Extent {
  readonly source: string;
  readonly values: readonly number[];
}

/** What gives a number that is `values` in the runs: an extent, a multiple of one or of two, plus a constant; undefined if nothing does. */
export function numberSource(values: readonly number[], extents: readonly Extent[]): string | undefined {
  const varying = extents.filter((extent) => extent.values.some((v) => v !== extent.values[0]));
  for (const { source, values: from } of varying) {
    const r = from.findIndex((v) => v !== from[0]);
    const factor = (values[r]! - values[0]!) / (from[r]! - from[0]!), rest = values[0]! - factor * from[0]!;
    if (Number.isInteger(factor) && factor !== 0 && values.every((v, i) => v === factor * from[i]! + rest)) {
      return linear(source, factor, rest);
    }
  }
  for (const a of varying) {
    for (const b of varying) {
      const factor = values[0]! / (a.values[0]! * b.values[0]!);
      if (Number.isInteger(factor) && values.every((v, i) => v === factor * a.values[i]! * b.values[i]!)) {
        return linear(`${a.source} * ${b.source}`, factor, 0);
      }
    }
  }
  return undefined;
}

function linear(source: string, factor: number, rest: number): string {
  const product = factor === 1 ? source : factor === -1 ? `-${source}` : `${factor} * ${source}`;
  return rest === 0 ? product : `${product} ${rest < 0 ? "-" : "+"} ${Math.abs(rest)}`;
}
