/**
 * What becomes of the losses of single elements.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { mean, sum } from "../reduction/sum.ts";

/** `"none"`: a loss for each element. `"mean"`, `"sum"`: one number. */
export type LossReduction = "none" | "mean" | "sum";

/** Options that all losses have. */
export interface LossOptions {
  /** What becomes of the elements' losses; `"mean"` by default. */
  readonly reduction?: LossReduction;
}

/** Options of losses with weights for elements. */
export interface WeightedLossOptions extends LossOptions {
  /** Factors of the elements' losses; broadcasts against them; none by default. */
  readonly weight?: Tensor | null;
}

/** The losses of elements reduced as asked. */
export function reduced(operation: string, losses: Tensor, reduction: LossReduction = "mean"): Tensor {
  checkReduction(operation, reduction);
  return reduction === "none" ? losses : reduction === "sum" ? sum(losses) : mean(losses);
}

/** Refuses a reduction that does not exist. */
export function checkReduction(operation: string, reduction: string): void {
  if (reduction === "none" || reduction === "mean" || reduction === "sum") return;
  throw new ValueError(`Cannot reduce ${operation} by "${reduction}": reduction is "none", "mean" or "sum"`);
}

/** Refuses a target of another shape than the input's. */
export function requireSameShape(operation: string, input: Tensor, target: Tensor): void {
  if (show(input.shape) === show(target.shape)) return;
  throw new ShapeError(
    `Cannot compute ${operation} of an input of shape ${show(input.shape)} and a target of shape ${
      show(target.shape)
    }: ` +
      "they must be equal",
  );
}
