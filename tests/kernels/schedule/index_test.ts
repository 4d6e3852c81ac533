import { assertEquals } from "@std/assert";
import { fromHost } from "../../../kernels/ir/build.ts";
import { evaluator } from "../../../kernels/ir/evaluate.ts";
import { binary, type BinaryOp, type Expr, int, load, scalarArg, variable, walk } from "../../../kernels/ir/expr.ts";
import { range } from "../../../kernels/ir/index.ts";
import { type Node, numel, type Shape } from "../../../kernels/ir/node.ts";
import { interpret } from "../../../kernels/lower/interpreter.ts";
import { applyView, flatten, reshape } from "../../../kernels/ir/views.ts";
import { forget } from "../graphs.ts";
import { type Entry, Random, RandomGraph } from "../random_graph.ts";

/** Grows by views alone. */
class Views extends RandomGraph {
  chain(shape: Shape, length: number): Node {
    let e: Entry = {
      node: fromHost(Int32Array.from({ length: numel(shape) }, (_, i) => i + 1), shape, "int32", "cpu"),
      bound: 1,
      approximate: false,
    };
    for (let i = 0; i < length; i++) e = this.view(e);
    return e.node;
  }
}

/** The flat position in the leaf under a chain of views, and where all masks hold, as functions of the outer index. */
function composed(node: Node): { flat: Expr; mask: Expr; leaf: Node; scalars: number[] } {
  const scalars: number[] = [];
  let index: readonly Expr[] = node.shape.map((extent, i) => variable(i, extent));
  let mask: Expr = binary("eq", int(0), int(0));
  let at = node;
  while (at.attributes.op === "view") {
    const parameters = at.inputs.slice(1);
    const inner = applyView(at.attributes, index, (slot, room) => {
      return scalarArg(scalars.push(parameters[slot]!.value) - 1, "int32", room);
    });
    mask = binary("and", mask, inner.mask);
    index = inner.index;
    at = at.inputs[0]!;
  }
  return { flat: flatten(index, at.shape), mask, leaf: at, scalars };
}

Deno.test("index maps composed of views mean what the views mean one by one", () => {
  let checked = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    forget();
    const random = new Random(seed);
    const views = new Views(random, ["int32"]);
    const node = views.chain(views.shape(), random.int(1, 6));
    if (numel(node.shape) === 0) continue;
    const { flat, mask, leaf, scalars } = composed(node);
    if (leaf.attributes.op !== "buffer") continue;
    const expected = interpret(node), inside = evaluator(mask), position = evaluator(flat);
    const limits = range(flat);
    for (let i = 0; i < expected.length; i += 1 + Math.floor(expected.length / 16)) {
      const variables = at(i, node.shape);
      if (inside({ variables, scalars }) === 0) continue;
      const p = position({ variables, scalars });
      assertEquals(p, expected[i]! - 1, `seed ${seed}, element ${i}`);
      if (limits !== undefined) assertEquals(limits[0] <= p && p <= limits[1], true, `seed ${seed}: range`);
      checked++;
    }
  }
  assertEquals(checked > 10000, true, `${checked} elements were checked`);
});

function at(flat: number, shape: Shape): number[] {
  const index: number[] = [];
  for (let i = shape.length - 1; i >= 0; i--) {
    index[i] = flat % shape[i]!;
    flat = Math.floor(flat / shape[i]!);
  }
  return index;
}

Deno.test("simplified arithmetic of loop variables gives what the operations give one by one", () => {
  const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: Math.imul,
    div: (a, b) => Math.trunc(a / b),
    mod: (a, b) => a % b,
    lt: (a, b) => a < b ? 1 : 0,
    le: (a, b) => a <= b ? 1 : 0,
    eq: (a, b) => a === b ? 1 : 0,
    ne: (a, b) => a !== b ? 1 : 0,
  };
  type Direct = (variables: readonly number[]) => number;
  for (let seed = 1; seed <= 12000; seed++) {
    const random = new Random(seed);
    const extents = [random.int(1, 9), random.int(1, 12), random.int(1, 5)];
    const pool: { e: Expr; direct: Direct }[] = extents.map((extent, i) => ({
      e: variable(i, extent),
      direct: (v) => extent === 1 ? 0 : v[i]!,
    }));
    for (let step = random.int(2, 9); step > 0; step--) {
      const a = random.pick(pool);
      const op = random.pick<BinaryOp>(["add", "add", "sub", "mul", "mul", "div", "div", "mod", "mod"]);
      const f = operations[op]!;
      if (op === "add" || op === "sub") {
        const b = random.chance(0.7) ? random.pick(pool) : undefined;
        const c = random.int(-9, 9);
        const other = b ?? { e: int(c), direct: () => c };
        pool.push({ e: binary(op, a.e, other.e), direct: (v) => f(a.direct(v), other.direct(v)) });
      } else {
        const c = op === "mul" ? random.pick([-3, -1, 0, 2, 3, 4, 5, 12]) : random.pick([1, 2, 3, 4, 5, 6, 12, 60]);
        pool.push({ e: binary(op, a.e, int(c)), direct: (v) => f(a.direct(v), c) });
      }
    }
    const last = pool.at(-1)!, other = random.pick(pool);
    const op = random.pick<BinaryOp>(["lt", "le", "eq", "ne"]);
    const comparison = binary(op, last.e, other.e), compare = operations[op]!;
    const limits = range(last.e), value = evaluator(last.e), truth = evaluator(comparison);
    for (let i = 0; i < 12; i++) {
      const variables = extents.map((extent) => random.int(0, extent - 1));
      const expected = last.direct(variables);
      if (Math.abs(expected) >= 2 ** 31) continue;
      assertEquals(value({ variables }) + 0, expected + 0, `seed ${seed} at ${variables}`);
      assertEquals(
        truth({ variables }),
        compare(expected, other.direct(variables)),
        `seed ${seed}, ${op} at ${variables}`,
      );
      if (limits !== undefined) {
        assertEquals(limits[0] <= expected && expected <= limits[1], true, `seed ${seed}: [${limits}] at ${variables}`);
      }
    }
  }
});

Deno.test("reshapes there and back leave no division", () => {
  const e = fromHost(new Float32Array(120), [2, 3, 4, 5], "float32", "cpu");
  const views = [[[6, 20], [2, 3, 20], [2, 3, 4, 5]], [[120], [24, 5]], [[2, 12, 5], [24, 5], [2, 60]]];
  for (const shapes of views) {
    let node: Node = e;
    for (const shape of shapes) node = reshape(node, shape);
    let divisions = 0;
    const { flat } = composed(node);
    walk([flat], (x) => {
      if (x.op === "div" || x.op === "mod") divisions++;
    });
    assertEquals(divisions, 0);
  }
});

Deno.test("comparisons of the user's integers are left to the kernel, which wraps around", () => {
  const x = binary("add", variable(0, 5), int(1));
  assertEquals(binary("lt", variable(0, 5), x).op, "const");
  const data = load(0, "int32", variable(0, 5));
  assertEquals(binary("lt", data, binary("add", data, int(1))).op, "lt");
});
