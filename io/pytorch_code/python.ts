/**
 * Values and names as Python source.
 *
 * @module
 */

import { type DType, type Tensor, ValueError } from "../../tensor/mod.ts";
import { pythonFloat, pythonName } from "../../tensor/python_format.ts";

/** What each dtype is in PyTorch: 32-bit integers stand for its 64-bit ones here. */
export const torchDtype: Readonly<Record<DType, string>> = {
  float64: "torch.float64",
  float32: "torch.float32",
  float16: "torch.float16",
  int32: "torch.int64",
  uint32: "torch.int64",
  uint8: "torch.uint8",
  bool: "torch.bool",
};

const keywords = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield").split(" "),
);

const scriptNames = new Set(["F", "OrderedDict", "TensorFile", "nn", "self", "torch"]);

/** Whether an exported script means something else by a name. */
export function isScriptName(name: string): boolean {
  return scriptNames.has(name);
}

/** Whether a name can be one in Python, and is no word of the language. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.has(name);
}

/** A number, text, truth value, null, or a list of these, as Python writes it; lists become tuples. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value);
  if (!Array.isArray(value)) throw new ValueError(`Cannot write a ${typeof value} as Python: ${String(value)}`);
  const items = value.map(literal);
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return `float("${pythonFloat(value)}")`;
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : pythonFloat(value);
}

/** A text in quotes: JSON's escapes are Python's, too. */
export function text(value: string): string {
  return JSON.stringify(value);
}

/** Lines, indented by `levels`; empty ones stay empty. */
export function indented(source: string, levels = 1): string {
  return source.replaceAll(/^(?=.)/gm, "    ".repeat(levels));
}

/** A small tensor with its elements. */
export function tensorSource(x: Tensor): string {
  const written = (value: unknown): string =>
    Array.isArray(value) ? `[${value.map(written).join(", ")}]` : literal(value);
  return `torch.tensor(${written(x.tolist())}, dtype=${torchDtype[x.dtype]})`;
}

/** Python source in the place of a value. */
export class Code {
  /** The source is asked for only where it is written, and may then throw. */
  constructor(readonly write: () => string) {}
}

/** Whether a value is an object with names, as options are. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** As `literal`, of a value that has code in it; dtypes are PyTorch's, and objects become dictionaries. */
export function source(value: unknown): string {
  if (value instanceof Code) return value.write();
  if (typeof value === "string" && Object.hasOwn(torchDtype, value)) return torchDtype[value as DType];
  if (Array.isArray(value)) return value.length === 1 ? `(${source(value[0])},)` : `(${value.map(source).join(", ")})`;
  if (!isRecord(value)) return literal(value);
  return `{${Object.entries(value).map(([key, item]) => `${text(pythonName(key))}: ${source(item)}`).join(", ")}}`;
}

/** The arguments of a call; those of a trailing object are named, and what is left out at the end is left out. */
export function argumentsOf(values: readonly unknown[]): string[] {
  const given = values.slice(0, values.findLastIndex((value) => value !== undefined) + 1);
  return given.flatMap((value) => {
    if (!isRecord(value)) return source(value);
    const options = Object.entries(value).filter(([key, item]) => item !== undefined && key !== "device");
    return options.map(([key, item]) => `${pythonName(key)}=${source(item)}`);
  });
}
