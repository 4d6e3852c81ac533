/**
 * Lowers loop kernels to WebAssembly.
 *
 * The units of a program are rows; where lanes hold neighbouring rows, they are blocks of the last row axis, so that even one long
 * axis can be shared among threads.
 *
 * @module
 */

import { type Expr, walk } from "../../ir/expr.ts";
import type { LoopKernel } from "../../ir/kernel.ts";
import { type CpuProgram, ENTRY, ENTRY_PARAMETERS } from "./program.ts";
import { expandMath } from "../math/mod.ts";
import { withBranches } from "./branches.ts";
import { ModuleBuilder, op } from "./encoder.ts";
import { Emitter } from "./expression.ts";
import { hasFusedMultiplyAdd, wideVectors } from "./features.ts";
import { importHostFunctions, laneCount } from "./requirements.ts";
import { type LoopPlan, planLoop } from "./loop_plan.ts";
import { planKey } from "./plan_key.ts";
import { allRoots, withRoots } from "./stage_roots.ts";
import { type Bound, emitLanes } from "./nest.ts";
import { emitStage, type EmittedStage, hoistStage } from "./stages.ts";
import { loopText } from "./text.ts";

/** Blocks of rows have at least and at most so many elements, and take about so long. Steps of any unrolling divide them. */
const SMALLEST_BLOCK = 32, LARGEST_BLOCK = 16384, BLOCK_NANOSECONDS = 10_000;

/** Length of the blocks of a transposition. */
const TILE = 64;

/** Loops side by side from which on they are kept short: there are more of them to compile than each has to do. */
const MANY_PARTS = 8;

/** Slot of the variable that counts blocks. */
const BLOCKS = -1;

/** Lowers a kernel. */
export function lowerLoop(kernel: LoopKernel): CpuProgram {
  const plan = planLoop(kernel);
  const rows = plan.rows.map((a) => a.extent);
  const words = [...rows, ...plan.stages.flatMap((s) => s.axes.map((a) => a.extent))];
  let units = rows.reduce((n, extent) => n * extent, 1);
  if (plan.rowsInLanes) {
    const lane = rows.at(-1)!;
    const block = units === 0 ? 1 : blockSize(plan);
    const blocks = Math.ceil(lane / block);
    units = lane === 0 ? 0 : units / lane * blocks;
    words.push(block, blocks);
  }
  return {
    key: planKey(plan),
    build: () => build(plan),
    text: () => loopText(plan),
    phases: [{ entry: "run", units, work: plan.work }],
    words,
    localBytes: 0,
    sharedBytes: 0,
  };
}

/** Length of the blocks that a row axis is cut into: long enough to be worth handing to a thread. */
function blockSize(plan: LoopPlan): number {
  const axis = plan.rows.at(-1)!;
  if (plan.tiled) return Math.min(TILE, axis.extent);
  const elements = plan.rows.reduce((n, a) => n * a.extent, 1);
  const wanted = BLOCK_NANOSECONDS * elements / plan.work;
  return Math.min(
    Math.max(SMALLEST_BLOCK, 2 ** Math.round(Math.log2(wanted))),
    LARGEST_BLOCK,
    Math.max(1, axis.extent),
  );
}

function build(plan: LoopPlan): Uint8Array<ArrayBuffer> {
  const stages = plan.stages.map(({ stage, axes }) => {
    const lane = (plan.rowsInLanes ? plan.rows : axes).at(-1)?.slot;
    return withRoots(stage, allRoots(stage).map((e) => withBranches(expandMath(e), lane)));
  });
  const roots = stages.flatMap(allRoots);
  const module = new ModuleBuilder();
  const imports = importHostFunctions(module, roots);
  const f = module.function("run", ENTRY_PARAMETERS, []);
  const lanes = laneCount(plan.kernel, roots);
  const { kernel: operands, brief } = plan;
  const e = new Emitter(f, { operands, roots, lanes, imports, fused: hasFusedMultiplyAdd(), brief });
  e.scopes.rowsInLanes = plan.rowsInLanes;

  let word = 0;
  const limit = () => {
    const local = e.scopes.local("i32");
    e.pushWord(word++).set(local);
    return local;
  };
  const rows = plan.rows.map((axis): Bound => ({ ...axis, limit: limit() }));
  const emitted = stages.map((stage, i): EmittedStage => ({
    stage,
    axes: plan.stages[i]!.axes.map((axis) => ({ ...axis, limit: limit() })),
    short: plan.stages[i]!.short,
    unroll: plan.brief || stages.length > MANY_PARTS ? 1 : unrolling([stage]),
  }));
  const hoist = () => stages.forEach((stage) => hoistStage(e, stage));

  const unit = e.scopes.local("i32");
  if (!plan.rowsInLanes) {
    hoist();
    f.get(ENTRY.start).set(unit);
    emitUnits(e, unit, () => {
      bindRows(e, rows, unit);
      hoist();
      for (const s of emitted) emitStage(e, s, false);
    });
  } else {
    const lane = rows.at(-1)!;
    const block = limit(), blocks: Bound = { slot: BLOCKS, extent: 0, limit: limit() };
    e.scopes.lane = lane.slot;
    hoist();
    f.get(ENTRY.start).set(unit);
    const outer = rows.slice(0, -1);
    emitUnits(e, unit, () => {
      bindRows(e, plan.tiled ? [...outer.slice(0, -1), blocks, outer.at(-1)!] : [...outer, blocks], unit);
      const from = e.scopes.local("i32"), to = e.scopes.local("i32");
      f.get(e.scopes.variable(BLOCKS)).get(block).op(op.i32Mul).tee(from);
      f.get(block).op(op.i32Add).tee(to).get(lane.limit).get(to).get(lane.limit).op(op.i32LtS).op(op.select).set(to);
      hoist();
      const many = partsOf(emitted[0]!.stage) > MANY_PARTS;
      emitRows(e, emitted, lane.slot, from, to, many ? 1 : unrolling(stages));
    });
  }
  return module.encode();
}

