/**
 * Writes stores as WGSL statements.
 *
 * @module
 */

import type { ReduceOp, Store } from "../../ir/kernel.ts";
import { fromStorage, toStorage } from "./module.ts";
import { spellCombine } from "./operations.ts";
import type { Width } from "./types.ts";
import { components, unwrap, type Writer } from "./writer.ts";

/** Under which condition each of four components exists. */
export type Valid = (component: number) => string;

/** Stores at one point, or at four. All values are computed before any is written, since one may be read to compute another. */
export function writeStores(w: Writer, stores: readonly Store[], width: Width, valid?: Valid): void {
  const values = stores.map(({ value }) => {
    const text = w.value(value, width);
    return stores.length > 1 && value.op !== "const" ? w.named(text) : text;
  });
  stores.forEach((store, i) => {
    if (width === 1) writeStore(w, store, values[i]!);
    else writeVector(w, store, values[i]!, valid);
  });
}

/** Writes a value already spelled to the place of a store. */
export function writeStore(w: Writer, { slot, index, value }: Store, text: string): void {
  w.line(`${w.element(slot, w.scalar(index))} = ${toStorage(value.dtype, unwrap(text), 1)};`);
}

/** Combines a value already spelled into the element that is there. */
export function combineStore(w: Writer, { slot, index, value }: Store, text: string, op: ReduceOp): void {
  const element = w.element(slot, w.named(w.scalar(index)));
  const combined = spellCombine(op, value.dtype, fromStorage(value.dtype, element, 1), text, 1, w.module.helper);
  w.line(`${element} = ${toStorage(value.dtype, unwrap(combined), 1)};`);
}

function writeVector(w: Writer, { slot, index, value }: Store, text: string, valid: Valid | undefined): void {
  const array = w.module.buffer(slot);
  const stored = toStorage(value.dtype, unwrap(text), 4);
  if (valid === undefined && w.contiguous(index) && w.module.vectors.has(slot)) {
    w.line(`${array}[${w.scalar(index)} >> 2u] = ${stored};`);
    return;
  }
  const named = w.named(stored);
  w.positions(index).forEach((position, i) => {
    const write = `${array}[${position}] = ${named}.${components[i]};`;
    w.line(valid === undefined ? write : `if (${valid(i)}) { ${write} }`);
  });
}
