import { assertEquals, assertThrows } from "@std/assert";
import type { DType } from "../../../kernels/ir/dtype.ts";
import { evaluate, evaluator } from "../../../kernels/ir/evaluate.ts";
import {
  acc,
  arg,
  binary,
  type BinaryOp,
  bitcast,
  cast,
  check,
  int,
  isnan,
  load,
  scalarArg,
  unary,
  type UnaryOp,
  variable,
  where,
} from "../../../kernels/ir/expr.ts";

const one = (op: UnaryOp, dtype: DType, a: number) => evaluate(unary(op, arg(0, dtype)), { args: [a] });
const two = (op: BinaryOp, dtype: DType, a: number, b: number) =>
  evaluate(binary(op, arg(0, dtype), arg(1, dtype)), { args: [a, b] });
const converted = (from: DType, to: DType, a: number) => evaluate(cast(to, arg(0, from)), { args: [a] });

Deno.test("evaluate() wraps integers as their dtype does", () => {
  assertEquals(two("add", "int32", 2147483647, 1), -2147483648);
  assertEquals(two("mul", "int32", 65537, 65537), 131073);
  assertEquals(two("mul", "uint32", 0xffffffff, 0xffffffff), 1);
  assertEquals(two("sub", "uint32", 0, 1), 4294967295);
  assertEquals(two("add", "uint8", 250, 10), 4);
  assertEquals(two("div", "int32", -7, 2), -3);
  assertEquals(two("mod", "int32", -7, 2), -1);
  assertEquals(two("shr", "int32", -8, 1), -4);
  assertEquals(two("shr", "uint32", 0x80000000, 31), 1);
  assertEquals(two("shl", "uint32", 1, 31), 2147483648);
  assertEquals(two("xor", "uint32", 0xf0000000, 1), 0xf0000001);
  assertEquals(one("not", "uint32", 0), 4294967295);
  assertEquals(one("not", "bool", 1), 0);
  assertEquals(one("abs", "int32", -2147483648), -2147483648);
  assertEquals(two("add", "bool", 1, 1), 1);
});

Deno.test("evaluate() keeps float64 and propagates NaN", () => {
  assertEquals(two("add", "float32", 0.1, 0.2), 0.1 + 0.2);
  assertEquals(two("max", "float32", NaN, 1), NaN);
  assertEquals(two("min", "float32", 1, NaN), NaN);
  assertEquals(two("mod", "float32", -5.5, 2), -1.5);
  assertEquals([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((v) => one("round", "float64", v)), [-2, -2, -0, 0, 2, 2]);
  assertEquals(two("pow", "float64", 1, NaN), 1);
  assertEquals(two("pow", "float64", -1, Infinity), 1);
  assertEquals(two("pow", "float64", -2, 3), -8);
  assertEquals(two("eq", "float64", NaN, NaN), 0);
  assertEquals(evaluate(isnan(arg(0, "float32")), { args: [NaN] }), 1);
});

Deno.test("evaluate() converts", () => {
  assertEquals(converted("float32", "int32", -1.9), -1);
  assertEquals(converted("float32", "int32", 1e20), 2147483647);
  assertEquals(converted("float32", "int32", NaN), 0);
  assertEquals(converted("float32", "uint32", -3), 0);
  assertEquals(converted("float32", "bool", NaN), 1);
  assertEquals(converted("int32", "uint8", 257), 1);
  assertEquals(converted("int32", "uint32", -1), 4294967295);
  assertEquals(evaluate(bitcast("int32", arg(0, "float32")), { args: [-1] }), 0xbf800000 | 0);
  assertEquals(evaluate(bitcast("float32", arg(0, "uint32")), { args: [0x40490fdb] }), Math.fround(Math.PI));
});

Deno.test("evaluate() reads every kind of leaf", () => {
  const e = binary(
    "add",
    binary("add", load(2, "float32", variable(1, 8)), scalarArg(1, "float32")),
    binary("add", acc(0, "float32"), arg(0, "float32")),
  );
  const environment = {
    args: [1000],
    variables: [0, 7],
    scalars: [0, 100],
    accumulators: [10],
    load: (slot: number, index: number) => slot * index,
  };
  assertEquals(evaluate(e, environment), 1124);
  assertThrows(() => evaluate(e, {}), TypeError, "The environment has no");
});

Deno.test("evaluate() raises a check's flag only in the branch taken", () => {
  const raised: number[][] = [];
  const i = variable(0, 10);
  const e = evaluator(where(binary("lt", i, int(5)), check(binary("sub", i, int(1)), 3, 0), int(-1)));
  const results = Array.from({ length: 8 }, (_, i) => {
    return e({ variables: [i], raise: (slot, value) => void raised.push([slot, value]) });
  });
  assertEquals(results, [0, 0, 1, 2, 0, -1, -1, -1]);
  assertEquals(raised, [[0, -1], [0, 3]]);
});
