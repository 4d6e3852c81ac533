import { assert, assertEquals } from "@std/assert";
import type { TypedArray } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  and,
  binary,
  cast,
  constant,
  type Expr,
  int,
  load,
  scalarArg,
  unary,
  where,
} from "../../../kernels/ir/expr.ts";
import {
  axesOf,
  contraction,
  elements,
  flat,
  type Groups,
  type Parts,
  product,
  sum,
  times,
  verify,
} from "./contractions.ts";
import { runOnCpu } from "./run_kernel.ts";

const orders = [
  ["bmk", "bkn", "bmn"],
  ["bkm", "bkn", "bmn"],
  ["bmk", "bnk", "bmn"],
  ["kmb", "nbk", "nmb"],
  ["mk", "bkn", "mbn"],
  ["k", "bkn", "bnm"],
];

Deno.test("contraction multiplies matrices of every small size, in any order of axes", () => {
  for (let m = 1; m <= 13; m++) {
    for (let n = 1; n <= 13; n++) {
      const k = 1 + (m * 5 + n * 3) % 13;
      const order = orders[(m + n) % orders.length]!;
      verify(
        "float32",
        product("float32", { batch: [1 + (m + n) % 3], m: [m], n: [n], k: [k] }, order),
        `${m} ${n} ${k}`,
      );
    }
  }
});

Deno.test("contraction works in every dtype", () => {
  for (const dtype of ["float32", "float64", "int32", "uint32", "uint8"] as const) {
    for (const order of orders) {
      for (const [m, n, k] of [[1, 1, 1], [7, 9, 5], [13, 17, 300], [100, 2, 6]] as const) {
        verify(
          dtype,
          product(dtype, { batch: [2], m: [m], n: [n], k: [k] }, order),
          `${dtype} ${order} ${m} ${n} ${k}`,
        );
      }
    }
  }
});

Deno.test("contraction wraps integers", () => {
  for (const dtype of ["int32", "uint32", "uint8"] as const) {
    const parts = product(dtype, { batch: [], m: [3], n: [4], k: [50] });
    for (const data of parts.inputs.slice(0, 2)) data.fill(dtype === "uint8" ? 251 : 123456789);
    verify(dtype, parts, dtype);
  }
});

Deno.test("contraction walks groups of several axes", () => {
  const groups = { batch: [2, 3], m: [3, 5], n: [2, 1, 7], k: [4, 3, 2] };
  for (const order of orders.slice(0, 4)) verify("float32", product("float32", groups, order), order.join());
  // Axes of one group apart in memory.
  const { batch: [[b, eb]], m: [[m0, e0], [m1, e1]], n: [[n0, f0], [n1, f1]], k: [[k0, g0], [k1, g1]] } = axesOf({
    batch: [2],
    m: [5, 6],
    n: [3, 14],
    k: [7, 4],
  }) as { [name in keyof Groups]: [readonly [Expr, number], readonly [Expr, number]] };
  const sizes = [eb * e0 * e1 * g0 * g1, eb * f0 * f1 * g0 * g1, eb * e0 * e1 * f0 * f1];
  const inputs = sizes.map((size) => elements("float32", size));
  verify("float32", {
    groups: { batch: [eb], m: [e0, e1], n: [f0, f1], k: [g0, g1] },
    a: load(0, "float32", flat([[m1, e1], [k0, g0], [m0, e0], [b, eb], [k1, g1]])),
    b: load(1, "float32", flat([[k1, g1], [n0, f0], [k0, g0], [b, eb], [n1, f1]])),
    stores: [{ slot: 2, index: flat([[n0, f0], [m0, e0], [b, eb], [m1, e1], [n1, f1]]), value: acc(0, "float32") }],
    inputs,
    bindings: inputs.map((x, i) => ({ dtype: "float32", size: x.length, access: i === 2 ? "write" : "read" })),
  }, "interleaved axes");
});

Deno.test("contraction takes strided, reversed and repeated operands", () => {
  for (const [m, n, k] of [[4, 9, 6], [30, 33, 70]] as const) {
    const { m: [[i]], n: [[j]], k: [[l]] } = axesOf({ batch: [], m: [m], n: [n], k: [k] }) as {
      [name in keyof Groups]: [readonly [Expr, number]];
    };
    const row = sum(times(i, 3), times(l, 3 * m)), reversed = binary("sub", int(n * k - 1), sum(times(l, n), j));
    const operands = [
      [load(0, "float32", row), load(1, "float32", sum(times(l, 2), times(j, 2 * k)))],
      [load(0, "float32", i), load(1, "float32", reversed)],
      [load(0, "float32", l), load(1, "float32", j)],
      [load(0, "float32", int(0)), load(1, "float32", sum(times(l, n), j))],
      [constant(2, "float32"), load(1, "float32", l)],
      [load(0, "float32", binary("div", sum(times(i, k), l), int(5))), load(1, "float32", int(3))],
      [cast("float32", sum(times(i, 2), l)), cast("float32", binary("eq", j, l))],
    ];
    operands.forEach(([a, b], which) => {
      const inputs = [elements("float32", 3 * m * k), elements("float32", 2 * n * k), elements("float32", m * n)];
      verify("float32", {
        groups: { batch: [], m: [m], n: [n], k: [k] },
        a: a!,
        b: b!,
        stores: [{ slot: 2, index: sum(times(i, n), j), value: acc(0, "float32") }],
        inputs,
        bindings: inputs.map((x, s) => ({ dtype: "float32", size: x.length, access: s === 2 ? "write" : "read" })),
      }, `operands ${which} of ${m} ${n} ${k}`);
    });
  }
});

