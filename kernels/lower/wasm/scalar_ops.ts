/**
 * Instructions for integer operations on plain i32 values: indices, and lanes of operations that vectors lack.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import type { Expr, ExprOp } from "../../ir/expr.ts";
import { type FunctionBuilder, op, type Opcode } from "./encoder.ts";
import type { Scopes } from "./scopes.ts";

const signed: Partial<Record<ExprOp, Opcode>> = {
  add: op.i32Add,
  sub: op.i32Sub,
  mul: op.i32Mul,
  div: op.i32DivS,
  mod: op.i32RemS,
  and: op.i32And,
  or: op.i32Or,
  xor: op.i32Xor,
  shl: op.i32Shl,
  shr: op.i32ShrS,
  eq: op.i32Eq,
  ne: op.i32Ne,
  lt: op.i32LtS,
  le: op.i32LeS,
  // Compare, then choose.
  max: op.i32GtS,
  min: op.i32LtS,
};

const unsigned: typeof signed = {
  ...signed,
  div: op.i32DivU,
  mod: op.i32RemU,
  shr: op.i32ShrU,
  lt: op.i32LtU,
  le: op.i32LeU,
  max: op.i32GtU,
  min: op.i32LtU,
};

/** On bools, which are 0 and 1. */
const logical: typeof signed = {
  add: op.i32Or,
  sub: op.i32Xor,
  mul: op.i32And,
  max: op.i32Or,
  min: op.i32And,
  and: op.i32And,
  or: op.i32Or,
  xor: op.i32Xor,
  eq: op.i32Eq,
  ne: op.i32Ne,
  lt: op.i32LtU,
  le: op.i32LeU,
};

function table(dtype: DType): typeof signed {
  return dtype === "int32" ? signed : dtype === "bool" ? logical : unsigned;
}

/** Whether the binary operation `e` of integers or bools can be done on plain values. */
export function hasScalarInstruction(e: Expr): boolean {
  return e.args.length === 2 && table(e.args[0]!.dtype)[e.op] !== undefined;
}

/** Applies the operation of `e` to the operands on the stack. */
export function scalarInstruction(f: FunctionBuilder, scopes: Scopes, e: Expr): void {
  const { dtype } = e.args[0]!;
  const code = table(dtype)[e.op]!;
  if (e.op === "div" || e.op === "mod") divide(f, scopes, e, code);
  else if ((e.op === "max" || e.op === "min") && dtype !== "bool") {
    const a = scopes.local("i32"), b = scopes.local("i32");
    f.set(b).set(a).get(a).get(b).get(a).get(b).op(code).op(op.select);
  } else f.op(code);
}

/** Never traps: a zero divisor gives 0. */
function divide(f: FunctionBuilder, scopes: Scopes, e: Expr, code: Opcode): void {
  const divisor = e.args[1]!;
  if (divisor.op === "const" && divisor.value !== 0 && divisor.value !== -1) {
    f.op(code);
    return;
  }
  const a = scopes.local("i32"), b = scopes.local("i32");
  f.set(b).set(a);
  if (e.dtype !== "int32") f.get(b).op(op.i32Eqz).if("i32").i32(0);
  else {
    // For -1 the quotient is -a (the instruction traps on the lowest number), and -(a & -1) is just that; for 0, -(a & 0) is 0.
    f.get(b).i32(1).op(op.i32Add).i32(2).op(op.i32LtU).if("i32");
    if (e.op === "div") f.i32(0).get(a).get(b).op(op.i32And).op(op.i32Sub);
    else f.i32(0);
  }
  f.else().get(a).get(b).op(code).end();
}
