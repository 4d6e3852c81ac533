/**
 * Kernels of contractions: axes are merged, and the product is transposed where its results then lie as they are written.
 *
 * @module
 */

import type { Expr } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import type { Kernel } from "../ir/kernel.ts";
import type { ContractBody } from "./body.ts";
import { coalesce, renumber } from "./coalesce.ts";
import type { Numbered } from "./numbering.ts";
import type { Subgraph } from "./subgraph.ts";

/** The kernel of a contraction. */
export function contractKernel(
  graph: Subgraph,
  body: ContractBody,
  numbered: Numbered,
  kept: (node: number) => boolean,
): Kernel {
  const parts = body.parts.filter((p) => kept(p.node));
  let exprs: readonly Expr[] = [body.a, body.b, ...parts.flatMap((p) => [p.value, p.index])];
  const groups: (readonly number[])[] = [];
  let first = 0;
  for (const extents of [body.batch, body.m, body.n, body.k]) {
    const merged = coalesce(first, { extents, exprs });
    exprs = merged.exprs;
    groups.push(merged.extents);
    first += merged.extents.length;
  }
  let [batch, m, n, k] = groups as [readonly number[], readonly number[], readonly number[], readonly number[]];
  if (storesAlongM(exprs.filter((_, i) => i >= 2 && i % 2 === 1), batch.length, m.length, n.length)) {
    // The transposed product, so that results are written in the order they lie in memory.
    exprs = swapAxes(exprs, batch.length, m.length, n.length);
    exprs = [exprs[1]!, exprs[0]!, ...exprs.slice(2)];
    [m, n] = [n, m];
  }
  numbered.accs.slot(body.node);
  const a = numbered.expr(exprs[0]!), b = numbered.expr(exprs[1]!);
  const stores = parts.map((p, i) => numbered.store({ ...p, value: exprs[2 + 2 * i]!, index: exprs[3 + 2 * i]! }));
  return {
    kind: "contract",
    batch,
    m,
    n,
    k,
    a,
    b,
    dtype: graph.nodes[body.node]!.dtype,
    stores,
    bindings: numbered.bindings(),
    scalars: numbered.scalarTypes(),
    checks: numbered.checks.nodes.length,
  };
}

/** Whether every result is contiguous along the last m axis and none along the last n axis. */
function storesAlongM(indices: readonly Expr[], batch: number, m: number, n: number): boolean {
  if (m === 0) return false;
  const step = (index: Expr, slot: number) => {
    for (const [e, factor] of linear(index).terms) if (e.op === "var" && e.slot === slot) return factor;
    return 0;
  };
  return indices.every((index) =>
    step(index, batch + m - 1) === 1 && (n === 0 || step(index, batch + m + n - 1) !== 1)
  );
}

/** m and n variables exchanged. */
function swapAxes(exprs: readonly Expr[], batch: number, m: number, n: number): readonly Expr[] {
  return renumber(exprs, (slot) => {
    if (slot < batch || slot >= batch + m + n) return slot;
    return slot < batch + m ? slot + n : slot - m;
  });
}
