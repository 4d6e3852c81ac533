/**
 * How functions become methods: what takes the tensor as its first argument takes it as `this`.
 *
 * @module
 */

import { DeviceError, DTypeError, sameShape, ShapeError } from "../../kernels/mod.ts";
import { areCallsObserved, called } from "../calls.ts";
import { clone, toDtype } from "../conversion.ts";
import { canCast } from "../promotion.ts";
import type { Tensor } from "../tensor.ts";

/** For each method of `M` the function behind it, for each property the function that computes it. */
export type Implementations<M> = {
  readonly [K in keyof M]: M[K] extends (...args: infer A) => infer R ? (self: Tensor, ...args: A) => R
    : (self: Tensor) => M[K];
};

type Method = (self: Tensor, ...args: never[]) => unknown;

/** Property descriptors of methods. */
export function methods<M>(functions: Implementations<M>): PropertyDescriptorMap {
  return described(functions, (call, name) => ({
    value(this: Tensor, ...args: never[]): unknown {
      if (!areCallsObserved()) return call(this, ...args);
      return called(name, [this, ...args], () => call(this, ...args), "method");
    },
    writable: true,
  }));
}

/** Property descriptors of properties that are computed when read. */
export function getters<M>(functions: Implementations<M>): PropertyDescriptorMap {
  return described(functions, (call, name) => ({
    get(this: Tensor): unknown {
      return areCallsObserved() ? called(name, [this], () => call(this), "property") : call(this);
    },
  }));
}

function described(
  functions: object,
  describe: (call: Method, name: string) => PropertyDescriptor,
): PropertyDescriptorMap {
  const descriptors: PropertyDescriptorMap = {};
  for (const key of Reflect.ownKeys(functions)) {
    const call = (functions as Record<PropertyKey, Method>)[key]!,
      name = typeof key === "symbol" ? key.description! : key;
    descriptors[key] = { ...describe(call, name), configurable: true };
  }
  return descriptors;
}

/** The methods that do in place what those of `M` give as a new tensor: `add_` for `add`. */
export type InPlace<M> = {
  [K in keyof M & string as `${K}_`]: M[K] extends (...args: infer A) => unknown ? (...args: A) => Tensor : never;
};

/** Property descriptors of `InPlace`, from the functions that give a new tensor. */
export function inPlace<M>(functions: Implementations<M>): PropertyDescriptorMap {
  const written = Object.entries(functions as Record<string, Method>).map(([name, compute]) => [
    `${name}_`,
    (self: Tensor, ...args: never[]) => overwrite(self, compute(self, ...args) as Tensor, `${name}_`),
  ]);
  return methods(Object.fromEntries(written));
}

/** Puts `value` in place of the elements of `x`: its shape must be that of `x`, and its dtype one that can be cast to that of `x`. */
export function overwrite(x: Tensor, value: Tensor, operation: string): Tensor {
  if (!sameShape(value.shape, x.shape)) {
    throw new ShapeError(
      `Cannot apply ${operation} in place: the result has shape [${value.shape.join(", ")}], the tensor [${
        x.shape.join(", ")
      }]. ` +
        `Use ${operation.slice(0, -1)}`,
    );
  }
  if (!canCast(value.dtype, x.dtype)) {
    throw new DTypeError(
      `Cannot apply ${operation} in place: the result has dtype ${value.dtype}, which cannot be cast to ${x.dtype}. ` +
        `Use ${operation.slice(0, -1)}`,
    );
  }
  if (value.device !== x.device) {
    throw new DeviceError(
      `Cannot apply ${operation} in place: the result is on ${value.device}, the tensor on ${x.device}`,
    );
  }
  const fitting = toDtype(value, x.dtype);
  return x.assign(fitting.node === x.node ? clone(fitting) : fitting, operation);
}
