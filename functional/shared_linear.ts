/**
 * One linear map of many steps, each of which depends on the one before.
 *
 * @module
 */

import { isGradEnabled } from "../tensor/grad_mode.ts";
import { Tensor } from "../tensor/tensor.ts";
import { sumToShape } from "./broadcast.ts";
import { custom } from "./custom.ts";
import { add } from "./elementwise/arithmetic.ts";
import { filled } from "./host.ts";
import { contracted } from "./matrix/contract.ts";
import { linear } from "./matrix/linear.ts";
import { cat } from "./movement/cat.ts";
import { permuted } from "./movement/permute.ts";
import { stepsOf } from "./steps.ts";

/** x Wᵀ + b of the rows of one step, by its place in the sequence. */
export type StepMap = (x: Tensor, step: number) => Tensor;

/**
 * x Wᵀ + b for steps of `sizes` rows. The gradients of W and b are one product and one sum over all steps, rather than one for each: they
 * are those of a matrix of zeros for all rows, of which each step adds its part.
 */
export function sharedLinear(weight: Tensor, bias: Tensor | null, sizes: readonly number[]): StepMap {
  if (!isGradEnabled() || !(weight.requiresGrad || bias?.requiresGrad)) return (x) => linear(x, weight, bias);
  const total = sizes.reduce((sum, size) => sum + size, 0), [width] = weight.shape as unknown as [number];
  const seen = new Array<Tensor>(sizes.length), { dtype, device } = weight;
  const zeros = custom(
    "sharedLinear",
    bias === null ? [weight] : [weight, bias],
    () => filled([total, width], 0, dtype, device),
    [
      (grad) => contracted("linear", permuted(grad, [1, 0]), cat(seen), { batch: 0, m: 1, n: 1, k: 1 }),
      (grad, [, bias]) => sumToShape(grad, bias!.shape),
    ],
  );
  const parts = stepsOf(zeros, sizes), own = Tensor.of(weight.variable, weight.edge);
  return (x, step) => {
    // What the state is now: the user may overwrite the first one before the gradients are computed.
    seen[step] = Tensor.of(x.variable, x.edge);
    const rows = custom("linear", [x], () => linear(x, weight, bias), [
      (grad) => contracted("linear", grad, own, { batch: 0, m: 1, n: 1, k: 1 }),
    ]);
    return add(rows, parts[step]!);
  };
}
