/**
 * Damaged files: bytes of a good one changed at random, from a seed.
 *
 * @module
 */

import { importOnnx } from "../../io/onnx/mod.ts";
import { TensaurError } from "../../mod.ts";

/** Random whole numbers below a bound, the same for the same seed. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const notable = [0, 1, 2, 8, 10, 16, 18, 26, 34, 42, 58, 74, 127, 128, 255];

/** A file with a few bytes changed, taken out, doubled or put in, or with its end cut off. */
export function mutated(file: Uint8Array, pick: (below: number) => number): Uint8Array {
  let bytes = [...file];
  for (let n = 1 + pick(4); n > 0; n--) {
    const at = pick(bytes.length + 1), length = 1 + pick(8);
    const kinds = [
      () => bytes.splice(at, 1, pick(256)),
      () => bytes.splice(at, 1, (bytes[at] ?? 0) ^ 1 << pick(8)),
      () => bytes.splice(at, 1, notable[pick(notable.length)]!),
      () => bytes.splice(at, length),
      () => bytes.splice(at, 0, ...bytes.slice(pick(bytes.length + 1)).slice(0, length)),
      () => bytes.splice(at, 0, ...Array.from({ length }, () => pick(256))),
      () => bytes.splice(at, length, ...new Array(length).fill(255)),
      () => (bytes = bytes.slice(0, at)),
    ];
    kinds[pick(kinds.length)]!();
  }
  return Uint8Array.from(bytes);
}

/** What importing a file throws that is not an error on purpose; undefined where it is taken, or refused in the library's words. */
export function surprise(file: Uint8Array): unknown {
  try {
    importOnnx(file, { device: "cpu" });
  } catch (error) {
    if (!(error instanceof TensaurError)) return error;
  }
  return undefined;
}

const numbers = [0, 1, -1, 2, 7, 64, 255, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 53 - 1, 2 ** 63, -(2 ** 63)];

/** A model with one of its fields changed, taken out, or exchanged for another of its kind. */
export function changed<T>(model: T, pick: (below: number) => number): T {
  const copy = structuredClone(model),
    places: [owner: Record<string, unknown>, key: string][] = [],
    texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
    for (const [key, part] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, key]);
      if (typeof part === "string") texts.push(part);
      walk(part);
    }
  };
  walk(copy);
  const [owner, key] = places[pick(places.length)]!, value = owner[key];
  if (typeof value === "number") owner[key] = numbers[pick(numbers.length)]!;
  else if (typeof value === "string") owner[key] = pick(4) === 0 ? "" : texts[pick(texts.length)]!;
  else if (Array.isArray(value)) {
    const at = pick(value.length + 1);
    if (pick(2) === 0) value.splice(at, 1);
    else value.splice(at, 0, ...value.slice(pick(value.length + 1)).slice(0, 1));
  } else if (value instanceof Uint8Array) owner[key] = value.slice(pick(value.length + 1));
  return copy;
}
