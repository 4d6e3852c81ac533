import { assert, assertEquals, assertThrows } from "@std/assert";
import type { DType, TypedArray } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  binary,
  cast,
  check,
  constant,
  type Expr,
  int,
  load,
  scalarArg,
  unary,
  variable,
  where,
} from "../../../kernels/ir/expr.ts";
import type { Binding, Kernel, LoopKernel, Stage } from "../../../kernels/ir/kernel.ts";
import { createReferenceDevice } from "../../../kernels/runtime/reference.ts";

const add = (a: Expr, b: Expr) => binary("add", a, b);
const mul = (a: Expr, b: Expr) => binary("mul", a, b);
const read = (dtype: DType, size: number): Binding => ({ dtype, size, access: "read" });
const write = (dtype: DType, size: number): Binding => ({ dtype, size, access: "write" });

function loop(rows: number[], stages: Stage[], bindings: Binding[], scalars: DType[] = [], checks = 0): LoopKernel {
  return { kind: "loop", rows, stages, bindings, scalars, checks };
}

/** Runs one kernel over these elements; gives all bindings' elements and the raised flags. */
function run(kernel: Kernel, data: (TypedArray | undefined)[], scalars: number[] = []) {
  const device = createReferenceDevice();
  const buffers = kernel.bindings.map((b) => device.allocate(device.byteLength(b.dtype, b.size)));
  data.forEach((d, i) => d && device.write(buffers[i]!, kernel.bindings[i]!.dtype, d));
  const executable = device.prepare([{
    kernel,
    buffers: buffers.map((_, i) => i),
    scalars: scalars.map((_, i) => i),
    checks: Array.from({ length: kernel.checks }, (_, i) => i),
  }]);
  executable.run(buffers, scalars);
  const results = kernel.bindings.map((b, i) => [...device.read(buffers[i]!, b.dtype, b.size)]);
  return { results, raised: executable.raised(), again: executable.raised() };
}

Deno.test("reference device runs an elementwise kernel with a scalar and rounds what it stores", () => {
  const i = variable(0, 3);
  const value = mul(load(0, "float32", i), scalarArg(0, "float32"));
  const kernel = loop(
    [],
    [{ kind: "store", inner: [3], stores: [{ slot: 1, index: i, value }] }],
    [read("float32", 3), write("float32", 3)],
    ["float32"],
  );
  const { results } = run(kernel, [new Float32Array([1, 2, NaN]), undefined], [0.1]);
  assertEquals(results[1], [Math.fround(0.1), Math.fround(2 * Math.fround(0.1)), NaN]);
});

Deno.test("reference device runs a softmax as one row kernel", () => {
  const row = variable(0, 2), column = variable(1, 3);
  const x = load(0, "float64", add(mul(row, int(3)), column));
  const e = unary("exp", binary("sub", x, acc(0, "float64")));
  const kernel = loop([2], [
    { kind: "reduce", inner: [3], reductions: [{ slot: 0, op: "max", value: x }] },
    { kind: "reduce", inner: [3], reductions: [{ slot: 1, op: "sum", value: e }] },
    {
      kind: "store",
      inner: [3],
      stores: [{
        slot: 1,
        index: add(mul(row, int(3)), column),
        value: binary("div", e, acc(1, "float64")),
      }],
    },
  ], [read("float64", 6), write("float64", 6)]);
  const { results } = run(kernel, [new Float64Array([0, 0, 0, 0, Math.log(2), -Infinity]), undefined]);
  assertEquals(
    results[1]!.map((v) => Math.round(v * 1e12) / 1e12),
    [1, 1, 1, 1, 2, 0].map((v) => v / 3).map((v) => Math.round(v * 1e12) / 1e12),
  );
});

Deno.test("reference device gives the identity for empty domains", () => {
  const reductions = (["sum", "prod", "max", "min"] as const).map((op, slot) => ({
    slot,
    op,
    value: load(0, "float32", variable(0, 0)),
  }));
  const stores = reductions.map((r) => ({ slot: 1, index: int(r.slot), value: acc(r.slot, "float32") }));
  const kernel = loop(
    [],
    [{ kind: "reduce", inner: [0], reductions }, { kind: "store", inner: [], stores }],
    [read("float32", 0), write("float32", 4)],
  );
  assertEquals(run(kernel, []).results[1], [0, 1, -Infinity, Infinity]);
});

Deno.test("reference device scans and scatters in order", () => {
  const i = variable(0, 4);
  const scan = loop(
    [],
    [{ kind: "scan", inner: [4], op: "sum", store: { slot: 1, index: i, value: load(0, "int32", i) } }],
    [read("int32", 4), write("int32", 4)],
  );
  assertEquals(run(scan, [new Int32Array([1, 2, 3, 4]), undefined]).results[1], [1, 3, 6, 10]);
  const scatter = (op: "sum" | "set" | "max") =>
    loop(
      [],
      [{ kind: "scatter", inner: [4], op, store: { slot: 1, index: load(0, "int32", i), value: cast("float32", i) } }],
      [read("int32", 4), { dtype: "float32", size: 3, access: "readwrite" }],
    );
  const data = () => [new Int32Array([0, 2, 0, 0]), new Float32Array([1, 1, 1])];
  assertEquals(run(scatter("sum"), data()).results[1], [6, 1, 2]);
  assertEquals(run(scatter("set"), data()).results[1], [3, 1, 1]);
  assertEquals(run(scatter("max"), data()).results[1], [3, 1, 1]);
});

