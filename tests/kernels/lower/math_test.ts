import { assert, assertEquals } from "@std/assert";
import {
  arg,
  binary,
  constant,
  type Expr,
  type ExprOp,
  rebuild,
  unary,
  type UnaryOp,
  walk,
} from "../../../kernels/ir/expr.ts";
import { digamma, erf, erfc, erfinv, lgamma } from "../../../kernels/ir/special.ts";
import { expandMath } from "../../../kernels/lower/math/mod.ts";
import { compile, type Compiled } from "./single.ts";

const x = arg(0, "float32"), y = arg(1, "float32");

interface Accuracy {
  /** The function in double precision. */
  readonly exact: (x: number) => number;
  /** Largest error in units in the last place of float32, or, where `mixed`, relative to max(1, |exact|). */
  readonly limit: number;
  readonly mixed?: boolean;
  /** Largest |x| for which it holds. */
  readonly range?: number;
}

const table: Partial<Record<UnaryOp, Accuracy>> = {
  exp: { exact: Math.exp, limit: 1.2 },
  exp2: { exact: (x) => 2 ** x, limit: 1.1 },
  expm1: { exact: Math.expm1, limit: 1.6 },
  log: { exact: Math.log, limit: 1 },
  log2: { exact: Math.log2, limit: 1.8 },
  log10: { exact: Math.log10, limit: 2 },
  log1p: { exact: Math.log1p, limit: 1.6 },
  sin: { exact: Math.sin, limit: 2.5 },
  cos: { exact: Math.cos, limit: 2.5 },
  tan: { exact: Math.tan, limit: 3.6 },
  asin: { exact: Math.asin, limit: 2.4 },
  acos: { exact: Math.acos, limit: 1.3 },
  atan: { exact: Math.atan, limit: 1.9 },
  sinh: { exact: Math.sinh, limit: 2.3 },
  cosh: { exact: Math.cosh, limit: 1.5 },
  tanh: { exact: Math.tanh, limit: 2.6 },
  asinh: { exact: Math.asinh, limit: 2 },
  acosh: { exact: Math.acosh, limit: 2.1 },
  atanh: { exact: Math.atanh, limit: 2 },
  rsqrt: { exact: (x) => 1 / Math.sqrt(x), limit: 1.6 },
  erf: { exact: erf, limit: 1.8 },
  erfc: { exact: erfc, limit: 5.2 },
  erfinv: { exact: erfinv, limit: 4 },
  lgamma: { exact: lgamma, limit: 2e-6, mixed: true },
  digamma: { exact: digamma, limit: 1e-6, mixed: true, range: 100 },
};

const SMALLEST_NORMAL = 2 ** -126;
/** Below it a result may be 0. */
const SMALLEST = 2 ** -125.5;

function ulp(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), SMALLEST_NORMAL))) - 23);
}

const view = new DataView(new ArrayBuffer(4));

/** Float32 values of both signs: 60 of every exponent, and a dense grid around zero. */
const samples: readonly number[] = (() => {
  const values: number[] = [];
  for (let exponent = 1; exponent < 255; exponent++) {
    for (let i = 0; i < 60; i++) {
      view.setUint32(0, (exponent << 23) | ((i * 0x9e3779b1) >>> 9));
      values.push(view.getFloat32(0), -view.getFloat32(0));
    }
  }
  for (let i = -20000; i <= 20000; i++) values.push(Math.fround(i * 1.00003e-3), Math.fround(i * 1.00007e-4));
  return values;
})();

/** The largest error of `f` over the samples. */
function worst(f: Compiled, { exact, range = Infinity, mixed = false }: Accuracy): { error: number; at: number } {
  let error = 0, at = NaN;
  for (const x of samples) {
    if (Math.abs(x) > range) continue;
    const expected = exact(x), rounded = Math.fround(expected), actual = f(x, 0);
    if (Object.is(actual, rounded)) continue;
    if (Math.abs(expected) < SMALLEST && Math.abs(actual) <= SMALLEST_NORMAL) continue;
    const unit = mixed ? Math.max(1, Math.abs(expected)) : ulp(expected);
    const e = Number.isFinite(rounded) && !Number.isNaN(actual) ? Math.abs(actual - expected) / unit : Infinity;
    if (e > error) [error, at] = [e, x];
  }
  return { error, at };
}

