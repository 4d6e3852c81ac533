/**
 * An operand of a contraction, analysed: how it is packed, which tables that needs, and the functions that do it.
 *
 * @module
 */

import type { Expr } from "../ir/expr.ts";
import { variable } from "../ir/expr.ts";
import type { ContractKernel } from "../ir/kernel.ts";
import type { FunctionBuilder, ModuleBuilder, ValueType } from "../lower/wasm/encoder.ts";
import { Emitter } from "../lower/wasm/expression.ts";
import { laneCount } from "../lower/wasm/requirements.ts";
import { hasFusedMultiplyAdd } from "../lower/wasm/features.ts";
import { type Group, group, mergeAxes } from "./axes.ts";
import type { SumType } from "./micro_kernel_wasm.ts";
import { type Operand, separate, type Side, uses } from "./operand.ts";
import { emitPack } from "./pack_wasm.ts";
import { PACK_PARAMETERS } from "./packing.ts";
import { emitTable, TABLE_PARAMETERS } from "./tables_wasm.ts";

/** An operand and its axes. */
export interface PackedOperand {
  readonly value: Expr;
  readonly batch: Group;
  readonly lanes: Group;
  readonly depth: Group;
  /** Lanes of a panel. */
  readonly panel: number;
  /** Lanes of a tile. */
  readonly tile: number;
  /** Formula and leaves. */
  readonly separated: Operand;
  /** Whether the tables of the lanes and of the depth differ between batches. */
  readonly laneBatch: boolean;
  readonly depthBatch: boolean;
}

/** Analyses operand `a` or `b` of a kernel. */
export function analyseOperand(kernel: ContractKernel, which: "a" | "b", panel: number, tile: number): PackedOperand {
  const { batch, m, n, k } = kernel;
  const lane = which === "a" ? group(m, batch.length) : group(n, batch.length + m.length);
  const { exprs, groups } = mergeAxes({
    exprs: [kernel[which]],
    groups: [group(batch, 0), lane, group(k, batch.length + m.length + n.length)],
  });
  const [outer, lanes, depth] = groups as [Group, Group, Group];
  const value = exprs[0]!;
  const sides = new Map<number, Side>();
  for (const axis of outer) sides.set(axis.slot, "batch");
  for (const axis of lanes) sides.set(axis.slot, "lane");
  for (const axis of depth) sides.set(axis.slot, "depth");
  const sideOf = (slot: number): Side => sides.get(slot)!;
  const separated = separate(value, kernel.bindings, sideOf);
  const { leaves } = separated;
  return {
    value,
    batch: outer,
    lanes,
    depth,
    panel,
    tile,
    separated,
    laneBatch: leaves.some((leaf) => uses(leaf.index.lane, "batch", sideOf)),
    depthBatch: leaves.some((leaf) => uses(leaf.index.depth, "batch", sideOf)),
  };
}

/** Numbers of the functions that fill an operand's tables and pack it. */
export interface PackFunctions {
  readonly lanes: number;
  readonly depth: number;
  readonly pack: number;
}

/** What the functions of a module share. */
export interface ModuleContext {
  readonly module: ModuleBuilder;
  readonly kernel: ContractKernel;
  readonly imports: ReadonlyMap<string, number>;
  readonly sum: SumType;
}

/** An emitter for a new function of the module. */
export function newEmitter(
  context: ModuleContext,
  name: string | undefined,
  parameters: readonly ValueType[],
  roots: readonly Expr[],
  lanes: 2 | 4 = laneCount({ bindings: [], scalars: [], checks: 0 }, roots),
): { emitter: Emitter; f: FunctionBuilder } {
  const f = context.module.function(name, parameters, []);
  const { kernel: operands, imports } = context;
  const emitter = new Emitter(f, { operands, roots, lanes, imports, fused: hasFusedMultiplyAdd() });
  return { emitter, f };
}

/** Adds the functions of an operand to the module. */
export function emitOperand(context: ModuleContext, operand: PackedOperand): PackFunctions {
  const { separated, panel, tile, batch, lanes, depth } = operand;
  const { leaves } = separated;
  const table = (side: "lane" | "depth") => {
    const { emitter, f } = newEmitter(context, undefined, TABLE_PARAMETERS, leaves.map((leaf) => leaf.index[side]));
    if (side === "lane") emitTable(emitter, side, leaves, lanes, batch, { leaf: 4 * tile, entry: 4 });
    else emitTable(emitter, side, leaves, depth, batch, { leaf: 4, entry: 4 * leaves.length });
    return f.index;
  };
  const roots = [separated.formula, ...leaves.flatMap(({ load }) => load ?? [])];
  const laneTable = table("lane"), depthTable = table("depth");
  const { emitter, f } = newEmitter(context, undefined, PACK_PARAMETERS, roots);
  const innermost = (axes: Group) => {
    const axis = axes.at(-1);
    return axis && variable(axis.slot, axis.extent);
  };
  emitPack(emitter, {
    operand: separated,
    sum: context.sum,
    batch,
    innerLane: innermost(lanes),
    onlyDepth: depth.length === 1 ? innermost(depth) : undefined,
    lanes: panel,
    leafStride: 4 * tile,
  });
  return { lanes: laneTable, depth: depthTable, pack: f.index };
}
