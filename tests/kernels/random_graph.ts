/**
 * Random graphs of every kind of node. Floats hold whole numbers too small to round, so that results are the same to the bit however
 * a graph is cut into kernels and in whatever order sums are taken; values that have been through a transcendental function are
 * marked as approximate, and nothing that jumps (comparisons, indices, sorts) is fed with them.
 *
 * @module
 */

import {
  argsort,
  contract,
  fromHost,
  gather,
  iota,
  map,
  reduce,
  scalar,
  scan,
  scatter,
} from "../../kernels/ir/build.ts";
import { allocate, type DType, isFloat } from "../../kernels/ir/dtype.ts";
import { arg, binary, type BinaryOp, cast, constant, type Expr, isnan, unary, where } from "../../kernels/ir/expr.ts";
import type { ReduceOp } from "../../kernels/ir/kernel.ts";
import { type Node, numel, type Shape } from "../../kernels/ir/node.ts";
import {
  expand,
  pad,
  permute,
  reshape,
  slice,
  unslice,
  unwindow,
  window,
  windowCount,
} from "../../kernels/ir/views.ts";

/** Pseudo-random numbers: the same for the same seed, everywhere (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True so often. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of these. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  /** The numbers from 0 to `n` - 1 in some order. */
  order(n: number): number[] {
    const result = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(0, i);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }
}

/** A node and what is known of its elements. */
export interface Entry {
  readonly node: Node;
  /** No element is further from 0, infinities aside. */
  readonly bound: number;
  /** Right to a few units in the last place of `bound` only. */
  readonly approximate: boolean;
}

const LARGEST = 600;
const EXACT = 2 ** 22;

/** A graph that grows node by node. */
export class RandomGraph {
  readonly entries: Entry[] = [];

  constructor(readonly random: Random, readonly dtypes: readonly DType[]) {
    for (let i = 0; i < 3; i++) this.leaf(this.shape());
  }

  /** Adds nodes until there are so many entries. */
  grow(count: number): this {
    while (this.entries.length < count) this.step();
    return this;
  }

  /** Some entries to ask for, the last one among them. */
  roots(): Entry[] {
    const chosen = new Set([this.entries.at(-1)!]);
    for (let i = this.random.int(0, 3); i > 0; i--) chosen.add(this.random.pick(this.entries));
    return [...chosen].filter((e) => e.node.inputs.length > 0 || e.node.attributes.op === "iota");
  }

  /** One more operation. */
  step(): Entry {
    const { random } = this;
    const kind = random.next();
    if (kind < 0.06) return this.leaf(this.shape());
    if (kind < 0.42) return this.map();
    if (kind < 0.66) return this.view(this.any());
    if (kind < 0.78) return this.reduce(this.any());
    if (kind < 0.84) return this.contract();
    if (kind < 0.89) return this.gather();
    if (kind < 0.93) return this.scatter();
    if (kind < 0.96) return this.scan();
    if (kind < 0.98) return this.sort();
    return this.softmax();
  }

  protected any(): Entry {
    // Recent ones more often, so that chains get long.
    const { random, entries } = this;
    return random.chance(0.5) ? entries[Math.max(0, entries.length - random.int(1, 4))]! : random.pick(entries);
  }

  protected exact(): Entry {
    for (let i = 0; i < 20; i++) {
      const e = this.any();
      if (!e.approximate) return e;
    }
    return this.leaf(this.shape());
  }

  protected put(node: Node, bound: number, approximate = false): Entry {
    const entry = { node, bound, approximate };
    this.entries.push(entry);
    if (bound <= EXACT || !isFloat(node.dtype)) return entry;
    const x = arg(0, node.dtype);
    const small = approximate
      ? binary("mul", x, constant(1 / bound, node.dtype))
      : binary("mod", x, constant(5, node.dtype));
    return this.put(map(small, [node]), approximate ? 1 : 5, approximate);
  }

  shape(): number[] {
    const { random } = this;
    for (;;) {
      const extents = random.chance(0.05) ? [0, 1, 2] : [1, 2, 3, 4, 5, 7, 8, 11];
      const shape = Array.from({ length: random.pick([0, 1, 1, 2, 2, 2, 3, 3, 4]) }, () => random.pick(extents));
      if (numel(shape) <= LARGEST) return shape;
    }
  }

