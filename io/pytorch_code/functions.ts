/**
 * Operations that are told of by name, as calls of PyTorch's functions.
 *
 * @module
 */

import { argumentsOf, Code, source } from "./python.ts";

/** Operations that Python writes as operators. */
export const operators: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  matmul: "@",
  pow: "**",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  bitwiseAnd: "&",
  bitwiseOr: "|",
};

/** An operand of an operator. */
export function operand(value: unknown): string {
  const text = source(value);
  return /^[\w.[\]]+$|^-?[\d.e-]+$/.test(text) ? text : `(${text})`;
}

/**
 * Writes a call from its arguments: tensors, and an object of what else there is to know. `device` tells where new tensors go. Undefined
 * where PyTorch has no function that does this.
 */
export type FunctionSource = (inputs: readonly unknown[], device: () => string) => string | undefined;

type Attributes = Readonly<Record<string, unknown>>;
interface Window {
  readonly size: unknown;
  readonly stride: unknown;
  readonly dilation: unknown;
}

function call(name: string, ...args: readonly unknown[]): string {
  return `${name}(${argumentsOf(args).join(", ")})`;
}

/** The tensors among the arguments, without those that are left out at the end. */
function tensorsOf(inputs: readonly unknown[]): unknown[] {
  const tensors = inputs.slice(0, -1);
  return tensors.slice(0, tensors.findLastIndex((x) => x !== undefined) + 1);
}

function attributesOf(inputs: readonly unknown[]): Attributes {
  return inputs.at(-1) as Attributes;
}

/** A list whose items are all alike is one number. */
function each(list: readonly unknown[]): unknown {
  return list.every((item) => source(item) === source(list[0])) ? list[0] : list;
}

/** Options without those that are the defaults. */
function options(given: Attributes, defaults: Attributes): Attributes {
  const entries = Object.entries(given);
  return Object.fromEntries(entries.filter(([name, value]) => source(value) !== source(defaults[name])));
}

/** An elementwise operation of as many operands: an operator, or a function under PyTorch's name. */
function elementwise(name: string, count: number): FunctionSource {
  return (inputs) => {
    const operands = tensorsOf(inputs);
    return operands.length === count ? call(name, ...operands) : undefined;
  };
}

function operator(symbol: string): FunctionSource {
  return (inputs) => {
    const [a, b, ...more] = tensorsOf(inputs);
    return b === undefined || more.length > 0 ? undefined : `${operand(a)} ${symbol} ${operand(b)}`;
  };
}

/** A sum or difference, of which the second operand may have a factor. */
function scaled(name: string, symbol: string): FunctionSource {
  return (inputs, device) => {
    const [a, b, alpha] = tensorsOf(inputs);
    return alpha === undefined ? operator(symbol)(inputs, device) : call(`torch.${name}`, a, b, { alpha });
  };
}

/** The operation at the root of an elementwise formula. */
function rootOf(inputs: readonly unknown[]): unknown {
  return (attributesOf(inputs).formula as unknown[]).at(0);
}

function convolution(inputs: readonly unknown[]): string {
  const { strides, dilations, groups, borders } = attributesOf(inputs) as Record<string, unknown[]>,
    n = strides!.length;
  const [x, ...rest] = tensorsOf(inputs), amounts = borders as [unknown, unknown][];
  const even = amounts.every(([before, after]) => source(before) === source(after));
  const padding = even ? each(amounts.map(([before]) => before)) : 0;
  const padded = even ? source(x) : call("F.pad", x, amounts.toReversed().flat());
  const given = { stride: each(strides!), padding, dilation: each(dilations!), groups };
  const args = argumentsOf([...rest, options(given, { stride: 1, padding: 0, dilation: 1, groups: 1 })]);
  return `F.conv${n}d(${[padded, ...args].join(", ")})`;
}

function transposedConvolution(inputs: readonly unknown[]): string {
  const { strides, dilations, groups, pads, extras } = attributesOf(inputs) as Record<string, unknown[]>;
  const given = {
    stride: each(strides!),
    padding: each(pads!),
    outputPadding: each(extras!),
    groups,
    dilation: each(dilations!),
  };
  const defaults = { stride: 1, padding: 0, outputPadding: 0, groups: 1, dilation: 1 };
  return call(`F.conv_transpose${strides!.length}d`, ...tensorsOf(inputs), options(given, defaults));
}

function pooling(inputs: readonly unknown[], name: string, more: (given: Attributes) => Attributes): string {
  const given = attributesOf(inputs), windows = given.windows as Window[];
  const size = each(windows.map((w) => w.size)), stride = each(windows.map((w) => w.stride));
  const all = { stride, padding: each(given.padding as unknown[]), ceilMode: given.borders !== null, ...more(given) };
  const defaults = {
    stride: size,
    padding: 0,
    ceilMode: false,
    dilation: 1,
    countIncludePad: true,
    divisorOverride: null,
  };
  return call(`F.${name}${windows.length}d`, inputs[0], size, options(all, defaults));
}

