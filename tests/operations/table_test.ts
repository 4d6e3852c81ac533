/**
 * The table of operations holds every operation.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { functional, linalg, masked, special, Tensor } from "../../mod.ts";
import { exceptions } from "./exceptions.ts";
import { operations } from "./mod.ts";

/** The functions and methods that the table names. */
const held = new Set(operations.map(({ name }) => name.split(" ")[0]!));

/** The functions of a module by name, with what each is. */
function functionsOf(module: object, prefix = ""): Map<string, unknown> {
  const found = Object.entries(module).filter(([, value]) => typeof value === "function");
  return new Map(found.map(([name, value]) => [prefix + name, value]));
}

const functions = new Map([
  ...functionsOf(functional),
  ...functionsOf(linalg, "linalg."),
  ...functionsOf(masked, "masked."),
  ...functionsOf(special, "special."),
]);
/** What the functions that the table names are, under whatever name. */
const tested = new Set<unknown>([...held].map((name) => functions.get(name)).filter((value) => value !== undefined));
const methods = Object.getOwnPropertyNames(Tensor.prototype);

Deno.test("every function and method is an operation of the table or an exception with a reason", () => {
  const known = (name: string) => held.has(name) || name in exceptions || tested.has(functions.get(name));
  const missing = [...functions.keys(), ...methods].filter((name) => !known(name));
  assertEquals(missing, [], "add a line to tests/operations/, or a reason to tests/operations/exceptions.ts");
});

Deno.test("no line of the table and no exception is of something that is gone", () => {
  const there = new Set([...functions.keys(), ...methods]);
  const uses = operations.filter(({ name }) => !/^[a-z]+(-[a-z]+)+$/.test(name)).map(({ name }) => name.split(" ")[0]!);
  assertEquals([...uses, ...Object.keys(exceptions)].filter((name) => !there.has(name)), []);
});

Deno.test("operations have names of their own", () => {
  const names = operations.map(({ name }) => name);
  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
});
