/**
 * What modules that hold others under given names have in common.
 *
 * @module
 */

import { Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";

/** The names given so far, in order; a symbol, as any string may be a name. */
const NAMES: unique symbol = Symbol("names");

/**
 * Base of `Sequential`, `ModuleList`, `ModuleDict` and `ParameterDict`: modules or parameters under names that are not field names of a
 * class. They are saved as they are, in the order in which they were added.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const container: nn.Container = new nn.Sequential(new nn.ReLU());
 * container.addModule("last", new nn.Tanh());
 * console.log(container.namedChildren().map(([name]) => name)); // [ "0", "last" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html}
 */
export abstract class Container extends Module {
  private readonly [NAMES] = new Set<string>();

  /** These names are names already. */
  protected override keyOf(field: string): string {
    return field;
  }

  /** Names that look like numbers would come first among an object's own, whenever they were added. */
  protected override fieldNames(): string[] {
    return [...new Set([...this[NAMES], ...super.fieldNames()])];
  }

  /** Adds a module under a name. */
  override registerModule(name: string, module: Module | null): void {
    super.registerModule(name, module);
    this[NAMES].add(name);
  }

  /** Adds a parameter under a name. */
  override registerParameter(name: string, parameter: Parameter | null): void {
    super.registerParameter(name, parameter);
    this[NAMES].add(name);
  }

  /** Takes what has this name out. */
  protected unregister(name: string): void {
    Reflect.deleteProperty(this, name);
    this[NAMES].delete(name);
  }
}
