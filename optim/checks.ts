/**
 * Refusing options that make no sense.
 *
 * @module
 */

import { described } from "../tensor/describe.ts";
import { ValueError } from "../tensor/mod.ts";

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
