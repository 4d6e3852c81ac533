/**
 * An axis cut where conditions on it change their answer (index-set splitting). In each segment they are constants: a kernel that puts
 * parts side by side copies one after another, and padding is only looked at where it lies.
 *
 * @module
 */

import { type Expr, int, rewrite, variable, walk } from "../../ir/expr.ts";
import { addIndex, linear, mulIndex } from "../../ir/index.ts";
import { stride } from "./cost.ts";
import { allRoots, type KeepingStage, withRoots } from "./stage_roots.ts";

/** Most segments, each a loop of its own, and fewest elements that one has on average. */
const MOST = 64, SHORTEST = 8;

/**
 * The stages that an elementwise stage becomes, with one axis each, if its last row axis, of `extent` elements, is cut; undefined where
 * nothing is gained.
 */
export function segmentsOf(stage: KeepingStage, slot: number, extent: number): KeepingStage[] | undefined {
  if (stage.kind !== "store" || stage.stores.some((s) => stride(s.index, { slot, extent }) !== 1)) return undefined;
  const axis = variable(slot, extent), roots = allRoots(stage);
  const starts = [0, ...boundaries(roots, axis)];
  if (starts.length < 2 || starts.length > MOST || extent < SHORTEST * starts.length) return undefined;
  return starts.map((start, i) => {
    const size = (starts[i + 1] ?? extent) - start;
    const shifted = addIndex(variable(slot, size), int(start)), memo = new Map<Expr, Expr>();
    const own = roots.map((e) => rewrite(e, (x) => x === axis ? shifted : undefined, memo));
    return { ...withRoots(stage, own), inner: [size] };
  });
}

/** Where comparisons of the axis with constants change their answer, in order. */
function boundaries(roots: readonly Expr[], axis: Expr): number[] {
  const found = new Set<number>();
  walk(roots, (e) => {
    if (e.op !== "lt" && e.op !== "le" || e.args[0]!.dtype !== "int32") return;
    const { terms, constant } = linear(addIndex(e.args[0]!, mulIndex(e.args[1]!, -1)));
    const sign = terms.get(axis);
    if (terms.size !== 1 || sign !== 1 && sign !== -1) return;
    // The difference is sign * axis + constant, and the comparison asks whether it is below 0, or at most 0.
    const equal = e.op === "le" ? 1 : 0;
    const at = sign === 1 ? equal - constant : constant + 1 - equal;
    if (at > 0 && at < axis.value) found.add(at);
  });
  return [...found].sort((x, y) => x - y);
}
