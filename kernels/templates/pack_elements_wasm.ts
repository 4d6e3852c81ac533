/**
 * Packing an operand whose indices cannot be taken apart: every element is computed from its position.
 *
 * @module
 */

import type { Expr } from "../ir/expr.ts";
import { op } from "../lower/wasm/encoder.ts";
import type { Emitter } from "../lower/wasm/expression.ts";
import { convert } from "../lower/wasm/vector_ops.ts";
import type { Group } from "./axes.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import { PACK } from "./packing.ts";
import { advance, bindAxes } from "./tables_wasm.ts";

/** What is packed. */
export interface Elements {
  readonly value: Expr;
  readonly batch: Group;
  readonly lanes: Group;
  readonly depth: Group;
  /** Lanes of a panel. */
  readonly panel: number;
  readonly sum: SumType;
}

/** Fills a function of PACK_PARAMETERS. */
export function emitPackElements(emitter: Emitter, { value, batch, lanes, depth, panel, sum }: Elements): void {
  const { f, scopes } = emitter;
  const { bytes } = sumOps[sum];
  const lane = f.local("i32"), last = f.local("i32"), inPanel = f.local("i32");
  const step = f.local("i32"), end = f.local("i32"), at = f.local("i32"), target = f.local("i32");
  bindAxes(emitter, batch, PACK.batch);
  emitter.hoist([value]);
  f.get(PACK.depth).op(op.i32Eqz).if().op(op.return).end();
  f.get(PACK.firstDepth).get(PACK.depth).op(op.i32Add).set(end);
  f.get(PACK.firstLane).tee(lane).get(PACK.lanes).op(op.i32Add).i32(1).op(op.i32Sub).set(last);
  f.get(PACK.target).set(target);
  f.loop();
  f.i32(0).set(inPanel);
  f.loop();
  f.get(target).get(inPanel).i32(bytes).op(op.i32Mul).op(op.i32Add).set(at);
  f.get(PACK.firstDepth).set(step);
  scopes.push();
  bindAxes(emitter, lanes, lane);
  emitter.hoist([value]);
  f.loop();
  scopes.push();
  bindAxes(emitter, depth, step);
  f.get(at);
  emitter.vector(value);
  if (value.dtype === "bool") convert(f, "bool", "int32");
  f.memoryLane(bytes === 8 ? op.v128Store64Lane : op.v128Store32Lane, 0);
  scopes.pop();
  advance(f, at, panel * bytes);
  f.get(step).i32(1).op(op.i32Add).tee(step).get(end).op(op.i32LtU).brIf(0).end();
  scopes.pop();
  // Past the last lane it is packed again.
  f.get(lane).get(lane).get(last).op(op.i32LtS).op(op.i32Add).set(lane);
  f.get(inPanel).i32(1).op(op.i32Add).tee(inPanel).i32(panel).op(op.i32LtU).brIf(0).end();
  f.get(target).get(PACK.depth).i32(panel * bytes).op(op.i32Mul).op(op.i32Add).set(target);
  f.get(PACK.panels).i32(1).op(op.i32Sub).tee(PACK.panels).brIf(0).end();
}