/** The rows from one local to another, in the lanes. A branch that all of them take alike stays outside their loop. */
function emitRows(
  e: Emitter,
  stages: readonly EmittedStage[],
  slot: number,
  from: number,
  to: number,
  unroll: number,
): void {
  const { f, scopes } = e, alike = branchOf(stages);
  if (alike === undefined) {
    emitLanes(e, slot, from, to, unroll, () => {
      for (const s of stages) emitStage(e, s, true);
    });
    return;
  }
  const put = (s: EmittedStage): void => {
    scopes.push();
    hoistStage(e, s.stage);
    emitRows(e, [s], slot, from, to, unroll);
    scopes.pop();
  };
  e.scalar(alike.condition);
  f.if();
  put(alike.then);
  f.else();
  put(alike.otherwise);
  f.end();
}

/** How many loops a stage of one store becomes. */
function partsOf(stage: EmittedStage["stage"]): number {
  const count = (value: Expr): number =>
    value.op === "where" && value.slot === 2 ? count(value.args[1]!) + count(value.args[2]!) : 1;
  return stage.kind === "store" && stage.stores.length === 1 ? count(stage.stores[0]!.value) : 1;
}

/** The two stages between which a stage of one store chooses. */
function branchOf(
  [first, ...others]: readonly EmittedStage[],
): { condition: Expr; then: EmittedStage; otherwise: EmittedStage } | undefined {
  if (first === undefined || others.length > 0 || first.stage.kind !== "store" || first.stage.stores.length > 1) return;
  const { value, index } = first.stage.stores[0]!;
  if (value.op !== "where" || value.slot !== 2) return;
  const [condition, a, b] = value.args as [Expr, Expr, Expr];
  const storing = (value: Expr): EmittedStage => ({ ...first, stage: withRoots(first.stage, [value, index]) });
  return { condition, then: storing(a), otherwise: storing(b) };
}

function emitUnits(e: Emitter, unit: number, body: () => void): void {
  const { f, scopes } = e;
  f.get(unit).get(ENTRY.end).op(op.i32LtS).if().loop();
  scopes.push();
  body();
  scopes.pop();
  f.get(unit).i32(1).op(op.i32Add).tee(unit).get(ENTRY.end).op(op.i32LtS).brIf(0);
  f.end().end();
}

/** Takes flat index `flat` apart into the variables of `axes`. */
function bindRows(e: Emitter, axes: readonly Bound[], flat: number): void {
  const { f, scopes } = e;
  const rest = scopes.local("i32");
  f.get(flat).set(rest);
  axes.toReversed().forEach((axis, i) => {
    const local = scopes.local("i32");
    if (i === axes.length - 1) f.get(rest).set(local);
    else {
      f.get(rest).get(axis.limit).op(op.i32RemU).set(local);
      f.get(rest).get(axis.limit).op(op.i32DivU).set(rest);
    }
    scopes.bindVariable(axis.slot, local);
  });
}

/**
 * How many vectors to do at once: short computations gain by it, long ones keep the core busy by themselves. Wide vectors are made of
 * two; of a reduction, which would add in another order, as many as ever.
 */
function unrolling(stages: readonly EmittedStage["stage"][]): number {
  let operations = 0;
  walk(stages.flatMap(allRoots), (e) => {
    if (e.op === "load" || (e.args.length > 0 && e.dtype !== "int32")) operations++;
  });
  const pairs = wideVectors() && stages.every((s) => s.kind === "store");
  return operations <= 2 ? 8 : operations <= 12 ? 4 : operations <= 48 || pairs ? 2 : 1;
}
