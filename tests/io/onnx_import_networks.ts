/**
 * Blocks of well-known networks, as exporters write them.
 *
 * @module
 */

import { type Case, type Elements, floats, ints, node, of, some } from "./onnx_import_models.ts";
import type { NodeProto } from "../../io/onnx/model.ts";

/** Nodes and weights while a network is put together. */
class Builder {
  readonly nodes: NodeProto[] = [];
  readonly weights: Record<string, Elements> = {};
  #seed = 1;

  /** A node with one output of the name given, which is returned. */
  add(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Parameters<typeof node>[3] = {},
  ): string {
    this.nodes.push(node(operator, inputs, [output], attributes, output));
    return output;
  }

  /** A weight that looks random. */
  weight(name: string, dims: readonly number[]): string {
    this.weights[name] = some(dims, this.#seed++);
    return name;
  }

  /** A value of the file. */
  held(name: string, value: Elements): string {
    this.weights[name] = value;
    return name;
  }

  /** Convolution without bias, and batch normalisation. */
  convNorm(
    x: string,
    name: string,
    dims: readonly [number, number, number, number],
    attributes: Parameters<typeof node>[3] = {},
  ): string {
    const conv = this.add("Conv", [x, this.weight(`${name}.conv.weight`, dims)], `${name}/conv`, attributes),
      channels = [dims[0]];
    const [scale, bias, mean] = ["weight", "bias", "running_mean"].map((part) =>
      this.weight(`${name}.bn.${part}`, channels)
    );
    const variance = this.held(
      `${name}.bn.running_var`,
      floats(Array.from({ length: dims[0] }, (_, i) => 0.5 + i / 4)),
    );
    return this.add("BatchNormalization", [conv, scale!, bias!, mean!, variance], `${name}/bn`);
  }

  /** A product with a weight, and a bias. */
  linear(x: string, name: string, inputs: number, outputs: number): string {
    const product = this.add("MatMul", [x, this.weight(`${name}.weight`, [inputs, outputs])], `${name}/matmul`);
    return this.add("Add", [this.weight(`${name}.bias`, [outputs]), product], name);
  }

  /** Layer normalisation in the parts that exporters before version 17 write. */
  norm(x: string, name: string, size: number): string {
    const mean = this.add("ReduceMean", [x], `${name}/mean`, { axes: [-1] }),
      centered = this.add("Sub", [x, mean], `${name}/centered`);
    const square = this.add("Pow", [centered, this.held(`${name}/two`, floats([2], []))], `${name}/square`);
    const variance = this.add("ReduceMean", [square], `${name}/variance`, { axes: [-1] });
    const safe = this.add("Add", [variance, this.held(`${name}/eps`, floats([1e-5], []))], `${name}/safe`);
    const normal = this.add("Div", [centered, this.add("Sqrt", [safe], `${name}/deviation`)], `${name}/normal`);
    const scaled = this.add("Mul", [normal, this.weight(`${name}.weight`, [size])], `${name}/scaled`);
    return this.add("Add", [scaled, this.weight(`${name}.bias`, [size])], name);
  }

  /** GELU by the error function. */
  gelu(x: string, name: string): string {
    const scaled = this.add("Div", [x, this.held(`${name}/root`, floats([Math.SQRT2], []))], `${name}/scaled`);
    const shifted = this.add("Add", [
      this.add("Erf", [scaled], `${name}/erf`),
      this.held(`${name}/one`, floats([1], [])),
    ], `${name}/shifted`);
    const product = this.add("Mul", [x, shifted], `${name}/product`);
    return this.add("Mul", [product, this.held(`${name}/half`, floats([0.5], []))], name);
  }

  /** One extent of a value, with an axis of its own. */
  extent(x: string, axis: number, name: string): string {
    const shape = this.add("Shape", [x], `${name}/shape`), at = this.held(`${name}/axis`, ints([axis], []));
    const extent = this.add("Gather", [shape, at], `${name}/scalar`);
    return this.add("Unsqueeze", [extent, this.held(`${name}/axes`, ints([0]))], name);
  }

  /** [B, T, heads · size] to [B, heads, T, size], by the extents that x has. */
  heads(x: string, name: string, heads: number, size: number): string {
    const counts = [this.held(`${name}/heads`, ints([heads])), this.held(`${name}/size`, ints([size]))];
    const shape = this.add(
      "Concat",
      [this.extent(x, 0, `${name}/b`), this.extent(x, 1, `${name}/t`), ...counts],
      `${name}/to`,
      { axis: 0 },
    );
    return this.add("Transpose", [this.add("Reshape", [x, shape], `${name}/apart`)], name, { perm: [0, 2, 1, 3] });
  }

  /** softmax(Q K' / √size + mask) V, put together again. */
  attention(
    q: string,
    k: string,
    v: string,
    name: string,
    size: number,
    width: number,
    mask: (scores: string) => string,
  ): string {
    const turned = this.add("Transpose", [k], `${name}/turned`, { perm: [0, 1, 3, 2] });
    const scores = this.add("Div", [
      this.add("MatMul", [q, turned], `${name}/qk`),
      this.held(`${name}/root`, floats([Math.sqrt(size)], [])),
    ], `${name}/scores`);
    const shares = this.add("Softmax", [mask(scores)], `${name}/shares`, { axis: -1 });
    const mixed = this.add("Transpose", [this.add("MatMul", [shares, v], `${name}/mixed`)], `${name}/back`, {
      perm: [0, 2, 1, 3],
    });
    return this.add("Reshape", [mixed, this.held(`${name}/to`, ints([0, 0, width]))], name);
  }

  /** The network. */
  case(inputs: Case["inputs"], outputs: Case["outputs"] = { y: "FLOAT" }, opset = 14): Case {
    return { opset, nodes: this.nodes, weights: this.weights, inputs: inputs!, outputs: outputs! };
  }
}

/** Two convolutions beside a shortcut with one, a mean and a classifier. */
function resnet(): Case {
  const b = new Builder();
  const first = b.add(
    "Relu",
    [b.convNorm("x", "layer1.0", [4, 3, 3, 3], { pads: [1, 1, 1, 1], strides: [2, 2] })],
    "r1",
  );
  const second = b.convNorm(first, "layer1.1", [4, 4, 3, 3], { pads: [1, 1, 1, 1] }),
    shortcut = b.convNorm("x", "shortcut", [4, 3, 1, 1], { strides: [2, 2] });
  const sum = b.add("Relu", [b.add("Add", [second, shortcut], "sum")], "r2");
  const flat = b.add("Flatten", [b.add("GlobalAveragePool", [sum], "mean")], "flat");
  b.add("Gemm", [flat, b.weight("fc.weight", [5, 4]), b.weight("fc.bias", [5])], "y", { transB: 1 });
  return b.case({ x: some([2, 3, 6, 6]) });
}

/** An inverted residual with squeeze and excitation. */
function mobilenet(): Case {
  const b = new Builder(), zero = b.held("zero", floats([0], [])), six = b.held("six", floats([6], []));
  const wide = b.add("Clip", [b.convNorm("x", "expand", [6, 2, 1, 1]), zero, six], "wide");
  const deep = b.add(
    "HardSwish",
    [b.convNorm(wide, "depthwise", [6, 1, 3, 3], { pads: [1, 1, 1, 1], group: 6 })],
    "deep",
  );
  const mean = b.add("ReduceMean", [deep], "mean", { axes: [2, 3] });
  const squeezed = b.add("Relu", [
    b.add("Conv", [mean, b.weight("fc1.weight", [2, 6, 1, 1]), b.weight("fc1.bias", [2])], "fc1"),
  ], "squeezed");
  const gate = b.add("HardSigmoid", [b.add("Conv", [squeezed, b.weight("fc2.weight", [6, 2, 1, 1])], "fc2")], "gate", {
    alpha: 1 / 6,
  });
  b.add("Add", ["x", b.convNorm(b.add("Mul", [deep, gate], "gated"), "project", [2, 6, 1, 1])], "y");
  return b.case({ x: some([1, 2, 5, 4]) });
}

/** Embeddings, attention with a padding mask, a feed-forward layer, all normalised after. */
function bert(): Case {
  const b = new Builder(), width = 4, size = 2;
  const words = b.add("Gather", [b.weight("word.weight", [10, width]), "ids"], "words");
  const length = b.extent("ids", 1, "length"), zero = b.held("start", ints([0]));
  const positions = b.add("Slice", [
    b.held("positions", ints([0, 1, 2, 3, 4, 5, 6, 7], [1, 8])),
    zero,
    length,
    b.held("along", ints([1])),
  ], "at");
  const x = b.norm(
    b.add("Add", [words, b.add("Gather", [b.weight("position.weight", [8, width]), positions], "places")], "sum"),
    "embedded",
    width,
  );
  const mask = b.add(
    "Unsqueeze",
    [b.add("Cast", ["mask"], "floats", { to: 1 }), b.held("middle", ints([1, 2]))],
    "wide",
  );
  const hidden = b.add("Sub", [b.held("one", floats([1], [])), mask], "hidden"),
    penalty = b.add("Mul", [hidden, b.held("low", floats([-10000], []))], "penalty");
  const [q, k, v] = ["q", "k", "v"].map((name) =>
    b.heads(b.linear(x, `${name}.linear`, width, width), name, 2, size)
  ) as [string, string, string];
  const mixed = b.attention(q, k, v, "attention", size, width, (scores) => b.add("Add", [scores, penalty], "masked"));
  const y = b.norm(b.add("Add", [x, b.linear(mixed, "out", width, width)], "residual"), "norm1", width);
  const wide = b.gelu(b.linear(y, "fc1", width, 6), "gelu");
  b.add("Identity", [b.norm(b.add("Add", [y, b.linear(wide, "fc2", 6, width)], "residual2"), "norm2", width)], "y");
  return b.case({ ids: ints([1, 5, 9, 2, 0, 3], [2, 3]), mask: ints([1, 1, 1, 1, 1, 0], [2, 3]) });
}

/** Attention over what was and is, with a causal mask cut out of a table, and the projection onto the words. */
function gpt(): Case {
  const b = new Builder(), width = 4, size = 2;
  const x = b.add("Gather", [b.weight("wte.weight", [10, width]), "ids"], "x"),
    fused = b.linear(b.norm(x, "ln", width), "c_attn", width, 3 * width);
  b.nodes.push(node("Split", [fused, b.held("thirds", ints([4, 4, 4]))], ["q0", "k0", "v0"], { axis: 2 }, "split"));
  const [q, k0, v0] = ["q", "k", "v"].map((name) => b.heads(`${name}0`, name, 2, size)) as [string, string, string];
  const k = b.add("Concat", ["past_k", k0], "present_k", { axis: 2 }),
    v = b.add("Concat", ["past_v", v0], "present_v", { axis: 2 });
  const table = b.held(
    "bias",
    of("BOOL", Array.from({ length: 64 }, (_, i) => Number(i % 8 <= Math.floor(i / 8))), [1, 1, 8, 8]),
  );
  const total = b.extent(k, 2, "total"),
    past = b.add("Sub", [total, b.extent("ids", 1, "length")], "past"),
    zero = b.held("zero", ints([0]));
  const rows = b.add("Slice", [table, past, total, b.held("axis2", ints([2]))], "rows");
  const seen = b.add("Slice", [rows, zero, total, b.held("axis3", ints([3]))], "seen");
  const mixed = b.attention(
    q,
    k,
    v,
    "attention",
    size,
    width,
    (scores) => b.add("Where", [seen, scores, b.held("never", floats([-1e4], []))], "masked"),
  );
  const y = b.add("Add", [x, b.linear(mixed, "c_proj", width, width)], "residual");
  b.add("MatMul", [y, b.add("Transpose", ["wte.weight"], "head", { perm: [1, 0] })], "y");
  return b.case(
    { ids: ints([1, 5, 9, 2, 0, 3], [2, 3]), past_k: some([2, 2, 2, size], 50), past_v: some([2, 2, 2, size], 51) },
    { y: "FLOAT", present_k: "FLOAT", present_v: "FLOAT" },
  );
}

/** Patches, a class token, and attention over them. */
function vit(): Case {
  const b = new Builder(), width = 4, size = 2;
  const patches = b.add(
    "Conv",
    ["x", b.weight("patch.weight", [width, 3, 2, 2]), b.weight("patch.bias", [width])],
    "patches",
    { strides: [2, 2] },
  );
  const batch = b.extent("x", 0, "batch"), tail = b.held("tail", ints([width, -1]));
  const rows = b.add("Reshape", [patches, b.add("Concat", [batch, tail], "to", { axis: 0 })], "rows");
  const tokens = b.add("Transpose", [rows], "tokens", { perm: [0, 2, 1] }), one = b.held("ones", ints([1, width]));
  const token = b.add(
    "Expand",
    [b.weight("cls", [1, 1, width]), b.add("Concat", [batch, one], "each", { axis: 0 })],
    "token",
  );
  const x = b.add(
    "Add",
    [b.add("Concat", [token, tokens], "all", { axis: 1 }), b.weight("pos", [1, 5, width])],
    "placed",
  );
  const normal = b.norm(x, "norm1", width);
  const [q, k, v] = ["q", "k", "v"].map((name) =>
    b.heads(b.linear(normal, `${name}.linear`, width, width), name, 2, size)
  ) as [string, string, string];
  const y = b.add("Add", [
    x,
    b.linear(b.attention(q, k, v, "attention", size, width, (scores) => scores), "out", width, width),
  ], "residual");
  const first = b.add("Gather", [y, b.held("first", ints([0], []))], "class", { axis: 1 });
  b.add("Identity", [b.linear(first, "head", width, 3)], "y");
  return b.case({ x: some([2, 3, 4, 4]) });
}

/** The networks by name. */
export const networks: Readonly<Record<string, () => Case>> = { resnet, mobilenet, bert, gpt, vit };
