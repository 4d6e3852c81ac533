/**
 * Stages over rows: reductions, scans, scatters, and the stores that use their results, in one dispatch.
 *
 * @module
 */

import type { Binding, Reduction, Stage, Store } from "../../ir/kernel.ts";
import type { Axis } from "../../templates/axes.ts";
import { decode, fours, size } from "./decode.ts";
import { kept } from "./exact.ts";
import { chooseLane, vectorBindings } from "./lanes.ts";
import { Module, type Target, type Unit } from "./module.ts";
import {
  accumulate,
  acrossLanes,
  combine,
  declareAccumulators,
  fold,
  fromAccumulator,
  identity,
  toAccumulator,
} from "./reduce.ts";
import { type RowShape, rowShape } from "./row_shape.ts";
import { type Segment, stageExprs } from "./stages.ts";
import { combineStore, writeStore, writeStores } from "./stores.ts";
import { accumulatorType, type Width } from "./types.ts";
import { Writer } from "./writer.ts";

/** A stage's loop, and whether it takes four elements a step. */
interface PlannedLoop {
  readonly stage: Stage;
  readonly axes: readonly Axis[];
  readonly lane: boolean;
}

/** The unit of a segment that has rows. */
export function lowerRows(segment: Segment, bindings: readonly Binding[], target: Target): Unit {
  const plans = segment.loops.map(({ stage, inner }): PlannedLoop => ({
    stage,
    axes: inner,
    lane: chooseLane(inner, stageExprs(stage), storesOf(stage)) !== undefined && !isSequential(stage),
  }));
  const vectors = vectorBindings(plans.map(({ stage, axes, lane }) => ({
    exprs: stageExprs(stage),
    stores: stage.kind === "scan" || stage.kind === "scatter" ? [stage.store] : storesOf(stage),
    lane: lane ? axes.at(-1) : undefined,
  })));
  const steps = Math.max(...plans.map(({ axes, lane }) => size(axes) / (lane ? 4 : 1)));
  const shape = rowShape(segment, steps, target);
  const w = new Writer(new Module(bindings, vectors));
  const groups = openRow(w, segment.rows, shape);
  plans.forEach((plan, i) => new StageWriter(w, plan, shape, i).write());
  return w.module.build(w.lines, shape.rows * shape.lanes, groups);
}

function storesOf(stage: Stage): readonly Store[] {
  return stage.kind === "store" ? stage.stores : [];
}

function isSequential({ kind }: Stage): boolean {
  return kind === "scan" || kind === "scatter";
}

/** Names the invocation's row: `x` is the row within the workgroup, `y` the lane. Gives the number of workgroups. */
function openRow(w: Writer, rows: readonly Axis[], shape: RowShape): number {
  const count = w.module.number("rows", size(rows));
  if (shape.lanes === 1) {
    w.line(`let row = item * ${shape.rows}u + local;`);
    w.line(`if (row >= ${count}) { return; }`);
  } else if (shape.rows === 1) {
    w.line("let x = 0u;");
    w.line("let y = local;");
    w.line("let row = item;");
    w.line(`if (row >= ${count}) { return; }`);
  } else {
    w.line(`let x = local ${shape.rowsFirst ? `% ${shape.rows}u` : `/ ${shape.lanes}u`};`);
    w.line(`let y = local ${shape.rowsFirst ? `/ ${shape.rows}u` : `% ${shape.lanes}u`};`);
    // Invocations past the last row repeat it, since all have to meet at the barriers; they store nothing.
    w.line(`let valid = item * ${shape.rows}u + x < ${count};`);
    w.line(`let row = min(item * ${shape.rows}u + x, ${count} - 1u);`);
  }
  decode(w, rows, "row");
  return Math.ceil(size(rows) / shape.rows);
}

/** Steps of one invocation from which sums are made in blocks. */
const LONG = 512;

class StageWriter {
  readonly #width: Width;

  constructor(
    readonly w: Writer,
    readonly plan: PlannedLoop,
    readonly shape: RowShape,
    readonly number: number,
  ) {
    this.#width = plan.lane ? 4 : 1;
  }

  write(): void {
    const { stage, axes } = this.plan;
    const empty = size(axes) === 0;
    this.w.announce(stageExprs(stage));
    switch (stage.kind) {
      case "reduce":
        this.#reduce(stage.reductions, empty);
        break;
      case "store":
        if (!empty) this.#store(stage.stores);
        break;
      case "scan":
        if (!empty) this.#scan(stage);
        break;
      case "scatter":
        if (!empty) this.#scatter(stage);
    }
  }

