// How the corpus (PyTorch names and call shapes) is mapped onto the library.
// This is the only file to edit when the library's API differs from the defaults.
// deno-lint-ignore-file no-explicit-any

/** A tensor of the corpus, decoded. Complex tensors hold re,im pairs. */
export interface Raw {
  dtype: string;
  shape: number[];
  data: ArrayLike<number> | ArrayLike<bigint>;
  grad?: boolean;
}

/** One call: PyTorch name, decoded arguments (tensors are library tensors). */
export interface Call {
  op: string;
  args: any[];
  kwargs: Record<string, any>; // PyTorch's (snake_case) keyword names
  argNames?: string[]; // parameter names of the positional arguments, when known
  required?: string[]; // parameters without a default, in order
}

export class Missing extends Error {}

// ---------------------------------------------------------------- names
export function camel(s: string): string {
  const lead = s.match(/^_*/)![0], tail = s.match(/_*$/)![0];
  const core = s.slice(lead.length, s.length - tail.length || undefined);
  return lead + core.replace(/_+([a-z0-9])/g, (_, c: string) => c.toUpperCase()) + tail;
}

/** PyTorch option name -> option name of the library. */
export const optionName: Record<string, string> = {};
export const optName = (s: string) => optionName[s] ?? camel(s);

/** PyTorch state_dict key -> state dict key of the library. */
export const stateKey = (_op: string, key: string) => key;

/** dtype names of the library; a dtype missing here is passed on as it is. */
export const dtypeName: Record<string, string> = {
  int64: "int32",
  int16: "int32",
  int8: "int32",
  bfloat16: "float32",
};

/** dtypes accepted in place of PyTorch's (reported as "lenient"; refused with --strict-dtype). */
export const dtypeAccept: Record<string, string[]> = {
  int64: ["int32", "uint32"],
  int16: ["int32"],
  int8: ["int32"],
  uint8: ["int32", "uint32"],
  float64: ["float32"],
  bfloat16: ["float16", "float32"],
  float16: ["float32"],
  bool: ["uint8"],
};

// ---------------------------------------------------------------- tensors
export function makeTensor(lib: any, r: Raw, device?: string): any {
  const options: Record<string, unknown> = {
    dtype: dtypeName[r.dtype] ?? r.dtype,
    shape: r.shape,
    requiresGrad: !!r.grad,
  };
  if (device) options.device = device;
  // int64 has no counterpart: what does not fit goes to the nearest int32.
  const fit = (v: bigint) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Number(v)));
  const data = r.data instanceof BigInt64Array ? Array.from(r.data, fit) : r.data;
  return lib.tensor(data, options);
}

export const isTensor = (x: any): boolean =>
  x !== null && typeof x === "object" && !Array.isArray(x) && "shape" in x && "dtype" in x &&
  typeof x.data === "function";

export const readTensor = async (t: any) => ({
  dtype: String(t.dtype),
  shape: Array.from(t.shape as number[]),
  data: await t.data(),
});

export const setGrad = (t: any, g: any) => {
  t.grad = g;
};

/** Sum over outputs of (output * weight), back-propagated. */
export async function backward(_lib: any, outs: any[], weights: any[]) {
  let loss: any;
  outs.forEach((o, i) => {
    if (!weights[i]) return;
    const s = o.mul(weights[i].to(o.device)).sum();
    loss = loss ? loss.add(s) : s;
  });
  await loss.backward();
}

export async function setup(lib: any, device?: string) {
  if (!device) return;
  // WebGPU has no float64; float32 is the documented stand-in.
  if (device === "webgpu") dtypeName.float64 = "float32";
  if (typeof lib.init === "function") await lib.init({ device });
  else if (typeof lib.setDefaultDevice === "function") await lib.setDefaultDevice(device);
}

/** Called with every tensor that the runner made for a case. */
export function release(ts: any[]) {
  for (const t of ts) if (typeof t?.dispose === "function") t.dispose();
}

