import { assert, assertEquals } from "@std/assert";
import { contract, scalar } from "../../../kernels/ir/build.ts";
import { binary, constant, int, variable } from "../../../kernels/ir/expr.ts";
import { scheduling } from "../../../kernels/ir/intern.ts";
import type { Node } from "../../../kernels/ir/node.ts";
import { deviceStats } from "../../../kernels/mod.ts";
import { plansKept, read, realize } from "../../../kernels/runtime/engine.ts";
import { add, data, exp, leaf, mul, scheduled } from "../graphs.ts";

/** A recurrence: each state comes from the last by a product and a costly formula. */
function states(steps: number): Node[] {
  const weight = leaf(4, 4), found = [leaf(2, 4)];
  for (let i = 0; i < steps; i++) {
    const state = found.at(-1)!;
    found.push(add(exp(contract(state, weight, { batch: 0, m: 1, n: 1, k: 1 })), exp(state)));
  }
  return found.slice(1);
}

Deno.test("the steps of a recurrence are kernels made once", () => {
  const distinct = (steps: number) =>
    new Set(scheduled([states(steps).at(-1)!]).kernels.map(({ kernel }) => kernel)).size;
  const few = distinct(6);
  assert(few <= 6, `${few} kernels`);
  assertEquals(distinct(40), few);
});

Deno.test("costly states are stored, not computed anew from all before them", () => {
  const { kernels } = scheduled([states(30).at(-1)!]);
  const loads = kernels.map(({ kernel }) => kernel.bindings.length);
  assert(Math.max(...loads) <= 4, `kernels of ${loads} buffers`);
});

Deno.test("a new number of rows finds the program of a contraction", () => {
  const weight = leaf(16, 24);
  const compiledFor = (...sizes: number[]) => {
    const before = deviceStats("cpu").compiled;
    for (const rows of sizes) realize([contract(leaf(rows, 16), weight, { batch: 0, m: 1, n: 1, k: 1 })]);
    return deviceStats("cpu").compiled - before;
  };
  assertEquals(compiledFor(40), 1);
  assertEquals(compiledFor(41, 7, 300), 0);
});

Deno.test("expressions of kernels are forgotten, formulas stay, and results are the same", () => {
  const x = data([1, 2, 3]), formula = binary("mul", constant(3, "float32"), constant(5, "float32"));
  const result = () => [...read(mul(add(x, scalar(1, "float32", "cpu")), exp(x)))];
  const before = result();
  const old = scheduling(() => binary("add", variable(7, 1000), int(1)));
  // More than are kept.
  scheduling(() => {
    for (let i = 0; i < 450_000; i++) constant(i + 0.5, "float32");
  });
  scheduling(() => assert(binary("add", variable(7, 1000), int(1)) !== old));
  assertEquals(binary("mul", constant(3, "float32"), constant(5, "float32")), formula);
  assert(constant(15, "float32") === formula);
  assertEquals(result(), before);
});

Deno.test("reading in between leaves the queue where it was: a long loop finds its plans", () => {
  const step = () => {
    let x = leaf(8);
    for (let i = 0; i < 90; i++) x = add(x, x);
    return read(x)[0];
  };
  step();
  const plans = plansKept();
  for (let i = 0; i < 100; i++) step();
  assertEquals(plansKept(), plans);
});
