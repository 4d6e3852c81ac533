/**
 * Choice, element by element.
 *
 * @module
 */

import { DTypeError, isFloat, ShapeError } from "../../kernels/mod.ts";
import { toDevice, toDtype } from "../../tensor/conversion.ts";
import { commonDevice, type Operand, resultType, scalarOperand } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { record } from "../../tensor/grad_fn.ts";
import { expandTo, sumToShape } from "../broadcast.ts";
import { filled } from "../host.ts";
import { formula } from "./derive.ts";
import * as f from "./formula.ts";

const choice = formula("where", f.where, [
  undefined,
  (grad, [condition]) => f.where(condition!, grad, 0),
  (grad, [condition]) => f.where(condition!, 0, grad),
]);

/**
 * A tensor like `x`, of the same shape and dtype, with every element `value`: a number or a 0-d tensor.
 *
 * The gradient with respect to `x` is 0; that with respect to `value` is the sum of the result's.
 *
 * @throws {ShapeError} for a value of some dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.fill_.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.fill(tensor([1.5, 2]), 7)); // tensor([7., 7.])
 * ```
 */
export function fill(x: Tensor, value: Operand): Tensor {
  requireTensor("fill", "x", x);
  requireOperand("fill", "value", value);
  if (value instanceof Tensor && value.ndim > 0) {
    throw new ShapeError(
      `Cannot fill with a tensor of shape [${value.shape.join(", ")}]: give a number or a 0-d tensor`,
    );
  }
  const { dtype, device, shape } = x;
  const whole = (number: number) => isFloat(dtype) ? number : Math.trunc(number);
  const single = value instanceof Tensor
    ? toDevice(toDtype(value, dtype), device)
    : scalarOperand(whole(Number(value)), dtype, device);
  return record("fill", expandTo(single, shape).node, [x, single], [
    (_grad, [x]) => filled(x!.shape, 0, dtype, device),
    (grad) => sumToShape(grad, []),
  ]);
}

/**
 * a where the condition holds, else b; either may be a number. The gradient goes to the one chosen.
 *
 * @param condition bool or uint8; broadcasts against a and b
 * @throws {DTypeError} for a condition of another dtype
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.where.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.where(tensor([true, false]), tensor([1, 2]), 0)); // tensor([1, 0])
 * ```
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  requireTensor("where", "condition", condition);
  requireOperand("where", "a", a);
  requireOperand("where", "b", b);
  if (condition.dtype !== "bool" && condition.dtype !== "uint8") {
    throw new DTypeError(
      `Cannot choose where a ${condition.dtype} tensor holds: compare it first, as in where(x.ne(0), a, b)`,
    );
  }
  const device = commonDevice("where", [condition, a, b]), dtype = resultType(a, b);
  const [x, y] = [a, b].map((operand) =>
    operand instanceof Tensor ? toDevice(toDtype(operand, dtype), device) : scalarOperand(operand, dtype, device)
  );
  return choice(toDevice(toDtype(condition, "bool"), device), x!, y!);
}