for (const [op, accuracy] of Object.entries(table)) {
  Deno.test(`expandMath() of ${op} is good to ${accuracy.limit}${accuracy.mixed ? "" : " ulp"}, fused or not`, () => {
    const e = expandMath(unary(op as UnaryOp, x));
    for (const fused of [false, true]) {
      const { error, at } = worst(compile(e, fused), accuracy);
      assert(error <= accuracy.limit, `${op}(${at}) is off by ${error}${fused ? ", fused" : ""}`);
    }
  });
}

/** Whether `actual` is `expected` in sign and special value, and to a few ulp. */
function same(actual: number, expected: number): boolean {
  const rounded = Math.fround(expected);
  if (Object.is(actual, rounded)) return true;
  if (Math.abs(rounded) < SMALLEST) return rounded !== 0 && Math.abs(actual) < SMALLEST_NORMAL;
  return Math.abs(actual - rounded) <= 4 * ulp(rounded);
}

Deno.test("expandMath() keeps the special values of every function", () => {
  const inputs = [
    0,
    -0,
    1,
    -1,
    2,
    -2,
    0.5,
    -0.5,
    1e-40,
    -1e-40,
    1e-38,
    -1e-30,
    88.7,
    -86.9,
    -87.3,
    89.4,
    90,
    -104,
    128,
    3e38,
    -3e38,
    Infinity,
    -Infinity,
    NaN,
  ];
  for (const [op, { exact, range = Infinity }] of Object.entries(table)) {
    for (const fused of [false, true]) {
      const f = compile(expandMath(unary(op as UnaryOp, x)), fused);
      for (const input of inputs.map(Math.fround)) {
        if (Number.isFinite(input) && Math.abs(input) > range) continue;
        const expected = exact(input), actual = f(input, 0);
        assert(same(actual, expected), `${op}(${Object.is(input, -0) ? "-0" : input}) is ${actual}, not ${expected}`);
      }
    }
  }
});

Deno.test("expandMath() of sin and cos marks what only large angles need", () => {
  for (const [op, far] of [["sin", "sinFar"], ["cos", "cosFar"], ["tan", "tanFar"]] as const) {
    const e = expandMath(unary(op, x));
    assertEquals([e.op, e.slot, e.args[1]], ["where", 1, unary(far, x)]);
    assertEquals(rebuild(e, e.args), e);
  }
});