Deno.test("contraction reads operands whose indices cannot be taken apart", () => {
  const n = 10, k = 9, size = 6;
  const { m: [[i]], n: [[j]], k: [[l]] } = axesOf({ batch: [], m: [7], n: [n], k: [k] }) as {
    [name in keyof Groups]: [readonly [Expr, number]];
  };
  // The gradient of a strided window: position j is covered by element l only where the distance is even.
  const offset = binary("sub", sum(j, int(2)), l);
  const mask = and(
    and(binary("le", int(0), offset), binary("lt", offset, int(2 * size - 1))),
    binary("eq", binary("mod", offset, int(2)), int(0)),
  );
  const index = where(mask, binary("div", offset, int(2)), int(0));
  const b = where(mask, load(1, "float32", index), constant(0, "float32"));
  const inputs = [elements("float32", 7 * k), elements("float32", size), elements("float32", 7 * n)];
  verify("float32", {
    groups: { batch: [], m: [7], n: [n], k: [k] },
    a: load(0, "float32", sum(times(i, k), l)),
    b,
    stores: [{ slot: 2, index: sum(times(i, n), j), value: acc(0, "float32") }],
    inputs,
    bindings: inputs.map((x, s) => ({ dtype: "float32", size: x.length, access: s === 2 ? "write" : "read" })),
  }, "strided gradient");
});

Deno.test("contraction computes operands and stores results of expressions", () => {
  const groups = { batch: [2], m: [9], n: [11], k: [10] };
  const { batch: [[b]], m: [[i]], n: [[j]], k: [[l]] } = axesOf(groups) as {
    [name in keyof Groups]: [readonly [Expr, number]];
  };
  const x = load(0, "float32", flat([[b, 2], [i, 9], [l, 10]])), scale = scalarArg(0, "float32");
  const row = load(3, "float32", i);
  const c = acc(0, "float32");
  const at = flat([[b, 2], [i, 9], [j, 11]]);
  const biased = sum(c, load(2, "float32", j));
  const inputs = [180, 220, 11, 9, 198, 198, 198].map((size) => elements("float32", size));
  verify(
    "float32",
    {
      groups,
      a: binary("mul", binary("max", x, constant(0, "float32")), binary("mul", unary("exp", row), scale)),
      b: where(
        binary("lt", load(1, "float32", flat([[b, 2], [l, 10], [j, 11]])), constant(0.5, "float32")),
        cast("float32", sum(l, times(j, 2))),
        constant(-1, "float32"),
      ),
      stores: [
        { slot: 4, index: at, value: binary("max", biased, constant(0, "float32")) },
        { slot: 5, index: flat([[j, 11], [b, 2], [i, 9]]), value: unary("tanh", biased) },
        { slot: 6, index: at, value: sum(load(6, "float32", at), binary("mul", scale, c)) },
      ],
      inputs,
      bindings: inputs.map((data, slot) => ({
        dtype: "float32",
        size: data.length,
        access: slot < 4 ? "read" : slot < 6 ? "write" : "readwrite",
      })),
      scalars: ["float32"],
    },
    "prologue and epilogue",
    [0.75],
  );
});

Deno.test("contraction converts operands and results", () => {
  const groups = { batch: [], m: [9], n: [11], k: [10] };
  const { m: [[i]], n: [[j]], k: [[l]] } = axesOf(groups) as { [name in keyof Groups]: [readonly [Expr, number]] };
  const types = ["uint8", "float64", "bool", "int32"] as const;
  const sizes = [90, 110, 110, 99];
  const inputs = types.map((dtype, s) => elements(dtype, sizes[s]!).map((x) => dtype === "bool" ? Number(x > 4) : x));
  const mask = load(2, "bool", sum(times(l, 11), j));
  verify("float32", {
    groups,
    a: cast("float32", load(0, "uint8", sum(times(i, 10), l))),
    b: where(mask, cast("float32", load(1, "float64", sum(times(l, 11), j))), constant(1, "float32")),
    stores: [{ slot: 3, index: sum(times(i, 11), j), value: cast("int32", acc(0, "float32")) }],
    inputs,
    bindings: types.map((dtype, s) => ({ dtype, size: sizes[s]!, access: s === 3 ? "write" : "read" })),
  }, "mixed dtypes");
});

