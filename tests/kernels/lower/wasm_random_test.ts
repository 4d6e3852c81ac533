import { type DType, isFloat } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  and,
  binary,
  cast,
  check,
  constant,
  type Expr,
  int,
  load,
  unary,
  variable,
  where,
} from "../../../kernels/ir/expr.ts";
import type { Binding, Stage, Store } from "../../../kernels/ir/kernel.ts";
import { compare, integers, loop, noise } from "./wasm_cases.ts";

const add = (a: Expr, b: Expr) => binary("add", a, b);
const mul = (a: Expr, b: Expr) => binary("mul", a, b);

/** A source of random choices. */
class Chance {
  constructor(private state: number) {}

  below(n: number): number {
    this.state = Math.imul(this.state ^ this.state >>> 15, 2246822519) + 0x9e3779b9 >>> 0;
    return (this.state >>> 4) % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Size of every input: all generated indices lie inside, or are masked. */
const SIZE = 4096;

class Generator {
  readonly bindings: Binding[] = [];
  readonly data: (ArrayLike<number> | undefined)[] = [];
  checks = 0;

  constructor(readonly chance: Chance, readonly dtype: DType) {
    for (const d of [dtype, dtype, "bool", "int32"] as const) {
      this.bindings.push({ dtype: d, size: SIZE, access: "read" });
      this.data.push(
        isFloat(d) ? noise(SIZE, chance.below(99)) : integers(SIZE, d === "bool" ? 2 : 50, chance.below(99)),
      );
    }
  }

  output(dtype: DType, size: number): number {
    this.data.push(undefined);
    return this.bindings.push({ dtype, size, access: "write" }) - 1;
  }

  /** An index over some of the variables, between 0 and SIZE - 1. */
  index(variables: readonly Expr[]): Expr {
    const { chance } = this;
    let index = int(chance.below(5));
    let stride = chance.pick([1, 1, 1, 2, 3]);
    for (const v of chance.below(3) === 0 ? variables : variables.toReversed()) {
      if (chance.below(4) === 0) continue;
      const last = Math.max(0, v.value - 1);
      index = chance.below(6) === 0
        ? add(index, add(int(last * stride), mul(v, int(-stride))))
        : add(index, mul(v, int(stride)));
      stride *= Math.max(1, v.value);
    }
    switch (chance.below(8)) {
      case 0:
        return binary("mod", index, int(7 + chance.below(100)));
      case 1:
        return binary("mod", binary("div", index, int(1 + chance.below(5))), int(SIZE));
      case 2:
        return check(load(3, "int32", binary("mod", index, int(SIZE))), 50, this.flag());
      default:
        return binary("mod", index, int(SIZE));
    }
  }

  flag(): number {
    return this.checks++;
  }

  value(variables: readonly Expr[], accumulators: readonly Expr[], depth: number): Expr {
    const { chance, dtype } = this;
    if (depth === 0 || chance.below(6) === 0) {
      switch (chance.below(6)) {
        case 0:
          return constant(1 + chance.below(3), dtype);
        case 1:
          return variables.length > 0 ? cast(dtype, binary("mod", chance.pick(variables), int(9))) : constant(2, dtype);
        case 2:
          if (accumulators.length > 0) return chance.pick(accumulators);
      }
      const slot = chance.below(2);
      const index = this.index(variables);
      if (chance.below(3) !== 0 || variables.length === 0) return load(slot, dtype, index);
      // Shifted out of the buffer, and masked.
      const shifted = add(chance.pick(variables), int(-2));
      return where(
        and(binary("le", int(0), shifted), binary("lt", shifted, int(6))),
        load(slot, dtype, shifted),
        constant(1, dtype),
      );
    }
    const a = this.value(variables, accumulators, depth - 1);
    const b = this.value(variables, accumulators, depth - 1);
    switch (chance.below(8)) {
      case 0:
        return isFloat(dtype) ? unary("tanh", a) : unary("abs", a);
      case 1:
        return binary("max", a, b);
      case 2:
        return binary("min", a, b);
      case 3:
        return isFloat(dtype) ? unary("tanh", mul(a, b)) : mul(a, b);
      case 4:
        return where(binary("lt", a, b), a, add(a, b));
      case 5:
        return where(load(2, "bool", this.index(variables)), a, b);
      case 6:
        return binary("sub", a, b);
      default:
        return add(a, b);
    }
  }
}

/** The row-major index of `variables`, in a random order of axes. */
function target(chance: Chance, variables: readonly Expr[]): Expr {
  const order = variables.map((v) => [chance.below(100), v] as const);
  if (chance.below(2) === 0) order.sort((a, b) => a[0] - b[0]);
  let index = int(0);
  for (const [, v] of order) index = add(mul(index, int(Math.max(1, v.value))), v);
  return index;
}

function extents(chance: Chance, most: number): number[] {
  return Array.from({ length: chance.below(most + 1) }, () => chance.pick([1, 2, 3, 4, 5, 7, 8, 9, 16, 19]));
}

function randomKernel(seed: number): Parameters<typeof compare>[0] {
  const chance = new Chance(seed);
  const dtype = chance.pick(["float32", "float32", "float32", "float64", "int32"] as const);
  const g = new Generator(chance, dtype);
  const rows = extents(chance, 2);
  const rowVariables = rows.map((n, slot) => variable(slot, n)).filter((v) => v.op === "var");
  const accumulators: Expr[] = [];
  const stages: Stage[] = [];
  const numel = (list: readonly number[]) => list.reduce((a, b) => a * b, 1);
  for (let count = 1 + chance.below(3); count > 0; count--) {
    const inner = extents(chance, 2);
    const own = inner.map((n, k) => variable(rows.length + k, n)).filter((v) => v.op === "var");
    const all = [...rowVariables, ...own];
    const storeOf = (): Store => {
      const value = g.value(all, accumulators, 3);
      return { slot: g.output(dtype, numel(rows) * numel(inner)), index: target(chance, all), value };
    };
    if (chance.below(2) === 0 && accumulators.length < 3) {
      const slot = accumulators.length;
      // Products grow too fast to compare.
      stages.push({
        kind: "reduce",
        inner,
        reductions: [{ slot, op: chance.pick(["sum", "max", "min"]), value: g.value(all, accumulators, 2) }],
      });
      accumulators.push(acc(slot, dtype));
    } else if (chance.below(4) === 0) {
      const n = chance.pick([1, 4, 11]);
      const step = variable(rows.length, n);
      const scanned = step.op === "var" ? [...rowVariables, step] : rowVariables;
      const value = g.value(scanned, accumulators, 2);
      const store = { slot: g.output(dtype, numel(rows) * n), index: target(chance, scanned), value };
      stages.push({ kind: "scan", inner: [n], op: chance.pick(["sum", "max", "min"]), store });
    } else stages.push({ kind: "store", inner, stores: chance.below(2) === 0 ? [storeOf()] : [storeOf(), storeOf()] });
  }
  stages.push({
    kind: "store",
    inner: [],
    stores: [{
      slot: g.output(dtype, numel(rows)),
      index: target(chance, rowVariables),
      value: g.value(rowVariables, accumulators, 2),
    }],
  });
  return {
    kernel: loop({ rows, stages, bindings: g.bindings, checks: g.checks }),
    data: g.data,
    tolerance: dtype === "float32" ? 2e-4 : dtype === "float64" ? 1e-9 : 0,
  };
}

Deno.test("random kernels agree with the reference", () => {
  const first = Number(Deno.args[0] ?? 1), count = Number(Deno.args[1] ?? 150);
  for (let seed = first; seed < first + count; seed++) {
    try {
      compare(randomKernel(seed));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});
