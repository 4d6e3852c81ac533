/**
 * The devices of this process and the choice among them.
 *
 * WebGPU adapters come by promise, so the adapter is asked for once, while this module loads; everything after is synchronous.
 *
 * @module
 */

import { DeviceError, DTypeError } from "../errors.ts";
import type { DType } from "../ir/dtype.ts";
import { createReferenceDevice as createCpuDevice } from "./reference.ts"; // until cpu.ts stands
import type { DeviceName, DeviceStats } from "./device.ts";
import { Store } from "./store.ts";
// until webgpu.ts stands
const createWebGpuDevice = () =>
  Promise.resolve(undefined as { device: import("./device.ts").Device; software: boolean } | undefined);

const NAMES: readonly DeviceName[] = ["cpu", "webgpu"];

const stores = new Map<DeviceName, Store>();
const wish = requestedDevice();
const webgpu = wish === "cpu" ? undefined : await createWebGpuDevice();
if (webgpu !== undefined) stores.set("webgpu", new Store(webgpu.device));
let preferred: DeviceName = wish === "webgpu" || (webgpu !== undefined && !webgpu.software) ? "webgpu" : "cpu";

/** TENSAUR_DEVICE, where reading it needs no prompt. */
function requestedDevice(): DeviceName | undefined {
  const deno = (globalThis as { Deno?: typeof Deno }).Deno;
  const name = "TENSAUR_DEVICE";
  const granted = deno?.permissions.querySync({ name: "env", variable: name }).state === "granted";
  const value = granted ? deno?.env.get(name) : undefined;
  if (value === undefined || value === "") return undefined;
  if (NAMES.includes(value as DeviceName)) return value as DeviceName;
  throw new DeviceError(`Cannot use TENSAUR_DEVICE=${value}: it must be "cpu" or "webgpu"`);
}

/** For the engine: the memory of a device. */
export function storeOf(name: DeviceName): Store {
  let store = stores.get(name);
  if (store === undefined) {
    if (name === "webgpu") throw absent();
    store = new Store(createCpuDevice());
    stores.set(name, store);
  }
  return store;
}

function absent(): DeviceError {
  return new DeviceError(
    wish === "cpu"
      ? 'Cannot use device "webgpu": TENSAUR_DEVICE=cpu switched it off'
      : 'Cannot use device "webgpu": this machine offers no WebGPU adapter. Install a Vulkan, Metal or DirectX 12 driver ' +
        '(for a software one on Debian: apt install mesa-vulkan-drivers), or use device "cpu"',
  );
}

/** Throws unless the device exists and can hold the dtype. */
export function requireDevice(name: DeviceName, dtype?: DType): void {
  if (!NAMES.includes(name)) {
    throw new DeviceError(`Cannot use device "${name}": the devices are "cpu" and "webgpu"`);
  }
  const { device } = storeOf(name);
  if (dtype !== undefined && !device.supports(dtype)) {
    throw new DTypeError(
      `Cannot create a ${dtype} tensor on device "${name}": it has no such type. ` +
        (dtype === "float64" ? 'Use float32, or device "cpu"' : "Use float32"),
    );
  }
}

/** The devices that this machine offers. */
export function availableDevices(): DeviceName[] {
  return NAMES.filter((name) => name === "cpu" || stores.has(name));
}

/** Where new tensors are made: WebGPU on a hardware adapter, else the CPU, unless chosen otherwise. */
export function defaultDevice(): DeviceName {
  return preferred;
}

/** Makes new tensors on this device from now on. */
export function setDefaultDevice(name: DeviceName): void {
  requireDevice(name);
  preferred = name;
}

/** What a device is, for people. */
export function describeDevice(name: DeviceName): string {
  return storeOf(name).device.description;
}

/** Counters of a device: bytes in use, kernels compiled and launched. */
export function deviceStats(name: DeviceName): Readonly<DeviceStats> {
  return { ...storeOf(name).device.stats };
}
