/**
 * Choice, element by element.
 *
 * @module
 */

import { DTypeError } from "../../kernels/mod.ts";
import { toDevice, toDtype } from "../../tensor/conversion.ts";
import { commonDevice, type Operand, resultType, scalarOperand } from "../../tensor/promotion.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { formula } from "./derive.ts";
import * as f from "./formula.ts";

const choice = formula("where", f.where, [
  undefined,
  (grad, [condition]) => f.where(condition!, grad, 0),
  (grad, [condition]) => f.where(condition!, 0, grad),
]);

/**
 * a where the condition holds, else b; either may be a number. The gradient goes to the one chosen.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.where(tensor([true, false]), tensor([1, 2]), 0)); // tensor([1, 0])
 * ```
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
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
