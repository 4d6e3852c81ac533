/**
 * The expressions of a stage, whatever its kind.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import type { Stage, Store } from "../../ir/kernel.ts";

/** A stage whose reductions also leave values behind for later stages. */
export type KeepingStage =
  | Exclude<Stage, { kind: "reduce" }>
  | Extract<Stage, { kind: "reduce" }> & { readonly keeps: readonly Store[] };

/** Values that a stage computes, and where its stores go. */
export function stageRoots(stage: KeepingStage): { values: Expr[]; stores: { slot: number; index: Expr }[] } {
  switch (stage.kind) {
    case "reduce":
      return { values: [...stage.reductions, ...stage.keeps].map((r) => r.value), stores: [...stage.keeps] };
    case "store":
      return { values: stage.stores.map((s) => s.value), stores: [...stage.stores] };
    default:
      return { values: [stage.store.value], stores: [stage.store] };
  }
}

/** Every expression of a stage, in the order in which `withRoots` takes them. */
export function allRoots(stage: KeepingStage): Expr[] {
  const { values, stores } = stageRoots(stage);
  return [...values, ...stores.map((s) => s.index)];
}

/** The stage with other expressions. */
export function withRoots(stage: KeepingStage, roots: readonly Expr[]): KeepingStage {
  const replaced = <T extends { value: Expr }>(list: readonly T[], first: number): T[] =>
    list.map((item, i) => ({ ...item, value: roots[first + i]! }));
  const moved = (stores: readonly Store[], first: number): Store[] =>
    stores.map((s, i) => ({ ...s, index: roots[first + i]! }));
  switch (stage.kind) {
    case "reduce": {
      const { reductions, keeps } = stage;
      const values = reductions.length;
      return {
        ...stage,
        reductions: replaced(reductions, 0),
        keeps: moved(replaced(keeps, values), values + keeps.length),
      };
    }
    case "store":
      return { ...stage, stores: moved(replaced(stage.stores, 0), stage.stores.length) };
    default:
      return { ...stage, store: { ...stage.store, value: roots[0]!, index: roots[1]! } };
  }
}
