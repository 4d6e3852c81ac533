/**
 * Calls of operations as their caller wrote them, for what writes a computation down in another language. A call within another one, such
 * as the steps of an operation that composes others, is not reported, and neither are the operations by name that `operations` tells of.
 *
 * @module
 */

import { operations } from "./operations.ts";

/** A call of an operation: `F.softmax(x, 1)` and `x.softmax(1)` are both "softmax" of [x, 1]. */
export interface Call {
  /** The name of the operation. */
  readonly name: string;
  /** How it was called: as a function, as a method or a property of its first argument, or as a class with a gradient of its own. */
  readonly form: "function" | "method" | "property" | "custom";
  /** The arguments, a method's own tensor first. */
  readonly inputs: readonly unknown[];
  /** What it returned. */
  readonly output: unknown;
}

let observer: ((call: Call) => void) | undefined;

/** What `body` returns; `observe` is told of the calls in it, each after it has returned. */
export function observeCalls<T>(observe: ((call: Call) => void) | undefined, body: () => T): T {
  const before = observer;
  observer = observe;
  try {
    return body();
  } finally {
    observer = before;
  }
}

/** What `body` returns; nobody is told of what happens in it. */
export function unobserved<T>(body: () => T): T {
  const { observe } = operations;
  operations.observe = undefined;
  try {
    return observeCalls(undefined, body);
  } finally {
    operations.observe = observe;
  }
}

/** Whether somebody is told of calls. */
export function areCallsObserved(): boolean {
  return observer !== undefined;
}

/** What `compute` returns, which is the call of an operation. */
export function called<T>(
  name: string,
  inputs: readonly unknown[],
  compute: () => T,
  form: Call["form"] = "function",
): T {
  const told = observer;
  if (told === undefined) return compute();
  const output = unobserved(compute);
  told({ name, form, inputs, output });
  return output;
}
