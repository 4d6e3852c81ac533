/**
 * Parameters in a list.
 *
 * @module
 */

import { IndexError } from "../tensor/mod.ts";
import { Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";
import { isLazy } from "./uninitialized.ts";

/**
 * A list of parameters, which belong to the module that it is a field of. It has no `forward`. Saved names are the positions.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const list = new nn.ParameterList([new nn.Parameter(ones([2])), new nn.Parameter(ones([3]))]);
 * console.log(list.at(-1).shape, list.length); // torch.Size([3]) 2
 * ```
 *
 * @throws {IndexError} in `at`, for a position out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ParameterList.html}
 */
export class ParameterList extends Module implements Iterable<Parameter> {
  /** The parameter at a position. */
  [index: number]: Parameter;

  /** A list of `parameters`. */
  constructor(parameters: Iterable<Parameter> = []) {
    super();
    this.extend(parameters);
  }

  /** Number of parameters. */
  override get length(): number {
    return Object.keys(this).filter((name) => /^\d+$/.test(name)).length;
  }

  /** The parameters, in order. */
  *[Symbol.iterator](): Iterator<Parameter> {
    for (let i = 0; i < this.length; i++) yield this[i]!;
  }

  /** The parameter at a position; negative ones count from the end. */
  at(index: number): Parameter {
    const found = [...this].at(index);
    if (found === undefined) throw new IndexError(`Cannot take parameter ${index} of ${this.length}`);
    return found;
  }

  /** Adds a parameter at the end. */
  append(parameter: Parameter): this {
    this.registerParameter(String(this.length), parameter);
    return this;
  }

  /** Adds parameters at the end. */
  extend(parameters: Iterable<Parameter>): this {
    for (const parameter of [...parameters]) this.append(parameter);
    return this;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const lines = [...this].map((parameter, i) => {
      if (isLazy(parameter)) return `  (${i}): ${parameter}`;
      return `  (${i}): Parameter containing: [torch.${parameter.dtype} of size ${parameter.shape.join("x")}]`;
    });
    return lines.join("\n");
  }
}
