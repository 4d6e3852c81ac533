/**
 * Putting samples together to a batch.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { Tensor, tensor, type TypedArray, ValueError } from "../tensor/mod.ts";

/** What `defaultCollate` makes of samples of type `T`. */
export type Collated<T> = T extends Tensor | TypedArray | number | boolean ? Tensor
  : T extends string ? string[]
  : T extends readonly unknown[] ? { -readonly [K in keyof T]: Collated<T[K]> }
  : T extends object ? { -readonly [K in keyof T]: Collated<T[K]> }
  : T[];

/**
 * Puts samples together: tensors are stacked, numbers become a tensor, strings a list; lists and objects are put together item by item.
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.default_collate}
 */
export function defaultCollate<T>(samples: readonly T[]): Collated<T> {
  return collate(samples) as Collated<T>;
}

function collate(samples: readonly unknown[]): unknown {
  const first = samples[0];
  if (samples.every((sample) => sample instanceof Tensor)) return F.stack(samples);
  if (samples.every((sample) => ArrayBuffer.isView(sample))) {
    return F.stack(samples.map((sample) => tensor(sample as TypedArray)));
  }
  if (samples.every((sample) => typeof sample === "number" || typeof sample === "boolean")) return tensor(samples);
  if (samples.every((sample) => typeof sample === "string")) return [...samples];
  if (samples.some((sample) => typeof sample !== "object" || sample === null)) {
    throw new ValueError(`Cannot put samples together that are ${typeof first}: pass a collateFn that can`);
  }
  if (first instanceof Promise) {
    throw new ValueError("Cannot put promises together: go through the data loader with for await");
  }
  if (Array.isArray(first)) {
    if (samples.some((sample) => !Array.isArray(sample) || sample.length !== first.length)) {
      throw new ValueError("Cannot put lists of different lengths together: pass a collateFn that can");
    }
    return first.map((_, i) => collate(samples.map((sample) => (sample as unknown[])[i])));
  }
  const keys = Object.keys(first as object);
  return Object.fromEntries(keys.map((key) => [
    key,
    collate(samples.map((sample) => (sample as Record<string, unknown>)[key])),
  ]));
}