// ---------------------------------------------------------------- calling
/**
 * "options": optional positional arguments that are not tensors move to the options object.
 * "positional": everything positional in PyTorch stays positional.
 */
export const style: Record<string, "options" | "positional"> = {
  constant_pad_nd: "positional",
};

/** Keyword arguments that the library takes positionally, e.g. { sum: ["dim"] }. */
export const positional: Record<string, string[]> = {
  "nn.RNN": ["input_size", "hidden_size"],
  "nn.GRU": ["input_size", "hidden_size"],
  "nn.LSTM": ["input_size", "hidden_size"],
  fill: ["value"],
  mvlgamma: ["p"],
  "nn.functional.prelu": ["weight"],
  "nn.functional.threshold": ["threshold", "value"],
  "nn.functional.pixel_shuffle": ["upscale_factor"],
  "nn.functional.pixel_unshuffle": ["downscale_factor"],
};

/** `reduce: false` is the older way to ask for reduction "none". */
const modern = (c: Call): Call => {
  const { reduce, ...kwargs } = c.kwargs;
  return reduce === false && /loss|binary_cross_entropy/.test(c.op)
    ? { ...c, kwargs: { ...kwargs, reduction: "none" } }
    : c;
};

/** `keepNull`: a null that stands for an option is one of its values, as a batch normalization's momentum. */
export function layout(call: Call, keepNull = false): any[] {
  const c = modern(call);
  const args: any[] = [], opts: Record<string, any> = {}, used = new Set<string>();
  const st = style[c.op] ?? "options";
  c.args.forEach((a, i) => {
    const name = c.argNames?.[i];
    const optional = name !== undefined && c.required !== undefined && !c.required.includes(name);
    const list = Array.isArray(a) && a.some(isTensor);
    if (st === "options" && optional && !isTensor(a) && !list && (a !== null || keepNull)) opts[optName(name!)] = a;
    else args.push(a);
  });
  // required parameters given by keyword become positional
  const named = c.argNames ? (c.required ?? []).slice(c.argNames.length) : [];
  for (const k of [...(c.args.length === (c.argNames?.length ?? -1) ? named : []), ...(positional[c.op] ?? [])]) {
    if (!(k in c.kwargs) || used.has(k)) continue;
    used.add(k);
    args.push(c.kwargs[k]);
  }
  while (args.length && args[args.length - 1] === null) args.pop();
  for (const [k, v] of Object.entries(c.kwargs)) {
    if (!used.has(k) && (v !== null || keepNull)) opts[optName(k)] = v;
  }
  if (Object.keys(opts).length) args.push(opts);
  return args;
}

const dig = (o: any, path: string[]) => path.reduce((x, k) => x?.[k], o);

/** Where a namespaced op may live, first match wins. */
export const namespaces: [prefix: string, paths: string[]][] = [
  ["nn.functional.", ["functional", "nn.functional", "F"]],
  ["nn.init.", ["nn.init", "init"]],
  ["nn.utils.rnn.", ["nn.utils.rnn", "nn.utils"]],
  ["nn.utils.", ["nn.utils", "utils"]],
  ["nn.", ["nn"]],
  ["optim.lr_scheduler.", ["optim.lrScheduler", "lrScheduler", "optim"]],
  ["optim.", ["optim"]],
  ["distributions.", ["distributions"]],
  ["linalg.", ["linalg"]],
  ["fft.", ["fft"]],
  ["special.", ["special"]],
  ["masked.", ["masked"]],
];

export function find(lib: any, op: string): any {
  for (const [prefix, paths] of namespaces) {
    if (!op.startsWith(prefix)) continue;
    const name = op.slice(prefix.length);
    for (const p of paths) {
      const ns = dig(lib, p.split("."));
      const f = ns?.[name] ?? ns?.[camel(name)];
      if (f !== undefined) return f;
    }
    return undefined;
  }
  return undefined;
}

