import { assertEquals } from "@std/assert";
import { isFloat } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  binary,
  check,
  constant,
  type Expr,
  int,
  load,
  scalarArg,
  unary,
  variable,
} from "../../../kernels/ir/expr.ts";
import type { ReduceOp } from "../../../kernels/ir/kernel.ts";
import { add, at, compare, cpu, integers, loop, mul, noise, read, runOn, write } from "./wasm_cases.ts";

const f = "float32", d = "float64", i32 = "int32";

const reduceOps: ReduceOp[] = ["sum", "prod", "max", "min"];

Deno.test("reductions along rows and columns agree with the reference", () => {
  for (const dtype of ["float32", "float64", "int32", "uint8"] as const) {
    for (
      const [p, q] of [[1, 1], [3, 5], [5, 3], [7, 16], [2, 67], [67, 2], [40, 33], [3, 1100], [1100, 3], [0, 4], [
        4,
        0,
      ]] as const
    ) {
      const data = isFloat(dtype)
        ? Array.from(noise(Math.max(1, p * q)), (x) => 1 + x / 8)
        : integers(Math.max(1, p * q), 3);
      for (const along of ["rows", "columns"] as const) {
        const [rows, inner] = along === "rows" ? [p, q] : [q, p];
        const r = variable(0, rows), k = variable(1, inner);
        const index = along === "rows" ? add(mul(r, int(q)), k) : add(mul(k, int(q)), r);
        const x = load(0, dtype, index);
        const kernel = loop({
          rows: [rows],
          bindings: [read(dtype, p * q), ...reduceOps.map(() => write(dtype, rows))],
          stages: [
            { kind: "reduce", inner: [inner], reductions: reduceOps.map((op, slot) => ({ slot, op, value: x })) },
            {
              kind: "store",
              inner: [],
              stores: reduceOps.map((_, slot) => ({ slot: slot + 1, index: r, value: acc(slot, dtype) })),
            },
          ],
        });
        const tolerance = dtype === f ? 1e-5 : 1e-12;
        if (dtype === f && inner > 1000) continue;
        compare({ kernel, data: [data], tolerance });
      }
    }
  }
});

Deno.test("NaN survives max and min reductions", () => {
  for (const dtype of [f, d] as const) {
    for (let n = 1; n < 40; n += 3) {
      const data = Array.from(noise(n));
      data[n - 1] = NaN;
      const x = load(0, dtype, variable(0, n));
      const kernel = loop({
        bindings: [read(dtype, n), write(dtype, 2)],
        stages: [
          {
            kind: "reduce",
            inner: [n],
            reductions: [{ slot: 0, op: "max", value: x }, { slot: 1, op: "min", value: x }],
          },
          {
            kind: "store",
            inner: [],
            stores: [{ slot: 1, index: int(0), value: acc(0, dtype) }, {
              slot: 1,
              index: int(1),
              value: acc(1, dtype),
            }],
          },
        ],
      });
      compare({ kernel, data: [data] });
    }
  }
});

Deno.test("reductions over several axes agree with the reference", () => {
  const [a, b, c, e] = [3, 4, 5, 6];
  // rows b, inner a, c, e of [a, b, c, e], and rows b, e, inner a, c
  for (const [rows, inner] of [[[b], [a, c, e]], [[b, e], [a, c]], [[e], [a, b, c]], [[], [a, b, c, e]]] as const) {
    const names = new Map<number, Expr>();
    const extents = [a, b, c, e];
    let slot = 0;
    for (const n of rows) names.set(n, variable(slot++, n));
    for (const n of inner) names.set(n, variable(slot++, n));
    let index = int(0);
    for (const n of extents) index = add(mul(index, int(n)), names.get(n)!);
    const size = rows.reduce<number>((x, n) => x * n, 1);
    const x = load(0, f, index);
    const kernel = loop({
      rows,
      bindings: [read(f, 360), write(f, size), write(f, 360)],
      stages: [
        { kind: "reduce", inner, reductions: [{ slot: 0, op: "sum", value: mul(x, x) }] },
        { kind: "store", inner: [], stores: [{ slot: 1, index: at(rows), value: acc(0, f) }] },
        { kind: "store", inner, stores: [{ slot: 2, index, value: binary("div", x, acc(0, f)) }] },
      ],
    });
    compare({ kernel, data: [noise(360)], tolerance: 1e-5 });
  }
});