/** C's powf. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

Deno.test("expandMath() of pow is good to 3 ulp, and to 1.2 for moderate results", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  for (const fused of [false, true]) {
    const f = compile(expandMath(binary("pow", x, y)), fused);
    for (let i = 0; i < 60000; i++) {
      const a = Math.fround(2 ** (random() * (i & 1 ? 4 : 200))), b = Math.fround(random() * (i & 2 ? 10 : 250));
      const expected = a ** b;
      if (!Number.isFinite(Math.fround(expected)) || expected < 1.2e-38) continue;
      const error = Math.abs(f(a, b) - expected) / ulp(expected);
      assert(error <= (Math.abs(Math.log(expected)) < 10 ? 1.2 : 3), `${a} ** ${b} is off by ${error}`);
    }
  }
});

Deno.test("expandMath() of pow and atan2 keeps C's special values", () => {
  const inputs = [
    0,
    -0,
    1,
    -1,
    2,
    -2,
    0.5,
    -0.5,
    3,
    -3,
    1.5,
    -2.5,
    1e10,
    -1e10,
    1e38,
    1e-38,
    -1e-38,
    Infinity,
    -Infinity,
    NaN,
  ];
  for (const [op, exact] of [["pow", power], ["atan2", Math.atan2]] as const) {
    for (const fused of [false, true]) {
      const f = compile(expandMath(binary(op, x, y)), fused);
      for (const a of inputs.map(Math.fround)) {
        for (const b of inputs.map(Math.fround)) {
          assert(same(f(a, b), exact(a, b)), `${op}(${a}, ${b}) is ${f(a, b)}, not ${exact(a, b)}`);
        }
      }
    }
  }
});

Deno.test("expandMath() of pow with a constant exponent is what PyTorch makes of it", () => {
  const at = (exponent: number, base: number) => {
    return compile(expandMath(binary("pow", x, constant(exponent, "float32"))), false)(base, 0);
  };
  assertEquals(
    at(3, Math.fround(1.1)),
    Math.fround(Math.fround(Math.fround(1.1) * Math.fround(1.1)) * Math.fround(1.1)),
  );
  assertEquals(at(0.5, 2), Math.fround(Math.SQRT2));
  assertEquals(at(-1, 3), Math.fround(1 / 3));
  assertEquals(at(-2, 4), 1 / 16);
  assertEquals(at(-0.5, 4), 0.5);
  assertEquals(at(0, NaN), 1);
  for (let base = -9; base <= 9; base++) for (const n of [4, 5, 6, 7]) assertEquals(at(n, base), base ** n);
});

Deno.test("expandMath() of atan2 is good to 2 ulp", () => {
  for (const fused of [false, true]) {
    const f = compile(expandMath(binary("atan2", x, y)), fused);
    for (let i = 0; i < 40000; i++) {
      const a = samples[(i * 7919) % samples.length]!, b = samples[(i * 104729) % samples.length]!;
      const expected = Math.atan2(a, b);
      if (Math.abs(expected) < 1e-37) continue;
      const error = Math.abs(f(a, b) - expected) / ulp(expected);
      assert(error <= 2.1, `atan2(${a}, ${b}) is off by ${error}`);
    }
  }
});

const basic: ReadonlySet<ExprOp> = new Set<ExprOp>([
  "add",
  "sinFar",
  "cosFar",
  "tanFar",
  "sub",
  "mul",
  "div",
  "neg",
  "abs",
  "sqrt",
  "floor",
  "round",
  "and",
  "or",
  "xor",
  "not",
  "shl",
  "shr",
  "eq",
  "lt",
  "le",
  "where",
  "cast",
  "bitcast",
  "const",
  "arg",
]);

function operations(e: Expr): ExprOp[] {
  const ops: ExprOp[] = [];
  walk([e], (e) => ops.push(e.op));
  return ops;
}

Deno.test("expandMath() leaves only basic operations, and few", () => {
  const count = (e: Expr) => operations(e).filter((op) => op !== "const" && op !== "arg" && op !== "bitcast").length;
  for (const op of Object.keys(table) as UnaryOp[]) {
    for (const used of operations(expandMath(unary(op, x)))) assert(basic.has(used), `${op} uses ${used}`);
  }
  const budget = { exp: 26, log: 41, tanh: 32, erf: 47, sin: 42 };
  for (const [op, most] of Object.entries(budget)) {
    const actual = count(expandMath(unary(op as UnaryOp, x)));
    assert(actual <= most, `${op} takes ${actual} operations`);
  }
});

Deno.test("expandMath() reaches into expressions, leaves float64 alone and folds constants", () => {
  const nested = expandMath(binary("add", unary("exp", unary("log", x)), constant(1, "float32")));
  assertEquals(operations(nested).filter((op) => !basic.has(op)), []);
  assert(Math.abs(compile(nested, false)(5, 0) - 6) < 2e-6);
  const wide = unary("exp", arg(0, "float64"));
  assertEquals(expandMath(wide), wide);
  const folded = expandMath(unary("exp", constant(1, "float32")));
  assertEquals(folded, constant(Math.E, "float32"));
});
