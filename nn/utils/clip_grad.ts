/**
 * Gradients kept within bounds.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { described } from "../../tensor/describe.ts";
import { AutogradError, noGrad, scalarTensor, Tensor, ValueError } from "../../tensor/mod.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";

/** Options of `clipGradNorm_` and `getTotalNorm`. */
export interface ClipGradNormOptions {
  /** Which norm; Infinity for the largest absolute value. Default 2. */
  readonly normType?: number;
  /** Whether a norm that is not finite is an error. Default false. */
  readonly errorIfNonfinite?: boolean;
}

function gradients(list: readonly Tensor[]): Tensor[] {
  return list.map((parameter) => parameter.grad).filter((grad) => grad !== null);
}

/** One tensor or several, as a list. */
function listOf(operation: string, name: string, given: Tensor | Iterable<Tensor>): readonly Tensor[] {
  if (given instanceof Tensor) return [given];
  if (typeof given === "object" && given !== null && Symbol.iterator in given) {
    const list = [...given];
    list.forEach((x, i) => requireTensor(operation, `${name}[${i}]`, x));
    return list;
  }
  throw new ValueError(
    `Cannot call ${operation}: ${name} must be a tensor or a list of tensors, but is ${described(given)}. ` +
      "Those of a model are model.parameters()",
  );
}

/**
 * The norm of all tensors together, as if they were one vector. Throws `AutogradError` where it is not finite and `errorIfNonfinite` is true.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(nn.utils.getTotalNorm([tensor([4.5]), tensor([0, 6.5])])); // tensor(7.9057)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.get_total_norm.html}
 */
export function getTotalNorm(tensors: Tensor | Iterable<Tensor>, options: ClipGradNormOptions = {}): Tensor {
  const { normType = 2, errorIfNonfinite = false } = options;
  const list = listOf("getTotalNorm", "tensors", tensors);
  if (list.length === 0) return scalarTensor(0);
  const total = F.stack(list.map((x) => x.norm(normType))).norm(normType);
  if (errorIfNonfinite && !Number.isFinite(total.item())) {
    throw new AutogradError(
      `Cannot clip gradients whose norm is ${total}: pass errorIfNonfinite: false to scale them anyway`,
    );
  }
  return total;
}

/**
 * Scales the gradients, in place, so that their norm, which is `totalNorm` now, is at most `maxNorm`.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const weight = new nn.Parameter(tensor([1.5]));
 * weight.grad = tensor([7.5]);
 * nn.utils.clipGradsWithNorm_(weight, 0.75, nn.utils.getTotalNorm(weight.grad));
 * console.log(weight.grad); // tensor([0.7500])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grads_with_norm_.html}
 */
export function clipGradsWithNorm_(parameters: Tensor | Iterable<Tensor>, maxNorm: number, totalNorm: Tensor): void {
  const list = listOf("clipGradsWithNorm_", "parameters", parameters);
  requireOperand("clipGradsWithNorm_", "maxNorm", maxNorm);
  requireTensor("clipGradsWithNorm_", "totalNorm", totalNorm);
  noGrad(() => {
    const factor = totalNorm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
    for (const grad of gradients(list)) grad.mul_(factor);
  });
}

/**
 * Scales the gradients, in place, so that the norm of all of them together is at most `maxNorm`. Returns the norm that it was. Throws
 * `AutogradError` where it is not finite and `errorIfNonfinite` is true.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const weight = new nn.Parameter(tensor([1.5, 2.5]));
 * weight.mul(tensor([1.5, 2])).sum().backward();
 * console.log(nn.utils.clipGradNorm_([weight], 1)); // tensor(2.5000)
 * console.log(weight.grad); // tensor([0.6000, 0.8000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html}
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: ClipGradNormOptions = {},
): Tensor {
  const list = listOf("clipGradNorm_", "parameters", parameters);
  requireOperand("clipGradNorm_", "maxNorm", maxNorm);
  const total = noGrad(() => getTotalNorm(gradients(list).map((grad) => grad.detach()), options));
  clipGradsWithNorm_(list, maxNorm, total);
  return total;
}

/**
 * Clips each element of the gradients, in place, to [-clipValue, clipValue].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const weight = new nn.Parameter(tensor([1.5, 2.5]));
 * weight.mul(tensor([0.5, -4])).sum().backward();
 * nn.utils.clipGradValue_([weight], 1);
 * console.log(weight.grad); // tensor([ 0.5000, -1.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html}
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  const list = listOf("clipGradValue_", "parameters", parameters);
  requireOperand("clipGradValue_", "clipValue", clipValue);
  noGrad(() => {
    for (const grad of gradients(list)) grad.clamp_({ min: -clipValue, max: clipValue });
  });
}
