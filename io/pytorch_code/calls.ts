/**
 * Calls of operations as Python.
 *
 * @module
 */

import type { Call } from "../../tensor/calls.ts";
import { Slice } from "../../tensor/indexing.ts";
import { Tensor, ValueError } from "../../tensor/mod.ts";
import { pythonName } from "../../tensor/python_format.ts";
import { functions, operand, operators } from "./functions.ts";
import { argumentsOf, Code, isRecord, source } from "./python.ts";

/** Methods that take sizes one by one or in a list. */
const sized = new Set(["view", "reshape", "permute", "expand", "repeat", "tile", "flip", "broadcastTo"]);

/** Methods that read elements: what a `forward` does with them does not show. */
const reading = new Set(["item", "tolist", "data", "dataSync", "isNonzero", "equal", "allclose"]);

/** Whether an operation reads elements. */
export function isReading(name: string): boolean {
  return reading.has(name);
}

/** Whether an operation changes its tensor. */
export function isInPlace(name: string): boolean {
  return name === "setAt" || /[a-z0-9]_$/.test(name);
}

/** What stands between brackets for one index. */
function index(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(index).join(", ")}]`;
  if (!(value instanceof Slice)) return source(value);
  const end = (at: unknown) => at === null ? "" : source(at);
  return `${end(value.start)}:${end(value.stop)}${value.step === 1 ? "" : `:${source(value.step)}`}`;
}

function indices(values: readonly unknown[]): string {
  return values.map(index).join(", ");
}

/** The call of a method of `x`. */
function method(name: string, x: unknown, rest: readonly unknown[]): string {
  const self = operand(x), [first] = rest;
  if (name === "at") return `${self}[${indices(rest)}]`;
  if (name === "index") return `${self}[${indices(first as unknown[])}]`;
  if (name === "setAt") return `${self}[${indices(first as unknown[])}] = ${source(rest[1])}`;
  const symbol = operators[name], plain = rest.filter((value) => value !== undefined);
  if (symbol !== undefined && plain.length === 1 && !isRecord(first)) return `${self} ${symbol} ${operand(first)}`;
  if (name === "neg") return `-${self}`;
  if (name === "to") return converted(self, first);
  if (name === "int") return `${self}.long()`;
  const values = sized.has(name) && Array.isArray(first) && rest.length === 1 ? first : rest;
  return `${self}.${pythonName(name)}(${argumentsOf(values).join(", ")})`;
}

/** `x.to(…)` without the device, which the script chooses. */
function converted(self: string, target: unknown): string {
  const dtype = isRecord(target) ? target.dtype : target;
  if (dtype instanceof Code) return `${self}.to(${source(dtype)})`;
  const name = dtype === undefined ? "" : source(dtype);
  return name.startsWith("torch.") ? `${self}.to(${name})` : self;
}

/** A call as Python; `device` tells where new tensors go. */
export function callSource(
  { name, form }: Pick<Call, "name" | "form">,
  inputs: readonly unknown[],
  device: () => string,
): string {
  if (form === "method") return method(name, inputs[0], inputs.slice(1));
  if (form === "property") return `${operand(inputs[0])}.${name === "H" || name === "mH" ? "mT" : name}`;
  const written = Object.hasOwn(functions, name) ? functions[name]!(inputs, device) : undefined;
  if (written !== undefined) return written;
  const instead = name in Tensor.prototype ? `x.${name}(…)` : "a method of its tensor, such as x.at(0)";
  throw new ValueError(
    `Cannot export a forward() that calls the function ${name} like this: write it as ${instead}, or as a module`,
  );
}
