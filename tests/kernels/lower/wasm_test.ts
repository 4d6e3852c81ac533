import { assertEquals } from "@std/assert";
import { type DType, isFloat, roundTo } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  binary,
  type BinaryOp,
  bitcast,
  cast,
  check,
  constant,
  int,
  isnan,
  load,
  scalarArg,
  unary,
  type UnaryOp,
  variable,
  where,
} from "../../../kernels/ir/expr.ts";
import { add, at, compare, cpu, elementwise, integers, loop, mul, noise, read, runOn, write } from "./wasm_cases.ts";

const f = "float32", d = "float64", i32 = "int32";

const specials = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -7, 1e-30, 1e30, 100.75, NaN, Infinity, -Infinity];
const whole = [0, 1, 2, 3, 5, 7, 100, 255, -1, -2, -7, 2147483647, -2147483648, 31, 32, 64, 11];
const small = [0, 1, 2, 3, 5, 7, 100, 255, 254, 128, 127, 31, 32, 64, 11, 200, 17];

function valuesOf(dtype: DType): readonly number[] {
  if (isFloat(dtype)) return specials;
  if (dtype === "bool") return [0, 1, 1, 0, 1];
  return dtype === "uint8" ? small : dtype === "uint32" ? whole.map((x) => x >>> 0) : whole;
}

const dtypes: DType[] = ["float32", "float64", "int32", "uint32", "uint8", "bool"];

Deno.test("unary operations agree with the reference on special values", () => {
  const n = 17;
  const exact: UnaryOp[] = ["neg", "abs", "sqrt", "floor", "ceil", "trunc", "round"];
  for (const dtype of [f, d] as const) {
    const x = load(0, dtype, variable(0, n));
    for (const op of exact) {
      compare({ kernel: elementwise(n, [read(dtype, n), write(dtype, n)], unary(op, x)), data: [specials] });
    }
  }
  for (const dtype of ["int32", "uint32", "uint8"] as const) {
    const x = load(0, dtype, variable(0, n));
    for (const op of ["neg", "abs", "not"] as const) {
      compare({ kernel: elementwise(n, [read(dtype, n), write(dtype, n)], unary(op, x)), data: [valuesOf(dtype)] });
    }
  }
  const b = load(0, "bool", variable(0, n));
  compare({ kernel: elementwise(n, [read("bool", n), write("bool", n)], unary("not", b)), data: [[0, 1, 1]] });
});