  leaf(shape: Shape, dtype: DType = this.random.pick(this.dtypes)): Entry {
    const { random } = this;
    if (shape.length === 0 && random.chance(0.5) && dtype !== "bool") {
      return this.put(scalar(random.int(0, 3), dtype, "cpu"), 3);
    }
    if (shape.length === 1 && dtype === "int32" && random.chance(0.2)) return this.put(iota(shape[0]!, "cpu"), 11);
    const data = allocate(dtype, numel(shape));
    const low = dtype === "bool" || dtype.startsWith("u") ? 0 : -3;
    for (let i = 0; i < data.length; i++) data[i] = dtype === "bool" ? random.int(0, 1) : random.int(low, 3);
    return this.put(fromHost(data, shape, dtype, "cpu"), 3);
  }

  protected as({ node, bound, approximate }: Entry, dtype: DType): Entry {
    if (node.dtype === dtype) return { node, bound, approximate };
    if (approximate && !isFloat(dtype)) return this.leaf(node.shape, dtype);
    const x = arg(0, node.dtype);
    // What a float that is no number becomes as an integer is not for every device the same.
    const big = isFloat(node.dtype) && !isFloat(dtype)
      ? where(binary("lt", unary("abs", x), constant(100, node.dtype)), x, constant(1, node.dtype))
      : isFloat(dtype) && !isFloat(node.dtype)
      ? binary("mod", x, constant(node.dtype === "bool" ? 1 : 7, node.dtype))
      : x;
    const value = node.dtype === "bool" ? x : dtype.startsWith("u") && isFloat(node.dtype) ? unary("abs", big) : big;
    return { node: map(cast(dtype, value), [node]), bound: Math.min(bound, 100), approximate };
  }

  /** Another entry that broadcasts against `shape`, made if need be. */
  protected partner(shape: Shape, dtype: DType): Entry {
    const { random } = this;
    const fits = (s: Shape) =>
      s.length <= shape.length &&
      s.every((e, i) => e === shape[shape.length - s.length + i] || e === 1);
    const candidates = this.entries.filter((e) => fits(e.node.shape));
    if (candidates.length > 0 && random.chance(0.8)) return this.as(random.pick(candidates), dtype);
    const own = shape.slice(random.chance(0.3) ? random.int(0, shape.length) : 0);
    return this.leaf(own.map((e) => random.chance(0.2) ? 1 : e), dtype);
  }

  protected map(): Entry {
    const { random } = this;
    const a = this.any(), { dtype, shape } = a.node;
    const b = this.partner(shape, dtype);
    const x = arg(0, dtype), y = arg(1, dtype);
    const approximate = a.approximate || b.approximate;
    const sum = a.bound + b.bound, product = a.bound * b.bound, most = Math.max(a.bound, b.bound);
    if (dtype === "bool") {
      const op = random.pick<BinaryOp>(["and", "or", "xor", "eq"]);
      return this.put(map(random.chance(0.3) ? unary("not", binary(op, x, y)) : binary(op, x, y), [a.node, b.node]), 1);
    }
    const choices: [Expr, number][] = [
      [binary("add", x, y), sum],
      [binary("sub", x, y), sum],
      [binary("mul", x, y), product],
      [binary("max", x, y), most],
      [binary("min", x, y), most],
      [binary("add", binary("mul", x, y), x), product + a.bound],
    ];
    if (isFloat(dtype)) choices.push([unary("neg", binary("sub", unary("abs", x), y)), sum]);
    if (!approximate) {
      choices.push([where(binary("lt", x, y), x, y), most], [binary("mod", x, constant(3, dtype)), 3]);
      if (isFloat(dtype)) choices.push([where(isnan(x), y, unary("floor", x)), most]);
      if (random.chance(0.15)) {
        const op = random.pick<BinaryOp>(["eq", "ne", "lt", "le"]);
        if (this.dtypes.includes("bool")) return this.put(map(binary(op, x, y), [a.node, b.node]), 1);
      }
      if (random.chance(0.1)) return this.put(this.as(a, random.pick(this.dtypes)).node, 100);
    }
    if (isFloat(dtype) && dtype !== "float64" && random.chance(0.1)) {
      const op = random.pick(["tanh", "exp", "sin"] as const);
      const inner = binary("mul", unary("tanh", binary("mul", x, constant(0.25, dtype))), constant(2, dtype));
      return this.put(map(unary(op, inner), [a.node]), 8, true);
    }
    const [formula, bound] = random.pick(choices);
    return this.put(map(formula, [a.node, b.node]), bound, approximate);
  }

