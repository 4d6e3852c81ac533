/**
 * Elementwise operations: a formula, and how operands of several dtypes, and numbers, come together in it.
 *
 * @module
 */

import { type DType, DTypeError, type Expr, isFloat, isInteger } from "../../kernels/mod.ts";
import { type Operand, placeOf, promote, resultType } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { formula, type Gradients } from "./derive.ts";

export type { Operand };

/** How an elementwise operation treats its operands. */
export interface ElementwiseOptions {
  /** Gradients written by hand. */
  readonly gradients?: Gradients;
  /** `"float"`: integers and bools become float32 first, as PyTorch does for functions with fractional results. */
  readonly computes?: "float";
  /** The kinds of dtype that the operation takes; all by default. */
  readonly accepts?: readonly ("float" | "integer" | "bool")[];
  /** How many operands, from the first on, must be tensors where PyTorch refuses numbers; by default any one of all suffices. */
  readonly tensors?: number;
}

/**
 * An operation from the formula of one element. Operands are promoted to one dtype and broadcast; numbers become data of the kernel, so
 * that another number is no other kernel.
 */
export function elementwise(
  name: string,
  build: (...x: Expr[]) => Expr,
  options: ElementwiseOptions = {},
): (...operands: Operand[]) => Tensor {
  const operation = formula(name, build, options.gradients);
  const arity = build.length;
  const { accepts, computes, tensors: needed = arity === 1 ? 1 : 0 } = options;
  const floatsOnly = accepts?.every((kind) => kind === "float") ?? false;
  return (...operands) => {
    for (let i = 0; i < needed; i++) {
      if (!(operands[i] instanceof Tensor)) requireTensor(name, placeOf(i, arity), operands[i]);
    }
    if (operands.length < arity) requireOperand(name, placeOf(operands.length, arity), undefined);
    const { tensors, dtype } = promote(name, operands, computes);
    // As in PyTorch, a number with a fraction does not make such operations take integers.
    const own = floatsOnly ? resultType(...operands.filter((x) => x instanceof Tensor)) : dtype;
    if (accepts !== undefined && !accepts.includes(kindOf(own))) throw refusal(name, own, accepts);
    return operation(...tensors);
  };
}

function kindOf(dtype: DType): "float" | "integer" | "bool" {
  return isFloat(dtype) ? "float" : isInteger(dtype) ? "integer" : "bool";
}

function refusal(name: string, dtype: DType, accepts: readonly string[]): DTypeError {
  return new DTypeError(
    `Cannot apply ${name} to ${dtype}: it takes ${accepts.join(" or ")} tensors. Convert with to("${
      accepts[0] === "float" ? "float32" : accepts[0] === "integer" ? "int32" : "bool"
    }")`,
  );
}

/** An operation of one operand. */
export type Unary = (x: Tensor) => Tensor;

/** An operation of two operands that broadcast, either of which may be a number. */
export type Binary = (a: Operand, b: Operand) => Tensor;

/** An operation of two tensors that broadcast; PyTorch takes no numbers here. */
export type BinaryOfTensors = (a: Tensor, b: Tensor) => Tensor;

/** An operation of a tensor and a second operand that broadcast, which may be a number. */
export type BinaryOfTensor = (a: Tensor, b: Operand) => Tensor;
