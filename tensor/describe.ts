/**
 * Values that were given where others belong, in the words of error messages.
 *
 * @module
 */

import { Tensor } from "./tensor.ts";

/** The most characters of a value that a message repeats. */
const LONGEST = 32;

/** What a value is, with a short excerpt: `the array [1, 0]`, `the number 3`, `undefined`, `a function`. */
export function described(value: unknown): string {
  if (value instanceof Tensor) return "a tensor";
  if (Array.isArray(value)) return describedList(value);
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "function":
      return describedFunction(value);
    case "object":
      return value === null ? "null" : describedObject(value);
    case "string":
      return `the string ${excerpt(JSON.stringify(value))}`;
    default:
      return `the ${typeof value} ${excerpt(String(value))}`;
  }
}

function describedList(list: readonly unknown[]): string {
  if (list.length > 0 && list.every((x) => x instanceof Tensor)) {
    return list.length === 1 ? "a list of 1 tensor" : `a list of ${list.length} tensors`;
  }
  return `the array ${excerpt(listText(list))}`;
}

function describedFunction(value: { readonly name: string }): string {
  const name = className(value);
  // Modules are functions too.
  if (!name.endsWith("Function")) return withArticle(name);
  return value.name === "" ? "a function" : `the function ${value.name}`;
}

function describedObject(value: object): string {
  const name = className(value);
  if (name === "Tensor") return "a tensor of another copy of this library";
  if (name !== "Object") return withArticle(name);
  const keys = Object.keys(value);
  return keys.length === 0 ? "an empty object" : `the object ${excerpt(`{ ${keys.join(", ")} }`)}`;
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

function className(value: object): string {
  return value.constructor?.name || "Object";
}

/** A list as its user wrote it, numbers and what else is short. */
function listText(list: readonly unknown[]): string {
  const parts: string[] = [];
  let length = 0;
  for (const x of list) {
    const part = elementText(x);
    if (length > LONGEST) break;
    parts.push(part);
    length += part.length + 2;
  }
  return `[${parts.join(", ")}]`;
}

function elementText(x: unknown): string {
  if (Array.isArray(x)) return listText(x);
  if (typeof x === "string") return JSON.stringify(x);
  return typeof x === "object" || typeof x === "function" ? described(x) : String(x);
}

function excerpt(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 2)}…${text.at(-1)}` : text;
}

/** How to make a tensor of a value that is none, or where to look for the tensor that was meant. */
export function remedyFor(value: unknown): string {
  if (value === undefined) return "An argument is missing, or what was passed has no value";
  if (value === null) return "Has it been computed yet? A gradient, say, is null until backward()";
  if (Array.isArray(value)) return remedyForList(value);
  switch (typeof value) {
    case "number":
    case "boolean":
      return `Use tensor(${value})`;
    case "bigint":
      return `Use tensor(${Number(value)})`;
    case "function":
      return "Call it, and pass what it returns";
    case "string":
      return remedyForText(value);
    default:
      return remedyForObject(value as object);
  }
}

function remedyForText(text: string): string {
  const number = text.trim() === "" ? NaN : Number(text);
  return Number.isNaN(number) ? "Make one of numbers, as in tensor([1, 2])" : `Use tensor(${number})`;
}

function remedyForList(list: readonly unknown[]): string {
  if (list.some((x) => x instanceof Tensor)) return "Pass one of its tensors, or join them with cat() or stack()";
  const numbers = list.length > 0 && list.flat(Infinity).every((x) => typeof x === "number" || typeof x === "boolean");
  return numbers ? `Use tensor(${excerpt(listText(list))})` : "Make one of numbers, as in tensor([1, 2])";
}

function remedyForObject(value: object): string {
  if (value instanceof Promise) return "Await it";
  if (ArrayBuffer.isView(value)) return "Use tensor() of it";
  return className(value) === "Tensor"
    ? "Import the whole library from one place, in one version"
    : "Make one of numbers, as in tensor([1, 2])";
}
