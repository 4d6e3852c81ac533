import type { DType, TypedArray } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  binary,
  type BinaryOp,
  bitcast,
  cast,
  constant,
  type Expr,
  int,
  isnan,
  load,
  scalarArg,
  unary,
  type UnaryOp,
  variable,
  where,
} from "../../../kernels/ir/expr.ts";

import { add, agree, gpuTest, loop, mul, numbers, read, write } from "../runtime/gpu_case.ts";

/** A kernel that stores several values for each of `n` points, one block of the output after the other. */
function map(values: (i: Expr) => Expr[], n: number, inputs: DType[], scalars: DType[] = []) {
  const i = variable(0, n);
  const all = values(i);
  const { dtype } = all[0]!;
  const stores = all.map((value, block) => ({ slot: inputs.length, index: add(i, int(block * n)), value }));
  const bindings = [...inputs.map((d) => read(d, n)), write(dtype, n * all.length)];
  return loop([], [{ kind: "store", inner: [n], stores }], bindings, { scalars });
}

const specials = [NaN, Infinity, -Infinity, 0, -0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3, -7.25, 1e-40, 3e38, 1e10];

/** All pairs of the values. */
function pairs(values: readonly number[]): [number[], number[]] {
  return [values.flatMap((x) => values.map(() => x)), values.flatMap(() => values)];
}

gpuTest("float operations keep NaN, infinities and signs, on vectors and on single elements", () => {
  const unaries: UnaryOp[] = ["neg", "abs", "floor", "ceil", "trunc", "round", "sqrt", "rsqrt"];
  const binaries: BinaryOp[] = ["add", "sub", "mul", "div", "mod", "max", "min"];
  const bound = constant(0, "float32");
  const values = (i: Expr) => {
    const x = load(0, "float32", i), y = load(1, "float32", i);
    const comparisons = (["eq", "ne", "lt", "le"] as const).map((op) => cast("float32", binary(op, x, y)));
    return [
      ...unaries.map((op) => unary(op, x)),
      ...binaries.map((op) => binary(op, x, y)),
      ...comparisons,
      cast("float32", isnan(x)),
      cast("float32", cast("bool", x)),
      where(binary("lt", x, y), x, y),
      binary("max", x, bound),
      binary("min", bound, x),
      constant(Infinity, "float32"),
      constant(-Infinity, "float32"),
      constant(NaN, "float32"),
      constant(1e-40, "float32"),
      constant(0.1, "float32"),
      mul(x, scalarArg(0, "float32")),
    ];
  };
  const [x, y] = pairs(specials);
  for (const extra of [[], [1]]) {
    const data = [Float32Array.from([...x, ...extra]), Float32Array.from([...y, ...extra])];
    agree({ kernel: map(values, data[0]!.length, ["float32", "float32"], ["float32"]), data, scalars: [0.1] });
  }
});

gpuTest("the float remainder is exact for large quotients and subnormal numbers", () => {
  const x = [1e30, -1e30, 3e38, 1e-38, 5.5, -5.5, 1e-44, 7], y = [3, 0.7, 1e-38, 3e-45, 2, -2, 3e-45, 1e-40];
  const kernel = map((i) => [binary("mod", load(0, "float32", i), load(1, "float32", i))], 8, ["float32", "float32"]);
  agree({ kernel, data: [Float32Array.from(x), Float32Array.from(y)], tolerance: 0 });
});

gpuTest("transcendental functions of float32 are accurate to a few units in the last place", () => {
  const ops: UnaryOp[] = ["exp", "expm1", "log", "log1p", "tanh", "sin", "cos", "erf", "sqrt"];
  const kernel = map((i) => ops.map((op) => unary(op, load(0, "float32", i))), 64, ["float32"]);
  const data = [numbers(64).map((x) => x * 3), undefined];
  agree({ kernel, data, tolerance: 2e-6 });
});