/** Calls an op with the library; throws Missing when the library does not have it. */
export function call(lib: any, c: Call): any {
  const o = overrides[c.op];
  if (o) return o(lib, c);
  const name = camel(c.op);
  const args = layout(c);
  if (c.op.includes(".") && !c.op.startsWith("__")) {
    const f = find(lib, c.op);
    if (typeof f === "function") return f(...args);
    // special.* also exist as tensor methods, e.g. special.expit -> x.sigmoid()
    throw new Missing(c.op);
  }
  const fn = lib.functional?.[name];
  if (typeof fn === "function") return fn(...args);
  if (isTensor(args[0]) && typeof args[0][name] === "function") return args[0][name](...args.slice(1));
  if (typeof lib[name] === "function") return lib[name](...args);
  throw new Missing(c.op);
}

const method = (x: any, name: string, op: string, ...args: any[]) => {
  if (typeof x?.[name] !== "function") throw new Missing(op);
  return x[name](...args);
};
const sliceOf = (lib: any, part: any) => {
  const slice = part !== null && typeof part === "object" && "stop" in part;
  return slice ? lib.slice(part.start ?? null, part.stop ?? null, part.step ?? 1) : part;
};
const dimOrUnbiased = (lib: any, c: Call) => {
  const argNames = c.argNames?.map((name, i) => name === "unbiased" && typeof c.args[i] !== "boolean" ? "dim" : name);
  return lib.functional[c.op](...layout(argNames ? { ...c, argNames } : c));
};
const getter = (name: string) => (_lib: any, c: Call) => {
  if (!(name in c.args[0])) throw new Missing(c.op);
  const v = c.args[0][name];
  return typeof v === "function" ? v.call(c.args[0]) : v;
};
/** scalar-on-the-left operators: __rsub__(x, s) is s - x. */
const reflected = (name: string) => (lib: any, c: Call) => {
  const [x, s] = c.args;
  if (!isTensor(x)) throw new TypeError(`${c.op} is a method of tensors, not of ${typeof x}`);
  if (isTensor(s)) return method(s, name, c.op, x);
  if (typeof lib[name] === "function") return lib[name](s, x);
  throw new Missing(c.op);
};

/** Per-op exceptions from the rules above. */
export const overrides: Record<string, (lib: any, c: Call) => any> = {
  T: getter("T"),
  H: getter("H"),
  mT: getter("mT"),
  mH: getter("mH"),
  __getitem__: (lib, c) => method(c.args[0], "at", c.op, ...c.args[1].map((part: any) => sliceOf(lib, part))),
  diff: (lib, c) => {
    const [x, n = 1, dim = -1, prepend, append] = c.args;
    return lib.functional.diff(x, { n, dim, prepend, append, ...c.kwargs });
  },
  sum_to_size: (lib, c) => lib.functional.sumToSize(c.args[0], c.args.slice(1).flat()),
  slice: (lib, c) => {
    const [dim = 0, start = null, stop = null, step = 1] = c.args.slice(1);
    return c.args[0].at(...new Array(dim).fill(":"), lib.slice(start, stop, step));
  },
  // The function of this name is the one of images.
  unfold: (_lib, c) => method(c.args[0], "unfold", c.op, ...c.args.slice(1)),
  // Changed copies: a leaf that requires a gradient cannot be overwritten.
  zero_: (_lib, c) => method(c.args[0].clone(), "zero_", c.op),
  resize_: (_lib, c) => method(c.args[0].clone(), "resize_", c.op, c.args[1]),
  resize_as_: (_lib, c) => method(c.args[0].clone(), "resizeAs_", c.op, c.args[1]),
  uniform: (_lib, c) => method(c.args[0].clone(), "uniform_", c.op, ...c.args.slice(1)),
  "nn.functional.relu_": (lib, c) => lib.functional.relu_(c.args[0].mul(1)),
  // PyTorch's first optional argument is either of two.
  std: (lib, c) => dimOrUnbiased(lib, c),
  var: (lib, c) => dimOrUnbiased(lib, c),
  __radd__: (_l, c) => method(c.args[0], "add", c.op, c.args[1]),
  __rmul__: (_l, c) => method(c.args[0], "mul", c.op, c.args[1]),
  __rsub__: reflected("sub"),
  __rdiv__: reflected("div"),
  // PyTorch copies the base, so that no gradient reaches it.
  __rpow__: (lib, c) =>
    reflected("pow")(lib, { ...c, args: c.args.map((a, i) => i === 1 && isTensor(a) ? a.detach() : a) }),
  __rmod__: reflected("remainder"),
  __rmatmul__: (_l, c) => method(c.args[1], "matmul", c.op, c.args[0]),
  __rand__: reflected("bitwiseAnd"),
  __ror__: reflected("bitwiseOr"),
  __rxor__: reflected("bitwiseXor"),
};

