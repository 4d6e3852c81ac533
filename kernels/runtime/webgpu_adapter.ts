/**
 * What a WebGPU adapter is asked for, and what is learnt of it.
 *
 * @module
 */

import type { Target } from "../lower/wgsl/mod.ts";

/** Limits that are small unless asked for. */
const limits = [
  "maxStorageBuffersPerShaderStage",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupStorageSize",
] as const;

/** A device, its adapter's description, and what kernels are compiled for. */
export interface OpenedAdapter {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  readonly target: Target;
}

/** Opens the preferred adapter; undefined where the machine offers none. `timestamps`: with kernels' own times, where it has them. */
export async function openAdapter(
  powerPreference: GPUPowerPreference,
  timestamps: boolean,
): Promise<OpenedAdapter | undefined> {
  try {
    const adapter = await globalThis.navigator?.gpu?.requestAdapter({ powerPreference });
    if (adapter == null) return undefined;
    const { info } = adapter, software = isSoftware(info);
    const features: GPUFeatureName[] = timestamps ? ["shader-f16", "timestamp-query"] : ["shader-f16"];
    const wanted = {
      requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
      requiredFeatures: features.filter((name) => adapter.features.has(name)),
    };
    const { device, subgroup } = software
      ? await openWithSubgroups(adapter, wanted)
      : { device: await adapter.requestDevice(wanted), subgroup: undefined };
    return { device, info, target: { software, subgroup } };
  } catch {
    return undefined;
  }
}

/** Whether an adapter is a program on the processor, not a graphics processor. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter !== false || /llvmpipe|lavapipe|swiftshader|basic render/i.test(info.description);
}

/** A shader whose invocations read each other's values. */
const SHARING = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(8) fn main(@builtin(local_invocation_index) i: u32) { x[i] = subgroupBroadcast(x[i], 1u); }`;

/**
 * A device, and how many invocations its subgroups have, if all have so many and read each other's values. Deno grants that feature
 * without listing it, and compiles it without the directive that browsers ask for.
 */
async function openWithSubgroups(
  adapter: GPUAdapter,
  wanted: GPUDeviceDescriptor,
): Promise<{ readonly device: GPUDevice; readonly subgroup: number | undefined }> {
  const { subgroupMinSize: size, subgroupMaxSize } = adapter.info;
  const requiredFeatures: GPUFeatureName[] = [...wanted.requiredFeatures!, "subgroups"];
  const device = await adapter.requestDevice({ ...wanted, requiredFeatures }).catch(() => undefined);
  if (device === undefined) return { device: await adapter.requestDevice(wanted), subgroup: undefined };
  device.pushErrorScope("validation");
  device.createShaderModule({ code: SHARING });
  const compiles = await device.popErrorScope() === null;
  return { device, subgroup: compiles && size > 1 && size === subgroupMaxSize ? size : undefined };
}