Deno.test("row kernels of several stages (softmax) agree with the reference", () => {
  for (const dtype of [f, d] as const) {
    for (const [rows, n] of [[1, 1], [3, 5], [9, 2], [2, 1025], [33, 10], [5, 128]] as const) {
      const index = at([rows, n]);
      const x = load(0, dtype, index);
      const e = unary("exp", binary("sub", x, acc(0, dtype)));
      const kernel = loop({
        rows: [rows],
        bindings: [read(dtype, rows * n), write(dtype, rows * n), write(dtype, rows)],
        stages: [
          { kind: "reduce", inner: [n], reductions: [{ slot: 0, op: "max", value: x }] },
          { kind: "reduce", inner: [n], reductions: [{ slot: 1, op: "sum", value: e }] },
          { kind: "store", inner: [n], stores: [{ slot: 1, index, value: binary("div", e, acc(1, dtype)) }] },
          {
            kind: "store",
            inner: [],
            stores: [{ slot: 2, index: variable(0, rows), value: add(unary("log", acc(1, dtype)), acc(0, dtype)) }],
          },
        ],
      });
      compare({ kernel, data: [noise(rows * n)], tolerance: dtype === f ? 1e-6 : 1e-14 });
    }
  }
});

Deno.test("scans agree with the reference along either axis", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (const op of reduceOps) {
      for (const [p, q] of [[1, 1], [3, 9], [9, 3], [5, 70], [70, 5], [6, 16]] as const) {
        for (const along of [0, 1]) {
          const [rows, n] = along === 1 ? [p, q] : [q, p];
          const r = variable(0, rows), k = variable(1, n);
          const index = along === 1 ? add(mul(r, int(q)), k) : add(mul(k, int(q)), r);
          const value = load(0, dtype, index);
          const kernel = loop({
            rows: [rows],
            bindings: [read(dtype, p * q), write(dtype, p * q)],
            stages: [{ kind: "scan", inner: [n], op, store: { slot: 1, index, value } }],
          });
          const data = isFloat(dtype) ? Array.from(noise(p * q), (x) => 1 + x / 8) : integers(p * q, 3);
          compare({ kernel, data: [data], tolerance: dtype === f ? 1e-5 : 1e-12 });
        }
      }
    }
  }
});

Deno.test("scatters agree with the reference, whatever lies in the lanes", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (const op of [...reduceOps, "set" as const]) {
      const n = 11, size = 5, width = 6;
      const j = variable(0, width), i = variable(1, n);
      const target = check(load(1, i32, i), size, 0);
      const kernel = loop({
        rows: [width],
        checks: 1,
        bindings: [read(dtype, n * width), read(i32, n), { dtype, size: size * width, access: "readwrite" }],
        stages: [{
          kind: "scatter",
          inner: [n],
          op,
          store: { slot: 2, index: add(mul(target, int(width)), j), value: load(0, dtype, add(mul(i, int(width)), j)) },
        }],
      });
      const data = [integers(n * width, 4), integers(n, size), integers(size * width, 4)];
      compare({ kernel, data });
      // One row: in order.
      const flat = loop({
        checks: 1,
        bindings: [read(dtype, n), read(i32, n), { dtype, size, access: "readwrite" }],
        stages: [{
          kind: "scatter",
          inner: [n],
          op,
          store: {
            slot: 2,
            index: check(load(1, i32, variable(0, n)), size, 0),
            value: load(0, dtype, variable(0, n)),
          },
        }],
      });
      compare({ kernel: flat, data });
      // Rows that are apart: each has its own part of the target.
      const apart = loop({
        rows: [width],
        checks: 1,
        bindings: [read(dtype, n * width), read(i32, n), { dtype, size: size * width, access: "readwrite" }],
        stages: [{
          kind: "scatter",
          inner: [n],
          op,
          store: { slot: 2, index: add(mul(j, int(size)), target), value: load(0, dtype, add(mul(j, int(n)), i)) },
        }],
      });
      compare({ kernel: apart, data });
    }
  }
});

