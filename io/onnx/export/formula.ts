/**
 * Formulas of elementwise operations as operators of ONNX, one for each part.
 *
 * @module
 */

import { type BinaryOp, type Expr, expr, isFloat, type UnaryOp } from "../../../kernels/mod.ts";
import { cast } from "./step.ts";
import { elementTypes, type Name, type Writer } from "./writer.ts";

/** An operator that is missing in ONNX. */
export class MissingOperator extends Error {}

const unaries: Partial<Record<UnaryOp, string>> = {
  neg: "Neg",
  abs: "Abs",
  exp: "Exp",
  log: "Log",
  sin: "Sin",
  cos: "Cos",
  tan: "Tan",
  sinFar: "Sin",
  cosFar: "Cos",
  tanFar: "Tan",
  asin: "Asin",
  acos: "Acos",
  atan: "Atan",
  sinh: "Sinh",
  cosh: "Cosh",
  tanh: "Tanh",
  asinh: "Asinh",
  acosh: "Acosh",
  atanh: "Atanh",
  sqrt: "Sqrt",
  erf: "Erf",
  floor: "Floor",
  ceil: "Ceil",
  round: "Round",
};

const arithmetic: Partial<Record<BinaryOp, string>> = {
  add: "Add",
  sub: "Sub",
  mul: "Mul",
  div: "Div",
  mod: "Mod",
  max: "Max",
  min: "Min",
  pow: "Pow",
};

const comparisons: Partial<Record<BinaryOp, string>> = { eq: "Equal", ne: "Equal", lt: "Less", le: "LessOrEqual" };

const logic: Partial<Record<BinaryOp, string>> = {
  and: "And",
  mul: "And",
  min: "And",
  or: "Or",
  add: "Or",
  max: "Or",
  xor: "Xor",
};

const bitwise: Partial<Record<BinaryOp, string>> = { and: "BitwiseAnd", or: "BitwiseOr", xor: "BitwiseXor" };

/** Writes `formula`, whose arguments have these names. */
export function writeFormula(formula: Expr, args: readonly Name[], w: Writer): Name {
  return new FormulaWriter(args, w).write(formula);
}

class FormulaWriter {
  readonly #written = new Map<Expr, Name>();

  constructor(readonly args: readonly Name[], readonly w: Writer) {}

  write(e: Expr): Name {
    let name = this.#written.get(e);
    if (name === undefined) this.#written.set(e, name = this.#new(e));
    return name;
  }