Deno.test("reference device raises the flag of a check and goes on with 0", () => {
  const i = variable(0, 2);
  const value = load(1, "float32", check(load(0, "int32", i), 3, 0));
  const kernel = loop(
    [],
    [{ kind: "store", inner: [2], stores: [{ slot: 2, index: i, value }] }],
    [read("int32", 2), read("float32", 3), write("float32", 2)],
    [],
    1,
  );
  const { results, raised, again } = run(kernel, [new Int32Array([2, -7]), new Float32Array([5, 6, 7]), undefined]);
  assertEquals(results[2], [7, 5]);
  assertEquals(raised, [{ flag: 0, value: -7 }]);
  assertEquals(again, []);
});

Deno.test("reference device contracts with a masked operand and an epilogue", () => {
  const b = variable(0, 2), m = variable(1, 2), n = variable(2, 3), k = variable(3, 2);
  const a = where(
    binary("lt", k, int(1)),
    load(0, "float32", add(add(mul(b, int(4)), mul(m, int(2))), k)),
    constant(1, "float32"),
  );
  const right = load(1, "float32", add(mul(k, int(3)), n));
  const kernel: Kernel = {
    kind: "contract",
    batch: [2],
    m: [2],
    n: [3],
    k: [2],
    a,
    b: right,
    dtype: "float32",
    stores: [{
      slot: 2,
      index: add(add(mul(b, int(6)), mul(m, int(3))), n),
      value: add(acc(0, "float32"), cast("float32", n)),
    }],
    bindings: [read("float32", 8), read("float32", 6), write("float32", 12)],
    scalars: [],
    checks: 0,
  };
  const x = [1, 2, 3, 4, 5, 6, 7, 8], y = [1, 2, 3, 4, 5, 6];
  const expected = [0, 1].flatMap((b) =>
    [0, 1].flatMap((m) => [0, 1, 2].map((n) => x[b * 4 + m * 2]! * y[n]! + y[3 + n]! + n))
  );
  assertEquals(run(kernel, [new Float32Array(x), new Float32Array(y), undefined]).results[2], expected);
});

Deno.test("reference device sorts stably with NaN as the largest", () => {
  const kernel = (descending: boolean): Kernel => ({
    kind: "sort",
    rows: 1,
    length: 6,
    count: 6,
    descending,
    bindings: [read("float32", 6), write("int32", 6)],
    scalars: [],
    checks: 0,
  });
  const data = () => [new Float32Array([2, NaN, -Infinity, 2, Infinity, -1]), undefined];
  assertEquals(run(kernel(false), data()).results[1], [2, 5, 0, 3, 4, 1]);
  assertEquals(run(kernel(true), data()).results[1], [1, 4, 0, 3, 5, 2]);
});

Deno.test("reference device refuses what a parallel run would get wrong", () => {
  const i = variable(0, 3);
  const elementwise = (index: Expr, value: Expr, bindings: Binding[]) =>
    loop([], [{ kind: "store", inner: [3], stores: [{ slot: bindings.length - 1, index, value }] }], bindings);
  const inPlace: Binding = { dtype: "float32", size: 3, access: "readwrite" };
  const data = () => new Float32Array(3);
  const reversed = load(0, "float32", binary("sub", int(2), i));
  assertThrows(() => run(elementwise(i, reversed, [inPlace]), [data()]), Error, "share element");
  assertThrows(() => run(elementwise(int(0), cast("float32", i), [write("float32", 3)]), []), Error, "share element");
  assertThrows(() => run(elementwise(add(i, int(1)), cast("float32", i), [write("float32", 3)]), []), Error, "Index 3");
  assertThrows(
    () => run(elementwise(i, load(0, "float32", i), [write("float32", 3)]), []),
    Error,
    "before it is written",
  );
  const masked = where(binary("lt", i, int(1)), load(0, "float32", i), constant(0, "float32"));
  assertEquals(
    run(elementwise(i, masked, [read("float32", 1), write("float32", 3)]), [new Float32Array([4])]).results[1],
    [4, 0, 0],
  );
});

Deno.test("reference device keeps account of its buffers", () => {
  const device = createReferenceDevice({ maxBindings: 4 });
  assertEquals(device.maxBindings, 4);
  const buffer = device.allocate(8);
  assertEquals([device.stats.bytes, device.stats.buffers], [8, 1]);
  device.write(buffer, "int32", new Int32Array([1, 2]));
  assertEquals([...device.read(buffer, "int32", 2)], [1, 2]);
  assertThrows(() => device.read(buffer, "int32", 3), Error, "cannot hold");
  device.free(buffer);
  assertEquals([device.stats.bytes, device.stats.buffers], [0, 0]);
  assertThrows(() => device.read(buffer, "int32", 2), Error, "freed");
  assert(device.supports("float64"));
});
