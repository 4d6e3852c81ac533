/**
 * What tests of the tensor layer share: comparing tensors with numbers from PyTorch, and running on every device.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { defaultDevice, setDefaultDevice, type Tensor } from "../../mod.ts";
import { devices } from "../devices.ts";

/** Numbers, truth values and lists of them. */
export type Nested = number | boolean | readonly Nested[];

/** Checks shape and elements; numbers may differ by `tolerance`, relatively. */
export function assertTensor(actual: Tensor, expected: Nested, tolerance = 0): void {
  const found = actual.tolist() as Nested;
  if (!close(found, expected, tolerance)) assertEquals(found, expected);
}

function close(a: Nested, b: Nested, tolerance: number): boolean {
  if (typeof a === "object" && typeof b === "object") {
    return a.length === b.length && a.every((x, i) => close(x, b[i]!, tolerance));
  }
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
}

/** The gradient of a tensor that has one. */
export function gradOf(x: Tensor): Tensor {
  assert(x.grad !== null, "the tensor has no gradient");
  return x.grad;
}

/** A test on each device, which is the default one while it runs. */
export function testOnDevices(name: string, body: () => void): void {
  for (const device of devices) {
    Deno.test(`${name} (${device})`, () => {
      const before = defaultDevice();
      setDefaultDevice(device);
      try {
        body();
      } finally {
        setDefaultDevice(before);
      }
    });
  }
}
