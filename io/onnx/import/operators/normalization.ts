/**
 * Normalisation.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import type { Tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";
import { positive, ranked } from "../shapes.ts";

/** The running averages are what the file has; the batch's own count only where the file is one for training, and is trained. */
function batchNorm(call: OperatorCall): Result {
  call.only("spatial", 1);
  const [x, weight, bias, runningMean, runningVar] = [0, 1, 2, 3, 4].map((i) => call.tensor(i)) as [
    Tensor,
    ...Tensor[],
  ];
  const training = call.int("training_mode", 0) === 1 && call.run.training;
  const options = { eps: call.float("epsilon", 1e-5), momentum: 1 - call.float("momentum", 0.9), training };
  const result = F.batchNorm(x, {
    weight: weight!,
    bias: bias!,
    runningMean: runningMean!,
    runningVar: runningVar!,
    ...options,
  });
  return [result, runningMean, runningVar];
}

/** The mean and 1 / standard deviation along the last axes. */
function momentsOf(x: Tensor, axes: number[], eps: number): { mean: Tensor; inverse: Tensor } {
  const mean = F.mean(x, axes, { keepdim: true });
  return { mean, inverse: F.mean(x.sub(mean).square(), axes, { keepdim: true }).add(eps).rsqrt() };
}

/** The axes from one on. */
function lastAxes(call: OperatorCall, x: Tensor): number[] {
  const first = call.axis(call.int("axis", -1), x.ndim);
  return [...x.shape.keys()].slice(first);
}

/** A scale or bias as long as what is normalised; one that only broadcasts to it is stretched. */
const fitting = (x: Tensor | undefined, shape: readonly number[]): Tensor | null =>
  x === undefined ? null : x.shape.join() === shape.join() ? x : x.expand(shape);

function layerNorm(call: OperatorCall): Result {
  const x = call.tensor(0), axes = lastAxes(call, x), shape = axes.map((axis) => x.shape[axis]!);
  return normalizedLayer(call, x, axes, fitting(call.tensor(1), shape), fitting(call.maybe(2), shape));
}

function normalizedLayer(
  call: OperatorCall,
  x: Tensor,
  axes: number[],
  weight: Tensor | null,
  bias: Tensor | null,
): Result {
  const eps = call.float("epsilon", 1e-5), shape = axes.map((axis) => x.shape[axis]!);
  const result = F.layerNorm(x, shape, weight, bias, { eps });
  if (!call.wants(1) && !call.wants(2)) return [result];
  const { mean, inverse } = momentsOf(x, axes, eps);
  return [result, mean, inverse];
}

function rmsNorm(call: OperatorCall): Tensor {
  const x = call.tensor(0), shape = lastAxes(call, x).map((axis) => x.shape[axis]!);
  const options = { eps: call.float("epsilon", 1e-5) };
  return F.rmsNorm(x, shape, fitting(call.tensor(1), shape), options);
}

/** Before version 21 there is a scale and a bias for each group, since then for each channel. */
function groupNorm(call: OperatorCall): Tensor {
  const x = ranked(call, 0, 2, "least"), groups = positive(call, "num_groups"), channels = x.shape[1]!;
  const perChannel = (w: Tensor) => w.shape[0] === channels ? w : w.repeatInterleave(channels / groups);
  return F.groupNorm(x, groups, perChannel(call.tensor(1)), perChannel(call.tensor(2)), {
    eps: call.float("epsilon", 1e-5),
  });
}

/** Of an even number of channels, ONNX takes the one more after, and PyTorch before. */
function localResponse(call: OperatorCall): Tensor {
  const size = call.int("size"),
    alpha = call.float("alpha", 1e-4),
    beta = call.float("beta", 0.75),
    k = call.float("bias", 1);
  const turned = (x: Tensor) => size % 2 === 0 ? F.flip(x, 1) : x;
  return turned(F.localResponseNorm(turned(call.tensor(0)), size, { alpha, beta, k }));
}

function meanVariance(call: OperatorCall): Tensor {
  const x = call.tensor(0),
    axes = [...call.ints("axes") ?? [0, 2, 3]],
    centered = x.sub(F.mean(x, axes, { keepdim: true }));
  return centered.div(F.mean(centered.square(), axes, { keepdim: true }).sqrt().add(1e-9));
}

function lpNorm(call: OperatorCall): Tensor {
  const x = call.tensor(0), axis = call.int("axis", -1), first = call.int("p", 2) === 1;
  const norm = first ? F.sum(x.abs(), axis, { keepdim: true }) : F.sum(x.square(), axis, { keepdim: true }).sqrt();
  return x.div(norm);
}

/** The sum of inputs that are there. */
const sumOf = (parts: readonly (Tensor | undefined)[]): Tensor =>
  parts.filter((part) => part !== undefined).reduce((a, b) => a.add(b));

/** The norm of x + skip + bias; the sum is an output as well. */
function skipLayerNorm(call: OperatorCall): Result {
  const x = sumOf([call.tensor(0), call.tensor(1), call.maybe(4)]), axes = [x.ndim - 1];
  const [result, mean, inverse] = normalizedLayer(call, x, axes, call.tensor(2), call.maybe(3) ?? null) as Tensor[];
  return [result, mean, inverse, x];
}

function skipRmsNorm(call: OperatorCall): Result {
  const x = sumOf([call.tensor(0), call.tensor(1), call.maybe(3)]), weight = call.tensor(2);
  return [F.rmsNorm(x, weight.shape, weight, { eps: call.float("epsilon", 1e-5) }), undefined, undefined, x];
}

/** BERT's embeddings: of words, positions and segments, normalised. */
function embedLayerNorm(call: OperatorCall): Result {
  const ids = ranked(call, 0, 2), places = call.maybe(8), length = ids.shape[1]!;
  const words = F.embedding(ids, call.tensor(2));
  const positions = places === undefined ? call.tensor(3).narrow(0, 0, length) : F.embedding(places, call.tensor(3));
  const segments = call.has(1) ? F.embedding(call.tensor(1), call.tensor(4)) : undefined;
  const sum = sumOf([words, positions, segments]), weight = call.tensor(5);
  const result = F.layerNorm(sum, weight.shape, weight, call.tensor(6), { eps: call.float("epsilon", 1e-12) });
  const count = call.has(7) ? call.tensor(7).sum(1) : ids.mul(0).sum(1);
  return [result, count.to("int32"), sum];
}

/** Operators of ai.onnx by name. */
export const normalization: Operators = {
  BatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  InstanceNormalization: (call) =>
    F.instanceNorm(call.tensor(0), { weight: call.tensor(1), bias: call.tensor(2), eps: call.float("epsilon", 1e-5) }),
  LRN: localResponse,
  LayerNormalization: layerNorm,
  LpNormalization: lpNorm,
  MeanVarianceNormalization: meanVariance,
  RMSNormalization: rmsNorm,
  SimplifiedLayerNormalization: rmsNorm,
};

/** Operators of com.microsoft by name. */
export const microsoftNormalization: Operators = {
  EmbedLayerNormalization: embedLayerNorm,
  LayerNormalization: layerNorm,
  SimplifiedLayerNormalization: rmsNorm,
  SkipLayerNormalization: skipLayerNorm,
  SkipSimplifiedLayerNormalization: skipRmsNorm,
};
