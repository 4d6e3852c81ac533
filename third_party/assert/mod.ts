/**
 * Stands in for `@std/assert` on a machine that cannot reach JSR (`deno.offline.json` links it): the assertions that
 * this project's tests use, with the real package's signatures and verdicts. Written for this project.
 *
 * @module
 */

import { inspect } from "node:util";

/** What a failed assertion throws. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

// deno-lint-ignore no-explicit-any -- a constructor takes whatever its class takes, as in the real package
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

function fail(message: string, note?: string): never {
  throw new AssertionError(note === undefined ? message : `${message}: ${note}`);
}

function show(value: unknown): string {
  return inspect(value, { depth: 8, maxArrayLength: 200, breakLength: 120 });
}

/** Deep equality as the real package defines it: NaN equals NaN, 0 equals -0, and both sides have the same class. */
export function equal(a: unknown, b: unknown): boolean {
  const pairs = new Map<object, object>();
  const compare = (a: unknown, b: unknown): boolean => {
    if (a === b || Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if ((a.constructor ?? Object) !== (b.constructor ?? Object)) return false;
    if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
    if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
    if (pairs.get(a) === b) return true; // a cycle: equal as long as the rest is
    pairs.set(a, b);
    if (a instanceof Set && b instanceof Set) return sameMembers([...a], [...b]);
    if (a instanceof Map && b instanceof Map) return sameMembers([...a], [...b]);
    const keys = Reflect.ownKeys(a);
    if (keys.length !== Reflect.ownKeys(b).length) return false;
    return keys.every((key) => Object.hasOwn(b, key) && compare(Reflect.get(a, key), Reflect.get(b, key)));
  };
  const sameMembers = (a: unknown[], b: unknown[]): boolean =>
    a.length === b.length && a.every((x) => b.some((y) => compare(x, y)));
  return compare(a, b);
}

/** Fails unless `condition` is truthy. */
export function assert(condition: unknown, message = ""): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Fails unless `actual` deeply equals `expected`. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  if (equal(actual, expected)) return;
  fail(`Values are not equal\n  actual:   ${show(actual)}\n  expected: ${show(expected)}`, message);
}

/** Fails if `actual` deeply equals `expected`. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  if (equal(actual, expected)) fail(`Expected actual to differ from ${show(expected)}`, message);
}

/** Fails unless `actual` is `expected` itself, in the sense of `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  fail(`Values are not strictly equal\n  actual:   ${show(actual)}\n  expected: ${show(expected)}`, message);
}

/** Fails unless two numbers lie within `tolerance`, by default a ten-millionth of `expected`. */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, message?: string): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  fail(`Expected ${actual} to be close to ${expected}: delta ${delta} is greater than ${allowed}`, message);
}

/** Fails unless the text `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (!actual.includes(expected)) fail(`Expected ${show(actual)} to contain ${show(expected)}`, message);
}

/** Fails unless the text `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  if (!expected.test(actual)) fail(`Expected ${show(actual)} to match ${expected}`, message);
}

function checkError<E extends Error>(
  error: unknown,
  errorClass: ErrorClass<E>,
  messageIncludes: string,
  message?: string,
): E {
  if (!(error instanceof errorClass)) {
    const what = error instanceof Error ? `${error.name} (${error.message})` : show(error);
    fail(`Expected an error of class ${errorClass.name}, but got ${what}`, message);
  }
  if (!error.message.includes(messageIncludes)) {
    fail(`Expected error message to include ${show(messageIncludes)}, but got ${show(error.message)}`, message);
  }
  return error;
}

/** Fails unless `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, message?: string): unknown;
/** Fails unless `fn` throws an error of the class whose message contains the text; returns that error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  errorClass?: ErrorClass<E> | string,
  messageIncludes = "",
  message?: string,
): unknown {
  try {
    fn();
  } catch (error) {
    return typeof errorClass === "function" ? checkError(error, errorClass, messageIncludes, message) : error;
  }
  fail("Expected function to throw", typeof errorClass === "string" ? errorClass : message);
}

/** Fails unless the promise that `fn` returns rejects; resolves to the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Fails unless it rejects with an error of the class whose message contains the text; resolves to that error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  messageIncludes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E> | string,
  messageIncludes = "",
  message?: string,
): Promise<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    fail(`Function throws when expected to reject: ${error}`);
  }
  try {
    await promise;
  } catch (error) {
    return typeof errorClass === "function" ? checkError(error, errorClass, messageIncludes, message) : error;
  }
  fail("Expected function to reject", typeof errorClass === "string" ? errorClass : message);
}