/** `F.dropout` and its kin; what drops in training follows the module's mode, what drops in evaluation always drops. */
function dropout(name: string): FunctionSource {
  return (inputs) => {
    const { p, training } = attributesOf(inputs);
    return `F.${name}(${source(inputs[0])}, ${source(p)}, training=${training ? "self.training" : "True"})`;
  };
}

/** A tensor of one number. */
const filled: FunctionSource = ([shape, value, options], device) => {
  const { dtype } = options as { dtype: string }, name = value === 0 ? "zeros" : value === 1 ? "ones" : "full";
  const args = name === "full" ? [source(shape), source(value)] : [source(shape)];
  if (dtype !== "float32" || name === "full") args.push(`dtype=${source(dtype)}`);
  return `torch.${name}(${[...args, `device=${device()}`].join(", ")})`;
};

const range: FunctionSource = ([start, end, step, options], device) => {
  const { dtype } = options as { dtype: string };
  const args = step !== 1 ? [start, end, step] : start !== 0 ? [start, end] : [end];
  const type = dtype === "int32" ? [] : [`dtype=${source(dtype)}`];
  return `torch.arange(${[...args.map(source), ...type, `device=${device()}`].join(", ")})`;
};

const literalTensor: FunctionSource = ([data, options], device) => {
  const { dtype } = (options ?? {}) as { dtype?: string };
  return `torch.tensor(${source(data)}${dtype === undefined ? "" : `, dtype=${source(dtype)}`}, device=${device()})`;
};

const unary =
  ("abs acos asin atan ceil cos cosh erf erfc exp exp2 expm1 floor frac isfinite isinf isnan log log10 log1p log2 neg reciprocal " +
    "rsqrt sigmoid sign sin sinh sqrt square tan tanh trunc").split(" ");
const binary = ["atan2", "fmod", "maximum", "minimum", "remainder", "logaddexp"];
const activations = "relu relu6 selu silu mish hardsigmoid hardswish softsign tanhshrink".split(" ");

