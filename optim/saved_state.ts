/**
 * Loading what was saved of an optimizer.
 *
 * @module
 */

import { noGrad, ShapeError, Tensor } from "../tensor/mod.ts";
import type { ParameterState, StateValue } from "./optimizer.ts";
import { fieldName } from "./saved_names.ts";

/** A parameter, what it is called in messages, and what was saved of it. */
export interface SavedParameter {
  readonly parameter: Tensor;
  readonly label: string;
  readonly values: Readonly<ParameterState>;
}

/** The shape that a state of a parameter has; null where it is a number. */
export type ShapeOf = (name: string, parameter: Tensor) => readonly number[] | null;

const text = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Copies of what was saved of parameters, where and of the type that they are. Everything that does not fit is listed. */
export function adopted(saved: readonly SavedParameter[], shapeOf: ShapeOf): Map<Tensor, ParameterState> {
  const problems: string[] = [];
  const adopt = (key: string, value: Tensor | number, { parameter, label }: SavedParameter): Tensor | number => {
    if (!(value instanceof Tensor)) return value;
    const shape = shapeOf(fieldName(key), parameter);
    // PyTorch keeps some numbers in tensors, such as the count of steps.
    if (shape === null && value.numel() === 1) return Number(value.item());
    if (value.shape.join() !== shape?.join()) {
      problems.push(`${key} of ${label} has shape ${text(value.shape)}, expected ${shape ? text(shape) : "a number"}`);
    }
    return value.detach().to({ dtype: parameter.dtype, device: parameter.device, copy: true });
  };
  const states = noGrad(() =>
    saved.map((item): [Tensor, ParameterState] => {
      const entries = Object.entries(item.values).flatMap(([key, value]): [string, StateValue][] => {
        if (Array.isArray(value)) return [[fieldName(key), present(value).map((each) => adopt(key, each, item))]];
        return present([value]).map((each) => [fieldName(key), adopt(key, each as Tensor | number, item)]);
      });
      return [item.parameter, Object.fromEntries(entries)];
    })
  );
  if (problems.length > 0) {
    throw new ShapeError(
      `Cannot load a state that does not fit the parameters: it was saved of others, or in another order\n\t${
        problems.join("\n\t")
      }`,
    );
  }
  return new Map(states);
}

/** What there is: PyTorch saves None, for a momentum that is not there yet, say. */
function present<T>(values: readonly T[]): NonNullable<T>[] {
  return values.filter((value) => value !== null && value !== undefined);
}
