/**
 * Computes expensive values once. The exponentials that softmax adds up are needed again when it divides by their sum: the reduction puts
 * them where the result will be, and the store reads them back, still in the cache.
 *
 * @module
 */

import { type Expr, load, rewrite, walk } from "../../ir/expr.ts";
import type { Binding, Store } from "../../ir/kernel.ts";
import type { KeepingStage } from "./stage_roots.ts";

const expensive: ReadonlySet<string> = new Set([
  ...[
    "exp",
    "expm1",
    "exp2",
    "log",
    "log1p",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "tanh",
    "sinh",
    "cosh",
    "erf",
    "erfc",
  ],
  ...["pow", "atan2", "mod", "asin", "acos", "atan", "asinh", "acosh", "atanh", "erfinv", "lgamma", "digamma"],
]);

/**
 * The stages with values kept where that spares an expensive operation. `sameDomain` says whether two stages run over the same points with
 * the same variables.
 */
export function keepValues(
  stages: readonly KeepingStage[],
  bindings: readonly Binding[],
  sameDomain: (a: number, b: number) => boolean,
): readonly KeepingStage[] {
  const result = [...stages];
  result.forEach((stage, i) => {
    if (stage.kind !== "store" || stage.stores.length !== 1) return;
    const [store] = stage.stores as [Store];
    if (!isFree(store.slot, stages, bindings)) return;
    for (let earlier = 0; earlier < i; earlier++) {
      const source = result[earlier]!;
      if (source.kind !== "reduce" || !sameDomain(earlier, i)) continue;
      const value = shared(store.value, source.reductions.map((r) => r.value), bindings[store.slot]!);
      if (value === undefined) continue;
      const kept = load(store.slot, value.dtype, store.index);
      result[earlier] = { ...source, keeps: [...source.keeps, { ...store, value }] };
      result[i] = {
        ...stage,
        stores: [{ ...store, value: rewrite(store.value, (e) => e === value ? kept : undefined) }],
      };
      return;
    }
  });
  return result;
}

/** Whether only one store uses the binding, so that other values may lie in it before. */
function isFree(slot: number, stages: readonly KeepingStage[], bindings: readonly Binding[]): boolean {
  if (bindings[slot]!.access !== "write") return false;
  let stores = 0;
  for (const stage of stages) {
    const own = stage.kind === "reduce" ? stage.keeps : stage.kind === "store" ? stage.stores : [stage.store];
    stores += own.filter((s) => s.slot === slot).length;
  }
  return stores === 1;
}

/** The largest expensive part of `value` that is also part of one of `others`. */
function shared(value: Expr, others: readonly Expr[], binding: Binding): Expr | undefined {
  const known = new Set<Expr>();
  walk(others, (e) => {
    if (expensive.has(e.op) && e.dtype === binding.dtype) known.add(e);
  });
  let found: Expr | undefined;
  walk([value], (e) => {
    if (known.has(e)) found = e;
  });
  return found;
}
