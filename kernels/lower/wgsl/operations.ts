/**
 * The WGSL spelling of each operation of an expression, on scalars and on vec4s, with PyTorch's results for NaN, division by zero
 * and overflow.
 *
 * @module
 */

import { TensaurError } from "../../errors.ts";
import { type DType, isFloat } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import { range } from "../../ir/index.ts";
import type { Helper } from "./helpers.ts";
import { valueType, type Width } from "./types.ts";

/** Gives the name of a helper function, and has it declared. */
export type CallHelper = (helper: Helper, width: Width) => string;

/** `e` applied to operands already spelled with `width` elements. Loads, variables, constants and checks are not its business. */
export function spell(e: Expr, args: readonly string[], width: Width, helper: CallHelper): string {
  const [a, b, c] = args as [string, string, string];
  const type = e.args[0]!.dtype;
  switch (e.op) {
    case "where":
      return `select(${c}, ${b}, ${a})`;
    case "isnan":
      return `${helper("isNan", width)}(${asFloat32(type, a, width)})`;
    case "cast":
      return spellCast(type, e.dtype, a, width, helper);
    case "bitcast":
      return `bitcast<${valueType(e.dtype, width)}>(${a})`;
    case "eq":
      return `(${a} == ${b})`;
    case "ne":
      // != is false for NaN in naga.
      return isFloat(type) ? `!(${a} == ${b})` : `(${a} != ${b})`;
    case "lt":
      return type === "bool" ? `(!${a} & ${b})` : `(${a} < ${b})`;
    case "le":
      return type === "bool" ? `(!${a} | ${b})` : `(${a} <= ${b})`;
    default:
      return args.length === 1 ? spellUnary(e, a, width, helper) : spellBinary(e, a, b, width, helper);
  }
}

function spellUnary(e: Expr, a: string, width: Width, helper: CallHelper): string {
  const { op, dtype } = e;
  const unsigned = dtype === "uint32" || dtype === "uint8";
  switch (op) {
    case "neg":
      return unsigned ? wrap(dtype, `(${splat(dtype, "0u", width)} - ${a})`, width) : `(-${a})`;
    case "abs":
      return unsigned || dtype === "bool" ? a : `abs(${a})`;
    case "not":
      return dtype === "bool" ? `!${a}` : wrap(dtype, `(~${a})`, width);
    case "rsqrt":
      return `(${splat(dtype, dtype === "float16" ? "1h" : "1f", width)} / sqrt(${a}))`;
    case "sqrt":
    case "floor":
    case "ceil":
    case "trunc":
    case "round":
      return `${op}(${a})`;
    case "sinFar":
    case "cosFar":
    case "tanFar":
      return `${helper(op, width)}(${a})`;
    default:
      throw new TensaurError(`Cannot lower ${op} of ${dtype} to WGSL: cast the operand to float32`);
  }
}

const symbols: Partial<Record<Expr["op"], string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  and: "&",
  or: "|",
  xor: "^",
};

function spellBinary(e: Expr, a: string, b: string, width: Width, helper: CallHelper): string {
  const { op, dtype } = e;
  if (op === "max" || op === "min") return spellExtremum(op, dtype, a, b, width, helper, e);
  if (dtype === "bool") return `(${a} ${booleans[op] ?? refuse(e)} ${b})`;
  if (op === "shl" || op === "shr") {
    const amount = e.args[1]!.op === "const"
      ? splat("uint32", `${e.args[1]!.value & 31}u`, width)
      : `(${dtype === "int32" ? `bitcast<${valueType("uint32", width)}>(${b})` : b} & ${
        splat("uint32", "31u", width)
      })`;
    return wrap(dtype, `(${a} ${op === "shl" ? "<<" : ">>"} ${amount})`, width);
  }
  if (isFloat(dtype)) {
    if (op === "mod") return inFloat32("modFloat", dtype, a, b, width, helper);
  } else if (op === "div" || op === "mod" || op === "pow") return spellInteger(e, a, b, width, helper);
  const symbol = symbols[op];
  return wrap(dtype, `(${a} ${symbol ?? refuse(e)} ${b})`, width);
}

const booleans: Partial<Record<Expr["op"], string>> = { and: "&", mul: "&", or: "|", add: "|", xor: "!=" };

function refuse(e: Expr): never {
  throw new TensaurError(`Cannot lower ${e.op} of ${e.dtype} to WGSL: cast the operands to float32`);
}

