/**
 * Watching the gradients that flow into and out of a module.
 *
 * @module
 */

import { Function, type FunctionContext } from "../tensor/function.ts";
import { isGradEnabled } from "../tensor/grad_mode.ts";
import { Tensor } from "../tensor/tensor.ts";

/** One gradient for each tensor, null where there is none. */
export type Gradients = readonly (Tensor | null)[];

/** Sees the gradients of a module's outputs before they flow through it, and may return others for them. */
export type BackwardPreHook<M> = (module: M, gradOutput: Gradients) => Gradients | Tensor | void;

/** Sees the gradients of a module's inputs and outputs, and may return others for the inputs. */
export type BackwardHook<M> = (module: M, gradInput: Gradients, gradOutput: Gradients) => Gradients | Tensor | void;

/** What is called with gradients, and gives those that flow on. */
export interface BackwardHooks {
  /** Given those of the outputs. */
  readonly before: (gradOutput: Gradients) => Gradients;
  /** Given those of the inputs and of the outputs. */
  readonly after: (gradInput: Gradients, gradOutput: Gradients) => Gradients;
}

type Watch = (gradients: Gradients) => Gradients;

/** The identity, whose gradients pass through `watch`. */
class Watched extends Function {
  static forward(context: FunctionContext, watch: Watch, ...tensors: Tensor[]): Tensor[] {
    context.setMaterializeGrads(false);
    context.watch = watch;
    return tensors;
  }

  static backward(context: FunctionContext, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    return [null, ...(context.watch as Watch)(gradients)];
  }
}

/** `values` with its tensors replaced by copies whose gradients pass through `watch`. */
function watched(values: readonly unknown[], watch: Watch): unknown[] {
  const tensors = values.filter((value) => value instanceof Tensor);
  const copies = Watched.apply(watch, ...tensors);
  return values.map((value) => value instanceof Tensor ? copies[tensors.indexOf(value)]! : value);
}

/** Runs `forward` on `inputs` so that hooks are called when gradients flow back through it. */
export function withBackwardHooks(
  inputs: readonly unknown[],
  { before, after }: BackwardHooks,
  forward: (inputs: readonly unknown[]) => unknown,
): unknown {
  if (!isGradEnabled()) return forward(inputs);
  let gradOutput: Gradients = [];
  const tensors = inputs.filter((input) => input instanceof Tensor);
  const arrives = tensors.some((input) => input.requiresGrad);
  const output = forward(arrives ? watched(inputs, (gradInput) => after(gradInput, gradOutput)) : inputs);
  const outputs = output instanceof Tensor ? [output] : output;
  if (!Array.isArray(outputs) || !outputs.some((value) => value instanceof Tensor && value.requiresGrad)) return output;
  const copies = watched(outputs, (gradients) => {
    gradOutput = before(gradients);
    // No gradient will arrive at the inputs, so this is the time.
    if (!arrives) after(tensors.map(() => null), gradOutput);
    return gradOutput;
  });
  return output instanceof Tensor ? copies[0] : copies;
}
