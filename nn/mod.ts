/**
 * Modules: what has parameters, how they start, and what makes a network of them.
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export {
  GELU,
  type GELUOptions,
  GLU,
  type GLUOptions,
  Hardshrink,
  Hardsigmoid,
  Hardswish,
  LogSigmoid,
  Mish,
  type Shrink,
  type ShrinkOptions,
  Sigmoid,
  SiLU,
  Softplus,
  type SoftplusOptions,
  Softshrink,
  Softsign,
  Tanh,
  Tanhshrink,
} from "./activation.ts";
export type { BackwardHook, Gradients } from "./backward_hook.ts";
export { type BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from "./batch_norm.ts";
export type { Callable } from "./callable.ts";
export * from "./class_loss.ts";
export type { Container } from "./container.ts";
export { Conv1d, Conv2d, Conv3d, type Convolution, type ConvOptions, type Extents } from "./conv.ts";
export * from "./distance_loss.ts";
export * from "./dropout.ts";
export * from "./embedding.ts";
export * from "./flatten.ts";
export * as init from "./init.ts";
export type { InplaceActivation, InplaceOptions } from "./inplace_activation.ts";
export * from "./likelihood_loss.ts";
export { type BiasOptions, Bilinear, Identity, type LayerOptions, Linear } from "./linear.ts";
export { type ForwardHook, Module, type NamedOptions, type PreHook } from "./module.ts";
export type { ToOptions } from "./module_convert.ts";
export * from "./module_dict.ts";
export * from "./module_list.ts";
export type { LoadResult, StateDict } from "./module_state.ts";
export {
  GroupNorm,
  type GroupNormOptions,
  LayerNorm,
  type LayerNormOptions,
  RMSNorm,
  type RMSNormOptions,
} from "./norm.ts";
export * from "./parameter.ts";
export * from "./parameter_list.ts";
export { AvgPool2d, type AvgPoolOptions, type MaxPool, MaxPool1d, MaxPool2d, type MaxPoolOptions } from "./pool.ts";
export { GRU, LSTM, type LSTMOptions, type RecurrentOptions, RNN, type RNNBase, type RNNOptions } from "./recurrent.ts";
export { GRUCell, LSTMCell, RNNCell, type RNNCellBase, type RNNCellOptions } from "./recurrent_cell.ts";
export * from "./relu.ts";
export { type Layer, type LayerList, Sequential } from "./sequential.ts";
export { type AlongAxis, LogSoftmax, Softmax, type SoftmaxModuleOptions, Softmin } from "./softmax.ts";
export * as utils from "./utils.ts";
