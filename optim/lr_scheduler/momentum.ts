/**
 * Schedules that move the momentum against the learning rate.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import type { OptimizerOptions, ParamGroup } from "../optimizer.ts";
import { type AnyOptimizer, perGroup } from "./scheduler.ts";

/** A momentum for all groups, or one for each. */
export type Momenta = number | readonly number[];

/** What a cycling schedule keeps in the groups of an optimizer, where it is saved with them, as in PyTorch. */
export interface CycledOptions {
  /** The learning rate at the top of the cycle. */
  maxLr?: number;
  /** The learning rate at the end. */
  minLr?: number;
  /** The largest momentum, where the learning rate is smallest. */
  maxMomentum?: number;
  /** The smallest momentum, where the learning rate is largest. */
  baseMomentum?: number;
  /** The momentum, of an optimizer that calls it so. */
  momentum?: number;
  /** Shares of running means; the first is a momentum. */
  betas?: readonly [number, number];
}

/** The groups of an optimizer, with what a cycling schedule keeps there. */
export function cycledGroups(optimizer: AnyOptimizer): (ParamGroup<OptimizerOptions> & CycledOptions)[] {
  return optimizer.paramGroups;
}

/** The smallest and the largest momentum of each group; puts them there, unless a schedule goes on. */
export function startMomentum(
  optimizer: AnyOptimizer,
  smallest: Momenta,
  largest: Momenta,
  goesOn: boolean,
): readonly [smallest: number[], largest: number[]] {
  const groups = cycledGroups(optimizer);
  if (groups.some((group) => group.momentum === undefined && group.betas === undefined)) {
    throw new ValueError(
      "Cannot cycle the momentum of an optimizer that has neither momentum nor betas: pass cycleMomentum: false",
    );
  }
  const least = perGroup("baseMomentum", optimizer, smallest), most = perGroup("maxMomentum", optimizer, largest);
  if (goesOn) return [least, most];
  groups.forEach((group, i) => {
    setMomentum(group, most[i]!);
    group.maxMomentum = most[i]!;
    group.baseMomentum = least[i]!;
  });
  return [least, most];
}

/** Gives a group another momentum, or first beta. */
export function setMomentum(group: CycledOptions, momentum: number): void {
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}
