/**
 * Logic of truth values, where anything but 0 is true, and of bits.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, type BinaryOfTensors, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

const truth = (x: Expr) => expr.cast("bool", x);
const accepts = ["integer", "bool"] as const;

/**
 * a && b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logical_and.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logicalAnd(tensor([true, true]), tensor([true, false]))); // tensor([ True, False])
 * ```
 */
export const logicalAnd: BinaryOfTensors = elementwise("logicalAnd", (a, b) => f.and(truth(a), truth(b)), {
  tensors: 2,
});
/**
 * a || b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logical_or.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logicalOr(tensor([true, false]), tensor([false, false]))); // tensor([ True, False])
 * ```
 */
export const logicalOr: BinaryOfTensors = elementwise("logicalOr", (a, b) => f.or(truth(a), truth(b)), { tensors: 2 });
/**
 * Whether exactly one is true.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logical_xor.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logicalXor(tensor([true, true]), tensor([true, false]))); // tensor([False,  True])
 * ```
 */
export const logicalXor: BinaryOfTensors = elementwise("logicalXor", (a, b) => f.ne(truth(a), truth(b)), {
  tensors: 2,
});
/**
 * !x.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logical_not.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logicalNot(tensor([true, false]))); // tensor([False,  True])
 * ```
 */
export const logicalNot: Unary = elementwise("logicalNot", (x) => f.not(truth(x)));

/**
 * a & b of integers or bools.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} for floats
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bitwise_and.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bitwiseAnd(tensor([6]), tensor([3]))); // tensor([2])
 * ```
 */
export const bitwiseAnd: Binary = elementwise("bitwiseAnd", f.and, { accepts });
/**
 * a | b of integers or bools.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} for floats
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bitwise_or.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bitwiseOr(tensor([6]), tensor([3]))); // tensor([7])
 * ```
 */
export const bitwiseOr: Binary = elementwise("bitwiseOr", f.or, { accepts });
/**
 * a ^ b of integers or bools.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} for floats
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bitwise_xor.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bitwiseXor(tensor([6]), tensor([3]))); // tensor([5])
 * ```
 */
export const bitwiseXor: Binary = elementwise("bitwiseXor", f.xor, { accepts });
/**
 * ~x of integers, !x of bools.
 *
 * @throws {DTypeError} for floats
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bitwise_not.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bitwiseNot(tensor([6]))); // tensor([-7])
 * ```
 */
export const bitwiseNot: Unary = elementwise("bitwiseNot", f.not, { accepts });
/**
 * a << b of integers.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} for floats, and where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bitwise_left_shift.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bitwiseLeftShift(tensor([3]), 2)); // tensor([12])
 * ```
 */
export const bitwiseLeftShift: Binary = elementwise("bitwiseLeftShift", f.shl, { accepts: ["integer"] });
/**
 * a >> b of integers; the sign stays.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} for floats, and where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bitwise_right_shift.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bitwiseRightShift(tensor([-8]), 2)); // tensor([-2])
 * ```
 */
export const bitwiseRightShift: Binary = elementwise("bitwiseRightShift", f.shr, { accepts: ["integer"] });
