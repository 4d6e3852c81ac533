/**
 * Every operation of the table, in every case, forward and backward: what a device gives against what the interpreter says.
 *
 * @module
 */

import { AssertionError } from "@std/assert";
import type { DeviceName, DType } from "../../../mod.ts";
import { storeOf } from "../../../kernels/runtime/devices.ts";
import { devices } from "../../devices.ts";
import { operations } from "../../operations/mod.ts";
import type { Operation } from "../../operations/table.ts";
import { type Case, empty, many, plain, scalars, specials, views } from "./cases.ts";
import { compare } from "./compare.ts";
import { type Expected, type Outcome, reference, run } from "./record.ts";

const supports = (device: DeviceName, dtype: DType): boolean => storeOf(device).device.supports(dtype);

/** The cases of an operation. On WebGPU, where a kernel takes long to compile, those that differ in kernels from the others. */
function casesOf(operation: Operation, device: DeviceName): Case[] {
  const { pointwise, dtypes, sameKernels } = operation;
  const cases = [views(operation, 0)];
  if (device === "webgpu" && sameKernels !== undefined) return cases;
  const some = dtypes!.filter((dtype) => supports(device, dtype)), none = empty(operation);
  cases.push(...some.map((dtype) => plain(operation, dtype)), ...specials(operation));
  if (none !== undefined) cases.push(none);
  if (device === "cpu" || !pointwise) cases.push(plain(operation));
  if (device === "webgpu") return cases;
  if (pointwise) cases.push(scalars(operation));
  return [...cases, views(operation, 1)];
}

/** Whether many rows are a case: of one operation on elements, since the kernels of all walk them alike. */
function hasMany({ name, pointwise }: Operation): boolean {
  return !pointwise || name === "lerp";
}

const known = new Map<string, Outcome<Expected>>();

/** What the interpreter says, once for all devices. */
function expected(operation: Operation, given: Case, device: DeviceName): Outcome<Expected> {
  // Float16 exists on WebGPU alone.
  const on = operation.perDevice !== undefined || given.name === "float16" ? device : "cpu";
  const key = `${operation.name}: ${given.name} ${on}`;
  let found = known.get(key);
  if (found === undefined) known.set(key, found = reference(operation, given, on));
  return found;
}

function check(operation: Operation, device: DeviceName): void {
  const wrong: string[] = [];
  const hold = (given: Case, against: Case): void => {
    const where = `${operation.name}, ${given.name}, on ${device}`;
    try {
      compare(run(operation, given, device), expected(operation, against, device), given, operation, where);
    } catch (error) {
      wrong.push(
        error instanceof AssertionError ? error.message : `${where}: ${error instanceof Error ? error.stack : error}`,
      );
    }
  };
  for (const given of casesOf(operation, device)) hold(given, given);
  const rows = hasMany(operation) ? many(operation) : undefined;
  if (rows !== undefined) hold(rows, plain(operation));
  if (wrong.length > 0) throw new AssertionError(wrong.join("\n"));
}

for (const device of devices) {
  for (const operation of operations) {
    Deno.test(`${operation.name} gives what the interpreter says on ${device}`, () => check(operation, device));
  }
}
