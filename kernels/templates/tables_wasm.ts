/**
 * Tables of the parts that an operand's indices fall into, one entry for each lane (m or n) or each step of the depth (k), and the
 * loop variables that a flat index stands for.
 *
 * @module
 */

import type { Expr } from "../ir/expr.ts";
import { elementShift } from "../lower/wasm/program.ts";
import { type FunctionBuilder, op, type ValueType } from "../lower/wasm/encoder.ts";
import type { Emitter } from "../lower/wasm/expression.ts";
import type { Group } from "./axes.ts";
import type { Leaf } from "./operand.ts";

/** Parameters of a function that fills a table: launch parameters, table, first index, number of entries, padded number, batch. */
export const TABLE_PARAMETERS: readonly ValueType[] = ["i32", "i32", "i32", "i32", "i32", "i32"];

const [TABLE, FIRST, COUNT, PADDED, BATCH] = [1, 2, 3, 4, 5];

/** Binds the loop variables of a group, whose flat index is in local `flat`. */
export function bindAxes(emitter: Emitter, axes: Group, flat: number): void {
  const { f, scopes } = emitter;
  let rest = flat;
  for (let i = axes.length - 1; i > 0; i--) {
    const { slot, extent } = axes[i]!;
    const index = scopes.local("i32"), quotient = scopes.local("i32");
    f.get(rest).get(rest).i32(extent).op(op.i32DivU).tee(quotient).i32(extent).op(op.i32Mul).op(op.i32Sub).set(index);
    scopes.bindVariable(slot, index);
    rest = quotient;
  }
  if (axes.length > 0) scopes.bindVariable(axes[0]!.slot, rest);
}

/** Pushes one part of a leaf's index: in bytes, if it is that of a load. */
export function pushPart(emitter: Emitter, leaf: Leaf, part: Expr): void {
  emitter.scalar(part);
  const shift = leaf.load === undefined ? 0 : elementShift(leaf.load.dtype);
  if (shift > 0) emitter.f.i32(shift).op(op.i32Shl);
}

/** Where a table's entries are: bytes from one leaf and from one index to the next. */
export interface TableLayout {
  readonly leaf: number;
  readonly entry: number;
}

/** Fills a function of TABLE_PARAMETERS. Entries past the count repeat the last. */
export function emitTable(
  emitter: Emitter,
  side: "lane" | "depth",
  leaves: readonly Leaf[],
  axes: Group,
  batch: Group,
  layout: TableLayout,
): void {
  const { f, scopes } = emitter;
  const at = f.local("i32"), left = f.local("i32"), flat = f.local("i32"), last = f.local("i32");
  bindAxes(emitter, batch, BATCH);
  emitter.hoist(leaves.map((leaf) => leaf.index[side]));
  f.get(TABLE).set(at);
  f.get(FIRST).tee(flat).get(COUNT).op(op.i32Add).i32(1).op(op.i32Sub).set(last);
  f.get(PADDED).tee(left).if().loop();
  scopes.push();
  bindAxes(emitter, axes, flat);
  leaves.forEach((leaf, t) => {
    f.get(at);
    pushPart(emitter, leaf, leaf.index[side]);
    f.memory(op.i32Store, t * layout.leaf);
  });
  scopes.pop();
  advance(f, at, layout.entry);
  f.get(flat).get(flat).get(last).op(op.i32LtS).op(op.i32Add).set(flat);
  f.get(left).i32(1).op(op.i32Sub).tee(left).brIf(0).end().end();
}

/** Adds a constant to a local. */
export function advance(f: FunctionBuilder, local: number, by: number): void {
  f.get(local).i32(by).op(op.i32Add).set(local);
}
