/**
 * Refusing options that make no sense.
 *
 * @module
 */

import { described } from "../tensor/describe.ts";
import { ValueError } from "../tensor/mod.ts";
import { fieldName } from "./saved_names.ts";

/** Throws unless a number lies in [0, below). */
export function requireRange(name: string, value: number, below = Infinity): void {
  if (typeof value !== "number") {
    throw new ValueError(`Cannot optimize: ${name} must be a number, but is ${described(value)}. Use one such as 0.1`);
  }
  if (value >= 0 && value < below) return;
  throw new ValueError(
    `Cannot optimize with ${name} ${value}: expected a number from 0${below < Infinity ? ` to below ${below}` : ""}`,
  );
}

/** Throws unless the options that Adam and its kin share make sense. */
export function requireMoments(
  { lr, betas, eps, weightDecay }: {
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weightDecay: number;
  },
): void {
  requireRange("lr", lr);
  requireRange("eps", eps);
  requireRange("betas[0]", betas[0], 1);
  requireRange("betas[1]", betas[1], 1);
  requireRange("weightDecay", weightDecay);
}

/** PyTorch's options that choose between its implementations: there is one here. */
const needless = new Set(["foreach", "fused", "capturable"]);

/** Throws unless an optimizer has all these options. */
export function requireOptions(optimizer: string, options: object, known: object): void {
  if (typeof options !== "object" || options === null) {
    throw new ValueError(
      `Cannot make ${optimizer} with options ${described(options)}: pass an object such as { lr: 0.1 }`,
    );
  }
  requireCamelCase(optimizer, options, known);
  for (const name of Object.keys(options)) {
    if (name in known || needless.has(name)) continue;
    throw new ValueError(
      `Cannot make ${optimizer} with option ${name}: ` +
        (name === "differentiable" ? "a step is never recorded" : `its options are ${Object.keys(known).join(", ")}`),
    );
  }
}

/** Throws if an option has the name that it has in Python. A group may hold other things of the user's. */
export function requireCamelCase(optimizer: string, options: object, known: object): void {
  for (const name of Object.keys(options)) {
    const here = fieldName(name);
    if (here !== name && here in known) {
      throw new ValueError(`Cannot make ${optimizer} with option ${name}: write ${here}`);
    }
  }
}
