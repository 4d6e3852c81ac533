/**
 * What containers of modules take.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { described } from "../tensor/describe.ts";
import { Module } from "./module.ts";

/** Refuses what is no module, where one is to be put into `container`. */
export function requireModule(container: Module, value: unknown): asserts value is Module {
  if (value instanceof Module) return;
  const name = container.constructor.name;
  throw new ValueError(`Cannot put ${described(value)} into ${name}: it takes modules. ${remedyFor(value)}`);
}

function remedyFor(value: unknown): string {
  if (typeof value !== "function") return "Make one with new, as in new nn.Linear(2, 1)";
  return value.prototype instanceof Module
    ? `Make one of the class: new nn.${value.name}(…)`
    : "Take the module of that name, such as new nn.ReLU() for relu, or write a class with a forward() that calls it";
}