// ---------------------------------------------------------------- modules and the rest
const construct = (f: any, args: any[]) =>
  /^class\b/.test(Function.prototype.toString.call(f)) ||
    f.prototype?.constructor === f && Object.getOwnPropertyNames(f.prototype).length > 1
    ? new f(...args)
    : f(...args);

export function makeModule(lib: any, op: string, ctor: Call): any {
  const cls = find(lib, op);
  if (typeof cls !== "function") throw new Missing(op);
  return construct(cls, layout(ctor, true));
}

export const loadState = async (m: any, state: Record<string, any>) => {
  if (Object.keys(state).length) await m.loadStateDict(state);
};
export const readState = (m: any): Record<string, any> => {
  const s = m.stateDict();
  return s instanceof Map ? Object.fromEntries(s) : s;
};
export const setTraining = (m: any, on: boolean) => {
  if (on) m.train?.(true);
  else m.eval?.();
};
export const forward = (m: any, c: Call): any => {
  const args = layout(c);
  return typeof m === "function" ? m(...args) : m.forward(...args);
};
export const parameters = (m: any): [string, any][] => {
  const p = typeof m.namedParameters === "function" ? m.namedParameters() : m.namedParameters;
  if (p instanceof Map) return [...p];
  if (Symbol.iterator in p) return [...p] as [string, any][];
  return Object.entries(p);
};

export function makeOptimizer(lib: any, op: string, params: any, kwargs: Record<string, any>): any {
  const cls = find(lib, op);
  if (typeof cls !== "function") throw new Missing(op);
  const o: Record<string, any> = {};
  for (const [k, v] of Object.entries(kwargs)) o[optName(k)] = v;
  return construct(cls, [params, o]);
}
export const groupOptions = (kwargs: Record<string, any>) =>
  Object.fromEntries(Object.entries(kwargs).map(([k, v]) => [optName(k), v]));
export const learningRates = (opt: any): number[] => opt.paramGroups.map((g: any) => g.lr);

/** Schedulers take (optimizer, options); SequentialLR/ChainedScheduler take a list of schedulers. */
export function makeScheduler(lib: any, op: string, opt: any, kwargs: Record<string, any>, subs?: any[]): any {
  const cls = find(lib, op);
  if (typeof cls !== "function") throw new Missing(op);
  const o = groupOptions(kwargs);
  if (op.endsWith("ChainedScheduler")) return construct(cls, [subs]);
  if (op.endsWith("SequentialLR")) return construct(cls, [opt, subs, o]);
  return construct(cls, [opt, o]);
}

/** Distributions take an options object: new Normal({ loc, scale }). */
export function makeDistribution(lib: any, op: string, kwargs: Record<string, any>): any {
  const cls = find(lib, op);
  if (typeof cls !== "function") throw new Missing(op);
  return construct(cls, [groupOptions(kwargs)]);
}
