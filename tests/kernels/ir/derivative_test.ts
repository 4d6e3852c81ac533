import { assert, assertEquals } from "@std/assert";
import {
  arg,
  binary,
  type BinaryOp,
  bitcast,
  cast,
  constant,
  type Expr,
  isnan,
  unary,
  type UnaryOp,
  where,
} from "../../../kernels/ir/expr.ts";
import { derivative } from "../../../kernels/ir/derivative.ts";
import { evaluate } from "../../../kernels/ir/evaluate.ts";

const x = arg(0, "float64"), y = arg(1, "float64");
const of = (value: number) => constant(value, "float64");

/** Holds the derivative of `e` with respect to each operand against central differences. */
function compare(e: Expr, ...args: number[]): void {
  args.forEach((at, slot) => {
    const h = 1e-6 * Math.max(1, Math.abs(at));
    const f = (d: number) => evaluate(e, { args: args.with(slot, at + d) });
    const expected = (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
    const actual = evaluate(derivative(e, slot), { args });
    const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    assert(error < 1e-8, `${e.op} at ${args}, operand ${slot}: ${actual} is not ${expected}`);
  });
}

const everywhere: UnaryOp[] = [
  "neg",
  "abs",
  "exp",
  "expm1",
  "exp2",
  "sin",
  "cos",
  "tan",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "erf",
  "erfc",
  "lgamma",
  "digamma",
  "floor",
  "ceil",
  "trunc",
  "round",
];

Deno.test("derivative() of unary operations agrees with finite differences", () => {
  for (const op of everywhere) for (const at of [-2.3, -0.4, 0.3, 1.2, 3.7]) compare(unary(op, x), at);
  for (const op of ["log", "log2", "log10", "sqrt", "rsqrt"] as const) {
    for (const at of [0.01, 0.5, 3, 100]) compare(unary(op, x), at);
  }
  for (const at of [-0.7, -0.1, 0.2, 0.9]) {
    for (const op of ["asin", "acos", "atanh", "erfinv", "log1p"] as const) compare(unary(op, x), at);
  }
  for (const at of [1.1, 2, 30]) compare(unary("acosh", x), at);
});

Deno.test("derivative() of binary operations agrees with finite differences", () => {
  for (const op of ["add", "sub", "mul", "div", "mod", "max", "min", "atan2"] as const satisfies BinaryOp[]) {
    for (const [a, b] of [[1.3, 0.7], [-2.1, 0.4], [0.3, -1.7], [-3.2, -1.1]] as const) compare(binary(op, x, y), a, b);
  }
  for (const [a, b] of [[1.3, 0.7], [0.2, -3.1], [4, 2.5]] as const) compare(binary("pow", x, y), a, b);
});

Deno.test("derivative() follows chains and shared subexpressions", () => {
  const sigmoid = binary("div", of(1), binary("add", of(1), unary("exp", unary("neg", x))));
  const silu = binary("div", x, binary("add", unary("exp", unary("neg", x)), of(1)));
  const gelu = binary(
    "mul",
    binary("mul", x, of(0.5)),
    binary("add", of(1), unary("erf", binary("mul", x, of(Math.SQRT1_2)))),
  );
  for (const e of [sigmoid, silu, gelu, binary("mul", unary("tanh", silu), gelu)]) {
    for (const at of [-3, -0.2, 0.1, 2.5]) compare(e, at);
  }
  // Of second order too.
  for (const at of [-3, -0.2, 0.1, 2.5]) compare(derivative(gelu, 0), at);
});

Deno.test("derivative() of a sigmoid is finite where its exponential overflows", () => {
  const minus = unary("exp", unary("neg", x));
  for (const top of [of(1), x]) {
    const e = binary("div", top, binary("add", of(1), minus));
    assertEquals(Math.abs(evaluate(derivative(e, 0), { args: [-1000] })), 0);
    assertEquals(evaluate(derivative(e, 0), { args: [1000] }), top === x ? 1 : 0);
  }
});

Deno.test("derivative() has PyTorch's values at kinks and poles", () => {
  const at = (e: Expr, ...args: number[]) => evaluate(derivative(e, 0), { args });
  assertEquals(at(unary("abs", x), 0), 0);
  assertEquals(at(unary("sqrt", x), 0), Infinity);
  assertEquals(at(binary("max", x, y), 2, 2), 0.5);
  assertEquals(at(binary("min", x, y), 2, 2), 0.5);
  assertEquals(at(binary("max", x, y), 2, 3), 0);
  assertEquals(at(where(binary("lt", of(0), x), x, of(0)), 0), 0);
  assertEquals(at(binary("pow", x, of(0)), 0), 0);
  assertEquals(at(binary("pow", x, y), 0, 0), 0);
  assertEquals(at(binary("pow", x, of(3)), -2), 12);
  const exponent = (a: number, b: number) => evaluate(derivative(binary("pow", x, y), 1), { args: [a, b] });
  assertEquals(exponent(0, 2), 0);
  assertEquals(exponent(0, 0), 0);
  assertEquals(exponent(0, -1), -Infinity);
  // The branch not taken may be NaN.
  const safe = where(binary("lt", of(0), x), unary("log", x), binary("mul", x, of(2)));
  assertEquals(at(safe, -1), 2);
  assertEquals(at(safe, 4), 0.25);
});

Deno.test("derivative() leaves out what does not depend on the operand", () => {
  const zero = of(0);
  assertEquals(derivative(unary("log", y), 0), zero);
  assertEquals(derivative(unary("floor", unary("log", x)), 0), zero);
  assertEquals(derivative(binary("mul", x, unary("log", y)), 0), unary("log", y));
  assertEquals(derivative(binary("add", x, unary("log", y)), 0), of(1));
  assertEquals(derivative(where(isnan(x), unary("log", y), y), 0), zero);
  assertEquals(derivative(cast("float64", arg(0, "int32")), 0), zero);
  assertEquals(derivative(cast("float64", bitcast("float32", cast("int32", x))), 0), zero);
  assertEquals(derivative(binary("lt", x, y), 0), constant(0, "bool"));
  assertEquals(derivative(cast("float32", x), 0), constant(1, "float32"));
});

Deno.test("derivative() reuses the forward expression", () => {
  const e = unary("exp", x), t = unary("tanh", x), s = unary("sqrt", x);
  assertEquals(derivative(e, 0), e);
  assertEquals(derivative(t, 0), binary("sub", of(1), binary("mul", t, t)));
  assertEquals(derivative(s, 0), binary("div", of(1), binary("mul", s, of(2))));
});
