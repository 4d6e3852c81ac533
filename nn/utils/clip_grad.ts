/**
 * Gradients kept within bounds.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { AutogradError, noGrad, scalarTensor, type Tensor } from "../../tensor/mod.ts";

/** Options of `clipGradNorm_`. */
export interface ClipGradNormOptions {
  /** Which norm; Infinity for the largest absolute value. Default 2. */
  readonly normType?: number;
  /** Whether a norm that is not finite is an error. Default false. */
  readonly errorIfNonfinite?: boolean;
}

function gradients(parameters: Tensor | Iterable<Tensor>): Tensor[] {
  const list = isTensor(parameters) ? [parameters] : [...parameters];
  return list.map((parameter) => parameter.grad).filter((grad) => grad !== null);
}

function isTensor(value: Tensor | Iterable<Tensor>): value is Tensor {
  return "requiresGrad" in value;
}

/**
 * Scales the gradients, in place, so that the norm of all of them together is at most `maxNorm`. Returns the norm that it was.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html}
 */
export function clipGradNorm_(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  { normType = 2, errorIfNonfinite = false }: ClipGradNormOptions = {},
): Tensor {
  const grads = gradients(parameters);
  if (grads.length === 0) return scalarTensor(0);
  return noGrad(() => {
    const norms = grads.map((grad) => grad.detach().norm(normType));
    const total = F.stack(norms).norm(normType);
    if (errorIfNonfinite && !Number.isFinite(total.item())) {
      throw new AutogradError(
        `Cannot clip gradients whose norm is ${total}: pass errorIfNonfinite: false to scale them anyway`,
      );
    }
    const factor = total.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
    for (const grad of grads) grad.mul_(factor);
    return total;
  });
}

/**
 * Clips each element of the gradients, in place, to [-clipValue, clipValue].
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html}
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  noGrad(() => {
    for (const grad of gradients(parameters)) grad.clamp_({ min: -clipValue, max: clipValue });
  });
}