/** Division, remainder and power of integers. A constant divisor needs no guard, and indices that cannot be negative divide faster as u32. */
function spellInteger(e: Expr, a: string, b: string, width: Width, helper: CallHelper): string {
  const { op, dtype } = e;
  const [x, y] = e.args as [Expr, Expr];
  const signed = dtype === "int32";
  if (op === "pow") return wrap(dtype, `${helper(signed ? "powInt" : "powUint", width)}(${a}, ${b})`, width);
  const symbol = op === "div" ? "/" : "%";
  if (y.op === "const" && y.value === 0) return splat(dtype, signed ? "0i" : "0u", width);
  if (y.op === "const") {
    const low = signed && y.value > 0 ? range(x)?.[0] : undefined;
    if (low === undefined || low < 0) return `(${a} ${symbol} ${b})`;
    const unsigned = valueType("uint32", width);
    return `${valueType("int32", width)}(${unsigned}(${a}) ${symbol} ${splat("uint32", `${y.value}u`, width)})`;
  }
  const name = op === "div" ? (signed ? "divInt" : "divUint") : (signed ? "modInt" : "modUint");
  return `${helper(name, width)}(${a}, ${b})`;
}

function spellExtremum(
  op: "max" | "min",
  dtype: DType,
  a: string,
  b: string,
  width: Width,
  helper: CallHelper,
  e?: Expr,
): string {
  if (dtype === "bool") return `(${a} ${op === "max" ? "|" : "&"} ${b})`;
  if (!isFloat(dtype)) return `${op}(${a}, ${b})`;
  // Against a number, one comparison that is false for NaN is enough.
  const bound = e?.args.findIndex((x) => x.op === "const" && !Number.isNaN(x.value)) ?? -1;
  if (bound >= 0) {
    const [x, limit] = bound === 1 ? [a, b] : [b, a];
    return `select(${x}, ${limit}, ${x} ${op === "max" ? "<" : ">"} ${limit})`;
  }
  return inFloat32(op === "max" ? "maxFloat" : "minFloat", dtype, a, b, width, helper);
}

/** A helper of two float32 applied to floats of any precision. */
function inFloat32(name: Helper, dtype: DType, a: string, b: string, width: Width, helper: CallHelper): string {
  const call = `${helper(name, width)}(${asFloat32(dtype, a, width)}, ${asFloat32(dtype, b, width)})`;
  return dtype === "float16" ? `${valueType("float16", width)}(${call})` : call;
}

function asFloat32(dtype: DType, text: string, width: Width): string {
  return dtype === "float16" ? `${valueType("float32", width)}(${text})` : text;
}

/** `a` and `b` combined as a reduction, scan or scatter does it. */
export function spellCombine(
  op: "sum" | "prod" | "max" | "min",
  dtype: DType,
  a: string,
  b: string,
  width: Width,
  helper: CallHelper,
): string {
  if (op === "max" || op === "min") return spellExtremum(op, dtype, a, b, width, helper);
  if (dtype === "bool") return `(${a} ${op === "sum" ? "|" : "&"} ${b})`;
  return wrap(dtype, `(${a} ${op === "sum" ? "+" : "*"} ${b})`, width);
}

/** One value in all elements. */
export function splat(dtype: DType, text: string, width: Width): string {
  return width === 1 ? text : `${valueType(dtype, width)}(${text})`;
}

/** The low byte, for uint8 arithmetic done on u32. */
function wrap(dtype: DType, text: string, width: Width): string {
  return dtype === "uint8" ? `(${text} & ${splat("uint32", "255u", width)})` : text;
}

function spellCast(from: DType, to: DType, a: string, width: Width, helper: CallHelper): string {
  const target = valueType(to, width);
  const zero = (dtype: DType) => splat(dtype, zeros[dtype], width);
  if (to === "bool") return isFloat(from) ? `!(${a} == ${zero(from)})` : `(${a} != ${zero(from)})`;
  if (from === "bool") return `select(${zero(to)}, ${splat(to, ones[to], width)}, ${a})`;
  if (isFloat(to)) return `${target}(${a})`;
  if (isFloat(from)) return spellTruncation(to, asFloat32(from, a, width), width, helper);
  const unsigned = from === "uint32" || from === "uint8";
  if (to === "int32") return `${target}(${a})`;
  return wrap(to, unsigned ? a : `bitcast<${target}>(${a})`, width);
}

/** A float32 as an integer: saturated, and 0 for NaN, as WebAssembly has it; to uint8 the low byte of that. */
function spellTruncation(to: DType, a: string, width: Width, helper: CallHelper): string {
  if (to === "uint8") {
    return wrap(to, `bitcast<${valueType(to, width)}>(${spellTruncation("int32", a, width, helper)})`, width);
  }
  // WGSL stops at the largest float32 that fits.
  const [largest, beyond] = to === "int32" ? ["2147483647i", "2147483648f"] : ["4294967295u", "4294967296f"];
  const saturated = `select(${valueType(to, width)}(${a}), ${splat(to, largest, width)}, ${a} >= ${
    splat("float32", beyond, width)
  })`;
  return `select(${saturated}, ${splat(to, zeros[to], width)}, ${helper("isNan", width)}(${a}))`;
}

const zeros: Record<DType, string> = {
  float32: "0f",
  float64: "0f",
  float16: "0h",
  int32: "0i",
  uint32: "0u",
  uint8: "0u",
  bool: "false",
};

const ones: Record<DType, string> = { ...zeros, float32: "1f", float16: "1h", int32: "1i", uint32: "1u", uint8: "1u" };