Deno.test("contraction gathers rows by an index", () => {
  const groups = { batch: [], m: [9], n: [11], k: [10] };
  const { m: [[i]], n: [[j]], k: [[l]] } = axesOf(groups) as { [name in keyof Groups]: [readonly [Expr, number]] };
  const types = ["float32", "float32", "float32", "int32"] as const;
  const sizes = [60, 110, 99, 9];
  const inputs = types.map((dtype, s) => elements(dtype, sizes[s]!).map((x) => dtype === "int32" ? x % 6 : x));
  verify("float32", {
    groups,
    a: load(0, "float32", sum(times(load(3, "int32", i), 10), l)),
    b: load(1, "float32", sum(times(l, 11), j)),
    stores: [{ slot: 2, index: sum(times(i, 11), j), value: acc(0, "float32") }],
    inputs,
    bindings: types.map((dtype, s) => ({ dtype, size: sizes[s]!, access: s === 2 ? "write" : "read" })),
  }, "gather");
});

Deno.test("contraction over nothing gives zeros, and an empty result is left alone", () => {
  for (const [m, n, k] of [[3, 4, 0], [0, 4, 3], [3, 0, 2], [0, 0, 0], [1, 5, 0], [5, 1, 0]] as const) {
    for (const batch of [[], [2], [0]]) {
      verify("float32", product("float32", { batch, m: [m], n: [n], k: [k] }), `${batch} ${m} ${n} ${k}`);
    }
  }
});

Deno.test("contraction keeps NaN and infinities in their rows and columns", () => {
  const parts = product("float32", { batch: [], m: [7], n: [9], k: [5] });
  parts.inputs[0]![3] = NaN;
  parts.inputs[1]![9 + 4] = Infinity;
  parts.inputs[0]![6 * 5 + 1] = 0;
  verify("float32", parts, "special values");
});

const vectors = [[1, 1, 5000], [1, 70, 33], [70, 1, 33], [1, 1030, 61], [67, 1, 600], [1, 5, 1700], [6, 1, 5]] as const;

Deno.test("contraction multiplies matrices and vectors", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (const order of orders) {
      for (const [m, n, k] of vectors) {
        verify(dtype, product(dtype, { batch: [2], m: [m], n: [n], k: [k] }, order), `${order} ${m} ${n} ${k}`);
      }
    }
  }
});

Deno.test("contraction reads operands that repeat along an outer axis of the depth", () => {
  const groups = { batch: [], m: [5], n: [6], k: [7, 3] };
  const { m, n, k } = axesOf(groups);
  const parts = product("float32", groups);
  const repeated = load(1, "float32", flat([...n, k[1]!]));
  verify("float32", { ...parts, b: repeated }, "b");
  verify("float32", { ...parts, a: load(0, "float32", flat([...m, k[1]!])), b: repeated }, "a and b");
});

Deno.test("contraction multiplies a matrix and a computed vector", () => {
  for (const order of orders.slice(0, 4)) {
    const parts = product("float32", { batch: [2], m: [1], n: [81], k: [3, 50] }, order);
    const doubled = { ...parts, a: sum(parts.a, parts.a) };
    verify("float32", doubled, order.join());
  }
});

/** Sums of large products without the interpreter, which would take too long. */
function multiply({ inputs }: Parts, m: number, n: number, k: number): Float64Array {
  const [a, b] = inputs as [TypedArray, TypedArray];
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[i * k + l]!;
      for (let j = 0; j < n; j++) c[i * n + j] = c[i * n + j]! + x * b[l * n + j]!;
    }
  }
  return c;
}

/** Products that are packed, that are cut along the depth, and whose matrix no cache holds. */
const LARGE = [[300, 520, 700], [1000, 40, 513], [20, 30, 20000], [2, 3, 100000], [4500, 1, 1003]] as const;

Deno.test("contraction of large matrices is the same on every run and accurate", () => {
  for (const [m, n, k] of LARGE) {
    const parts = product("float32", { batch: [], m: [m], n: [n], k: [k] });
    const kernel = contraction("float32", parts);
    const first = runOnCpu(kernel, parts.inputs)[2]!, second = runOnCpu(kernel, parts.inputs)[2]!;
    assertEquals(first, second);
    const expected = multiply(parts, m, n, k);
    let worst = 0;
    for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(first[i]! - expected[i]!));
    assert(worst < 3e-6 * Math.sqrt(k), `${m} ${n} ${k}: off by ${worst}`);
  }
});

Deno.test("contraction gives the same bits however it is cut up", () => {
  const [m, n, k] = [300, 520, 700];
  const whole = product("float32", { batch: [], m: [m], n: [n], k: [k] });
  const [a, b] = whole.inputs as [Float32Array, Float32Array];
  const expected = runOnCpu(contraction("float32", whole), whole.inputs)[2]!;
  for (const [rows, columns] of [[7, n], [m, 9], [100, 100]] as const) {
    const part = product("float32", { batch: [], m: [rows], n: [columns], k: [k] });
    part.inputs[0]!.set(a.subarray(0, rows * k));
    for (let l = 0; l < k; l++) part.inputs[1]!.set(b.subarray(l * n, l * n + columns), l * columns);
    const actual = runOnCpu(contraction("float32", part), part.inputs)[2]!;
    for (let i = 0; i < rows; i++) {
      assertEquals(actual.slice(i * columns, (i + 1) * columns), expected.slice(i * n, i * n + columns));
    }
  }
});
