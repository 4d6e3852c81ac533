/**
 * Where a name of PyTorch is in this library.
 *
 * @module
 */

import * as lib from "../mod.ts";

/** A name of PyTorch and, where there is one, ours. */
export interface Found {
  /** PyTorch's, without its namespace. */
  readonly name: string;
  /** Ours, as one writes it after importing `torch`, `nn`, `F`, `optim` and `data`. */
  readonly ours: string | undefined;
}

type Space = Readonly<Record<string, unknown>>;

const modules = lib as unknown as Space;

/** A part of the library by its path, if it is there. */
function part(path: string): Space {
  let at: unknown = modules;
  for (const name of path === "" ? [] : path.split(".")) at = (at as Space | undefined)?.[name];
  return (at ?? {}) as Space;
}

/** Where the names of a namespace are, each place with how one writes it. */
const places: Readonly<Record<string, readonly (readonly [path: string, written: string])[]>> = {
  "torch": [
    ["", "torch."],
    ["functional", "F."],
    ["linalg", "torch.linalg."],
    ["special", "torch.special."],
    ["autograd", "torch.autograd."],
  ],
  "torch.Tensor": [["Tensor.prototype", "x."]],
  "torch.nn": [["nn", "nn."]],
  "torch.nn.Module": [["nn.Module.prototype", "module."]],
  "torch.nn.modules.module": [["nn", "nn."]],
  "torch.nn.parameter": [["nn", "nn."]],
  "torch.nn.attention": [["nn.attention", "nn.attention."]],
  "torch.nn.functional": [["functional", "F."], ["", "torch."]],
  "torch.nn.init": [["nn.init", "nn.init."]],
  "torch.nn.utils": [["nn.utils", "nn.utils."], ["nn", "nn."]],
  "torch.nn.utils.parametrizations": [["nn.utils.parametrizations", "nn.utils.parametrizations."]],
  "torch.nn.utils.parametrize": [["nn.utils.parametrize", "nn.utils.parametrize."]],
  "torch.nn.utils.prune": [["nn.utils.prune", "nn.utils.prune."]],
  "torch.nn.utils.stateless": [["nn.utils.stateless", "nn.utils.stateless."]],
  "torch.nn.utils.rnn": [["nn.utils.rnn", "nn.utils.rnn."], ["nn.utils", "nn.utils."], ["nn", "nn."]],
  "torch.optim": [["optim", "optim."]],
  "torch.optim.lr_scheduler": [["optim.lrScheduler", "optim.lrScheduler."], ["optim", "optim."]],
  "torch.optim.swa_utils": [["optim.swaUtils", "optim.swaUtils."], ["optim", "optim."]],
  "torch.utils.data": [["data", "data."]],
  "torch.linalg": [["linalg", "torch.linalg."]],
  "torch.special": [["special", "torch.special."], ["functional", "F."]],
  "torch.distributions": [["distributions", "torch.distributions."]],
  "torch.distributions.transforms": [["distributions", "torch.distributions."]],
  "torch.distributions.constraints": [
    ["distributions.constraints", "torch.distributions.constraints."],
    ["distributions", "torch.distributions."],
  ],
  "torch.distributions.kl": [["distributions", "torch.distributions."]],
  "torch.autograd": [
    ["autograd", "torch.autograd."],
    ["", "torch."],
    ["autograd.functional", "torch.autograd.functional."],
  ],
  "torch.autograd.functional": [["autograd.functional", "torch.autograd.functional."]],
  "torch.func": [
    ["autograd.functional", "torch.autograd.functional."],
    ["nn.utils.stateless", "nn.utils.stateless."],
  ],
};

/** Names that are something else here, or that a look at the library's values does not find. */
const renamed: Readonly<Record<string, string>> = {
  "torch.Size": "x.shape",
  "torch.Tensor.grad": "x.grad",
  "torch.Tensor.is_cpu": "x.device",
  "torch.Tensor.new": "torch.tensor",
  "torch.Tensor.numpy": "x.dataSync",
  "torch.autograd.profiler": "torch.profile",
  "torch.e": "Math.E",
  "torch.from_numpy": "torch.tensor",
  "torch.func.jacfwd": "torch.autograd.functional.jacobian",
  "torch.func.jacrev": "torch.autograd.functional.jacobian",
  "torch.inf": "Infinity",
  "torch.nan": "NaN",
  "torch.pi": "Math.PI",
  "torch.utils.data.Sampler": "data.Sampler",
};

/** `snake_case` in camelCase, with underscores at its ends kept. */
function camel(name: string): string {
  return name.replace(/(?<=[^_])_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

/** Dtypes are written as strings here. */
const dtypes: Readonly<Record<string, string>> = {
  float: "float32",
  float32: "float32",
  double: "float64",
  float64: "float64",
  half: "float16",
  float16: "float16",
  int: "int32",
  int32: "int32",
  int64: "int32",
  long: "int32",
  uint8: "uint8",
  uint32: "uint32",
  bool: "bool",
};

/** Ours of each name in a namespace: there, or as a method of tensors. */
export function lookUp(space: string, names: readonly string[]): Found[] {
  const { prototype } = lib.Tensor;
  return names.map((name) => {
    const own = renamed[`${space}.${name}`];
    if (own !== undefined) return { name, ours: own };
    if (space === "torch" && dtypes[name] !== undefined) return { name, ours: `"${dtypes[name]}"` };
    for (const [path, written] of places[space] ?? []) {
      for (const candidate of [camel(name), name]) {
        if (candidate in part(path)) return { name, ours: written + candidate };
      }
    }
    const method = space === "torch" && camel(name) in prototype;
    return { name, ours: method ? `x.${camel(name)}` : undefined };
  });
}
