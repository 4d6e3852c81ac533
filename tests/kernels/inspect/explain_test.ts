import { assert, assertEquals } from "@std/assert";
import { reduce } from "../../../kernels/ir/build.ts";
import { describe } from "../../../kernels/inspect/describe.ts";
import { explain } from "../../../kernels/inspect/explain.ts";
import { arg, binary, constant, unary } from "../../../kernels/ir/expr.ts";
import { deviceStats } from "../../../kernels/runtime/devices.ts";
import { add, leaf, matmul, softmax } from "../graphs.ts";

Deno.test("explain() shows a softmax's graph and the one kernel that it is", () => {
  const { launched } = deviceStats("cpu");
  assertEquals(
    explain([softmax(leaf(2, 3))]),
    `graph
  %0: float32[2, 3] = buffer
  %1: float32[2] = max over 1 (%0)
  %2: float32[2, 1] = view(%1)
  %3: float32[2, 3] = map (x0 - x1) (%0, %2)
  %4: float32[2, 3] = map exp(x0) (%3)
  %5: float32[2] = sum over 1 (%4)
  %6: float32[2, 1] = view(%5)
  %7: float32[2, 3] = map (x0 / x1) (%4, %6)  (result)

1 kernel on cpu
  kernel 0: %7 (48 B, 42 operations)
    for each row i0 < 2:
      for i1 < 3: acc0 = max of b0[((i0 * 3) + i1)]
      for i1 < 3: acc1 = sum of exp((b0[((i0 * 3) + i1)] - acc0))
      for i1 < 3: b1[((i0 * 3) + i1)] = (exp((b0[((i0 * 3) + i1)] - acc0)) / acc1)`,
  );
  assertEquals(deviceStats("cpu").launched, launched);
});

Deno.test("explain() counts a matrix product's operations", () => {
  const text = explain([add(matmul(leaf(64, 32), leaf(32, 16)), leaf(16))]);
  assert(text.includes("66.6 k operations"), text);
  assert(text.includes("acc0 = sum of"), text);
});

Deno.test("explain() prints the kernels' text on request", () => {
  const nodes = [reduce("sum", leaf(8), [0])];
  assert(!explain(nodes).includes("    | "));
  assert(explain(nodes, { text: true }).includes("    | "));
});

Deno.test("what is shared is written once, however deep", () => {
  let x = leaf(4);
  for (let i = 0; i < 60; i++) x = add(x, x);
  const text = explain([x]);
  assert(text.length < 10000, `${text.length} characters`);
  assert(text.includes("(t0 := (") && text.includes(" + t0)"), text);
});

Deno.test("expressions read as people write them", () => {
  const x = arg(0, "float32"), y = arg(1, "float32");
  assertEquals(describe(binary("sub", unary("exp", x), binary("max", x, y))), "(exp(x0) - max(x0, x1))");
  assertEquals(describe(binary("add", x, constant(-2, "float32"))), "(x0 - 2)");
});
