/**
 * Probabilities and their logarithms, and numbers that several distributions share.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type DType, rand, type Shape, type Tensor, tensor, ValueError, zeros } from "../tensor/mod.ts";
import { broadcastAll, type Parameter } from "./distribution.ts";

/** The gap between 1 and the next number. */
export function epsilonOf(dtype: DType): number {
  return dtype === "float64" ? 2 ** -52 : dtype === "float16" ? 2 ** -10 : 2 ** -23;
}

/** The least positive normal number. */
export function tinyOf(dtype: DType): number {
  return dtype === "float64" ? 2 ** -1022 : dtype === "float16" ? 2 ** -14 : 2 ** -126;
}

/** Probabilities away from 0 and 1 by the dtype's epsilon. */
export function clampProbs(probs: Tensor): Tensor {
  const epsilon = epsilonOf(probs.dtype);
  return probs.clamp({ min: epsilon, max: 1 - epsilon });
}

/** Probabilities and the logarithms, or logarithms of odds, that they come from or go to. */
export interface Odds {
  readonly probs: Tensor;
  readonly logits: Tensor;
}

/** Both forms of what is given in one, either of single probabilities or of the rows of probabilities of categories. */
export function oddsOf(
  name: string,
  kind: "binary" | "categories",
  probs: Parameter | undefined,
  logits: Parameter | undefined,
): Odds & { readonly given: "probs" | "logits" } {
  if ((probs === undefined) === (logits === undefined)) {
    throw new ValueError(
      `Cannot make a ${name} distribution of ${probs === undefined ? "neither" : "both"} probs and logits: give one`,
    );
  }
  if (probs !== undefined) {
    const [value] = broadcastAll(name, { probs }) as [Tensor];
    if (kind === "categories") {
      requireRow(name, value);
      const shares = value.div(value.sum(-1, { keepdim: true }));
      return { given: "probs", probs: shares, logits: clampProbs(shares).log() };
    }
    const inside = clampProbs(value);
    return { given: "probs", probs: value, logits: inside.log().sub(inside.neg().log1p()) };
  }
  const [value] = broadcastAll(name, { logits }) as [Tensor];
  if (kind === "binary") return { given: "logits", probs: value.sigmoid(), logits: value };
  requireRow(name, value);
  const shares = value.sub(value.logsumexp(-1, { keepdim: true }));
  return { given: "logits", probs: F.softmax(shares, -1), logits: shares };
}

function requireRow(name: string, x: Tensor): void {
  if (x.ndim === 0) {
    throw new ValueError(`Cannot make a ${name} distribution of one number: give one for each category`);
  }
}

/** Numbers of the normal distribution of a shape, dtype and device like those of `x`. */
export function normalLike(x: Tensor, shape: Shape): Tensor {
  return zeros(shape, { dtype: x.dtype, device: x.device }).normal_();
}

/** Numbers uniformly distributed from `from` to `to`, with dtype and device like those of `x`. */
export function uniformLike(x: Tensor, shape: Shape, from: number, to: number): Tensor {
  return zeros(shape, { dtype: x.dtype, device: x.device }).uniform_(from, to);
}

/** A number for each place of `shape`, with dtype and device like those of `x`. */
export function constantLike(x: Tensor, value: number, shape: Shape = x.shape): Tensor {
  return tensor(value, { dtype: x.dtype, device: x.device }).expand(shape);
}

/** ln Γ(a) + ln Γ(b) - ln Γ(a + b). */
export function logBeta(a: Tensor, b: Tensor): Tensor {
  return a.lgamma().add(b.lgamma()).sub(a.add(b).lgamma());
}

/** Euler's constant. */
export const EULER = 0.57721566490153286060;

/** Numbers between the least positive one and the last below 1, of a shape, dtype and device like those of `x`. */
export function insideLike(x: Tensor, shape: Shape): Tensor {
  const low = tinyOf(x.dtype), high = 1 - epsilonOf(x.dtype);
  return rand(shape, { dtype: x.dtype, device: x.device }).mul(high - low).add(low);
}