  protected view(e: Entry): Entry {
    const { random } = this, { node } = e, { shape } = node;
    const rank = shape.length;
    const done = (n: Node) => numel(n.shape) > 2 * LARGEST ? e : this.put(n, Math.max(e.bound, 1), e.approximate);
    switch (random.int(0, 7)) {
      case 0:
        return done(permute(node, random.order(rank)));
      case 1:
      case 2:
        return done(reshape(node, this.factored(numel(shape))));
      case 3: {
        const ones = shape.map((extent) => extent === 1 ? random.pick([1, 2, 3]) : extent);
        return done(expand(node, random.chance(0.4) ? [random.int(1, 3), ...ones] : ones));
      }
      case 4: {
        const filler = isFloat(node.dtype) && random.chance(0.2) ? -Infinity : random.int(0, 1);
        return done(pad(node, shape.map(() => [random.int(0, 2), random.int(0, 2)] as const), filler));
      }
      case 5: {
        if (rank === 0) return done(node);
        return done(slice(
          node,
          shape.map((extent) => {
            const step = random.pick([1, 1, 2, 3]);
            const start = extent === 0 ? 0 : random.int(0, extent - 1);
            const most = extent === 0 ? 0 : Math.floor((extent - 1 - start) / step) + 1;
            const size = random.int(Math.min(1, most), most);
            return random.chance(0.25) && size > 0
              ? { start: start + (size - 1) * step, size, step: -step }
              : { start, size, step };
          }),
        ));
      }
      case 6: {
        const ranges = shape.map((size) => {
          const step = random.pick([1, 2, 3]), start = random.int(0, 2);
          return { start, size, step };
        });
        const whole = ranges.map((r) => r.start + Math.max(0, r.size - 1) * r.step + 1 + random.int(0, 2));
        return done(unslice(node, ranges, whole, random.int(0, 1)));
      }
      default: {
        const last = shape.slice(rank - random.int(0, Math.min(2, rank)));
        const windows = last.map((extent) => {
          const dilation = random.pick([1, 1, 2]);
          const size = random.int(1, Math.max(1, Math.min(3, Math.floor((extent - 1) / dilation) + 1)));
          return { size, stride: random.pick([1, 1, 2, 3]), dilation };
        });
        if (last.length === 0 || last.includes(0)) return done(node);
        const windowed = window(node, windows);
        if (numel(windowed.shape) > 2 * LARGEST) return e;
        if (random.chance(0.5)) return done(windowed);
        const spatial = windows.map((w, i) => {
          const used = (windowCount(last[i]!, w) - 1) * w.stride + (w.size - 1) * w.dilation + 1;
          return used + random.int(0, 2);
        });
        return done(unwindow(windowed, windows, spatial));
      }
    }
  }

