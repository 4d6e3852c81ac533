/**
 * What it takes to write a value: which others have to be written first, and how.
 *
 * @module
 */

import type { Operation, Value } from "./graph.ts";
import type { Name, Option, Writer } from "./writer.ts";

/** How a value, or several that come together, are written. */
export interface Step {
  /** What is needed; undefined for an input that the operator does without. */
  readonly inputs: readonly (Value | undefined)[];
  /** What comes of it, where that is not the value alone. */
  readonly outputs?: readonly Value[];
  /** Writes nodes, and names their results; an input that is left out has the name "". */
  readonly write: (names: readonly Name[], writer: Writer) => Name | readonly Name[];
}

/** An operation that says what it was given. */
export type Detailed = Operation & { readonly attributes: Readonly<Record<string, unknown>> };

/** Writes an operation by name; undefined where it can't, so that the operation's parts are written instead. */
export type Rule<O extends Operation = Detailed> = (operation: O, value: Value, writer: Writer) => Step | undefined;

/** A step that is one node. */
export function node(
  opType: string,
  inputs: readonly (Value | undefined)[],
  options?: Readonly<Record<string, Option | undefined>>,
): Step {
  return { inputs, write: (names, w) => w.op(opType, trimmed(names), options) };
}

/** `names` without inputs that are left out at the end. */
export function trimmed(names: readonly Name[]): Name[] {
  return names.slice(0, names.findLastIndex((name) => name !== "") + 1);
}

/** A step whose first input lacks the batch dimension, if `unbatched`; it is added for the nodes and taken away again. */
export function asBatch(unbatched: boolean, { inputs, outputs, write }: Step): Step {
  if (!unbatched) return { inputs, ...outputs && { outputs }, write };
  return {
    inputs,
    ...outputs && { outputs },
    write([first, ...rest], w) {
      const axes = w.integers([0]);
      const results = write([w.op("Unsqueeze", [first!, axes]), ...rest], w);
      const squeezed = [results].flat().map((result) => w.op("Squeeze", [result, axes]));
      return typeof results === "string" ? squeezed[0]! : squeezed;
    },
  };
}

/** Converts to another type of elements. */
export function cast(w: Writer, name: Name, elementType: number): Name {
  return w.op("Cast", [name], { to: { i: elementType } });
}
