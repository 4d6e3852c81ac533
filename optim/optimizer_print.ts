/**
 * Optimizers as PyTorch prints them.
 *
 * @module
 */

import { pythonValue } from "../tensor/python_format.ts";
import type { Optimizer, OptimizerOptions } from "./optimizer.ts";
import { renamed, savedName } from "./saved_names.ts";

/** PyTorch's `repr(optimizer)`: the class, and the options of each group, sorted. */
export function optimizerText({ constructor, paramGroups }: Optimizer<OptimizerOptions>): string {
  const groups = paramGroups.map(({ params: _, ...options }, i) => {
    const entries = Object.entries(renamed<unknown>(options, savedName)).sort(([a], [b]) => a < b ? -1 : 1);
    return `Parameter Group ${i}\n${entries.map(([key, value]) => `    ${key}: ${text(value)}\n`).join("")}`;
  });
  return `${constructor.name} (\n${groups.join("\n")})`;
}

/** `"{}".format(value)` of an option. */
function text(value: unknown): string {
  return typeof value === "string" ? value : pythonValue(value);
}
