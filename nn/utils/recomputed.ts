/**
 * Fields of modules that are computed before each `forward`.
 *
 * @module
 */

import { type Tensor, ValueError } from "../../tensor/mod.ts";
import { scriptName } from "../../tensor/python_format.ts";
import { Callable } from "../callable.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** A hook that sets a field of a module before its `forward`. */
export abstract class Recomputed extends Callable {
  /** The field. */
  readonly field: string;

  /** Sets a field. */
  constructor(field: string) {
    super();
    this.field = field;
  }

  /** What the field becomes. */
  abstract compute(module: Module, training: boolean): Tensor;

  /** Sets the field. */
  override call(module: Module): void {
    Reflect.set(module, this.field, this.compute(module, module.training));
  }

  /** Makes `module` set the field from now on. */
  attach(module: Module): void {
    Module.hooksOf(module).before.add(this as unknown as (module: Module) => void);
  }

  /** Undoes `attach`. */
  detach(module: Module): void {
    Module.hooksOf(module).before.delete(this as unknown as (module: Module) => void);
  }
}

/** The hook of a kind that sets a field of a module. */
export function recomputing<H extends Recomputed>(
  module: Module,
  // deno-lint-ignore no-explicit-any -- a constructor takes whatever its class takes
  kind: abstract new (...args: any[]) => H,
  field: string,
): H | undefined {
  for (const hook of Module.hooksOf(module).before as ReadonlySet<unknown>) {
    if (hook instanceof kind && hook.field === field) return hook;
  }
  return undefined;
}

/** The name of a field, given in JavaScript's spelling or in Python's. */
export function fieldOf(module: Module, name: string): string {
  return Object.hasOwn(module, name) ? name : scriptName(name);
}

/** The parameter that is a field of a module. */
export function parameterOf(operation: string, module: Module, field: string): Parameter {
  const value: unknown = Reflect.get(module, field);
  if (value instanceof Parameter) return value;
  throw new ValueError(
    `Cannot ${operation} "${field}" of ${module.constructor.name}: it has no parameter of that name`,
  );
}

/** A field that belongs to a hook. */
export function tensorOf(module: Module, field: string): Tensor {
  return Reflect.get(module, field) as Tensor;
}

/** Takes fields out of a module. */
export function dropFields(module: Module, ...fields: readonly string[]): void {
  for (const field of fields) Reflect.deleteProperty(module, field);
}
