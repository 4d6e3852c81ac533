/**
 * The devices of this process and the choice among them.
 *
 * WebGPU adapters come by promise, so the adapter is asked for once, while this module loads; everything after is synchronous.
 *
 * @module
 */

import { DeviceError, DTypeError } from "../errors.ts";
import { environment } from "../host.ts";
import { type DType, DTYPES } from "../ir/dtype.ts";
import { createCpuDevice } from "./cpu.ts";
import type { DeviceName, DeviceStats } from "./device.ts";
import { Store } from "./store.ts";
import { createWebGpuDevice } from "./webgpu.ts";

const NAMES: readonly DeviceName[] = ["cpu", "webgpu"];

const stores = new Map<DeviceName, Store>();
const wish = requestedDevice();
const webgpu = wish === "cpu" ? undefined : await createWebGpuDevice();
if (webgpu !== undefined) stores.set("webgpu", new Store(webgpu.device));
let preferred: DeviceName = wish === "webgpu" || (webgpu !== undefined && !webgpu.software) ? "webgpu" : "cpu";

function requestedDevice(): DeviceName | undefined {
  const value = environment("TENSAUR_DEVICE");
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
  if (dtype !== undefined && !DTYPES.includes(dtype)) {
    throw new DTypeError(
      `Cannot create a tensor of dtype "${dtype}": the dtypes are ${DTYPES.join(", ")}. For PyTorch's int64 take int32`,
    );
  }
  if (dtype !== undefined && !device.supports(dtype)) {
    throw new DTypeError(
      `Cannot create a ${dtype} tensor on device "${name}": it has no such type. ` +
        (dtype === "float64" ? 'Use float32, or device "cpu"' : "Use float32"),
    );
  }
}

/** Whether a device has a dtype; throws where there is no such device. */
export function hasDtype(name: DeviceName, dtype: DType): boolean {
  requireDevice(name);
  return storeOf(name).device.supports(dtype);
}

/**
 * The devices that this machine offers.
 *
 * @example
 * ```ts
 * import { availableDevices } from "@tensaur/tensaur";
 *
 * console.log(availableDevices().includes("cpu")); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/tensor_attributes.html#torch.device}
 */
export function availableDevices(): DeviceName[] {
  return NAMES.filter((name) => name === "cpu" || stores.has(name));
}

/**
 * Where new tensors are made: WebGPU on a hardware adapter, else the CPU, unless chosen otherwise.
 *
 * @example
 * ```ts
 * import { defaultDevice, ones } from "@tensaur/tensaur";
 *
 * console.log(ones([1]).device === defaultDevice()); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.get_default_device.html}
 */
export function defaultDevice(): DeviceName {
  return preferred;
}

/**
 * Makes new tensors on this device from now on.
 *
 * @example
 * ```ts
 * import { ones, setDefaultDevice } from "@tensaur/tensaur";
 *
 * setDefaultDevice("cpu");
 * console.log(ones([1]).device); // cpu
 * ```
 *
 * @throws {DeviceError} for a device that is not there
 * @see {@link https://pytorch.org/docs/stable/generated/torch.set_default_device.html}
 */
export function setDefaultDevice(name: DeviceName): void {
  requireDevice(name);
  preferred = name;
}

/**
 * What a device is, for people: the name of the graphics processor, or the number of threads.
 *
 * PyTorch: [torch.cuda.get_device_name](https://docs.pytorch.org/docs/stable/generated/torch.cuda.get_device_name.html).
 *
 * @example
 * ```ts
 * import { describeDevice } from "@tensaur/tensaur";
 *
 * console.log(describeDevice("cpu")); // such as "WebAssembly SIMD, 8 threads"
 * ```
 *
 * @throws {DeviceError} where this machine has no such device
 */
export function describeDevice(name: DeviceName): string {
  return storeOf(name).device.description;
}

/**
 * Counters of a device: bytes in use, kernels compiled and launched.
 *
 * @example
 * ```ts
 * import { deviceStats } from "@tensaur/tensaur";
 *
 * console.log(deviceStats("cpu").launched >= 0); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/torch_cuda_memory.html}
 */
export function deviceStats(name: DeviceName): Readonly<DeviceStats> {
  return { ...storeOf(name).device.stats };
}
