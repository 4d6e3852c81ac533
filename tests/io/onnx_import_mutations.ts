/**
 * Damaged files: bytes of a good one changed at random, from a seed.
 *
 * @module
 */

import { importOnnx } from "../../io/onnx/import/import.ts";
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