/** By the names under which operations are told. */
export const functions: Readonly<Record<string, FunctionSource>> = {
  ...Object.fromEntries(unary.map((name) => [name, elementwise(`torch.${name}`, 1)])),
  ...Object.fromEntries(binary.map((name) => [name, elementwise(`torch.${name}`, 2)])),
  ...Object.fromEntries(activations.map((name) => [name, elementwise(`F.${name}`, 1)])),
  ...Object.fromEntries(
    ["mul", "matmul", "eq", "ne", "lt", "le", "gt", "ge"].map((name) => [name, operator(operators[name]!)]),
  ),
  add: scaled("add", "+"),
  sub: scaled("sub", "-"),
  div: (inputs, device) => rootOf(inputs) === "div" ? operator("/")(inputs, device) : undefined,
  pow: (inputs, device) => inputs.length === 2 ? `${operand(inputs[0])} ** 3` : operator("**")(inputs, device),
  clamp: (inputs) => {
    const [x, low, high] = tensorsOf(inputs), root = rootOf(inputs);
    if (high !== undefined) return call("torch.clamp", x, low, high);
    return root === "max" || root === "min"
      ? call("torch.clamp", x, { [root === "max" ? "min" : "max"]: low })
      : undefined;
  },
  elu: elementwise("F.elu", 2),
  celu: elementwise("F.celu", 2),
  leakyRelu: elementwise("F.leaky_relu", 2),
  hardtanh: elementwise("F.hardtanh", 3),
  softplus: elementwise("F.softplus", 3),
  softshrink: elementwise("F.softshrink", 2),
  hardshrink: elementwise("F.hardshrink", 2),
  threshold: elementwise("F.threshold", 3),
  where: elementwise("torch.where", 3),
  lerp: elementwise("torch.lerp", 3),
  gelu: (inputs) => {
    const smooth = (attributesOf(inputs).formula as unknown[]).includes("tanh");
    return call("F.gelu", inputs[0], smooth ? { approximate: "tanh" } : {});
  },
  view: (inputs) => `${operand(inputs[0])}.reshape(${argumentsOf(attributesOf(inputs).shape as unknown[]).join(", ")})`,
  expand: (inputs) =>
    `${operand(inputs[0])}.expand(${argumentsOf(attributesOf(inputs).shape as unknown[]).join(", ")})`,
  repeat: (inputs) =>
    `${operand(inputs[0])}.repeat(${argumentsOf(attributesOf(inputs).repeats as unknown[]).join(", ")})`,
  triangle: (inputs) => {
    const { upper, diagonal } = attributesOf(inputs);
    return call(upper ? "torch.triu" : "torch.tril", inputs[0], options({ diagonal }, { diagonal: 0 }));
  },
  toCopy: (inputs) => `${operand(inputs[0])}.to(${source(attributesOf(inputs).dtype)})`,
  clone: (inputs) => `${operand(inputs[0])}.clone()`,
  cat: (inputs) => call("torch.cat", tensorsOf(inputs), { dim: attributesOf(inputs).axis }),
  stack: (inputs) => call("torch.stack", tensorsOf(inputs), { dim: attributesOf(inputs).axis }),
  einsum: (inputs) => call("torch.einsum", attributesOf(inputs).equation, ...tensorsOf(inputs)),
  linear: (inputs) => call("F.linear", ...tensorsOf(inputs)),
  conv: convolution,
  convTranspose: transposedConvolution,
  maxPool: (inputs) =>
    pooling(inputs, "max_pool", ({ windows }) => ({ dilation: each((windows as Window[]).map((w) => w.dilation)) })),
  avgPool: (inputs) =>
    pooling(inputs, "avg_pool", ({ countIncludePad, divisorOverride }) => ({ countIncludePad, divisorOverride })),
  adaptiveAvgPool: (inputs) => {
    const sizes = attributesOf(inputs).sizes as unknown[];
    return call(`F.adaptive_avg_pool${sizes.length}d`, inputs[0], each(sizes));
  },
  softmax: (inputs) => call("F.softmax", inputs[0], { dim: (attributesOf(inputs).axes as unknown[])[0] ?? 0 }),
  logSoftmax: (inputs) => call("F.log_softmax", inputs[0], { dim: (attributesOf(inputs).axes as unknown[])[0] ?? 0 }),
  mean: (inputs) =>
    call(`${operand(inputs[0])}.mean`, { dim: attributesOf(inputs).axes, keepdim: attributesOf(inputs).keepdim }),
  layerNorm: (inputs) => {
    const [x, weight, bias] = inputs, { dimensions, eps } = attributesOf(inputs);
    return call("F.layer_norm", x, codeOfLast(x, dimensions), options({ weight, bias, eps }, { eps: 1e-5 }));
  },
  embedding: (inputs) => {
    const [weight, index] = inputs, { paddingIdx, maxNorm, normType, scaleGradByFreq } = attributesOf(inputs);
    const given = { paddingIdx, maxNorm, normType, scaleGradByFreq },
      defaults = { normType: 2, scaleGradByFreq: false };
    return call("F.embedding", index, weight, options(given, defaults));
  },
  pad: (inputs) => call("F.pad", inputs[0], attributesOf(inputs).pad, { mode: attributesOf(inputs).mode }),
  constantPadNd: (inputs) => {
    const { pad, value } = attributesOf(inputs);
    return pad === undefined ? undefined : call("F.pad", inputs[0], pad, options({ value }, { value: 0 }));
  },
  interpolate: (inputs) => {
    const { mode, antialias, alignCorners, scales, shape } = attributesOf(inputs),
      linear = /linear|cubic/.test(String(mode));
    const extents = scales === undefined ? { size: (shape as unknown[]).slice(2) } : { scaleFactor: scales };
    const given = { ...extents, mode, alignCorners: linear ? alignCorners : undefined, antialias };
    return call("F.interpolate", inputs[0], options(given, { antialias: false, mode: "nearest" }));
  },
  normalize: (inputs) => {
    const { p, dim, eps } = attributesOf(inputs);
    return call("F.normalize", inputs[0], options({ p, dim, eps }, { p: 2, dim: 1, eps: 1e-12 }));
  },
  oneHot: (inputs) => call("F.one_hot", inputs[0], attributesOf(inputs).numClasses),
  scaledDotProductAttention: (inputs) => {
    const { dropoutP, isCausal, scale } = attributesOf(inputs);
    const given = options({ dropoutP, isCausal, scale }, { dropoutP: 0, isCausal: false });
    return call("F.scaled_dot_product_attention", ...tensorsOf(inputs), given);
  },
  dropout: dropout("dropout"),
  dropout1d: dropout("dropout1d"),
  dropout2d: dropout("dropout2d"),
  dropout3d: dropout("dropout3d"),
  full: filled,
  arange: range,
  tensor: literalTensor,
};

/** The last extents of a tensor. */
function codeOfLast(x: unknown, count: unknown): unknown {
  return new Code(() => `${operand(x)}.shape[-${source(count)}:]`);
}
