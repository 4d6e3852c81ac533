import { assert, assertEquals } from "@std/assert";
import type { DType } from "../../../kernels/ir/dtype.ts";
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
import type { ReduceOp, Reduction } from "../../../kernels/ir/kernel.ts";
import { link, lower } from "../../../kernels/lower/wgsl/mod.ts";
import { add, agree, at, gpuTest, indices, loop, mul, numbers, read, update, write } from "../runtime/gpu_case.ts";

/** A kernel that stores several values for each of `n` points, one block of the output after the other. */
function map(values: (i: Expr) => Expr[], n: number, inputs: DType[], scalars: DType[] = []) {
  const i = variable(0, n);
  const all = values(i);
  const { dtype } = all[0]!;
  const stores = all.map((value, block) => ({ slot: inputs.length, index: add(i, int(block * n)), value }));
  const bindings = [...inputs.map((d) => read(d, n)), write(dtype, n * all.length)];
  return loop([], [{ kind: "store", inner: [n], stores }], bindings, { scalars });
}

gpuTest("broadcast, transposed, shifted, gathered and masked loads agree with the host", () => {
  for (const [rows, columns] of [[6, 8], [5, 7]] as const) {
    const [i, j] = [variable(0, rows), variable(1, columns)];
    const n = rows * columns, flat = at([i, j], [rows, columns]);
    const inside = binary("lt", j, int(5));
    const value = [
      load(0, "float32", at([j, i], [columns, rows])),
      load(1, "float32", j),
      load(1, "float32", int(3)),
      where(
        inside,
        load(0, "float32", where(inside, add(at([i, j], [rows, 5]), int(1)), int(0))),
        constant(-1, "float32"),
      ),
      cast("float32", flat),
      load(0, "float32", load(2, "int32", j)),
      load(0, "float32", binary("mod", add(flat, int(7)), int(n))),
    ].reduce((sum, x, k) => add(mul(sum, constant(k + 1.5, "float32")), x));
    const kernel = loop([], [{ kind: "store", inner: [rows, columns], stores: [{ slot: 3, index: flat, value }] }], [
      read("float32", n),
      read("float32", columns),
      read("int32", columns),
      write("float32", n),
    ]);
    agree({ kernel, data: [numbers(n), numbers(columns, 2), indices(columns, n)] });
  }
});

gpuTest("empty domains launch nothing, empty reductions give the identity", () => {
  const nothing = map((i) => [load(0, "float32", i)], 0, ["float32"]);
  assertEquals(lower(nothing, { software: true }), []);
  const i = variable(0, 3);
  const sums = (["sum", "prod", "max", "min"] as const).map((op, slot): Reduction => ({
    slot,
    op,
    value: load(0, "float32", add(i, variable(1, 0))),
  }));
  const stores = sums.map(({ slot }) => ({ slot: 1, index: add(i, int(3 * slot)), value: acc(slot, "float32") }));
  const kernel = loop([3], [
    { kind: "reduce", inner: [0], reductions: sums },
    { kind: "store", inner: [], stores },
  ], [read("float32", 1), write("float32", 12)]);
  agree({ kernel, data: [] }, true);
});

gpuTest("more than 65,535 workgroups are folded into two dimensions", () => {
  const n = 65535 * 256 + 300;
  const i = variable(0, n);
  const kernel = loop([], [{ kind: "store", inner: [n], stores: [{ slot: 0, index: i, value: cast("bool", i) }] }], [
    write("bool", n),
  ]);
  const odd = loop([], [{ kind: "store", inner: [n + 1], stores: [{ slot: 0, index: i, value: i }] }], []);
  assertEquals(link(lower(kernel, { software: true })).groups, [16385, 1]);
  assertEquals(link(lower({ ...odd, bindings: [write("int32", n + 1)] }, { software: true })).groups, [32769, 2]);
  const rows = 65535 * 8 + 9;
  const sum: Reduction = { slot: 0, op: "sum", value: load(0, "float32", variable(1, 3)) };
  const wide = loop([rows], [
    { kind: "reduce", inner: [3], reductions: [sum] },
    {
      kind: "store",
      inner: [],
      stores: [{
        slot: 1,
        index: variable(0, rows),
        value: mul(acc(0, "float32"), cast("float32", variable(0, rows))),
      }],
    },
  ], [read("float32", 3), write("float32", rows)]);
  agree({ kernel: wide, data: [Float32Array.of(1, 2, 3)] });
});