gpuTest("integers wrap, divide by zero to zero and shift by masked amounts", () => {
  const ops: BinaryOp[] = ["add", "sub", "mul", "div", "mod", "max", "min", "and", "or", "xor"];
  const edges: Record<string, number[]> = {
    int32: [0, 1, -1, 2, 7, -7, 2147483647, -2147483648],
    uint32: [0, 1, 2, 7, 255, 65536, 2147483648, 4294967295],
    uint8: [0, 1, 2, 7, 100, 128, 200, 255],
  };
  const arrays = { int32: Int32Array, uint32: Uint32Array, uint8: Uint8Array };
  for (const dtype of ["int32", "uint32", "uint8"] as const) {
    const [x, y] = pairs(edges[dtype]!);
    const values = (i: Expr) => {
      const a = load(0, dtype, i), b = load(1, dtype, i);
      // Division of the smallest number by -1 has no answer.
      const divisor = dtype === "int32" ? where(binary("eq", b, constant(-1, dtype)), constant(3, dtype), b) : b;
      return [
        ...ops.map((op) => binary(op, a, op === "div" || op === "mod" ? divisor : b)),
        binary("pow", binary("mod", a, constant(10, dtype)), binary("mod", b, constant(8, dtype))),
        unary("neg", a),
        unary("not", a),
        unary("abs", a),
        binary("shl", a, binary("and", b, constant(31, dtype))),
        binary("shr", a, constant(3, dtype)),
        binary("div", a, constant(7, dtype)),
        cast(dtype, binary("lt", a, b)),
        cast(dtype, cast("uint8", a)),
        cast(dtype, cast("int32", a)),
        scalarArg(0, dtype),
      ];
    };
    const data = [arrays[dtype].from(x), arrays[dtype].from(y)] as TypedArray[];
    agree({ kernel: map(values, 64, [dtype, dtype], [dtype]), data, scalars: [7] });
  }
});

gpuTest("bool, casts and bitcasts agree with the host", () => {
  const ops: BinaryOp[] = ["and", "or", "xor", "eq", "ne", "lt", "le", "max", "min"];
  const flags = map(
    (i) => {
      const a = load(0, "bool", i), b = load(1, "bool", i);
      return [
        ...ops.map((op) => binary(op, a, b)),
        unary("not", a),
        cast("bool", cast("float32", a)),
        scalarArg(0, "bool"),
      ];
    },
    8,
    ["bool", "bool"],
    ["bool"],
  );
  const data = [Uint8Array.from([0, 0, 1, 1, 0, 0, 1, 1]), Uint8Array.from([0, 1, 0, 1, 0, 1, 0, 1])];
  agree({ kernel: flags, data, scalars: [1] });
  const casts = map(
    (i) => {
      const x = load(0, "float32", i);
      return [
        cast("int32", x),
        cast("int32", cast("uint8", x)),
        cast("int32", cast("uint32", x)),
        cast("int32", isnan(x)),
        bitcast("int32", x),
        bitcast("int32", constant(-0, "float32")),
      ];
    },
    12,
    ["float32"],
  );
  const reals = [0, -0, 1.9, -1.9, 255, 256, NaN, 70000, 2 ** 31, -(2 ** 31), Infinity, -Infinity];
  agree({ kernel: casts, data: [Float32Array.from(reals)] });
});

gpuTest("half precision computes in float32 where it has to, and rounds what it stores", () => {
  const values = (i: Expr) => {
    const x = load(0, "float16", i);
    return [
      add(x, constant(0.1, "float16")),
      binary("max", x, constant(NaN, "float16")),
      binary("max", x, unary("neg", x)),
      unary("exp", x),
      mul(x, constant(60000, "float16")),
      mul(x, scalarArg(0, "float16")),
      cast("float16", isnan(x)),
    ];
  };
  const data = [Float16Array.from([0, -0, 1, -1, NaN, Infinity, 2.5])];
  agree({ kernel: map(values, 7, ["float16"], ["float16"]), data, scalars: [0.3], tolerance: 2e-3 });
  const kernel = loop([], [
    {
      kind: "reduce",
      inner: [4099],
      reductions: [{ slot: 0, op: "sum", value: load(0, "float16", variable(0, 4099)) }],
    },
    { kind: "store", inner: [], stores: [{ slot: 1, index: int(0), value: acc(0, "float16") }] },
  ], [read("float16", 4099), write("float16", 1)]);
  agree({ kernel, data: [Float16Array.from({ length: 4099 }, () => 1)], tolerance: 1e-3 }, true);
});

gpuTest("sums that cancel and products of roots are computed, not simplified", () => {
  for (const dtype of ["float32", "float16"] as const) {
    const values = (i: Expr) => {
      const x = load(0, dtype, i), y = load(1, dtype, i), root = unary("sqrt", x);
      const sub = (a: Expr, b: Expr) => binary("sub", a, b);
      return [
        sub(x, x),
        add(unary("neg", x), x),
        sub(add(y, x), x),
        sub(sub(x, y), sub(x, mul(y, y))),
        sub(add(x, mul(x, y)), x),
        mul(root, root),
      ];
    };
    const [x, y] = pairs([NaN, Infinity, -Infinity, 0, 1, -2.5, 3, 2 ** -14]);
    const data = [x, y].map((values) => dtype === "float16" ? Float16Array.from(values) : Float32Array.from(values));
    agree({ kernel: map(values, x.length, [dtype, dtype]), data, tolerance: dtype === "float16" ? 2e-3 : 2e-6 });
  }
});
