/**
 * Vector instructions for the operations of expressions, by dtype.
 *
 * A vector holds `lanes` values: four, or two in a kernel that uses float64. With two lanes, 32-bit values lie in the lower half of
 * the vector. A bool is a mask of 32 bits a lane; uint8 values lie in 32-bit lanes, kept between 0 and 255.
 *
 * @module
 */

import { type DType, isFloat } from "../../ir/dtype.ts";
import type { BinaryOp, UnaryOp } from "../../ir/expr.ts";
import { type FunctionBuilder, op, type Opcode } from "./encoder.ts";

type Table<Op extends string> = Partial<Record<Op, Opcode>>;

const float32Unary: Table<UnaryOp> = {
  neg: op.f32x4Neg,
  abs: op.f32x4Abs,
  sqrt: op.f32x4Sqrt,
  floor: op.f32x4Floor,
  ceil: op.f32x4Ceil,
  trunc: op.f32x4Trunc,
  round: op.f32x4Nearest,
};

const float64Unary: Table<UnaryOp> = {
  neg: op.f64x2Neg,
  abs: op.f64x2Abs,
  sqrt: op.f64x2Sqrt,
  floor: op.f64x2Floor,
  ceil: op.f64x2Ceil,
  trunc: op.f64x2Trunc,
  round: op.f64x2Nearest,
};

const signedUnary: Table<UnaryOp> = { neg: op.i32x4Neg, abs: op.i32x4Abs, not: op.v128Not };
const unsignedUnary: Table<UnaryOp> = { neg: op.i32x4Neg, not: op.v128Not };
const boolUnary: Table<UnaryOp> = { not: op.v128Not };

const float32Binary: Table<BinaryOp> = {
  add: op.f32x4Add,
  sub: op.f32x4Sub,
  mul: op.f32x4Mul,
  div: op.f32x4Div,
  max: op.f32x4Max,
  min: op.f32x4Min,
  eq: op.f32x4Eq,
  ne: op.f32x4Ne,
  lt: op.f32x4Lt,
  le: op.f32x4Le,
};

const float64Binary: Table<BinaryOp> = {
  add: op.f64x2Add,
  sub: op.f64x2Sub,
  mul: op.f64x2Mul,
  div: op.f64x2Div,
  max: op.f64x2Max,
  min: op.f64x2Min,
  eq: op.f64x2Eq,
  ne: op.f64x2Ne,
  lt: op.f64x2Lt,
  le: op.f64x2Le,
};

const signedBinary: Table<BinaryOp> = {
  add: op.i32x4Add,
  sub: op.i32x4Sub,
  mul: op.i32x4Mul,
  max: op.i32x4MaxS,
  min: op.i32x4MinS,
  and: op.v128And,
  or: op.v128Or,
  xor: op.v128Xor,
  eq: op.i32x4Eq,
  ne: op.i32x4Ne,
  lt: op.i32x4LtS,
  le: op.i32x4LeS,
};

const unsignedBinary: Table<BinaryOp> = {
  ...signedBinary,
  max: op.i32x4MaxU,
  min: op.i32x4MinU,
  lt: op.i32x4LtU,
  le: op.i32x4LeU,
};

const boolBinary: Table<BinaryOp> = {
  add: op.v128Or,
  sub: op.v128Xor,
  mul: op.v128And,
  max: op.v128Or,
  min: op.v128And,
  and: op.v128And,
  or: op.v128Or,
  xor: op.v128Xor,
  eq: op.i32x4Eq,
  ne: op.v128Xor,
  // True is -1, so that unsigned order is that of false and true.
  lt: op.i32x4LtU,
  le: op.i32x4LeU,
};

const unaryTables: Record<DType, Table<UnaryOp>> = {
  float32: float32Unary,
  float64: float64Unary,
  float16: {},
  int32: signedUnary,
  uint32: unsignedUnary,
  uint8: unsignedUnary,
  bool: boolUnary,
};

const binaryTables: Record<DType, Table<BinaryOp>> = {
  float32: float32Binary,
  float64: float64Binary,
  float16: {},
  int32: signedBinary,
  uint32: unsignedBinary,
  uint8: unsignedBinary,
  bool: boolBinary,
};

/** The vector instruction of a unary operation, if there is one. */
export function unaryOpcode(name: UnaryOp, dtype: DType): Opcode | undefined {
  return unaryTables[dtype][name];
}

