/**
 * Functions of the user's own, called for each element on the host, as methods.
 *
 * @module
 */

import { AutogradError } from "../../kernels/mod.ts";
import { fitted } from "../../functional/broadcast.ts";
import { tensor } from "../creation.ts";
import { isGradEnabled } from "../grad_mode.ts";
import { requireTensor } from "../require_tensor.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, methods } from "./define.ts";

/** Overwriting elements by what a function of JavaScript makes of them. They are read, computed one by one, and written: slow. */
export interface CallbackMethods {
  /** Replaces each element by what `compute` makes of it. */
  apply_(compute: (element: number) => number): Tensor;
  /** Replaces each element by what `compute` makes of it and of that of `other`, which broadcasts. */
  map_(other: Tensor, compute: (element: number, other: number) => number): Tensor;
  /** Replaces each element by what `compute` makes of it and of those of two others, which broadcast. */
  map2_(x: Tensor, y: Tensor, compute: (element: number, x: number, y: number) => number): Tensor;
}

function overwritten(
  operation: string,
  self: Tensor,
  others: readonly Tensor[],
  compute: (...elements: number[]) => number,
): Tensor {
  if (isGradEnabled() && self.requiresGrad) {
    throw new AutogradError(`Cannot ${operation} a tensor that requires grad: call detach() first`);
  }
  others.forEach((x, i) => requireTensor(operation, others.length === 1 ? "other" : ["x", "y"][i]!, x));
  const [own, ...rest] = [self, ...others.map((x) => fitted(operation, x, self.shape))].map((x) => x.dataSync());
  const { shape, dtype, device } = self;
  const elements = Array.from(own!, (element, i) => Number(compute(element, ...rest.map((values) => values[i]!))));
  return self.assign(tensor(elements, { shape, dtype, device }), operation);
}

const functions: Implementations<CallbackMethods> = {
  apply_: (x, compute) => overwritten("apply_", x, [], (element) => compute(element!)),
  map_: (x, other, compute) => overwritten("map_", x, [other], (a, b) => compute(a!, b!)),
  map2_: (self, x, y, compute) => overwritten("map2_", self, [x, y], (a, b, c) => compute(a!, b!, c!)),
};

/** Descriptors for the prototype. */
export const callbacks: PropertyDescriptorMap = methods(functions);