  #new(e: Expr): Name {
    const { w } = this;
    switch (e.op) {
      case "arg":
        return this.args[e.slot]!;
      case "const":
        return w.number(e.value, e.dtype);
      case "cast":
        return cast(w, this.write(e.args[0]!), elementTypes[e.dtype]);
      case "isnan":
        return w.op("IsNaN", [this.write(e.args[0]!)]);
      case "where":
        return this.#choice(e);
    }
    const idiom = this.#idiom(e);
    if (idiom !== undefined) return idiom;
    if (e.args.length === 2) return this.#binary(e);
    if (e.args.length === 1) return this.#unary(e);
    throw new MissingOperator(e.op);
  }

  #choice(e: Expr): Name {
    const [condition, a, b] = e.args.map((part) => this.write(part)) as [Name, Name, Name];
    if (e.dtype !== "bool") return this.w.op("Where", [condition, a, b]);
    const { w } = this;
    return w.op("Or", [w.op("And", [condition, a]), w.op("And", [w.op("Not", [condition]), b])]);
  }

  /** Parts that ONNX has an operator for. */
  #idiom(e: Expr): Name | undefined {
    const { w } = this, is = (part: Expr | undefined, value: number) => part?.op === "const" && part.value === value;
    if (!isFloat(e.dtype)) return undefined;
    const [a, b] = e.args as [Expr, Expr];
    if (e.op === "div" && is(a, 1)) {
      // 1 / (1 + e^-x)
      const negated = b.op === "add" && is(b.args[0], 1) && b.args[1]!.op === "exp" && b.args[1]!.args[0]!;
      if (negated && negated.op === "neg") return w.op("Sigmoid", [this.write(negated.args[0]!)]);
      return w.op("Reciprocal", [this.write(b)]);
    }
    if (e.op === "max" && is(b, 0)) return w.op("Relu", [this.write(a)]);
    if (e.op === "min" && a.op === "max" && isBound(b) && isBound(a.args[1]!)) {
      return w.op("Clip", [this.write(a.args[0]!), this.write(a.args[1]!), this.write(b)]);
    }
    return undefined;
  }

  #unary(e: Expr): Name {
    const { w } = this, [a] = e.args as [Expr], x = this.write(a), n = (value: number) => w.number(value, e.dtype);
    const direct = unaries[e.op as UnaryOp];
    if (direct !== undefined) return w.op(direct, [x]);
    switch (e.op) {
      case "not":
        return w.op(e.dtype === "bool" ? "Not" : "BitwiseNot", [x]);
      case "rsqrt":
        return w.op("Reciprocal", [w.op("Sqrt", [x])]);
      case "exp2":
        return w.op("Pow", [n(2), x]);
      case "log2":
        return w.op("Mul", [w.op("Log", [x]), n(Math.LOG2E)]);
      case "log10":
        return w.op("Mul", [w.op("Log", [x]), n(Math.LOG10E)]);
      case "erfc":
        return w.op("Sub", [n(1), w.op("Erf", [x])]);
      case "trunc":
        return w.op("Mul", [w.op("Sign", [x]), w.op("Floor", [w.op("Abs", [x])])]);
      case "expm1":
        return this.#near(x, n, () => {
          const half = w.op("Mul", [x, n(0.5)]);
          return w.op("Mul", [w.op("Mul", [w.op("Sinh", [half]), w.op("Exp", [half])]), n(2)]);
        }, () => w.op("Sub", [w.op("Exp", [x]), n(1)]));
      case "log1p":
        return this.#near(x, n, () => {
          const ratio = w.op("Div", [x, w.op("Add", [x, n(2)])]);
          return w.op("Mul", [w.op("Atanh", [ratio]), n(2)]);
        }, () => w.op("Log", [w.op("Add", [x, n(1)])]));
      default:
        throw new MissingOperator(e.op);
    }
  }

  /** One way of computing where |x| < 1/2, so that small differences survive, and another elsewhere. */
  #near(x: Name, n: (value: number) => Name, near: () => Name, far: () => Name): Name {
    const { w } = this;
    return w.op("Where", [w.op("Less", [w.op("Abs", [x]), n(0.5)]), near(), far()]);
  }

  #binary(e: Expr): Name {
    const op = e.op as BinaryOp, [a, b] = e.args as [Expr, Expr], { w } = this;
    if (op === "mul" && a === b && isFloat(e.dtype)) {
      const x = this.write(a);
      return w.op("Mul", [x, x]);
    }
    const compared = comparisons[op];
    if (compared !== undefined) return this.#comparison(op, compared, a, b);
    const operands = [this.write(a), this.write(b)];
    if (e.dtype === "bool") {
      const found = logic[op];
      if (found !== undefined) return w.op(found, operands);
      throw new MissingOperator(`${op} of bools`);
    }
    const bits = bitwise[op], direct = arithmetic[op];
    if (bits !== undefined) return w.op(bits, operands);
    if (op === "shl" || op === "shr") return this.#shift(op, operands as [Name, Name], e);
    if (op === "atan2") return this.#angle(operands as [Name, Name], (value) => w.number(value, e.dtype));
    if (direct === undefined) throw new MissingOperator(op);
    // Arithmetic is not there for bytes, and not for every operator on unsigned integers.
    const wide = e.dtype === "uint8" ? operands.map((x) => cast(w, x, elementTypes.int32)) : operands;
    const result = w.op(direct, wide, op === "mod" ? { fmod: { i: 1 } } : {});
    return e.dtype === "uint8" ? cast(w, result, elementTypes.uint8) : result;
  }

  #comparison(op: BinaryOp, opType: string, a: Expr, b: Expr): Name {
    const { w } = this, byNumber = a.dtype === "uint8" || (a.dtype === "bool" && (op === "lt" || op === "le"));
    const operands = [a, b].map((x) => byNumber ? cast(w, this.write(x), elementTypes.int32) : this.write(x));
    const result = w.op(opType, operands);
    return op === "ne" ? w.op("Not", [result]) : result;
  }

  /** A shift of bits; the operator takes unsigned integers only. */
  #shift(op: "shl" | "shr", [x, count]: [Name, Name], e: Expr): Name {
    const { w } = this, direction = { direction: { s: op === "shl" ? "LEFT" : "RIGHT" } };
    const unsigned = (name: Name) => cast(w, name, elementTypes.uint32);
    const shifted = (name: Name) =>
      cast(w, w.op("BitShift", [unsigned(name), unsigned(count)], direction), elementTypes[e.dtype]);
    if (op === "shl" || e.dtype !== "int32") return shifted(x);
    // Below zero ones come in from the left.
    const negative = w.op("Less", [x, w.number(0, "int32")]);
    return w.op("Where", [negative, w.op("BitwiseNot", [shifted(w.op("BitwiseNot", [x]))]), shifted(x)]);
  }

  /** The angle of (x, y) in the plane. */
  #angle([y, x]: [Name, Name], n: (value: number) => Name): Name {
    const { w } = this, angle = w.op("Atan", [w.op("Div", [y, x])]), left = w.op("Less", [x, n(0)]);
    const turn = w.op("Where", [w.op("Less", [y, n(0)]), n(-Math.PI), n(Math.PI)]);
    const turned = w.op("Where", [left, w.op("Add", [angle, turn]), angle]);
    const upright = w.op("Mul", [w.op("Sign", [y]), n(Math.PI / 2)]);
    return w.op("Where", [w.op("Equal", [x, n(0)]), upright, turned]);
  }
}

/** Whether a bound is one number for all elements: a constant. */
function isBound(e: Expr): boolean {
  return e.op === "const";
}

/** Whether a formula does nothing. */
export function isIdentity(formula: Expr): boolean {
  return formula === expr.arg(0, formula.dtype);
}
