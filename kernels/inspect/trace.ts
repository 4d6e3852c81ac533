/**
 * Recording without running: what a computation would cost.
 *
 * @module
 */

import { numel } from "../ir/node.ts";
import { capture } from "./capture.ts";

/**
 * What `body` returns. `count` is told the multiply-adds of every contraction that it records, and nothing of it is left pending: what
 * the caller still reads is computed then.
 */
export function trace<T>(body: () => T, count: (multiplyAdds: number) => void): T {
  return capture(body, {
    made({ attributes, inputs, shape }) {
      if (attributes.op !== "contract") return;
      count(numel(shape) * numel(inputs[0]!.shape.slice(attributes.batch + attributes.m)));
    },
  });
}
