/**
 * All of the tensor layer but the methods, for the layers above it.
 *
 * @module
 */

export type { DeviceName, DeviceStats, DType, Shape, TypedArray } from "../kernels/mod.ts";
export {
  AutogradError,
  availableDevices,
  defaultDevice,
  defaultDevice as getDefaultDevice,
  describeDevice,
  DeviceError,
  deviceStats,
  DTypeError,
  flush,
  IndexError,
  isFloat,
  setDefaultDevice,
  ShapeError,
  synchronize,
  TensaurError,
  ValueError,
} from "../kernels/mod.ts";
export type { BackwardOptions } from "./autograd.ts";
export { clone } from "./conversion.ts";
export {
  empty,
  emptyLike,
  emptyStrided,
  eye,
  full,
  fullLike,
  ones,
  onesLike,
  scalarTensor,
  zeros,
  zerosLike,
} from "./constant.ts";
export {
  type ArrayData,
  asarray,
  type AsarrayOptions,
  asTensor,
  type CreationOptions,
  type NestedArray,
  tensor,
  type TensorData,
  type TensorOptions,
} from "./creation.ts";
export { defaultGenerator, Generator, getRngState, initialSeed, manualSeed, seed, setRngState } from "./generator.ts";
export { finfo, type FloatInfo, iinfo, type IntegerInfo } from "./dtype_info.ts";
export { enableGrad, type GradModeGuard, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from "./grad_mode.ts";
export { explain, type ExplainOptions } from "./explain.ts";
export type { Edge, GradFn, GradHook } from "./grad_fn.ts";
export { type Index, type IndexList, Slice, slice } from "./indexing.ts";
export type { HookHandle } from "./hooks.ts";
export { type KernelProfile, Profile, profile } from "./profile.ts";
export { formatTensor, type PrintOptions, setPrintoptions, tensorText } from "./print.ts";
export {
  canCast,
  getDefaultDtype,
  type Operand,
  promoteTypes,
  resultType,
  type Scalar,
  setDefaultDtype,
} from "./promotion.ts";
export {
  bernoulli,
  type DrawOptions,
  multinomial,
  normal,
  type NormalOptions,
  rand,
  randint,
  randn,
  type RandomArguments,
  type RandomOptions,
  randperm,
} from "./random.ts";
export { randintLike, randLike, randnLike } from "./random_like.ts";
export { binomial, poisson } from "./random_counts.ts";
export {
  arange,
  linspace,
  logspace,
  type RangeOptions,
  type TriangleOptions,
  trilIndices,
  triuIndices,
} from "./ranges.ts";
export type { Size } from "./size.ts";
export { Tensor } from "./tensor.ts";
export {
  bartlettWindow,
  blackmanWindow,
  hammingWindow,
  type HammingWindowOptions,
  hannWindow,
  kaiserWindow,
  type KaiserWindowOptions,
  type WindowFunctionOptions,
} from "./windows.ts";