/** Sums, products, extrema of each row of [rows, inner], or of each column where `columns`. */
function statistics(rows: number, inner: number[], columns: boolean) {
  const length = inner.reduce((a, b) => a * b, 1);
  const row = variable(0, rows);
  const point = at(inner.map((extent, i) => variable(1 + i, extent)), inner);
  const x = load(0, "float32", columns ? add(mul(point, int(rows)), row) : add(mul(row, int(length)), point));
  const ops: ReduceOp[] = ["sum", "max", "min", "prod"];
  const near = add(constant(1, "float32"), mul(x, constant(1e-3, "float32")));
  const reductions = ops.map((op, slot): Reduction => ({ slot, op, value: op === "prod" ? near : x }));
  const stores = ops.map((_, slot) => ({ slot: 1, index: add(row, int(slot * rows)), value: acc(slot, "float32") }));
  const stages = [{ kind: "reduce" as const, inner, reductions }, { kind: "store" as const, inner: [], stores }];
  return loop([rows], stages, [read("float32", rows * length), write("float32", rows * ops.length)]);
}

gpuTest("reductions over rows, columns and several axes agree with the host, however rows are spread", () => {
  const shapes: [number, number[], boolean][] = [
    [1, [1], false],
    [40, [7], false],
    [3, [100], false],
    [2, [3, 5, 8], false],
    [70, [128], false],
    [33, [200], true],
    [1, [5001], false],
  ];
  for (const [rows, inner, columns] of shapes) {
    const size = rows * inner.reduce((a, b) => a * b, 1);
    const data = [numbers(size)];
    if (size > 300) data[0]![17] = NaN;
    agree({ kernel: statistics(rows, inner, columns), data, tolerance: 2e-5 }, true);
  }
});

gpuTest("long sums lose no more than pairwise sums do", () => {
  const n = 300_000;
  for (const size of [n, n + 1]) {
    const sum: Reduction = { slot: 0, op: "sum", value: load(0, "float32", variable(0, size)) };
    const kernel = loop([], [
      { kind: "reduce", inner: [size], reductions: [sum] },
      { kind: "store", inner: [], stores: [{ slot: 1, index: int(0), value: acc(0, "float32") }] },
    ], [read("float32", size), write("float32", 1)]);
    agree({ kernel, data: [numbers(size).map((x) => x + 1.1)], tolerance: 5e-7 }, true);
  }
});

gpuTest("several stages share a row, with accumulators in later loops and sums of integers and bools", () => {
  const [rows, length] = [37, 68];
  const row = variable(0, rows), column = variable(1, length);
  const index = at([row, column], [rows, length]);
  const x = load(0, "float32", index);
  const e = unary("exp", binary("sub", x, acc(0, "float32")));
  const kernel = loop([rows], [
    { kind: "reduce", inner: [length], reductions: [{ slot: 0, op: "max", value: x }] },
    {
      kind: "reduce",
      inner: [length],
      reductions: [
        { slot: 1, op: "sum", value: e },
        { slot: 2, op: "sum", value: cast("int32", binary("lt", x, constant(0, "float32"))) },
        { slot: 3, op: "max", value: binary("lt", x, constant(-0.99, "float32")) },
      ],
    },
    {
      kind: "store",
      inner: [length],
      stores: [{ slot: 1, index, value: binary("div", e, acc(1, "float32")) }],
    },
    {
      kind: "store",
      inner: [],
      stores: [{ slot: 2, index: row, value: acc(2, "int32") }, { slot: 3, index: row, value: acc(3, "bool") }],
    },
  ], [read("float32", rows * length), write("float32", rows * length), write("int32", rows), write("bool", rows)]);
  agree({ kernel, data: [numbers(rows * length)] }, true);
});