  protected factored(count: number): number[] {
    const { random } = this;
    const shape: number[] = [];
    let rest = count;
    while (rest > 1 && shape.length < 4) {
      const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0);
      const d = random.pick(divisors);
      shape.push(d);
      rest /= d;
    }
    if (rest !== 1) shape.push(rest);
    if (random.chance(0.2)) shape.splice(random.int(0, shape.length), 0, 1);
    return shape;
  }

  protected reduce(e: Entry): Entry {
    const { random } = this, { node } = e;
    const axes = node.shape.map((_, i) => i).filter(() => random.chance(0.5));
    const count = numel(axes.map((a) => node.shape[a]!));
    const ops: ReduceOp[] = node.dtype === "bool" ? ["max", "min"] : ["sum", "sum", "max", "min"];
    if (!isFloat(node.dtype) && node.dtype !== "bool") ops.push("prod");
    const op = random.pick(ops);
    const result = reduce(op, node, axes);
    const bound = op === "sum" ? e.bound * Math.max(1, count) : Math.max(1, e.bound);
    const entry = this.put(result, bound, e.approximate);
    if (random.chance(0.5) || result !== entry.node) return entry;
    const kept = node.shape.map((extent, i) => axes.includes(i) ? 1 : extent);
    return this.put(reshape(result, kept), bound, e.approximate);
  }

  protected contract(): Entry {
    const { random } = this;
    let a = this.any();
    if (a.node.dtype === "bool") a = this.as(a, "float32");
    const { shape, dtype } = a.node, rank = shape.length;
    const batch = random.int(0, Math.min(1, rank)), m = random.int(0, rank - batch), k = rank - batch - m;
    const batched = shape.slice(0, batch), inner = shape.slice(batch + m);
    const columns = Array.from({ length: random.int(0, 2) }, () => random.int(1, 4));
    const wanted = [...batched, ...inner, ...columns];
    if (numel([...shape, ...columns]) > 4000) return a;
    const found = this.entries.filter((e) => e.node.dtype === dtype && e.node.shape.join() === wanted.join());
    const b = found.length > 0 ? random.pick(found) : this.leaf(wanted, dtype);
    const bound = a.bound * b.bound * Math.max(1, numel(inner));
    if (isFloat(dtype) && bound > 2 * EXACT) return a;
    const axes = { batch, m, n: columns.length, k };
    return this.put(contract(a.node, b.node, axes), bound, a.approximate || b.approximate);
  }

  /** int32 positions in [0, limit) of some shape, computed from what there is. */
  protected positions(shape: Shape, limit: number): Node {
    const { random } = this;
    const x = random.chance(0.5) ? this.partner(shape, "int32") : this.leaf(shape, "int32");
    const usable = x.approximate ? this.leaf(shape, "int32").node : x.node;
    const value = binary("mod", arg(0, "int32"), constant(Math.max(1, limit), "int32"));
    const whole = where(
      binary("lt", value, constant(0, "int32")),
      binary("add", value, constant(Math.max(1, limit), "int32")),
      value,
    );
    return expand(map(whole, [usable]), shape);
  }

  protected gather(): Entry {
    const { random } = this;
    const e = this.any(), { shape } = e.node;
    if (shape.length === 0) return this.view(e);
    const axis = random.int(0, shape.length - 1), limit = shape[axis]!;
    const own = shape.map((extent, i) => i === axis ? (limit === 0 ? 0 : random.int(1, 6)) : extent);
    const index = this.positions(own, limit);
    const message = random.chance(0.5) ? (v: number) => new RangeError(`Index ${v}`) : undefined;
    return this.put(gather(e.node, axis, index, message), e.bound, e.approximate);
  }

  protected scatter(): Entry {
    const { random } = this;
    const e = this.any(), { shape, dtype } = e.node;
    if (shape.length === 0) return this.view(e);
    const axis = random.int(0, shape.length - 1), limit = shape[axis]!;
    const own = shape.map((extent, i) => i === axis ? (limit === 0 ? 0 : random.int(1, 12)) : extent);
    const mode = dtype === "bool" ? "set" : random.pick(["set", "sum", "max", "min"] as const);
    const found = this.entries.filter((x) => x.node.dtype === dtype && x.node.shape.join() === own.join());
    const source = found.length > 0 ? random.pick(found) : this.leaf(own, dtype);
    const message = random.chance(0.5) ? (v: number) => new RangeError(`Index ${v}`) : undefined;
    const node = scatter(e.node, axis, this.positions(own, limit), source.node, mode, message);
    return this.put(node, e.bound + source.bound * Math.max(1, own[axis]!), e.approximate || source.approximate);
  }

  protected scan(): Entry {
    const { random } = this;
    const e = this.any(), { shape, dtype } = e.node;
    if (shape.length === 0 || dtype === "bool") return this.view(e);
    const axis = random.int(0, shape.length - 1), op = random.pick(["sum", "max", "min"] as const);
    return this.put(scan(op, e.node, axis), e.bound * (op === "sum" ? Math.max(1, shape[axis]!) : 1), e.approximate);
  }

  protected sort(): Entry {
    const e = this.exact();
    if (e.node.shape.length === 0 || e.node.dtype === "bool") return this.view(e);
    const order = argsort(e.node, this.random.chance(0.5));
    this.put(order, 11);
    return this.put(gather(e.node, e.node.shape.length - 1, order), e.bound);
  }

  protected softmax(): Entry {
    const e = this.as(this.any(), "float32"), { shape } = e.node;
    const axis = shape.length - 1;
    if (axis < 0) return this.view(e);
    const kept = shape.map((extent, i) => i === axis ? 1 : extent);
    const over = (op: ReduceOp, x: Node) => reshape(reduce(op, x, [axis]), kept);
    const x = arg(0, "float32"), y = arg(1, "float32");
    const small = map(binary("mul", x, constant(1 / Math.max(1, e.bound), "float32")), [e.node]);
    const shifted = map(unary("exp", binary("sub", x, y)), [small, over("max", small)]);
    return this.put(map(binary("div", x, y), [shifted, over("sum", shifted)]), 1, true);
  }
}
