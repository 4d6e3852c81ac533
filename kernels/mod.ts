/**
 * The only door to the compiler and the devices: builders of the lazy graph, running and reading it, choosing devices.
 *
 * @module
 */

export * from "./errors.ts";
export {
  allocate,
  bounds,
  type DType,
  isFloat,
  isInteger,
  itemSize,
  roundTo,
  type TypedArray,
  viewBytes,
} from "./ir/dtype.ts";
export type { BinaryOp, Expr, UnaryOp } from "./ir/expr.ts";
export * as expr from "./ir/expr.ts";
export { derivative } from "./ir/derivative.ts";
export type { ReduceOp } from "./ir/kernel.ts";
export { type Attributes, type CheckMessage, Node, numel, sameShape, type Shape } from "./ir/node.ts";
export * from "./ir/build.ts";
export { randomBits } from "./ir/random.ts";
export {
  expand,
  type IndexMap,
  pad,
  permute,
  type Range,
  reshape,
  slice,
  unslice,
  unwindow,
  view,
  window,
  windowCount,
  type Windows,
} from "./ir/views.ts";
export { hold, recording } from "./ir/pending.ts";
export { hasFusedMultiplyAdd } from "./lower/wasm/features.ts";
export type { DeviceName, DeviceStats } from "./runtime/device.ts";
export {
  donate,
  flush,
  hostData,
  read,
  readAsync,
  realize,
  release,
  synchronize,
  verifyPending,
} from "./runtime/engine.ts";
export { drawWords } from "./runtime/mersenne_twister.ts";
export {
  availableDevices,
  defaultDevice,
  describeDevice,
  deviceStats,
  hasDtype,
  requireDevice,
  setDefaultDevice,
} from "./runtime/devices.ts";
export { capture, placeholder, type Watch } from "./inspect/capture.ts";
export { explain, explained, type ExplainedKernel, type ExplainedNode, type Explanation } from "./inspect/explain.ts";
export { type AxisWalk, type Movement, movementOf, type Shown } from "./inspect/movement.ts";
export { type LaunchProfile, profile } from "./inspect/profile.ts";
export { trace } from "./inspect/trace.ts";
