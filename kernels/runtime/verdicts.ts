/**
 * Verdicts: which values depend on a check that failed. A check (of an index, say) raises a flag on the device, and nobody waits for it;
 * flags are looked at when something is read, and what was computed from a failed run, directly or in later runs, is then refused.
 *
 * @module
 */

import { type Node, Verdict } from "../ir/node.ts";
import type { Plan } from "./plan.ts";

/** Plans with a verdict that is not known yet. */
const awaited = new Set<Plan>();

/**
 * The verdict of a run: the plan's `own` while its checks have not been looked at, which depends on those of all nodes that the run `read`. A loop
 * thus has as many verdicts as plans, however long it runs. It is everything's that ran together: a gradient is wrong for a class out
 * of range even where no path leads to it from the check.
 */
export function inherited(
  own: Verdict | undefined,
  live: readonly Node[],
  read: readonly number[],
  checks: boolean,
): Verdict | undefined {
  let verdict = own ?? (checks ? new Verdict() : undefined);
  for (const n of read) {
    const source = live[n]!.verdict;
    const open = source !== undefined && !(source.settled && source.error === undefined);
    if (open && source !== verdict) (verdict ??= new Verdict()).sources.add(source);
  }
  return verdict;
}

/** Has the verdict of a plan's runs found out: with the next read, or at once where that costs nothing; then gives a failed check's error. */
export function awaitVerdict(plan: Plan): Error | undefined {
  if (!plan.store.device.onHost) {
    awaited.add(plan);
    return undefined;
  }
  const error = look(plan);
  settle([plan]);
  return error;
}

/** Looks at all flags, and throws the error of a failed check that this node's elements depend on. */
export function verify(node: Node): void {
  if (node.verdict === undefined) return;
  settle([...awaited]);
  awaited.clear();
  const { verdict } = node;
  if (verdict?.error !== undefined) throw verdict.error;
  node.verdict = undefined;
}

function look(plan: Plan): Error | undefined {
  return plan.hasChecks ? plan.verdict!.error ??= failure(plan) : undefined;
}

function settle(plans: readonly Plan[]): void {
  for (const plan of plans) look(plan);
  const open = plans.map(({ verdict }) => verdict!);
  // Verdicts may depend on each other in a circle, where plans take turns.
  for (let changed = true; changed;) {
    changed = false;
    for (const verdict of open) {
      if (verdict.error !== undefined) continue;
      for (const { error } of verdict.sources) verdict.error ??= error;
      changed ||= verdict.error !== undefined;
    }
  }
  for (const verdict of open) {
    verdict.settled = true;
    verdict.sources.clear();
  }
  for (const plan of plans) plan.verdict = undefined;
}

/** The error of the first flag that the plan's runs raised since the last look. */
function failure(plan: Plan): Error | undefined {
  let error: Error | undefined;
  for (const { flag, value } of plan.executable.raised()) error ??= plan.messages[flag]?.(value);
  return error;
}
