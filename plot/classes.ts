/**
 * Classes of points.
 *
 * @module
 */

import { isFloat, ShapeError, Tensor, ValueError } from "../tensor/mod.ts";
import { type Numbers, numbersOf } from "./numbers.ts";

/**
 * Classes from a model's output: scores [N, C] give the class of the largest, a score [N] or [N, 1] with a fraction class 1 where it is above
 * 0, and whole numbers are classes.
 */
export function classesOf(output: Numbers, what: string): Int32Array {
  if (output instanceof Tensor && isFloat(output.dtype)) {
    const { shape } = output;
    if (output.ndim === 2 && shape[1]! > 1) return Int32Array.from(output.detach().argmax(1).dataSync() as Int32Array);
    if (output.ndim === 1 || output.ndim === 2 && shape[1] === 1) {
      return Int32Array.from(output.detach().flatten().gt(0).dataSync() as Uint8Array);
    }
    throw new ShapeError(
      `Cannot take classes of ${what} from a tensor of shape [${
        shape.join(", ")
      }]: scores are [N, C], or [N] of two classes`,
    );
  }
  return wholeNumbers(output instanceof Tensor && output.ndim === 2 ? output.flatten() : output, what);
}

/** Numbers of classes, checked. */
export function wholeNumbers(values: Numbers, what: string): Int32Array {
  const numbers = numbersOf(values, what);
  const odd = numbers.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < 10_000));
  if (odd < 0) return Int32Array.from(numbers);
  throw new ValueError(`Cannot draw ${what}: element ${odd} is ${numbers[odd]}, and classes are 0, 1, 2, …`);
}

/** How many classes there are at least: one more than the largest number. */
export function countOf(classes: Int32Array | undefined): number {
  return classes?.reduce((most, c) => Math.max(most, c + 1), 0) ?? 0;
}

/** Names of `count` classes at least: those given, or their numbers. */
export function namesOf(names: readonly string[] | undefined, count: number, what: string): readonly string[] {
  if (names === undefined) return Array.from({ length: count }, (_, i) => `${i}`);
  if (names.length >= count) return names;
  throw new ValueError(
    `Cannot draw ${what}: there is a class ${count - 1}, and there are names for ${names.length} classes`,
  );
}
