/**
 * Recording without running: what a computation would cost.
 *
 * @module
 */

import { type Node, numel } from "../ir/node.ts";
import { frontier, recording } from "../ir/pending.ts";
import { isAvailable } from "../schedule/graph.ts";

/**
 * What `body` returns. `count` is told the multiply-adds of every contraction that it records, and nothing of it is left pending: what
 * the caller still reads is computed then.
 */
export function trace<T>(body: () => T, count: (multiplyAdds: number) => void): T {
  const pending = [...frontier], made = new Set<Node>(), before = recording.observe;
  recording.observe = (node) => {
    before?.(node);
    made.add(node);
    const { attributes } = node;
    if (attributes.op !== "contract") return;
    const depth = node.inputs[0]!.shape.slice(attributes.batch + attributes.m);
    count(numel(node.shape) * numel(depth));
  };
  try {
    return body();
  } finally {
    recording.observe = before;
    for (const node of made) frontier.delete(node);
    for (const node of pending) if (!isAvailable(node)) frontier.add(node);
  }
}
