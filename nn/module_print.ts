/**
 * Modules as PyTorch prints them.
 *
 * @module
 */

import type { Module } from "./module.ts";

/** PyTorch's `repr(module)`: the class, its options, and its children one to a line. */
export function moduleText(module: Module): string {
  const options = module.extraRepr();
  const children = module.moduleFields().map(([name, child]) => `(${name}): ${indented(moduleText(child))}`);
  const name = module.constructor.name;
  if (children.length === 0 && !options.includes("\n")) return `${name}(${options})`;
  const lines = [...(options === "" ? [] : options.split("\n")), ...children];
  return `${name}(\n  ${lines.join("\n  ")}\n)`;
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