/** The vector instruction of a binary operation, if there is one. */
export function binaryOpcode(name: BinaryOp, dtype: DType): Opcode | undefined {
  return binaryTables[dtype][name];
}

const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "lt", "le"]);

/** What has to follow an instruction to make its result a value of the operation's dtype. */
export function finish(f: FunctionBuilder, name: UnaryOp | BinaryOp, dtype: DType): void {
  if (comparisons.has(name)) {
    if (dtype === "float64") narrowMask(f);
  } else if (dtype === "uint8" && name !== "max" && name !== "min") {
    f.get(f.constant(fill("int32", 255))).op(op.v128And);
  }
}

/** 64-bit lanes of a mask to the lower 32-bit lanes. */
export function narrowMask(f: FunctionBuilder): void {
  f.get(f.constant(fill("int32", 0))).shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23]);
}

/** The bytes of a vector whose lanes are all `value`. */
export function fill(dtype: DType, value: number): Uint8Array {
  switch (dtype) {
    case "float32":
      return new Uint8Array(new Float32Array(4).fill(value).buffer);
    case "float64":
      return new Uint8Array(new Float64Array(2).fill(value).buffer);
    case "bool":
      return new Uint8Array(16).fill(value === 0 ? 0 : 255);
    default:
      return new Uint8Array(new Int32Array(4).fill(value).buffer);
  }
}

/** Converts the vector on the stack. */
export function convert(f: FunctionBuilder, from: DType, to: DType): void {
  const constant = (dtype: DType, value: number) => f.get(f.constant(fill(dtype, value)));
  if (to === "bool") {
    constant(from, 0).op(binaryOpcode("ne", from)!);
    if (from === "float64") narrowMask(f);
  } else if (from === "bool") {
    if (to === "float64") f.op(op.i64x2ExtendLowI32x4S);
    constant(to, 1).op(op.v128And);
  } else if (from === "float32" || from === "float64") convertFloat(f, from, to);
  else if (to === "float32") f.op(from === "uint32" ? op.f32x4ConvertI32x4U : op.f32x4ConvertI32x4S);
  else if (to === "float64") f.op(from === "uint32" ? op.f64x2ConvertLowI32x4U : op.f64x2ConvertLowI32x4S);
  else if (to === "uint8") constant("int32", 255).op(op.v128And);
}

function convertFloat(f: FunctionBuilder, from: "float32" | "float64", to: DType): void {
  if (to === "float64") f.op(op.f64x2PromoteLowF32x4);
  else if (to === "float32") f.op(op.f32x4DemoteF64x2Zero);
  else {
    const signed = to !== "uint32";
    if (from === "float32") f.op(signed ? op.i32x4TruncSatF32x4S : op.i32x4TruncSatF32x4U);
    else f.op(signed ? op.i32x4TruncSatF64x2SZero : op.i32x4TruncSatF64x2UZero);
    if (to === "uint8") f.get(f.constant(fill("int32", 255))).op(op.v128And);
  }
}

/** The instructions that take a lane of a vector of `dtype` out and put it in. */
export function laneOpcodes(dtype: DType): { extract: Opcode; replace: Opcode; splat: Opcode } {
  switch (dtype) {
    case "float32":
      return { extract: op.f32x4ExtractLane, replace: op.f32x4ReplaceLane, splat: op.f32x4Splat };
    case "float64":
      return { extract: op.f64x2ExtractLane, replace: op.f64x2ReplaceLane, splat: op.f64x2Splat };
    default:
      return { extract: op.i32x4ExtractLane, replace: op.i32x4ReplaceLane, splat: op.i32x4Splat };
  }
}

/** The instruction that chooses by a mask wants lanes as wide as the values'. */
export function widenMask(f: FunctionBuilder, dtype: DType): void {
  if (dtype === "float64") f.op(op.i64x2ExtendLowI32x4S);
}

/** The function of the host that computes an operation without instructions, on doubles. */
export function hostFunction(name: UnaryOp | BinaryOp, dtype: DType): string | undefined {
  if (dtype === "bool" || name === "rsqrt") return undefined;
  if (!isFloat(dtype)) return name === "pow" ? "powInteger" : undefined;
  return unaryOpcode(name as UnaryOp, dtype) ?? binaryOpcode(name as BinaryOp, dtype) ? undefined : name;
}