Deno.test("updates in place read before they write", () => {
  for (const n of [1, 6, 100]) {
    const i = variable(0, n);
    const p = load(0, f, i), m = load(1, f, i), g = load(2, f, i);
    const next = add(mul(m, scalarArg(0, f)), g);
    const kernel = loop({
      bindings: [{ dtype: f, size: n, access: "readwrite" }, { dtype: f, size: n, access: "readwrite" }, read(f, n)],
      scalars: [f, f],
      stages: [{
        kind: "store",
        inner: [n],
        stores: [
          { slot: 1, index: i, value: next },
          { slot: 0, index: i, value: binary("sub", p, mul(next, scalarArg(1, f))) },
        ],
      }],
    });
    compare({ kernel, data: [noise(n), noise(n, 2), noise(n, 3)], scalars: [0.9, 0.01], tolerance: 1e-6 });
  }
});

Deno.test("a stage sees what an earlier stage of its row has stored", () => {
  const rows = 5, n = 9;
  const index = at([rows, n]);
  const kernel = loop({
    rows: [rows],
    bindings: [read(f, rows * n), { dtype: f, size: rows * n, access: "readwrite" }, write(f, rows)],
    stages: [
      { kind: "store", inner: [n], stores: [{ slot: 1, index, value: mul(load(0, f, index), constant(2, f)) }] },
      { kind: "reduce", inner: [n], reductions: [{ slot: 0, op: "sum", value: load(1, f, index) }] },
      { kind: "store", inner: [], stores: [{ slot: 2, index: variable(0, rows), value: acc(0, f) }] },
    ],
  });
  compare({ kernel, data: [noise(rows * n)], tolerance: 1e-6 });
});

Deno.test("sums of many floats are as exact as pairwise summation", () => {
  for (const along of ["row", "column"] as const) {
    const n = 1 << 19;
    const width = along === "row" ? 1 : 4;
    const i = variable(1, n / width), r = variable(0, width);
    const x = load(0, f, along === "row" ? variable(0, n) : add(mul(i, int(width)), r));
    const kernel = loop({
      rows: along === "row" ? [] : [width],
      bindings: [read(f, n), write(f, width)],
      stages: [
        { kind: "reduce", inner: [n / width], reductions: [{ slot: 0, op: "sum", value: x }] },
        { kind: "store", inner: [], stores: [{ slot: 1, index: r, value: acc(0, f) }] },
      ],
    });
    const data = noise(n).map((y) => y + 1);
    const { buffers } = runOn(cpu, { kernel, data: [data] });
    for (let column = 0; column < width; column++) {
      let exact = 0;
      for (let k = column; k < n; k += width) exact += data[k]!;
      const error = Math.abs(buffers[1]![column]! - exact) / exact;
      assertEquals(error < 2e-7, true, `relative error ${error}`);
    }
  }
});

Deno.test("a row kernel's program serves other numbers of rows; brief kernels have one of their own", () => {
  const kernelOf = (rows: number) =>
    loop({
      rows: [rows],
      bindings: [read(f, rows * 64), write(f, rows)],
      stages: [
        { kind: "reduce", inner: [64], reductions: [{ slot: 0, op: "sum", value: load(0, f, at([rows, 64])) }] },
        { kind: "store", inner: [], stores: [{ slot: 1, index: variable(0, rows), value: acc(0, f) }] },
      ],
    });
  const compiledFor = (...sizes: number[]) => {
    const before = cpu.stats.compiled;
    for (const rows of sizes) compare({ kernel: kernelOf(rows), data: [noise(rows * 64)], tolerance: 1e-6 });
    return cpu.stats.compiled - before;
  };
  assertEquals(compiledFor(200), 1);
  assertEquals(compiledFor(201, 640, 2000), 0);
  assertEquals(compiledFor(2), 1);
  assertEquals(compiledFor(3, 7), 0);
});