Deno.test("transcendental functions agree with the reference", () => {
  const n = 101;
  const names: [UnaryOp, number, number][] = [
    ...(["exp", "expm1", "exp2", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asinh", "atan"] as const)
      .map((name): [UnaryOp, number, number] => [name, -4, 4]),
    ...(["erf", "erfc"] as const).map((name): [UnaryOp, number, number] => [name, -5, 5]),
    ...(["log", "log2", "log10", "rsqrt"] as const).map((name): [UnaryOp, number, number] => [name, 0.01, 20]),
    ["log1p", -0.9, 5],
    ["asin", -1, 1],
    ["acos", -1, 1],
    ["atanh", -0.99, 0.99],
    ["acosh", 1, 9],
    ["erfinv", -0.999, 0.999],
    ["lgamma", -3.7, 9.3],
    ["digamma", 0.1, 20],
  ];
  for (const dtype of [f, d] as const) {
    for (const [name, low, high] of names) {
      const x = load(0, dtype, variable(0, n));
      const data = Array.from(noise(n), (y) => low + (y + 1) / 2 * (high - low));
      const tolerance = dtype === f ? 3e-6 : 1e-9;
      const kernel = elementwise(n, [read(dtype, n), write(dtype, n)], unary(name, x));
      compare({ kernel, data: [data], tolerance: name === "tan" ? tolerance * 30 : tolerance });
    }
    for (const name of ["pow", "atan2", "mod"] as const) {
      const x = load(0, dtype, variable(0, n)), y = load(1, dtype, variable(0, n));
      const kernel = elementwise(n, [read(dtype, n), read(dtype, n), write(dtype, n)], binary(name, x, y));
      const positive = Array.from(noise(n), (z) => 3 * z + 3.1);
      compare({ kernel, data: [positive, noise(n, 2)], tolerance: dtype === f ? 1e-5 : 1e-12 });
    }
  }
});

Deno.test("binary operations agree with the reference on all pairs of special values", () => {
  for (const dtype of dtypes) {
    const values = valuesOf(dtype);
    const n = values.length ** 2;
    const a = load(0, dtype, variable(0, n)), b = load(1, dtype, variable(0, n));
    const left = Array.from({ length: n }, (_, k) => values[k % values.length]!);
    const right = Array.from({ length: n }, (_, k) => values[Math.floor(k / values.length)]!);
    const logical: BinaryOp[] = ["and", "or", "xor"];
    const names: BinaryOp[] = dtype === "bool"
      ? [...logical, "eq", "ne", "lt", "le", "max", "min"]
      : ["add", "sub", "mul", "max", "min", "eq", "ne", "lt", "le", ...(isFloat(dtype) ? ["div" as const] : logical)];
    for (const name of names) {
      const value = binary(name, a, b);
      const kernel = elementwise(n, [read(dtype, n), read(dtype, n), write(value.dtype, n)], value);
      compare({ kernel, data: [left, right] });
    }
  }
});

Deno.test("integer division never traps and truncates", () => {
  for (const dtype of ["int32", "uint32", "uint8"] as const) {
    const values = valuesOf(dtype);
    const n = values.length ** 2;
    const a = load(0, dtype, variable(0, n)), b = load(1, dtype, variable(0, n));
    const left = Array.from({ length: n }, (_, k) => values[k % values.length]!);
    const right = Array.from({ length: n }, (_, k) => values[Math.floor(k / values.length)]!);
    for (const name of ["div", "mod"] as const) {
      const kernel = elementwise(n, [read(dtype, n), read(dtype, n), write(dtype, n)], binary(name, a, b));
      const { buffers } = runOn(cpu, { kernel, data: [left, right] });
      const want = (x: number, y: number): number => {
        if (y === 0) return 0;
        return name === "mod" ? x % y : Math.trunc(x / y);
      };
      assertEquals([...buffers[2]!], left.map((x, k) => roundTo(dtype, want(x, right[k]!))));
    }
  }
});

Deno.test("integer division by constants agrees with the reference", () => {
  const n = 203;
  const loaded = load(0, i32, variable(0, n));
  const values = [...whole, ...integers(100, 2 ** 31), ...integers(100, 2 ** 31).map((x) => -x)];
  const index = add(variable(0, n), int(-100));
  for (const divisor of [2, 3, 7, 8, 10, 49, 64, 100, 1000, 65536, 99991, 3000000]) {
    for (const dividend of [loaded, index, mul(index, int(10007)), mul(index, int(divisor))]) {
      for (const name of ["div", "mod"] as const) {
        const kernel = elementwise(n, [read(i32, n), write(i32, n)], binary(name, dividend, int(divisor)));
        compare({ kernel, data: [values] });
      }
    }
  }
});

Deno.test("large transpositions are exact", () => {
  for (const [p, q] of [[70, 200], [200, 70], [129, 65], [1, 300], [64, 64]] as const) {
    for (const dtype of [f, d, "uint8"] as const) {
      const [b, i, j] = [variable(0, 3), variable(1, p), variable(2, q)];
      const index = add(mul(b, int(p * q)), add(mul(j, int(p)), i));
      const kernel = loop({
        bindings: [read(dtype, 3 * p * q), write(dtype, 3 * p * q)],
        stages: [{
          kind: "store",
          inner: [3, p, q],
          stores: [{ slot: 1, index: at([3, p, q]), value: load(0, dtype, index) }],
        }],
      });
      compare({ kernel, data: [integers(3 * p * q, 255)] });
    }
  }
});

Deno.test("a middle axis of the rows may lie in the lanes", () => {
  // Pooling of a channels-last image into a channels-first one.
  const [b, c, h, w] = [3, 21, 6, 10];
  const [n, k, y, x] = [variable(0, b), variable(1, c), variable(2, h / 2), variable(3, w / 2)];
  const [i, j] = [variable(4, 2), variable(5, 2)];
  const column = add(mul(x, int(2)), j), row = add(mul(y, int(2)), i);
  const source = add(mul(add(mul(add(mul(n, int(h)), row), int(w)), column), int(c)), k);
  const target = at([b, c, h / 2, w / 2]);
  const kernel = loop({
    rows: [b, c, h / 2, w / 2],
    bindings: [read(f, b * c * h * w), read(f, c), write(f, b * c * h * w / 4), write(f, b * c * h * w / 4)],
    stages: [
      {
        kind: "reduce",
        inner: [2, 2],
        reductions: [
          { slot: 0, op: "max", value: mul(load(0, f, source), load(1, f, k)) },
          { slot: 1, op: "sum", value: load(0, f, source) },
        ],
      },
      {
        kind: "store",
        inner: [],
        stores: [{ slot: 2, index: target, value: acc(0, f) }, { slot: 3, index: target, value: acc(1, f) }],
      },
    ],
  });
  compare({ kernel, data: [noise(b * c * h * w), noise(c, 2)], tolerance: 1e-6 });
});

Deno.test("shifts, casts, bit casts, isnan and where agree with the reference", () => {
  const n = 17;
  for (const dtype of ["int32", "uint32"] as const) {
    const x = load(0, dtype, variable(0, n));
    for (const name of ["shl", "shr"] as const) {
      compare({
        kernel: elementwise(n, [read(dtype, n), write(dtype, n)], binary(name, x, constant(5, dtype))),
        data: [whole],
      });
      const by = load(1, dtype, variable(0, n));
      const kernel = elementwise(n, [read(dtype, n), read(dtype, n), write(dtype, n)], binary(name, x, by));
      compare({ kernel, data: [whole, integers(n, 31)] });
    }
  }
  const tame = [0, 1, -1, 2.7, -2.7, 100.5, 3, 0.25];
  for (const from of dtypes) {
    for (const to of dtypes) {
      const x = load(0, from, variable(0, n));
      const data = isFloat(from) ? (to === "uint32" || to === "uint8" ? tame.map(Math.abs) : tame) : valuesOf(from);
      const kernel = elementwise(n, [read(from, n), write(to, n)], cast(to, x));
      compare({ kernel, data: [data] });
    }
  }
  const x = load(0, f, variable(0, n));
  compare({ kernel: elementwise(n, [read(f, n), write("bool", n)], isnan(x)), data: [specials] });
  compare({
    kernel: elementwise(n, [read(d, n), write("bool", n)], isnan(load(0, d, variable(0, n)))),
    data: [specials],
  });
  compare({
    kernel: elementwise(n, [read(f, n), write(i32, n)], bitcast(i32, x)),
    data: [specials.filter((y) => y === y)],
  });
  for (const dtype of dtypes) {
    const a = load(0, dtype, variable(0, n)), b = load(1, dtype, variable(0, n)), c = load(2, "bool", variable(0, n));
    const kernel = elementwise(n, [read(dtype, n), read(dtype, n), read("bool", n), write(dtype, n)], where(c, a, b));
    compare({ kernel, data: [valuesOf(dtype), valuesOf(dtype).toReversed(), [0, 1, 1, 0, 0]] });
  }
});

Deno.test("casts of floats out of range saturate and never trap", () => {
  const n = 5;
  const kernel = elementwise(n, [read(f, n), write(i32, n)], cast(i32, load(0, f, variable(0, n))));
  const { buffers } = runOn(cpu, { kernel, data: [[NaN, Infinity, -Infinity, 1e20, -1e20]] });
  assertEquals([...buffers[1]!], [0, 2147483647, -2147483648, 2147483647, -2147483648]);
});

Deno.test("elementwise kernels of every small size, and of none, store just their elements", () => {
  for (const dtype of dtypes) {
    for (let n = 0; n <= 17; n++) {
      // The output is longer than the domain: what lies behind must stay.
      const x = load(0, dtype, variable(0, n));
      const value = dtype === "bool" ? unary("not", x) : add(x, x);
      const kernel = loop({
        bindings: [read(dtype, n + 5), write(dtype, n + 5)],
        stages: [{ kind: "store", inner: [n], stores: [{ slot: 1, index: variable(0, n), value }] }],
      });
      compare({ kernel, data: [valuesOf(dtype), [1]] });
    }
  }
});

Deno.test("strided, transposed, reversed, broadcast and reshaped loads agree with the reference", () => {
  for (const dtype of [f, d, i32, "uint8"] as const) {
    for (const [p, q] of [[3, 5], [8, 8], [1, 7], [7, 1], [13, 33], [33, 2]] as const) {
      const n = p * q, i = variable(0, p), j = variable(1, q);
      const flat = at([p, q]);
      const indices = [
        add(i, mul(j, int(p))),
        j,
        i,
        int(0),
        add(mul(i, int(-q)), add(mul(j, int(-1)), int(n - 1))),
        add(mul(i, int(q)), add(mul(j, int(-1)), int(q - 1))),
        binary("mod", add(flat, int(1)), int(n)),
        binary("div", flat, int(2)),
        add(mul(binary("mod", flat, int(p)), int(q)), binary("div", flat, int(p))),
        where(binary("lt", i, j), flat, j),
        mul(flat, int(2)),
      ];
      for (const index of indices) {
        const kernel = loop({
          bindings: [read(dtype, 2 * n), write(dtype, n)],
          stages: [{ kind: "store", inner: [p, q], stores: [{ slot: 1, index: flat, value: load(0, dtype, index) }] }],
        });
        compare({ kernel, data: [integers(2 * n, 200)] });
        // The same index on the left: a transposed or reversed store.
        if (index === indices[0] || index === indices[4] || index === indices[8]) {
          compare({
            kernel: loop({
              bindings: [read(dtype, n), write(dtype, n)],
              stages: [{ kind: "store", inner: [p, q], stores: [{ slot: 1, index, value: load(0, dtype, flat) }] }],
            }),
            data: [integers(n, 200)],
          });
        }
      }
    }
  }
});

Deno.test("masked loads may point outside their buffer", () => {
  for (const dtype of [f, d, "bool"] as const) {
    for (const n of [1, 3, 4, 9, 30]) {
      for (const pad of [1, 5, 100000]) {
        const i = variable(0, n + 2 * pad > 5000 ? 40 : n + 2 * pad), size = (i.value || 1) as number;
        const shifted = add(i, int(-pad));
        const inside = binary("and", binary("le", int(0), shifted), binary("lt", shifted, int(n)));
        const value = where(inside, load(0, dtype, shifted), constant(dtype === "bool" ? 1 : 7, dtype));
        compare({ kernel: elementwise(size, [read(dtype, n), write(dtype, size)], value), data: [integers(n, 2)] });
        const far = where(inside, load(0, dtype, mul(shifted, int(3))), constant(0, dtype));
        compare({
          kernel: elementwise(size, [read(dtype, 3 * n), write(dtype, size)], far),
          data: [integers(3 * n, 2)],
        });
      }
    }
  }
});

Deno.test("gathers check their indices", () => {
  const rows = 6, n = 10, width = 7;
  const i = variable(0, n), j = variable(1, width);
  const row = check(load(1, i32, i), rows, 0);
  const kernel = loop({
    bindings: [read(f, rows * width), read(i32, n), write(f, n * width)],
    checks: 1,
    stages: [{
      kind: "store",
      inner: [n, width],
      stores: [{ slot: 2, index: at([n, width]), value: load(0, f, add(mul(row, int(width)), j)) }],
    }],
  });
  assertEquals(compare({ kernel, data: [noise(42), integers(n, rows)] }).raised, []);
  assertEquals(compare({ kernel, data: [noise(42), [0, 1, 2, 3, 4, 5, -3, 1]] }).raised, [{ flag: 0, value: -3 }]);
  // The checked index in the lanes.
  const lanes = elementwise(n, [read(f, rows), read(i32, n), write(f, n)], load(0, f, row), [], 1);
  assertEquals(compare({ kernel: lanes, data: [noise(6), integers(n, rows)] }).raised, []);
  assertEquals(compare({ kernel: lanes, data: [noise(6), [1, 2, 6, 0, 1]] }).raised, [{ flag: 0, value: 6 }]);
  assertEquals(compare({ kernel: lanes, data: [noise(6), [1, 2, 0, 0, 1, 1, 1, 1, 1, 6]] }).raised, [{
    flag: 0,
    value: 6,
  }]);
});

Deno.test("scalars of every dtype reach the kernel", () => {
  for (const dtype of dtypes) {
    const n = 9;
    const x = load(0, dtype, variable(0, n)), s = scalarArg(0, dtype);
    const value = dtype === "bool" ? binary("xor", x, s) : add(x, s);
    const kernel = elementwise(n, [read(dtype, n), write(dtype, n)], value, [dtype]);
    for (const scalar of [0, 1, 3.25, 200]) {
      compare({
        kernel,
        data: [[0, 1, 0, 1, 1]],
        scalars: [isFloat(dtype) ? scalar : Math.trunc(dtype === "bool" ? scalar % 2 : scalar)],
      });
    }
  }
});

Deno.test("kernels that mix float64 with other dtypes agree with the reference", () => {
  for (let n = 1; n < 9; n++) {
    const i = variable(0, n);
    const bits = load(2, "bool", i), whole = load(1, i32, i), single = load(0, f, i);
    const value = where(bits, cast(d, whole), add(cast(d, single), constant(1e-12, d)));
    const kernel = loop({
      bindings: [
        read(f, n),
        read(i32, n),
        read("bool", n),
        write(d, n),
        write(f, n),
        write("bool", n),
        write("uint8", n),
      ],
      stages: [{
        kind: "store",
        inner: [n],
        stores: [
          { slot: 3, index: i, value },
          { slot: 4, index: i, value: cast(f, value) },
          { slot: 5, index: i, value: binary("lt", value, constant(0, d)) },
          { slot: 6, index: i, value: cast("uint8", unary("abs", value)) },
        ],
      }],
    });
    compare({ kernel, data: [noise(n), integers(n, 50), [1, 0, 0]] });
  }
});
