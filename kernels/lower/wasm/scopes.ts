/**
 * What is known at a point of a function being emitted: which loop variables and accumulators have values, and which values are
 * already in locals. Scopes nest as the loops do; leaving one forgets what was computed in it and gives its locals back.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { type Linear, linear } from "../../ir/index.ts";
import type { FunctionBuilder, ValueType } from "./encoder.ts";

interface Scope {
  readonly memo: Map<string, number>;
  readonly locals: [ValueType, number][];
  readonly variables: number[];
  readonly accumulators: number[];
}

interface Accumulator {
  readonly locals: readonly number[];
  readonly varies: boolean;
  readonly depth: number;
}

/** Nested scopes of one function. */
export class Scopes {
  readonly #f: FunctionBuilder;
  readonly #stack: Scope[] = [];
  readonly #free = new Map<ValueType, number[]>();
  readonly #variables = new Map<number, { local: number; depth: number }>();
  readonly #accumulators = new Map<number, Accumulator>();
  readonly #levels = new Map<Expr, number>();
  readonly #varies = new Map<Expr, boolean>();
  readonly #forms = new Map<Expr, Linear>();
  readonly #written: ReadonlySet<number>;
  #lane: number | undefined;
  #stage = Infinity;
  /** Whether accumulators that are still to come will differ between lanes. */
  rowsInLanes = false;

  constructor(f: FunctionBuilder, written: ReadonlySet<number>) {
    this.#f = f;
    this.#written = written;
    this.push();
  }

  /** The loop variable whose consecutive values lie in the lanes of vectors; its local holds that of lane 0. */
  get lane(): number | undefined {
    return this.#lane;
  }

  set lane(slot: number | undefined) {
    this.#lane = slot;
    this.#forget();
  }

  /** Opens a scope. A `stage` is one whose loads may not move before it, if the kernel also writes what they read. */
  push(stage = false): void {
    this.#stack.push({ memo: new Map(), locals: [], variables: [], accumulators: [] });
    if (stage) {
      this.#stage = this.#stack.length - 1;
      this.#levels.clear();
    }
  }

  /** Closes the innermost scope. */
  pop(): void {
    const scope = this.#stack.pop()!;
    for (const [type, local] of scope.locals) {
      const free = this.#free.get(type);
      if (free === undefined) this.#free.set(type, [local]);
      else free.push(local);
    }
    for (const slot of scope.variables) this.#variables.delete(slot);
    for (const slot of scope.accumulators) this.#accumulators.delete(slot);
    if (this.#stage >= this.#stack.length) this.#stage = Infinity;
    this.#forget();
  }

  #forget(): void {
    this.#levels.clear();
    this.#varies.clear();
  }

  get #top(): Scope {
    return this.#stack[this.#stack.length - 1]!;
  }

  /** A local that lives as long as the innermost scope. Its first contents are undefined. */
  local(type: ValueType): number {
    const local = this.#free.get(type)?.pop() ?? this.#f.local(type);
    this.#top.locals.push([type, local]);
    return local;
  }

  /** Loop variable `slot` is in `local` from here on. */
  bindVariable(slot: number, local: number): void {
    this.#variables.set(slot, { local, depth: this.#stack.length - 1 });
    this.#top.variables.push(slot);
    this.#forget();
  }

  /** Accumulator `slot` is in `locals` (one for each group of lanes, or one for all if it does not vary). */
  bindAccumulator(slot: number, locals: readonly number[], varies: boolean): void {
    this.#accumulators.set(slot, { locals, varies, depth: this.#stack.length - 1 });
    this.#top.accumulators.push(slot);
    this.#forget();
  }

  /** The local of loop variable `slot`. */
  variable(slot: number): number {
    const found = this.#variables.get(slot);
    if (found === undefined) throw new TypeError(`Loop variable ${slot} has no value here`);
    return found.local;
  }

  /** The vector local of accumulator `slot`. */
  accumulator(slot: number, group: number): number {
    const found = this.#accumulators.get(slot);
    if (found === undefined) throw new TypeError(`Accumulator ${slot} has no value here`);
    return found.locals[found.varies ? group : 0]!;
  }

  /** Depth of the outermost scope in which `e` can be computed; Infinity if it cannot be computed yet. */
  level(e: Expr): number {
    let level = this.#levels.get(e);
    if (level === undefined) {
      level = this.#ownLevel(e);
      for (const a of e.args) level = Math.max(level, this.level(a));
      this.#levels.set(e, level);
    }
    return level;
  }

  #ownLevel(e: Expr): number {
    switch (e.op) {
      case "var":
        return this.#variables.get(e.slot)?.depth ?? Infinity;
      case "acc":
        return this.#accumulators.get(e.slot)?.depth ?? Infinity;
      case "load":
        return this.#written.has(e.slot) ? this.#stage : 0;
      default:
        return 0;
    }
  }

  /** Whether the lanes of `e` may differ. */
  varies(e: Expr): boolean {
    let varies = this.#varies.get(e);
    if (varies === undefined) {
      if (e.op === "var") varies = e.slot === this.#lane;
      else if (e.op === "acc") varies = this.#accumulators.get(e.slot)?.varies ?? this.rowsInLanes;
      else varies = e.args.some((a) => this.varies(a));
      this.#varies.set(e, varies);
    }
    return varies;
  }

  /** `e` as a linear form. */
  linear(e: Expr): Linear {
    let form = this.#forms.get(e);
    if (form === undefined) this.#forms.set(e, form = linear(e));
    return form;
  }

  /** The local that holds the value remembered as `key`. */
  find(key: string): number | undefined {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const local = this.#stack[i]!.memo.get(key);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** Pops a value into a new local of the innermost scope, where `find(key)` finds it. */
  remember(key: string, type: ValueType): number {
    const local = this.local(type);
    this.#f.set(local);
    this.#top.memo.set(key, local);
    return local;
  }
}
