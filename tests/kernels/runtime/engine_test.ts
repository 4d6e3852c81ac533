/**
 * Random programs over tensors that are written in place, against a model of plain arrays: whatever runs are interleaved, a value reads
 * as it was when it was computed, or says that it is gone; a tensor reads as it was last written.
 *
 * @module
 */

import { assertEquals, AssertionError } from "@std/assert";
import { contract, fromHost, map, reduce } from "../../../kernels/ir/build.ts";
import { arg, binary, type BinaryOp, constant, unary } from "../../../kernels/ir/expr.ts";
import { TensaurError } from "../../../kernels/errors.ts";
import type { Node } from "../../../kernels/ir/node.ts";
import { expand, permute, reshape, slice } from "../../../kernels/ir/views.ts";
import type { DeviceName } from "../../../kernels/runtime/device.ts";
import { availableDevices } from "../../../kernels/runtime/devices.ts";
import { donate, flush, read, release } from "../../../kernels/runtime/engine.ts";
import { linearize } from "../../../kernels/schedule/graph.ts";
import { Random } from "../random_graph.ts";

const SIDE = 4;
const SHAPE = [SIDE, SIDE];

/** A matrix of whole numbers, as a node and as plain numbers. */
interface Value {
  readonly node: Node;
  readonly model: readonly number[];
}

const x = arg(0, "float32"), y = arg(1, "float32");
const limit = constant(99, "float32");
/** Held within bounds, so that no sum ever rounds. */
const bounded = (op: BinaryOp) => binary("max", binary("min", binary(op, x, y), limit), unary("neg", limit));
const formulas = { add: bounded("add"), sub: bounded("sub"), max: bounded("max") };
const hold = (v: number) => Math.max(-99, Math.min(99, v));
const operations = {
  add: (a: number, b: number) => hold(a + b),
  sub: (a: number, b: number) => hold(a - b),
  max: (a: number, b: number) => hold(Math.max(a, b)),
};

function combine(op: keyof typeof formulas, a: Value, b: Value): Value {
  const model = a.model.map((v, i) => operations[op](v, b.model[i]!));
  return { node: map(formulas[op], [a.node, b.node]), model };
}

function transpose(a: Value): Value {
  return { node: permute(a.node, [1, 0]), model: a.model.map((_, i) => a.model[(i % SIDE) * SIDE + (i / SIDE | 0)]!) };
}

function shifted(a: Value): Value {
  const turned = slice(reshape(a.node, [SIDE * SIDE]), [{ start: SIDE * SIDE - 1, size: SIDE * SIDE, step: -1 }]);
  return { node: reshape(turned, SHAPE), model: a.model.toReversed() };
}

function rowSums(a: Value): Value {
  const sums = expand(reshape(reduce("sum", a.node, [1]), [SIDE, 1]), SHAPE);
  const model = a.model.map((_, i) => {
    const row = (i / SIDE | 0) * SIDE;
    return a.model.slice(row, row + SIDE).reduce((p, q) => p + q);
  });
  return combine("sub", { node: sums, model }, a);
}

function product(a: Value, b: Value): Value {
  const model = a.model.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < SIDE; k++) sum += a.model[(i / SIDE | 0) * SIDE + k]! * b.model[k * SIDE + i % SIDE]!;
    return sum;
  });
  return combine("sub", { node: contract(a.node, b.node, { batch: 0, m: 1, n: 1, k: 1 }), model }, a);
}

/** Whether a value is not gone yet: what is made from one that is gone is gone too. */
function isComputable(node: Node): boolean {
  try {
    linearize([node]);
    return true;
  } catch {
    return false;
  }
}

/** Some tensors, and values that the program still holds. */
class Program {
  readonly tensors: Value[] = [];
  readonly held: Value[] = [];
  gone = 0;

  constructor(readonly random: Random, readonly device: DeviceName) {
    for (let i = 0; i < 3; i++) this.tensors.push(this.fresh());
  }

  fresh(): Value {
    const model = Array.from({ length: SIDE * SIDE }, () => this.random.int(-5, 5));
    return { node: fromHost(new Float32Array(model), SHAPE, "float32", this.device), model };
  }

  operand(): Value {
    const { random, tensors } = this;
    const held = this.held.filter((h) => isComputable(h.node));
    const value = random.chance(0.6) || held.length === 0 ? random.pick(tensors) : random.pick(held);
    return random.chance(0.2) ? transpose(value) : value;
  }

  expression(first = this.operand()): Value {
    const { random } = this, op = random.pick(["add", "sub", "sub", "max"] as const);
    switch (random.int(0, 6)) {
      case 0:
        return combine(op, rowSums(first), this.operand());
      case 1:
        return product(first, this.operand());
      case 2:
        return combine(op, first, shifted(this.operand()));
      case 3:
        return combine(op, combine(op, first, this.operand()), this.operand());
      default:
        return combine(op, first, this.operand());
    }
  }

  write(i: number, next: Value): void {
    donate(next.node, this.tensors[i]!.node);
    this.tensors[i] = next;
  }

  step(): void {
    const { random, tensors, held } = this;
    const i = random.int(0, tensors.length - 1);
    switch (random.int(0, 13)) {
      case 0:
      case 1:
      case 2:
        held.push(this.expression());
        break;
      case 3:
      case 4:
      case 5:
      case 6:
        this.write(i, this.expression(random.chance(0.7) ? tensors[i]! : undefined));
        break;
      case 7: {
        const j = random.int(0, tensors.length - 1), zero = this.fresh();
        const [a, b] = [combine("add", tensors[j]!, zero), combine("add", tensors[i]!, zero)];
        if (i === j) break;
        this.write(i, a);
        this.write(j, b);
        break;
      }
      case 8:
      case 9:
        flush();
        break;
      case 10:
        this.expect(tensors[i]!, "a tensor", false);
        break;
      case 11:
        if (held.length > 0) this.expect(random.pick(held), "a held value", true);
        break;
      case 12:
        held.splice(0, held.length - 4);
        break;
      case 13:
        if (held.length > 1 && random.chance(0.3)) release(held.pop()!.node);
        break;
    }
  }

  expect({ node, model }: Value, what: string, mayBeGone: boolean): void {
    let found: ArrayLike<number>;
    try {
      found = read(node);
    } catch (error) {
      if (!(error instanceof TensaurError && mayBeGone && error.message.includes("overwritten"))) throw error;
      this.gone++;
      this.held.splice(this.held.findIndex((h) => h.node === node), 1);
      return;
    }
    const wrong = model.findIndex((v, i) => v !== found[i]);
    if (wrong >= 0) throw new AssertionError(`${what} reads ${found[wrong]} instead of ${model[wrong]} at ${wrong}`);
  }
}

/** So many programs: on a software adapter every new kernel takes tens of milliseconds. */
const programs: Readonly<Record<DeviceName, number>> = { cpu: 150, webgpu: 3 };

for (const device of availableDevices()) {
  Deno.test(`tensors written in place read as their model says, in any order of runs (${device})`, () => {
    let gone = 0;
    for (let seed = 1; seed <= programs[device]; seed++) {
      const program = new Program(new Random(seed), device);
      try {
        for (let step = 0; step < 60; step++) program.step();
        for (const t of program.tensors) program.expect(t, "a tensor at the end", false);
      } catch (error) {
        throw new AssertionError(`seed ${seed} on ${device}: ${error instanceof Error ? error.stack : error}`);
      }
      gone += program.gone;
    }
    assertEquals(gone < programs[device] * 6, true, `${gone} values were gone`);
  });
}
