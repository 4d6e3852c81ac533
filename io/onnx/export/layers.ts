/**
 * Linear maps, convolutions, normalizations, softmax and look-ups as operators of ONNX.
 *
 * @module
 */

import { isFloat } from "../../../kernels/mod.ts";
import { TensorType } from "../model.ts";
import { constantOf } from "./extents.ts";
import { rankOf, type Value } from "./graph.ts";
import { asBatch, node, type Rule, trimmed } from "./step.ts";
import { elementTypes, type Name, type Writer } from "./writer.ts";

const linear: Rule = ({ inputs: [x, weight, bias] }) => {
  if (rankOf(weight!) !== 2) return undefined;
  if (rankOf(x!) === 2) return node("Gemm", [x, weight, bias], { transB: { i: 1 } });
  return {
    inputs: [x, weight, bias],
    write([x, weight, bias], w) {
      const product = w.op("MatMul", [x!, w.op("Transpose", [weight!], { perm: { ints: [1, 0] } })]);
      return bias === "" ? product : w.op("Add", [product, bias!]);
    },
  };
};

interface ConvolutionAttributes {
  readonly unbatched: boolean;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

function convolution({ strides, dilations, groups }: ConvolutionAttributes, pads: readonly number[]) {
  return {
    strides: { ints: strides },
    dilations: { ints: dilations },
    group: { i: groups },
    pads: { ints: pads },
  };
}

const conv: Rule = ({ inputs, attributes }) => {
  const given = attributes as unknown as ConvolutionAttributes & { borders: readonly (readonly [number, number])[] };
  const pads = [...given.borders.map(([before]) => before), ...given.borders.map(([, after]) => after)];
  return asBatch(given.unbatched, node("Conv", inputs, convolution(given, pads)));
};

const convTranspose: Rule = ({ inputs, attributes }) => {
  const given = attributes as unknown as ConvolutionAttributes & { pads: readonly number[]; extras: readonly number[] };
  const options = { ...convolution(given, [...given.pads, ...given.pads]), output_padding: { ints: given.extras } };
  return asBatch(given.unbatched, node("ConvTranspose", inputs, options));
};

/** `name`, or where it is left out a list of as many ones or zeros as `like` has elements along `axis`. */
function orFilled(name: Name | undefined, value: number, like: Value, axes: readonly number[], w: Writer): Name {
  if (name !== undefined && name !== "") return name;
  const extents = axes.map((axis) => constantOf(like.extents[axis]!)!);
  const filling = w.number(value, like.dtype);
  return w.op("Expand", [filling, w.integers(extents)]);
}

/** A normalization of [N, C, …] by numbers for each channel. */
function perChannel(
  opType: string,
  options: (attributes: Readonly<Record<string, unknown>>) => Record<string, { i: number }>,
  since = 18,
): Rule {
  return ({ inputs, attributes }, value, { opset }) => {
    const [x] = inputs;
    if (opset < since || constantOf(x!.extents[1]!) === undefined || value.dtype === "float64") return undefined;
    return {
      inputs,
      write([name, weight, bias, ...moments], w) {
        const scale = orFilled(weight, 1, x!, [1], w), shift = orFilled(bias, 0, x!, [1], w);
        return w.op(opType, [name!, scale, shift, ...moments], {
          epsilon: { f: attributes.eps as number },
          ...options(attributes),
        });
      },
    };
  };
}

const layerNorm: Rule = ({ inputs: [x, weight, bias], attributes }, value) => {
  const dimensions = attributes.dimensions as number, axes = [...x!.extents.keys()].slice(-dimensions);
  if (axes.some((axis) => constantOf(x!.extents[axis]!) === undefined) || value.dtype === "float64") return undefined;
  return {
    inputs: [x, weight, bias],
    write: ([name, weight, bias], w) =>
      w.op("LayerNormalization", trimmed([name!, orFilled(weight, 1, x!, axes, w), bias!]), {
        axis: { i: -dimensions },
        epsilon: { f: attributes.eps as number },
      }),
  };
};

const localResponseNorm: Rule = ({ inputs: [x], attributes }) => {
  const { size, alpha, beta, k } = attributes as Record<string, number>;
  // Where the window has no middle, the two put it differently; and runtimes take images only.
  if (size! % 2 === 0 || rankOf(x!) !== 4) return undefined;
  return node("LRN", [x], { size: { i: size! }, alpha: { f: alpha! }, beta: { f: beta! }, bias: { f: k! } });
};

/** Softmax and its kin, along one axis. */
function along(opType: string): Rule {
  return ({ inputs: [x], attributes }) => {
    const [axis] = attributes.axes as readonly number[];
    return axis === undefined ? undefined : node(opType, [x], { axis: { i: axis } });
  };
}

function isScaledProduct({ operations, operands }: Value): boolean {
  return operations.at(-1)?.name === "mul" && operands.some(({ attributes }) => attributes[0]!.op === "contract");
}

const safeSoftmax: Rule = ({ inputs: [x], attributes }, value) => {
  const [axis] = attributes.axes as readonly number[];
  // Scores that no mask was laid over have no row of nothing but -Infinity.
  if (isScaledProduct(x!)) return node("Softmax", [x], { axis: { i: axis! } });
  return {
    inputs: [x],
    write([x], w) {
      const weights = w.op("Softmax", [x!], { axis: { i: axis! } });
      return w.op("Where", [w.op("IsNaN", [weights]), w.number(0, value.dtype), weights]);
    },
  };
};

const mean: Rule = ({ inputs: [x], attributes }) => {
  const axes = attributes.axes as readonly number[];
  if (axes.length === 0) return undefined;
  return {
    inputs: [x],
    write: ([x], w) => w.op("ReduceMean", [x!, w.integers(axes)], { keepdims: { i: attributes.keepdim ? 1 : 0 } }),
  };
};

/** Where along an axis an extreme is first. */
function position(opType: string): Rule {
  return ({ inputs: [x], attributes }) => ({
    inputs: [x],
    write: ([x], w) =>
      w.op("Cast", [w.op(opType, [x!], { axis: { i: attributes.axis as number }, keepdims: { i: 1 } })], {
        to: { i: elementTypes.int32 },
      }),
  });
}

const topk: Rule = ({ inputs: [x], outputs, attributes }) => {
  const { axis, k, largest } = attributes as { axis: number; k: number; largest: boolean };
  if (rankOf(x!) === 0) return undefined;
  return {
    inputs: [x],
    outputs,
    write([x], w) {
      const options = { axis: { i: axis }, largest: { i: largest ? 1 : 0 } };
      const [values, indices] = w.ops("TopK", [x!, w.integers([k])], options, 2);
      return [values!, w.op("Cast", [indices!], { to: { i: elementTypes.int32 } })];
    },
  };
};

const triangle: Rule = ({ inputs: [x], attributes }, value) => {
  const { upper, diagonal } = attributes as { upper: boolean; diagonal: number };
  if (!isFloat(value.dtype) && value.dtype !== "bool") return undefined;
  return {
    inputs: [x],
    write: ([x], w) => {
      const offset = w.initializer("diagonal", BigInt64Array.of(BigInt(diagonal)), [], TensorType.INT64);
      return w.op("Trilu", [x!, offset], { upper: { i: upper ? 1 : 0 } });
    },
  };
};

const repeat: Rule = ({ inputs: [x], attributes }) => {
  const repeats = attributes.repeats as readonly number[];
  if (repeats.length !== rankOf(x!)) return undefined;
  return { inputs: [x], write: ([x], w) => w.op("Tile", [x!, w.integers(repeats)]) };
};

/** Rules by the operation's name. */
export const layers: Readonly<Record<string, Rule>> = {
  linear,
  conv,
  convTranspose,
  batchNorm: perChannel("BatchNormalization", () => ({})),
  instanceNorm: perChannel("InstanceNormalization", () => ({})),
  groupNorm: perChannel("GroupNormalization", ({ groups }) => ({ num_groups: { i: groups as number } }), 21),
  layerNorm,
  localResponseNorm,
  softmax: along("Softmax"),
  logSoftmax: along("LogSoftmax"),
  safeSoftmax,
  mean,
  argmax: position("ArgMax"),
  argmin: position("ArgMin"),
  topk,
  triangle,
  repeat,
  embedding: ({ inputs }) => node("Gather", inputs, { axis: { i: 0 } }),
  indexSelect: ({ inputs, attributes }) => node("Gather", inputs, { axis: { i: attributes.axis as number } }),
  cat: ({ inputs, attributes }) => node("Concat", inputs, { axis: { i: attributes.axis as number } }),
};
