/**
 * Independent copies of modules, tensors and states.
 *
 * @module
 */

import { AutogradError } from "../tensor/mod.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Buffer } from "./buffer.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { isLazy, UninitializedBuffer, UninitializedParameter } from "./uninitialized.ts";

/**
 * A copy of a module, or of a tensor or a state dict, and of all that it holds, as Python's `copy.deepcopy`: training one leaves the other
 * as it is. What occurs twice, such as a shared parameter, occurs twice in the copy. Gradients are copied; hooks, functions, and objects
 * of other classes are shared. A tensor that an operation made and that has a history is an `AutogradError`: detach it.
 *
 * A class of your own whose objects are copied marks its fields `private` rather than `#private`, which JavaScript lets nobody copy.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Linear(2, 3), copy = nn.deepcopy(layer);
 * nn.init.zeros_(layer.weight);
 * console.log(Number(copy.weight.abs().sum().item()) > 0); // true
 * const checkpoint = nn.deepcopy({ model: layer.stateDict(), epoch: 3 });
 * layer.loadStateDict(checkpoint.model);
 * ```
 *
 * @see {@link https://docs.python.org/3/library/copy.html#copy.deepcopy}
 */
export function deepcopy<T>(value: T): T {
  return copyOf(value, new Map()) as T;
}

/** A copy of any value; `made` has the copies of what was met before. */
function copyOf(value: unknown, made: Map<unknown, unknown>): unknown {
  const known = made.get(value);
  if (known !== undefined) return known;
  const keep = <T>(copy: T): T => (made.set(value, copy), copy);
  const copied = (item: unknown): unknown => copyOf(item, made);
  if (value instanceof Module) return withFieldsOf(value, keep(value.bare()), made);
  if (value instanceof Tensor) return keep(tensorLike(value));
  if (Array.isArray(value)) return keep(value.map(copied));
  if (value instanceof Set) return keep(new Set([...value].map(copied)));
  if (value instanceof Map) return keep(new Map([...value].map(([key, item]) => [copied(key), copied(item)])));
  if (ArrayBuffer.isView(value)) return keep(structuredClone(value));
  const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? withFieldsOf(value, keep({}), made) : value;
}

/** `copy` with copies of the fields of `original`, computed ones included. */
function withFieldsOf<T extends object>(original: object, copy: T, made: Map<unknown, unknown>): T {
  for (const key of Reflect.ownKeys(original)) {
    const field = Reflect.getOwnPropertyDescriptor(original, key)!;
    if ("value" in field) {
      const { value } = field;
      // What a module computed from its parameters, a normalised weight, say, is computed anew by the copy.
      const computed = original instanceof Module && value instanceof Tensor && !value.isLeaf;
      field.value = computed ? value.detach().clone() : copyOf(value, made);
    }
    Object.defineProperty(copy, key, field);
  }
  return copy;
}

function tensorLike(tensor: Tensor): Tensor {
  if (!tensor.isLeaf) {
    throw new AutogradError(
      "Cannot deepcopy a tensor that an operation made and that has a history: detach() it first",
    );
  }
  const copy = copyOfLeaf(tensor);
  copy.requiresGrad = tensor.requiresGrad;
  copy.grad = tensor.grad?.detach().clone() ?? null;
  return copy;
}

function copyOfLeaf(tensor: Tensor): Tensor {
  if (isLazy(tensor)) {
    const { dtype, device } = tensor, like = { dtype, device };
    return tensor instanceof Parameter
      ? new UninitializedParameter(like)
      : new UninitializedBuffer({ ...like, persistent: tensor.persistent });
  }
  const elements = tensor.detach().clone();
  if (tensor instanceof Parameter) return new Parameter(elements);
  return tensor instanceof Buffer ? new Buffer(elements, { persistent: tensor.persistent }) : elements;
}