gpuTest("scans, scatters and updates in place agree with the host", () => {
  const [rows, length] = [9, 13];
  const row = variable(0, rows), column = variable(1, length);
  const index = at([row, column], [rows, length]);
  for (const op of ["sum", "max"] as const) {
    const store = { slot: 1, index, value: load(0, "float32", index) };
    const kernel = loop([rows], [{ kind: "scan", inner: [length], op, store }], [
      read("float32", rows * length),
      write("float32", rows * length),
    ]);
    agree({ kernel, data: [numbers(rows * length)] });
  }
  for (const op of ["set", "sum", "max"] as const) {
    const target = add(mul(load(1, "int32", column), int(rows)), row);
    const copy = at([variable(1, 5), row], [5, rows]);
    const kernel = loop([rows], [
      { kind: "store", inner: [5], stores: [{ slot: 3, index: copy, value: load(2, "float32", copy) }] },
      { kind: "scatter", inner: [length], op, store: { slot: 3, index: target, value: load(0, "float32", index) } },
    ], [read("float32", rows * length), read("int32", length), read("float32", 5 * rows), write("float32", 5 * rows)]);
    agree({ kernel, data: [numbers(rows * length), indices(length, 5), numbers(5 * rows, 3)] });
  }
  const i = variable(0, 50);
  const momentum = add(mul(load(1, "float32", i), constant(0.9, "float32")), load(2, "float32", i));
  const step = binary("sub", load(0, "float32", i), mul(momentum, scalarArg(0, "float32")));
  const kernel = loop(
    [],
    [{
      kind: "store",
      inner: [50],
      stores: [{ slot: 1, index: i, value: momentum }, { slot: 0, index: i, value: step }],
    }],
    [update("float32", 50), update("float32", 50), read("float32", 50)],
    { scalars: ["float32"] },
  );
  agree({ kernel, data: [numbers(50), numbers(50, 2), numbers(50, 3)], scalars: [0.1] });
});

gpuTest("checks raise their flag with an offending value, and none where the value is not chosen", () => {
  for (const n of [8, 9]) {
    const i = variable(0, n);
    const picked = (slot: number) => load(0, "float32", check(load(1, "int32", i), 4, slot));
    const ignored = binary("eq", load(1, "int32", i), int(-100));
    const kernel = loop(
      [],
      [{
        kind: "store",
        inner: [n],
        stores: [
          { slot: 2, index: i, value: picked(0) },
          { slot: 3, index: i, value: where(ignored, constant(0, "float32"), picked(1)) },
        ],
      }],
      [read("float32", 4), read("int32", n), write("float32", n), write("float32", n)],
      { checks: 2 },
    );
    const good = indices(n, 4), bad = good.slice(), masked = good.slice();
    bad[3] = 4;
    masked[5] = -100;
    assertEquals(agree({ kernel, data: [numbers(4), good] }).raised, []);
    assertEquals(agree({ kernel, data: [numbers(4), bad] }).raised.map(({ value }) => value), [4, 4]);
    assertEquals(agree({ kernel, data: [numbers(4), masked] }).raised, [{ flag: 0, value: -100 }]);
  }
});

gpuTest("another batch size has the same text", () => {
  const sums = (rows: number) => {
    const row = variable(0, rows);
    const value = load(0, "float32", at([row, variable(1, 128)], [rows, 128]));
    const kernel = loop([rows], [
      { kind: "reduce", inner: [128], reductions: [{ slot: 0, op: "sum", value }] },
      { kind: "store", inner: [], stores: [{ slot: 1, index: row, value: acc(0, "float32") }] },
    ], [read("float32", rows * 128), write("float32", rows)]);
    return lower(kernel, { software: true }).map((unit) => link([unit]).text);
  };
  assertEquals(sums(64), sums(200));
  const bias = (rows: number) => {
    const [i, j] = [variable(0, rows), variable(1, 12)];
    const value = add(load(0, "float32", at([i, j], [rows, 12])), load(1, "float32", j));
    const stores = [{ slot: 2, index: at([i, j], [rows, 12]), value }];
    const bindings = [read("float32", rows * 12), read("float32", 12), write("float32", rows * 12)];
    return link(lower(loop([], [{ kind: "store", inner: [rows, 12], stores }], bindings), { software: true })).text;
  };
  assertEquals(bias(32), bias(17));
  assert(bias(32).includes("vec4<f32>"));
});
