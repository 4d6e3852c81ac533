/**
 * Modules: what has parameters, how they start, and what makes a network of them.
 *
 * All of PyTorch's `torch.nn` but what is about several processes (`SyncBatchNorm`, `DataParallel`), quantisation and sparse tensors.
 *
 * ```ts
 * import { manualSeed, randn, type Tensor } from "@tensaur/tensaur";
 * import { Linear, Module } from "@tensaur/tensaur/nn";
 *
 * class Net extends Module {
 *   hidden = new Linear(4, 8);
 *   out = new Linear(8, 3);
 *
 *   override forward(x: Tensor): Tensor {
 *     return this.out(this.hidden(x).relu());
 *   }
 * }
 *
 * manualSeed(0);
 * const net = new Net();
 * console.log(net(randn([2, 4])).shape); // torch.Size([2, 3])
 * console.log([...net.namedParameters()].map(([name]) => name).join(" "));
 * // hidden.weight hidden.bias out.weight out.bias
 * ```
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
  Hardsigmoid,
  Hardswish,
  LogSigmoid,
  Mish,
  Sigmoid,
  SiLU,
  Softplus,
  type SoftplusOptions,
  Softsign,
  Tanh,
} from "./activation.ts";
export * as attention from "./attention/mod.ts";
export type { BackwardHook, BackwardPreHook, Gradients } from "./backward_hook.ts";
export {
  type AdaptiveAvgPool,
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  type AdaptiveMaxPool,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
} from "./adaptive_pool.ts";
export * from "./adaptive_softmax.ts";
export {
  type AvgPool,
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  type AvgPoolOptions,
  type LPPool,
  LPPool1d,
  LPPool2d,
  LPPool3d,
  type LPPoolOptions,
} from "./avg_pool.ts";
export { type BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch_norm.ts";
export {
  CircularPad1d,
  CircularPad2d,
  CircularPad3d,
  ReflectionPad1d,
  ReflectionPad2d,
  ReflectionPad3d,
  ReplicationPad1d,
  ReplicationPad2d,
  ReplicationPad3d,
} from "./border_padding.ts";
export * from "./buffer.ts";
export type { Callable } from "./callable.ts";
export type { BatchNormOptions, ChannelNorm } from "./channel_norm.ts";
export * from "./class_loss.ts";
export type { Container } from "./container.ts";
export { Conv1d, Conv2d, Conv3d, type Convolution, type ConvOptions, type Extents } from "./conv.ts";
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
  type ConvTransposeSize,
  type TransposedConvolution,
} from "./conv_transpose.ts";
export * from "./ctc_loss.ts";
export * from "./deepcopy.ts";
export * from "./distance.ts";
export * from "./distance_loss.ts";
export {
  AlphaDropout,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  type DropoutBase,
  type DropoutOptions,
  FeatureAlphaDropout,
} from "./dropout.ts";
export * from "./elu.ts";
export * from "./embedding.ts";
export * from "./embedding_bag.ts";
export * from "./flatten.ts";
export { type Blocks, Fold, Unfold } from "./fold.ts";
export {
  type FractionalMaxPool,
  FractionalMaxPool2d,
  FractionalMaxPool3d,
  type FractionalMaxPoolOptions,
} from "./fractional_pool.ts";
export * from "./global_hooks.ts";
export * as init from "./init.ts";
export type { InplaceActivation, InplaceOptions } from "./inplace_activation.ts";
export { type InstanceNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance_norm.ts";
export * from "./lazy_conv.ts";
export * from "./lazy_conv_transpose.ts";
export * from "./lazy_linear.ts";
export * from "./lazy_norm.ts";
export * from "./likelihood_loss.ts";
export { type BiasOptions, Bilinear, Identity, type LayerOptions, Linear } from "./linear.ts";
export * from "./local_response_norm.ts";
export type { Loss, WeightedLoss } from "./loss.ts";
export * from "./margin_loss.ts";
export {
  type IndexOptions,
  type MaxPool,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  type MaxPoolOptions,
  type Pooled,
} from "./max_pool.ts";
export {
  type MaxUnpool,
  MaxUnpool1d,
  MaxUnpool2d,
  MaxUnpool3d,
  type MaxUnpoolOptions,
  type OutputSizeOptions,
} from "./max_unpool.ts";
export type { LoadOptions } from "./load_state.ts";
export { Module } from "./module.ts";
export type { ToOptions } from "./module_convert.ts";
export * from "./module_dict.ts";
export type { ForwardHook, ForwardHookOptions, HookOptions, InputsOf, ModuleHooks, PreHook } from "./module_hooks.ts";
export * from "./module_list.ts";
export type { LoadResult, StateDict, StateDictOptions } from "./module_state.ts";
export type { ModuleTree, NamedModulesOptions, NamedOptions } from "./module_tree.ts";
export {
  MultiheadAttention,
  type MultiheadAttentionCallOptions,
  type MultiheadAttentionOptions,
} from "./multihead_attention.ts";
export {
  GroupNorm,
  type GroupNormOptions,
  LayerNorm,
  type LayerNormOptions,
  RMSNorm,
  type RMSNormOptions,
} from "./norm.ts";
export * from "./parameter.ts";
export * from "./parameter_dict.ts";
export * from "./parameter_list.ts";
export {
  type ConstantPad,
  ConstantPad1d,
  ConstantPad2d,
  ConstantPad3d,
  type Padding,
  ZeroPad1d,
  ZeroPad2d,
  ZeroPad3d,
} from "./padding.ts";
export { GRU, LSTM, type LSTMState, RNN, type RNNOptions } from "./recurrent.ts";
export { type LSTMOptions, type RecurrentOptions, RNNBase } from "./recurrent_base.ts";
export { GRUCell, LSTMCell, RNNCell, RNNCellBase, type RNNCellOptions } from "./recurrent_cell.ts";
export * from "./relu.ts";
export { type Layer, type LayerList, Sequential } from "./sequential.ts";
export { Hardshrink, type Shrink, type ShrinkOptions, Softshrink, Tanhshrink } from "./shrink.ts";
export { type AlongAxis, LogSoftmax, Softmax, Softmax2d, type SoftmaxModuleOptions, Softmin } from "./softmax.ts";
export type { LoadPostHook, LoadPreHook, LoadReport, StatePostHook, StatePreHook } from "./state_hooks.ts";
export { type LayerSummary, ModelSummary, type ModelSummaryTotals, summary, type SummaryOptions } from "./summary.ts";
export {
  type DecoderLayer,
  type Encoder,
  type EncoderLayer,
  type EncoderMasks,
  type StackOptions,
  Transformer,
  TransformerDecoder,
  TransformerEncoder,
  type TransformerMasks,
  type TransformerOptions,
  type TransformerStack,
} from "./transformer.ts";
export {
  type DecoderMasks,
  type EncoderLayerMasks,
  type MaskArguments,
  type TransformerActivation,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayer,
  type TransformerLayerOptions,
} from "./transformer_layer.ts";
export * from "./uninitialized.ts";
export * from "./vision.ts";
export * as utils from "./utils/mod.ts";
export type { PackedSequence } from "./utils/packed_sequence.ts";
