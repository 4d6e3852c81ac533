/**
 * A look at the shapes of all that is recorded, the parts of operations as well.
 *
 * @module
 */

import { numel, recording } from "../kernels/mod.ts";

/** Told the shape of what is recorded and how many steps it takes, multiply-adds for a product; refuses it by throwing. */
export type Looks = (shape: readonly number[], steps: number) => void;

/** What `body` returns; `looks` is called before anything in it is recorded. */
export function lookingAt<T>(looks: Looks, body: () => T): T {
  const before = recording.observe;
  recording.observe = (node) => {
    const { attributes, inputs, shape } = node;
    const depth = attributes.op === "contract" ? numel(inputs[0]!.shape.slice(attributes.batch + attributes.m)) : 1;
    looks(shape, depth * numel(shape));
    before?.(node);
  };
  try {
    return body();
  } finally {
    recording.observe = before;
  }
}