  #reduce(reductions: readonly Reduction[], empty: boolean): void {
    const { w, shape } = this;
    let names = declareAccumulators(w, reductions, this.#width);
    if (!empty) this.#blocks(reductions, names);
    if (this.#width === 4) names = reductions.map((r, i) => this.#named(fold(w, r, names[i]!)));
    if (!empty && shape.lanes > 1) names = acrossLanes(w, reductions, names, shape);
    reductions.forEach(({ slot, value }, i) => {
      const total = fromAccumulator(value.dtype, names[i]!);
      // A compiler that sees that it is 0 takes the mean of nothing, 0 / 0, for 0.
      w.bindAccumulator(slot, this.#named(empty ? kept(value.dtype, total, 1, w.module) : total));
    });
  }

  #named(text: string): string {
    if (/^\w+$/.test(text)) return text;
    const name = this.w.fresh("a");
    this.w.line(`let ${name} = ${text};`);
    return name;
  }

  /** The loops of a reduction; long ones sum blocks before they sum the blocks' sums, which keeps the rounding error small. */
  #blocks(reductions: readonly Reduction[], names: readonly string[]): void {
    const { w } = this;
    const steps = this.#steps() / this.shape.lanes;
    if (steps <= LONG) {
      const opened = this.#open();
      accumulate(w, reductions, names, this.#width);
      w.closeAll(opened);
      return;
    }
    const block = 2 ** Math.min(12, Math.round(Math.log2(steps) / 2)) * this.shape.lanes;
    const opened = this.#openFlat(block, () => declareAccumulators(w, reductions, this.#width));
    accumulate(w, reductions, opened.made, this.#width);
    w.close();
    reductions.forEach(({ op, value }, i) => {
      w.line(`${names[i]} = ${combine(w, op, value.dtype, names[i]!, opened.made[i]!, this.#width)};`);
    });
    w.close();
  }

  #steps(): number {
    return size(this.plan.axes) / this.#width;
  }

  /** Length of the stage's flat domain in steps, as a run-time number. */
  #length(): string {
    return this.w.module.number(`steps${this.number}`, this.#steps());
  }

  /** A loop over blocks of the flat domain and one over a block's steps. */
  #openFlat<T>(block: number, between: () => T): { made: T } {
    const { w, shape } = this;
    const length = this.#length();
    const start = w.fresh("start");
    w.open(`for (var ${start} = 0u; ${start} < ${length}; ${start} += ${block}u)`);
    const made = between();
    const step = w.fresh("e");
    const from = shape.lanes === 1 ? start : `${start} + y`;
    w.open(
      `for (var ${step} = ${from}; ${step} < min(${start} + ${block}u, ${length}); ${step} += ${shape.lanes}u)`,
    );
    decode(w, this.plan.axes, step, this.plan.lane);
    return { made };
  }

  /** Opens the stage's loops in row-major order, shared out over the row's lanes; gives how many. */
  #open(): number {
    const { w, shape, plan: { axes, lane } } = this;
    if (axes.length === 0) return 0;
    if (shape.lanes > 1) {
      const step = w.fresh("e");
      w.open(`for (var ${step} = y; ${step} < ${this.#length()}; ${step} += ${shape.lanes}u)`);
      decode(w, axes, step, lane);
      return 1;
    }
    axes.forEach(({ slot, extent }, i) => {
      const name = w.fresh("at");
      const inLane = lane && i === axes.length - 1;
      const bound = i === 0 ? `i32(${w.module.number(`extent${this.number}`, extent)})` : `${extent}i`;
      w.open(`for (var ${name} = 0i; ${name} < ${bound}; ${name} += ${inLane ? 4 : 1}i)`);
      w.bindVariable(slot, name, inLane ? fours(name) : {});
    });
    return axes.length;
  }

  #store(stores: readonly Store[]): void {
    const { w, shape, plan: { axes } } = this;
    const conditions = [];
    if (shape.lanes > 1 && axes.length === 0) conditions.push("y == 0u");
    if (shape.lanes > 1 && shape.rows > 1) conditions.push("valid");
    if (conditions.length > 0) w.open(`if (${conditions.join(" && ")})`);
    const opened = this.#open();
    writeStores(w, stores, this.#width);
    w.closeAll(opened + (conditions.length > 0 ? 1 : 0));
  }

  #scan({ op, store }: Stage & { kind: "scan" }): void {
    const { w } = this;
    const { dtype } = store.value;
    const running = w.fresh("a");
    w.declare(running, accumulatorType(dtype), 1, identity(op, dtype));
    const opened = this.#open();
    const value = toAccumulator(dtype, w.scalar(store.value), 1);
    w.line(`${running} = ${combine(w, op, dtype, running, value, 1)};`);
    writeStore(w, store, fromAccumulator(dtype, running));
    w.closeAll(opened);
  }

  #scatter({ op, store }: Stage & { kind: "scatter" }): void {
    const { w } = this;
    const opened = this.#open();
    const value = w.scalar(store.value);
    if (op === "set") writeStore(w, store, value);
    else combineStore(w, store, value, op);
    w.closeAll(opened);
  }
}
