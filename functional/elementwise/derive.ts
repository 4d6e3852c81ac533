/**
 * Operations on tensors from the formula of one element. One scalar expression gives the operation on every device and under
 * broadcasting; its gradient is derived from the same expression, is such an operation in turn, and so has gradients of any order.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { derivative, type DType, type Expr, expr } from "../../kernels/mod.ts";
import { record, type Vjp } from "../../tensor/grad_fn.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo, sumToShape } from "../broadcast.ts";

/** Gradient of one operand from that of the output, the operands and the output, as a formula. */
export type Gradient = (grad: Expr, x: readonly Expr[], output: Expr) => Expr;

/** Gradients written by hand, by operand: where the derived one is unstable, or the output spares work. */
export type Gradients = readonly (Gradient | undefined)[];

/** A formula for operands of given dtypes. */
class Formula {
  readonly #vjps: readonly Vjp[];

  constructor(
    readonly name: string,
    readonly value: Expr,
    readonly dtypes: readonly DType[],
    readonly gradients: Gradients,
  ) {
    this.#vjps = dtypes.map((_, i) => this.#vjp(i));
  }

  /** Whether it is for operands of these dtypes. */
  takes(operands: readonly Tensor[]): boolean {
    if (operands.length !== this.dtypes.length) return false;
    for (let i = 0; i < operands.length; i++) if (operands[i]!.node.dtype !== this.dtypes[i]) return false;
    return true;
  }

  apply(operands: readonly Tensor[]): Tensor {
    return record(this.name, kernels.map(this.value, operands.map((t) => t.node)), operands, this.#vjps);
  }

  /** Derived when first asked for: most operations are never differentiated. */
  #vjp(i: number): Vjp {
    let derived: ReturnType<Formula["derive"]> | undefined;
    return (grad, inputs, output) => {
      derived ??= this.derive(i);
      const shape = inputs[i]!.shape;
      if (derived === "zero") return zerosOf(inputs[i]!);
      if (derived === "grad") return sumToShape(grad, shape);
      const operands = [...inputs, output, grad];
      return sumToShape(derived.formula.apply(derived.slots.map((slot) => operands[slot]!)), shape);
    };
  }

  /** The formula of operand `i`'s gradient, and which of operands, output and output's gradient it uses. */
  derive(i: number): "zero" | "grad" | { formula: Formula; slots: number[] } {
    const x = this.dtypes.map((dtype, j) => expr.arg(j, dtype));
    const output = expr.arg(x.length, this.value.dtype);
    const grad = expr.arg(x.length + 1, this.value.dtype);
    const byHand = this.gradients[i];
    const value = byHand === undefined ? times(derivative(this.value, i), grad) : byHand(grad, x, output);
    if (value === grad) return "grad";
    if (value.op === "const" && value.value === 0) return "zero";
    const { packed, slots, dtypes } = pack(value);
    return { formula: new Formula(`${this.name}Backward`, packed, dtypes, []), slots };
  }
}

/** `slope` * `grad`; nothing flows through a branch not taken, even where the gradient is infinite. */
function times(slope: Expr, grad: Expr): Expr {
  if (slope.op === "where") {
    const [condition, a, b] = slope.args;
    return expr.where(condition!, times(a!, grad), times(b!, grad));
  }
  if (slope.op === "neg") return expr.unary("neg", times(slope.args[0]!, grad));
  if (slope.op === "const" && slope.value === 0) return slope;
  if (slope.op === "const" && slope.value === -1) return expr.unary("neg", grad);
  return expr.binary("mul", slope, grad);
}

/** `value` with the operands that occur numbered from 0, and what they were. */
function pack(value: Expr): { packed: Expr; slots: number[]; dtypes: DType[] } {
  const used = new Map<number, DType>();
  expr.walk([value], (e) => {
    if (e.op === "arg") used.set(e.slot, e.dtype);
  });
  const slots = [...used.keys()].sort((a, b) => a - b);
  const packed = expr.rewrite(value, (e) => e.op === "arg" ? expr.arg(slots.indexOf(e.slot), e.dtype) : undefined);
  return { packed, slots, dtypes: slots.map((slot) => used.get(slot)!) };
}

function zerosOf(x: Tensor): Tensor {
  return expandTo(new Tensor(kernels.scalar(0, x.dtype, x.device)), x.shape);
}

/** An operation on tensors as they are, without promotion; the dtypes choose what `build` makes of them. */
export function formula(
  name: string,
  build: (...x: Expr[]) => Expr,
  gradients: Gradients = [],
): (...operands: Tensor[]) => Tensor {
  const formulas = new Map<string, Formula>();
  let latest: Formula | undefined;
  return (...operands) => {
    if (latest === undefined || !latest.takes(operands)) {
      const dtypes = operands.map((t) => t.dtype), key = dtypes.join();
      latest = formulas.get(key);
      if (latest === undefined) {
        latest = new Formula(name, build(...dtypes.map((dtype, i) => expr.arg(i, dtype))), dtypes, gradients);
        formulas.set(key, latest);
      }
    }
    if (operands.length > 1) broadcastShape(name, ...operands.map((t) => t.node.shape));
    return latest.apply(operands);
  };
}
