/**
 * What a device found, against what the interpreter expects.
 *
 * @module
 */

import { AssertionError } from "@std/assert";
import { type DType, isFloat, roundTo } from "../../../kernels/ir/dtype.ts";
import { numel } from "../../../kernels/ir/node.ts";
import type { Settings } from "../../operations/table.ts";
import type { Case } from "./cases.ts";
import type { Expected, Found, Outcome } from "./record.ts";
import { TensaurError } from "../../../kernels/errors.ts";

/** Error that an operation may add, by dtype: some units in the last place. */
const RELATIVE: Partial<Record<DType, number>> = { float16: 2e-3, float32: 2e-6, float64: 1e-14 };
const ABSOLUTE: Partial<Record<DType, number>> = { float16: 1e-3, float32: 1e-6, float64: 1e-14 };

/** Throws unless the device found what was expected. */
export function compare(
  found: Outcome<Found>,
  expected: Outcome<Expected>,
  { times }: Case,
  settings: Settings,
  where: string,
): void {
  if (expected instanceof TensaurError || found instanceof TensaurError) {
    const [got, want] = [found, expected].map((x) =>
      x instanceof TensaurError ? `throws "${x.message}"` : "gives results"
    );
    if (got !== want) throw new AssertionError(`${where}: it ${got}, the interpreter ${want}`);
    return;
  }
  if (found.length !== expected.length) {
    throw new AssertionError(`${where}: ${found.length} results and gradients instead of ${expected.length}`);
  }
  expected.forEach((e, i) => {
    const f = found[i]!;
    if (f.what !== e.what || f.dtype !== e.dtype) {
      throw new AssertionError(`${where}: ${f.what} is ${f.dtype}, not ${e.dtype}`);
    }
    compareElements(f, e, times, settings, `${where}: ${f.what}`);
  });
}

function compareElements(found: Found, expected: Expected, times: number, settings: Settings, where: string): void {
  const size = numel(found.shape), length = numel(expected.shape);
  // Rows that came again and again give results again and again, and add up in the gradient of what they share.
  const shared = times > 1 && size === length;
  if (size !== (shared ? length : length * times) || found.values.length !== size) {
    throw new AssertionError(
      `${where} has shape [${found.shape}], not ${times > 1 ? `${times} times ` : ""}[${expected.shape}]`,
    );
  }
  const { dtype } = expected, factor = shared && expected.operand !== undefined ? times : 1;
  const scale = shared ? largest(expected.values) * factor : 0;
  for (let i = 0; i < size; i++) {
    const k = i % Math.max(1, length), value = expected.values[k]! * factor, rounded = expected.rounded[k]! * factor;
    if (agree(found.values[i]!, value, rounded, dtype, settings, scale)) continue;
    throw new AssertionError(
      `${where}[${i}] is ${found.values[i]}, the interpreter gives ${value}, ${rounded} where it rounds`,
    );
  }
}

function largest(values: ArrayLike<number>): number {
  let result = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > result) result = Math.abs(values[i]!);
  return result;
}

function agree(got: number, exact: number, rounded: number, dtype: DType, settings: Settings, scale: number): boolean {
  const want = roundTo(dtype, exact);
  if (Object.is(got, want) || got === want || got === rounded || (isNaN(got) && (isNaN(want) || isNaN(rounded)))) {
    return true;
  }
  if (!isFloat(dtype) || !isFinite(got) || isNaN(want)) return false;
  // Next to the largest number, a last place makes the difference between it and infinity.
  const relative = Math.max(settings.relative ?? 0, RELATIVE[dtype]!),
    absolute = Math.max(settings.absolute ?? 0, ABSOLUTE[dtype]!);
  const reach = isFinite(rounded) ? 4 * Math.abs(exact - rounded) : 0;
  return Math.abs(got - exact) <= absolute + relative * Math.abs(exact) + (settings.summed ?? 1e-4) * scale + reach;
}
