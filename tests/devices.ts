/**
 * The devices that tests run on: the CPU, and WebGPU where there is an adapter, a software one included.
 * `TENSAUR_REQUIRE_WEBGPU=1` makes the absence of an adapter a failure.
 *
 * @module
 */

import { availableDevices, type DeviceName } from "../mod.ts";

/** Every device there is. */
export const devices: readonly DeviceName[] = availableDevices();

if (Deno.env.get("TENSAUR_REQUIRE_WEBGPU") === "1" && !devices.includes("webgpu")) {
  throw new Error("TENSAUR_REQUIRE_WEBGPU is set, and there is no WebGPU adapter");
}

if (import.meta.main) console.log(`Tested devices: ${devices.join(", ")}`);
