/**
 * What layers that learn their size from their first input have in common.
 *
 * @module
 */

import { type Shape, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import type { ChannelNorm } from "./channel_norm.ts";
import type { Convolution } from "./conv.ts";
import type { TransposedConvolution } from "./conv_transpose.ts";
import type { BiasOptions, LayerOptions } from "./linear.ts";
import type { Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";
import { isLazy, UninitializedBuffer, UninitializedParameter } from "./uninitialized.ts";

/** A field that is set once more, when the size of the input is known. */
export type Late<M> = { -readonly [K in keyof M]: M[K] };

/** What a lazy layer becomes. */
export type Settled<M extends Module> = abstract new (...args: never[]) => M;

interface Weighted extends Module {
  weight: Parameter;
  bias: Parameter | null;
  resetParameters(): void;
}

/** Gives a layer parameters without a shape. */
export function postpone(layer: Weighted, { bias = true, ...options }: BiasOptions): void {
  const like = only(options);
  layer.weight = new UninitializedParameter(like);
  layer.bias = bias ? new UninitializedParameter(like) : null;
}

function only({ dtype, device }: LayerOptions): LayerOptions {
  return { ...(dtype && { dtype }), ...(device && { device }) };
}

/** Makes the layer one of `become`, as PyTorch does; draws its parameters, unless they were loaded. */
export function settle<M extends Weighted>(layer: M, become: Settled<Module>, weight: Shape, bias: number): void {
  const late: Parameter = layer.weight, drawn = !isLazy(late);
  if (isLazy(late)) late.materialize(weight);
  if (layer.bias !== null && isLazy(layer.bias)) layer.bias.materialize([bias]);
  Object.setPrototypeOf(layer, become.prototype);
  if (!drawn) layer.resetParameters();
}

type AnyConvolution = Convolution | TransposedConvolution;

/** The number of channels of a convolution's first input. */
function channelsOf(layer: AnyConvolution, input: Tensor): number {
  const axes = layer.kernelSize.length, { groups } = layer, name = layer.constructor.name;
  if (input.ndim !== axes + 1 && input.ndim !== axes + 2) {
    throw new ShapeError(
      `Cannot apply ${name} to shape [${input.shape.join(", ")}]: expected ${axes + 1} or, with a batch, ${
        axes + 2
      } axes`,
    );
  }
  const channels = input.shape.at(-1 - axes)!;
  if (channels % groups !== 0) throw new ValueError(`Cannot divide ${channels} channels into ${groups} groups`);
  return channels;
}

/** Makes a lazy convolution one of `become`. */
export function settleConvolution<M extends AnyConvolution>(
  layer: M,
  become: Settled<M>,
  input: Tensor,
  shapeOf: (channels: number) => Shape,
): void {
  const channels = channelsOf(layer, input);
  (layer as Late<AnyConvolution>).inChannels = channels;
  settle(layer, become, shapeOf(channels), layer.outChannels);
}

/** Gives a normalisation parameters and statistics without a shape. */
export function postponeNorm(norm: ChannelNorm, options: LayerOptions): void {
  const like = only(options);
  if (norm.weight !== null) norm.weight = new UninitializedParameter(like);
  if (norm.bias !== null) norm.bias = new UninitializedParameter(like);
  if (norm.runningMean !== null) norm.runningMean = new UninitializedBuffer(like);
  if (norm.runningVar !== null) norm.runningVar = new UninitializedBuffer(like);
}

/** Makes a lazy normalisation one of `become`. */
export function settleNorm<M extends ChannelNorm>(norm: M, become: Settled<M>, channels: number): void {
  (norm as Late<ChannelNorm>).numFeatures = channels;
  const { weight, bias, runningMean, runningVar } = norm;
  const late = [weight, bias, runningMean, runningVar].filter((tensor) => tensor !== null && isLazy(tensor));
  for (const tensor of late) tensor.materialize([channels]);
  Object.setPrototypeOf(norm, become.prototype);
  if (late.length > 0) norm.resetParameters();
}
