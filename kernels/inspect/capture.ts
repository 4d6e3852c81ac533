/**
 * Recording without running: what a computation is made of.
 *
 * @module
 */

import type { DeviceName } from "../runtime/device.ts";
import type { DType, TypedArray } from "../ir/dtype.ts";
import { fromHost } from "../ir/build.ts";
import { allocate } from "../ir/dtype.ts";
import type { Node, Shape } from "../ir/node.ts";
import { frontier, recording } from "../ir/pending.ts";
import { read } from "../runtime/engine.ts";
import { isAvailable } from "../schedule/graph.ts";

/** What is told of a computation while it is recorded. */
export interface Watch {
  /** Called with each new node. */
  made(node: Node): void;
  /** Called before elements are read; it may throw. */
  read?(node: Node): void;
  /** Whether long operations stay in one piece, for those who look at the nodes rather than run them; false by default. */
  readonly whole?: boolean;
}

/** What `body` returns. Nothing of what it records is left pending: what the caller still reads is computed then. */
export function capture<T>(body: () => T, watch: Watch): T {
  const pending = [...frontier], made = new Set<Node>(), before = { ...recording };
  recording.observe = (node) => {
    before.observe?.(node);
    made.add(node);
    watch.made(node);
  };
  recording.overflow = () => {};
  recording.whole = watch.whole ?? before.whole;
  if (watch.read !== undefined) {
    const evaluate = (node: Node): TypedArray => {
      watch.read!(node);
      recording.evaluate = before.evaluate;
      try {
        return read(node);
      } finally {
        recording.evaluate = evaluate;
      }
    };
    recording.evaluate = evaluate;
  }
  try {
    return body();
  } finally {
    Object.assign(recording, before);
    for (const node of made) frontier.delete(node);
    for (const node of pending) if (!isAvailable(node)) frontier.add(node);
  }
}

/** A leaf without elements: it stands for a tensor that is not known yet, and cannot be read or run. */
export function placeholder(shape: Shape, dtype: DType, device: DeviceName): Node {
  const node = fromHost(allocate(dtype, 0), shape, dtype, device);
  node.host = undefined;
  return node;
}
