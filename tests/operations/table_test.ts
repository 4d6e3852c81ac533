/**
 * The table of operations holds every operation.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { functional, Tensor } from "../../mod.ts";
import { exceptions } from "./exceptions.ts";
import { operations } from "./mod.ts";

/** The functions and methods that the table names. */
const held = new Set(operations.map(({ name }) => name.split(" ")[0]!));

const functions = Object.entries(functional).filter(([, value]) => typeof value === "function").map(([name]) => name);
const methods = Object.getOwnPropertyNames(Tensor.prototype);

Deno.test("every function and method is an operation of the table or an exception with a reason", () => {
  const missing = [...functions, ...methods].filter((name) => !held.has(name) && !(name in exceptions));
  assertEquals(missing, [], "add a line to tests/operations/, or a reason to tests/operations/exceptions.ts");
});

Deno.test("no line of the table and no exception is of something that is gone", () => {
  const there = new Set([...functions, ...methods]);
  const uses = operations.filter(({ name }) => !/^[a-z]+(-[a-z]+)+$/.test(name)).map(({ name }) => name.split(" ")[0]!);
  assertEquals([...uses, ...Object.keys(exceptions)].filter((name) => !there.has(name)), []);
});

Deno.test("operations have names of their own", () => {
  const names = operations.map(({ name }) => name);
  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
});
