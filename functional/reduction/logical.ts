/**
 * Whether some or all elements are true.
 *
 * @module
 */

import { toDtype } from "../../tensor/conversion.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Dims } from "../dims.ts";
import { reduceNode, type ReduceOptions, reductionOf } from "./reduce.ts";

function quantified(
  op: "max" | "min",
  name: string,
  x: Tensor,
  dim?: Dims | ReduceOptions,
  options?: ReduceOptions,
): Tensor {
  const { axes, keepdim } = reductionOf(name, x, dim, options);
  const result = new Tensor(reduceNode(op, toDtype(x, "bool"), axes, keepdim));
  return x.dtype === "uint8" ? toDtype(result, "uint8") : result;
}

/**
 * Whether any element is true; false for none at all.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default
 * @returns bool; uint8 for uint8
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.any.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.any(tensor([true, false]))); // tensor(True)
 * ```
 */
export function any(x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
  return quantified("max", "any", x, dim, options);
}

/**
 * Whether all elements are true; true for none at all.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default
 * @returns bool; uint8 for uint8
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.all.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.all(tensor([true, false]))); // tensor(False)
 * ```
 */
export function all(x: Tensor, dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
  return quantified("min", "all", x, dim, options);
}
