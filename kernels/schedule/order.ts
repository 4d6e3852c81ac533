/**
 * The order of groups, and which results are written into the memory of what they replace.
 *
 * @module
 */

import { type Expr, walk } from "../ir/expr.ts";
import { numel } from "../ir/node.ts";
import { partLevels } from "./body.ts";
import type { FusedGroup } from "./fuse.ts";
import type { Graph } from "./graph.ts";

import type { Limits } from "./materialize.ts";

/** Batches of independent groups in an order that respects what they read, and node -> leaf for results written in place. */
export interface Ordered {
  readonly batches: readonly (readonly FusedGroup[])[];
  readonly inPlace: ReadonlyMap<number, number>;
}

/** Orders groups; a result replaces its donor's memory where every other reader of the donor can run before. */
export function order(graph: Graph, groups: readonly FusedGroup[], { batch = 1, bindings }: Limits): Ordered {
  const home = new Map<number, number>();
  groups.forEach((g, i) => g.members.forEach((n) => home.set(n, i)));
  const before = groups.map((_, i) => {
    const set = new Set<number>();
    for (const n of groups[i]!.loads) if (home.has(n) && home.get(n) !== i) set.add(home.get(n)!);
    return set;
  });
  const reaches = (from: number, to: number): boolean => {
    const seen = new Set<number>(), stack = [from];
    while (stack.length > 0) {
      const g = stack.pop()!;
      if (g === to) return true;
      if (seen.has(g)) continue;
      seen.add(g);
      stack.push(...before[g]!);
    }
    return false;
  };
  const readers = Map.groupBy(groups.flatMap(({ loads }, i) => [...loads].map((n) => ({ n, i }))), ({ n }) => n);
  const inPlace = new Map<number, number>();
  const taken = new Set<number>();
  graph.nodes.forEach((node, n) => {
    if (node.donor < 0 || taken.has(node.donor)) return;
    const donor = graph.nodes[node.donor]!, g = home.get(n);
    if (g === undefined || donor.dtype !== node.dtype || numel(donor.shape) !== numel(node.shape)) return;
    if (!writesWhereItReads(groups[g]!, n, node.donor)) return;
    const others = (readers.get(node.donor) ?? []).map(({ i }) => i).filter((i) => i !== g);
    if (others.some((r) => reaches(r, g))) return;
    for (const r of others) before[g]!.add(r);
    inPlace.set(n, node.donor);
    taken.add(node.donor);
  });
  return { batches: sorted(groups, before, batch, bindings), inPlace };
}

/** Whether a group reads a donor only at the elements that the same iteration replaces. */
function writesWhereItReads(group: FusedGroup, n: number, donor: number): boolean {
  const { subgraph: { origin }, nest: { body }, loads } = group;
  if (body.kind === "sort") return false;
  const part = body.parts.find((p) => origin[p.node] === n)!;
  if (part.kind !== "store") return false;
  if (!loads.has(donor)) return true;
  const old = origin.indexOf(donor);
  const operands = body.kind === "contract" ? [body.a, body.b] : [];
  const indices = indicesOf(old, [...operands, ...body.parts.flatMap((p) => [p.value, p.index])]);
  if (!indices.every((index) => index === part.index)) return false;
  if (body.kind === "contract") return indicesOf(old, operands).length === 0;
  // Whatever else reads the old elements must do so before they are replaced.
  const { parts } = body;
  const levels = partLevels(parts), own = levels[parts.indexOf(part)]!;
  return parts.every((other, i) =>
    indicesOf(old, [other.value, other.index]).length === 0 ||
    (other.kind === "reduce"
      ? levels[i]! <= own
      : other.kind === "store" && levels[i] === own && other.inner.join() === part.inner.join())
  );
}

/** Where expressions load a node. */
function indicesOf(node: number, exprs: readonly Expr[]): Expr[] {
  const found: Expr[] = [];
  walk(exprs, (e) => {
    if (e.op === "load" && e.slot === node) found.push(e.args[0]!);
  });
  return found;
}

/** Topological order; among ready groups the one recorded first, and with it others that are ready and alike. */
function sorted(
  groups: readonly FusedGroup[],
  before: readonly ReadonlySet<number>[],
  most: number,
  bindings: number,
): FusedGroup[][] {
  const last = (i: number) => groups[i]!.members[groups[i]!.members.length - 1]!;
  const rest = new Set(groups.map((_, i) => i).sort((a, b) => last(a) - last(b)));
  const done = new Set<number>();
  const result: FusedGroup[][] = [];
  const ready = (i: number) => before[i]!.isSubsetOf(done);
  while (rest.size > 0) {
    const first = rest.values().find(ready);
    if (first === undefined) throw new Error("Cannot order kernels: their results depend on each other");
    const batch = [first];
    let buffers = buffersOf(groups[first]!);
    for (const i of rest) {
      if (batch.length >= most) break;
      if (i === first || !alike(groups[first]!, groups[i]!) || !ready(i)) continue;
      if (buffers + buffersOf(groups[i]!) > bindings) continue;
      buffers += buffersOf(groups[i]!);
      batch.push(i);
    }
    for (const i of batch) {
      rest.delete(i);
      done.add(i);
    }
    result.push(batch.map((i) => groups[i]!));
  }
  return result;
}

/** The buffers that a group needs at most. */
function buffersOf({ members, loads }: FusedGroup): number {
  return loads.size + members.length;
}

/** Whether two groups are loops of one kind: over elements, or over rows. */
function alike(a: FusedGroup, b: FusedGroup): boolean {
  const [first, second] = [a.nest.body, b.nest.body];
  return first.kind === "loop" && second.kind === "loop" && (first.rows.length > 0) === (second.rows.length > 0);
}
