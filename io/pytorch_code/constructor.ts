/**
 * Modules as calls of PyTorch's constructors.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import * as nn from "../../nn/mod.ts";
import type { ParametrizationList } from "../../nn/utils/parametrization_list.ts";
import { Recomputed } from "../../nn/utils/recomputed.ts";
import { Tensor, ValueError } from "../../tensor/mod.ts";
import { pythonFloat, scriptName } from "../../tensor/python_format.ts";
import { indented, isIdentifier, literal, text, torchDtype } from "./python.ts";
import { signatures } from "./signatures.ts";

const containers = [
  "Sequential",
  "ModuleList",
  "ModuleDict",
  "ParameterList",
  "ParameterDict",
  "TransformerEncoder",
  "TransformerDecoder",
  "Transformer",
];

/** PyTorch's classes by ours. */
const classes = new Map<unknown, string>(
  [...signatures.keys(), ...containers].map((name) => [Reflect.get(nn, name), name]),
);

/** The class of PyTorch's that does what a module does: its own, or one that it inherits `forward` from; undefined where there is none. */
export function standardClass(module: nn.Module): string | undefined {
  for (let type = Object.getPrototypeOf(module); type !== null; type = Object.getPrototypeOf(type)) {
    const name = classes.get(type.constructor);
    if (name !== undefined) return module.forward === type.forward ? name : undefined;
  }
  return undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** Arguments that are no fields, by class; `*` is any. */
const computed: Readonly<Record<string, (module: Values) => unknown>> = {
  "PairwiseDistance.p": (m) => m.norm,
  "LayerNorm.bias": (m) => m.bias !== null || !m.elementwiseAffine,
  "RNNCell.bias": (m) => m.biasIh !== null,
  "LSTMCell.bias": (m) => m.biasIh !== null,
  "GRUCell.bias": (m) => m.biasIh !== null,
  "MultiheadAttention.bias": (m) => m.inProjBias !== null,
  "MultiheadAttention.add_bias_kv": (m) => m.biasK !== null,
  "MultiheadAttention.kdim": (m) => m.kdim === m.embedDim ? null : m.kdim,
  "MultiheadAttention.vdim": (m) => m.vdim === m.embedDim ? null : m.vdim,
  "AdaptiveLogSoftmaxWithLoss.cutoffs": (m) => (m.cutoffs as number[]).slice(0, -1),
  "*.bias": (m) => typeof m.bias === "boolean" ? m.bias : m.bias !== null,
  "*.stride": (m) => literal(m.stride) === literal(m.kernelSize) ? null : m.stride,
};

/** Arguments that stand for each dimension when they are one number. */
const perDimension = new Set(["kernel_size", "stride", "padding", "output_padding", "dilation", "output_size"]);

function valueOf(type: string, name: string, module: nn.Module): unknown {
  const layer = module as unknown as nn.TransformerLayer, values = module as unknown as Values;
  if (layer instanceof nn.TransformerEncoderLayer || layer instanceof nn.TransformerDecoderLayer) {
    return layerOptions(layer)[name];
  }
  const fallback = signatures.get(type)!.find((argument) => argument.name === name)!.fallback;
  const compute = computed[`${type}.${name}`] ??
    (name !== "stride" || fallback === "None" ? computed[`*.${name}`] : undefined);
  const value = compute === undefined ? values[scriptName(name)] : compute(values);
  if (!Array.isArray(value) || !value.every((item) => item === value[0] && typeof item === "number")) return value;
  const single = name === "normalized_shape" ? value.length === 1 : perDimension.has(name);
  return single && !(type === "Fold" && name === "output_size") ? value[0] : value;
}

function layerOptions(layer: nn.TransformerLayer): Record<string, unknown> {
  const { activation } = layer;
  if (activation !== F.relu && activation !== F.gelu) {
    throw new ValueError(
      `Cannot export ${layer.constructor.name}: its activation is a function of its own, which has no name in PyTorch. Use "relu" or "gelu"`,
    );
  }
  return {
    d_model: layer.linear1.inFeatures,
    nhead: layer.selfAttn.numHeads,
    dim_feedforward: layer.linear1.outFeatures,
    dropout: layer.dropout.p,
    activation: activation === F.relu ? "relu" : "gelu",
    layer_norm_eps: layer.norm1.eps,
    batch_first: layer.selfAttn.batchFirst,
    norm_first: layer.normFirst,
    bias: layer.linear1.bias !== null,
  };
}

/** A tensor of the same shape and dtype, as PyTorch makes it; its elements come with the weights. */
export function emptyLike(x: Tensor): string {
  const dtype = x.dtype === "float32" ? [] : [`dtype=${torchDtype[x.dtype]}`];
  return `torch.empty(${[x.ndim === 0 ? "()" : x.shape.join(", "), ...dtype].join(", ")})`;
}

/** A call with its arguments in one line or, where an argument has several, each in lines of its own. */
function callOf(name: string, args: readonly string[], open = "", close = ""): string {
  const line = `${name}(${open}${args.join(", ")}${close})`;
  if (!line.includes("\n") && (open === "" || line.length < 80) && line.length < 100) return line;
  return `${name}(${open}\n${indented(args.map((arg) => `${arg},`).join("\n"))}\n${close})`;
}

function leaf(type: string, module: nn.Module, tensor: (x: Tensor) => string): string {
  const args = signatures.get(type)!.flatMap(({ name, fallback }, i) => {
    const value = valueOf(type, name, module);
    // PyTorch prints numbers as they were given, and we print all but probabilities as floats.
    const float = typeof value === "number" && fallback?.includes(".") && name !== "p" && name !== "dropout";
    const source = value instanceof Tensor ? tensor(value) : float ? pythonFloat(value) : literal(value);
    if (source === fallback) return [];
    return i === 0 || fallback === undefined ? source : `${name}=${source}`;
  });
  return callOf(`nn.${type}`, args);
}

/** How modules that are no standard ones are made. */
export type OwnConstructor = (module: nn.Module) => string;

/** Copies of one layer: the call that makes it. */
function repeated(layers: nn.ModuleList, own: OwnConstructor): string {
  const calls = new Set([...layers].map((layer) => constructorOf(layer, own)));
  if (calls.size === 1) return [...calls][0]!;
  throw new ValueError("Cannot export a stack of transformer layers that differ: PyTorch's are copies of one layer");
}

function stack(type: string, module: nn.TransformerStack<nn.Module>, own: OwnConstructor): string {
  const args = [repeated(module.layers, own), `num_layers=${module.numLayers}`];
  if (module.norm !== null) args.push(`norm=${constructorOf(module.norm, own)}`);
  return callOf(`nn.${type}`, args);
}

function transformer(module: nn.Transformer, own: OwnConstructor): string {
  const { encoder, decoder } = module;
  if (!(encoder instanceof nn.TransformerEncoder && decoder instanceof nn.TransformerDecoder)) {
    throw new ValueError(
      "Cannot export a Transformer with an encoder or decoder of one's own: export these two as modules",
    );
  }
  const layer = repeated(encoder.layers, own).replace("nn.TransformerEncoderLayer(", "").slice(0, -1);
  const counts = [`num_encoder_layers=${encoder.numLayers}`, `num_decoder_layers=${decoder.numLayers}`];
  return callOf("nn.Transformer", [layer.replaceAll(/\n\s*/g, " ").replace(/,\s*$/, "").trim(), ...counts]);
}

function container(type: string, module: nn.Module, own: OwnConstructor): string {
  const items: [string, string][] = type.startsWith("Parameter")
    ? module.namedParameters({ recurse: false }).map(([name, x]) => [name, `nn.Parameter(${emptyLike(x)})`])
    : module.moduleFields().map(([name, child]) => [name, constructorOf(child, own)]);
  const values = items.map(([, value]) => value);
  if (type === "Transformer") return transformer(module as nn.Transformer, own);
  if (type === "TransformerEncoder" || type === "TransformerDecoder") {
    return stack(type, module as unknown as nn.TransformerStack<nn.Module>, own);
  }
  if (type.endsWith("List")) return callOf(`nn.${type}`, values, "[", "]");
  if (type.endsWith("Dict")) {
    return callOf(`nn.${type}`, items.map(([name, value]) => `${text(name)}: ${value}`), "{", "}");
  }
  if (items.every(([name], i) => name === String(i))) return callOf("nn.Sequential", values);
  const pairs = items.map(([name, value]) => `(${text(name)}, ${value})`);
  return callOf("nn.Sequential", [callOf("OrderedDict", pairs, "[", "]")]);
}

/** `call` within what makes a tensor of the module one that is computed: weight norm, spectral norm, orthogonal matrices. */
function reparametrized(module: nn.Module, call: string): string {
  const { before, after } = nn.Module.hooksOf(module);
  for (const hook of before as ReadonlySet<unknown>) {
    if (!(hook instanceof Recomputed)) refuseHooks(module);
    const { field, dim, nPowerIterations, eps } = hook as unknown as Record<string, unknown>;
    const type = hook.constructor.name, name = text(field as string);
    if (type === "WeightNorm") call = callOf("nn.utils.weight_norm", [call, name, `dim=${literal(dim)}`]);
    else if (type === "SpectralNorm") {
      const args = [`n_power_iterations=${nPowerIterations}`, `eps=${literal(eps)}`, `dim=${literal(dim)}`];
      call = callOf("nn.utils.spectral_norm", [call, name, ...args]);
    } else refuseHooks(module);
  }
  if (after.size > 0) refuseHooks(module);
  const lists: unknown = Reflect.get(module, "parametrizations");
  if (!(lists instanceof nn.ModuleDict)) return call;
  for (const [name, list] of lists.namedChildren()) {
    for (const step of list as ParametrizationList) call = parametrized(module, step, name, call);
  }
  return call;
}

function refuseHooks(module: nn.Module): never {
  throw new ValueError(
    `Cannot export ${module.constructor.name}: it has hooks, and what they do cannot be written as Python. Remove them first`,
  );
}

function parametrized(module: nn.Module, step: nn.Module, name: string, call: string): string {
  const { dim, nPowerIterations, eps, map, trivial } = step as unknown as Record<string, unknown>;
  const of = (norm: string, ...args: string[]) =>
    callOf(`nn.utils.parametrizations.${norm}`, [call, text(name), ...args]);
  const type = step.constructor.name;
  if (type === "WeightNorm" && "dim" in step) return of("weight_norm", `dim=${literal(dim)}`);
  if (type === "SpectralNorm" && "nPowerIterations" in step) {
    return of("spectral_norm", `n_power_iterations=${nPowerIterations}`, `eps=${literal(eps)}`, `dim=${literal(dim)}`);
  }
  if (type === "Orthogonal" && "trivial" in step) {
    return of("orthogonal", `orthogonal_map=${literal(map)}`, `use_trivialization=${literal(trivial)}`);
  }
  throw new ValueError(
    `Cannot export ${module.constructor.name}: the parametrization ${type} of "${name}" is one's own. ` +
      "Call nn.utils.parametrize.removeParametrizations first",
  );
}

/**
 * The call that makes a module like this one; `own` gives that of modules that are no standard ones, `tensor` that of tensors among the
 * arguments, which by default come with the weights.
 */
export function constructorOf(module: nn.Module, own: OwnConstructor, tensor = emptyLike): string {
  const type = standardClass(module);
  const call = type === undefined
    ? own(module)
    : containers.includes(type)
    ? container(type, module, own)
    : leaf(type, module, tensor);
  return reparametrized(module, call);
}

/** The path of a part of a module as Python reaches it from `root`: "layers[0].fc", 'heads["a-b"].weight'. */
export function pathOf(root: nn.Module, name: string): string {
  let at: unknown = root, path = "";
  for (const part of name.split(".")) {
    const listed = at instanceof nn.Sequential || at instanceof nn.ModuleList || at instanceof nn.ParameterList;
    if (listed && /^\d+$/.test(part)) path += `[${part}]`;
    else if (at instanceof nn.ModuleDict || at instanceof nn.ParameterDict) path += `[${text(part)}]`;
    else if (isIdentifier(part)) path += path === "" ? part : `.${part}`;
    else throw new ValueError(`Cannot export "${name}": "${part}" is no name in Python`);
    at = at instanceof nn.Module ? Reflect.get(at, part) ?? Reflect.get(at, scriptName(part)) : undefined;
  }
  return path;
}
