/**
 * Putting samples together to a batch.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type ArrayData, Tensor, tensor, ValueError } from "../tensor/mod.ts";

/** What `defaultCollate` makes of samples of type `T`. */
export type Collated<T> = T extends Tensor | ArrayData | number | boolean | bigint ? Tensor
  : T extends string ? string[]
  : T extends readonly unknown[] ? { -readonly [K in keyof T]: Collated<T[K]> }
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, Collated<V>>
  : T extends object ? { -readonly [K in keyof T]: Collated<T[K]> }
  : T[];

/** What `defaultConvert` makes of a sample of type `T`. */
export type Converted<T> = T extends Tensor | ArrayData ? Tensor
  : T extends string | number | boolean | bigint ? T
  : T extends readonly unknown[] ? { -readonly [K in keyof T]: Converted<T[K]> }
  : T extends ReadonlyMap<infer K, infer V> ? Map<K, Converted<V>>
  : T extends object ? { -readonly [K in keyof T]: Converted<T[K]> }
  : T;

/** What a sample is to collation; samples of a batch are all of one kind. */
type Kind = "tensor" | "array of numbers" | "number" | "boolean" | "bigint" | "string" | "list" | "map" | "object";

function kindOf(sample: unknown): Kind {
  if (sample instanceof Tensor) return "tensor";
  if (ArrayBuffer.isView(sample) && !(sample instanceof DataView)) return "array of numbers";
  if (Array.isArray(sample)) return "list";
  if (sample instanceof Map) return "map";
  if (sample instanceof Promise) {
    throw new ValueError("Cannot put promises together: go through the data loader with for await");
  }
  const type = typeof sample;
  if (type === "number" || type === "boolean" || type === "bigint" || type === "string") return type;
  const prototype = type === "object" && sample !== null ? Object.getPrototypeOf(sample) : undefined;
  if (prototype === null || prototype === Object.prototype) return "object";
  const name = prototype === undefined ? String(sample) : prototype.constructor.name;
  throw new ValueError(
    `Cannot put samples together that hold ${name}: they may hold tensors, arrays, numbers, strings, lists and objects. ` +
      "Pass a collateFn that can",
  );
}

/**
 * Puts samples together: tensors and arrays of numbers are stacked, numbers and booleans become a tensor, strings a list; lists, maps and
 * objects are put together item by item.
 *
 * Whole numbers become int32 and others float32, as {@linkcode tensor} has it (PyTorch: int64 and float64). Samples of different kinds,
 * shapes, lengths or keys are an error.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const { x, name } = data.defaultCollate([{ x: [1, 0.5], name: "a" }, { x: [2, 1.5], name: "b" }]);
 * console.log(`${x[0]} ${x[1]} ${name}`); // tensor([1, 2]) tensor([0.5000, 1.5000]) a,b
 * ```
 *
 * @throws {ValueError} for no samples, samples that differ in kind, keys or length, or values that no tensor holds
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.default_collate}
 */
export function defaultCollate<T>(samples: readonly T[]): Collated<T> {
  if (samples.length === 0) throw new ValueError("Cannot put no samples together: a batch has at least one");
  return collate(samples) as Collated<T>;
}

function collate(samples: readonly unknown[]): unknown {
  const kind = kindOf(samples[0]);
  const other = samples.map(kindOf).find((found) => found !== kind);
  if (other !== undefined) throw new ValueError(`Cannot put ${kind} and ${other} together: pass a collateFn that can`);
  switch (kind) {
    case "tensor":
      return F.stack(samples as Tensor[]);
    case "array of numbers": {
      const arrays = samples as ArrayData[];
      const alike = arrays.every((array) => array.constructor === arrays[0]!.constructor);
      return alike ? tensor(arrays) : F.stack(arrays.map((array) => tensor(array)));
    }
    case "number":
    case "boolean":
    case "bigint":
      return tensor(samples as number[]);
    case "string":
      return [...samples];
    case "list":
      return lists(samples as unknown[][]);
    case "map":
      return new Map(byKey(samples as Map<unknown, unknown>[]));
    case "object": {
      const entries = samples.map((sample) => new Map(Object.entries(sample as object)));
      return Object.fromEntries(byKey(entries));
    }
  }
}

function lists(samples: readonly (readonly unknown[])[]): unknown[] {
  const lengths = new Set(samples.map((sample) => sample.length));
  if (lengths.size > 1) {
    throw new ValueError(
      `Cannot put lists of different lengths together (${[...lengths].join(", ")}): pass a collateFn that can`,
    );
  }
  return samples[0]!.map((_, i) => collate(samples.map((sample) => sample[i])));
}

function byKey<K>(samples: readonly ReadonlyMap<K, unknown>[]): [K, unknown][] {
  return [...samples[0]!.keys()].map((key) => {
    if (samples.every((sample) => sample.has(key))) return [key, collate(samples.map((sample) => sample.get(key)))];
    throw new ValueError(`Cannot put samples together of which some lack ${String(key)}: pass a collateFn that can`);
  });
}

/**
 * What a data loader without batches makes of a sample: arrays of numbers become tensors, also within lists, maps and objects; all else
 * stays as it is.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * console.log(`${data.defaultConvert([new Float32Array([1, 2]), 3])}`); // tensor([1., 2.]),3
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.default_convert}
 */
export function defaultConvert<T>(sample: T): Converted<T> {
  return convert(sample) as Converted<T>;
}

function convert(sample: unknown): unknown {
  if (sample instanceof Tensor) return sample;
  if (ArrayBuffer.isView(sample) && !(sample instanceof DataView)) return tensor(sample as ArrayData);
  if (Array.isArray(sample)) return sample.map(convert);
  if (sample instanceof Map) return new Map([...sample].map(([key, item]) => [key, convert(item)]));
  if (typeof sample !== "object" || sample === null || Object.getPrototypeOf(sample) !== Object.prototype) {
    return sample;
  }
  return Object.fromEntries(Object.entries(sample).map(([key, item]) => [key, convert(item)]));
}
