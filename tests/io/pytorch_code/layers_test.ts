import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  autograd,
  functional as F,
  io,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  randint,
  randn,
  slice,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../../../mod.ts";
import { installed } from "../../programs.ts";

/** Standard modules with options that are not the defaults, as PyTorch 1.13 has them. */
function layers(): nn.Module[] {
  const part = () => new nn.Linear(4, 4);
  const shared = new nn.BatchNorm1d(4);
  return [
    new nn.Identity(),
    new nn.Bilinear(2, 3, 4, { bias: false }),
    new nn.Embedding(5, 3, { paddingIdx: 1, maxNorm: 2.5, normType: 1, scaleGradByFreq: true }),
    new nn.EmbeddingBag(5, 3, { mode: "max", paddingIdx: 1, includeLastOffset: true }),
    new nn.Conv1d(2, 4, 3, { stride: 2, padding: "valid", groups: 2 }),
    new nn.Conv2d(2, 4, [3, 1], { stride: [2, 1], padding: [1, 0], dilation: [1, 2], paddingMode: "reflect" }),
    new nn.Conv3d(1, 2, 2, { bias: false, padding: "same" }),
    new nn.ConvTranspose2d(2, 4, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2, dilation: 1 }),
    new nn.Flatten({ startDim: 0, endDim: 1 }),
    new nn.Unflatten(1, [2, 2]),
    new nn.Fold([4, 4], 2, { stride: 2 }),
    new nn.Unfold([2, 3], { padding: 1 }),
    new nn.BatchNorm3d(3, { eps: 1e-3, momentum: null }),
    new nn.InstanceNorm2d(3, { affine: true, trackRunningStats: true }),
    new nn.LayerNorm([3, 4], { eps: 1e-6 }),
    new nn.LayerNorm(3, { elementwiseAffine: false }),
    new nn.GroupNorm(2, 4, { affine: false }),
    new nn.LocalResponseNorm(3, { alpha: 0.5, k: 2 }),
    new nn.RNN(3, 4, { nonlinearity: "relu", bias: false }),
    new nn.LSTM(3, 4, { projSize: 2, numLayers: 2, dropout: 0.25 }),
    new nn.GRU(3, 4, { bidirectional: true }),
    new nn.RNNCell(3, 4, { nonlinearity: "relu" }),
    new nn.LSTMCell(3, 4, { bias: false }),
    new nn.MultiheadAttention(4, 2, { dropout: 0.1, addBiasKv: true, addZeroAttn: true, kdim: 3, batchFirst: true }),
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, { activation: "gelu", normFirst: true }), 2),
    new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, { layerNormEps: 1e-4 }), 1, new nn.LayerNorm(4)),
    new nn.Transformer({
      dModel: 4,
      nhead: 2,
      numEncoderLayers: 1,
      numDecoderLayers: 2,
      dimFeedforward: 8,
      batchFirst: true,
    }),
    new nn.ReLU({ inplace: true }),
    new nn.ELU({ alpha: 0.5 }),
    new nn.LeakyReLU({ negativeSlope: 0.2 }),
    new nn.RReLU({ lower: 0.1 }),
    new nn.Hardtanh({ minVal: -2, maxVal: 0.5 }),
    new nn.Threshold(0.1, 20),
    new nn.PReLU({ numParameters: 3 }),
    new nn.GELU({ approximate: "tanh" }),
    new nn.GLU({ dim: 1 }),
    new nn.Softshrink(0.25),
    new nn.Softplus({ beta: 2 }),
    new nn.LogSoftmax(-1),
    new nn.Softmax2d(),
    new nn.Dropout2d({ p: 0.25 }),
    new nn.AlphaDropout(0.1),
    new nn.AvgPool1d(3, { countIncludePad: false, padding: 1 }),
    new nn.AvgPool2d([2, 3], { stride: 1, ceilMode: true, divisorOverride: 5 }),
    new nn.MaxPool2d(3, { stride: 2, padding: 1, dilation: 2, returnIndices: true }),
    new nn.MaxUnpool2d(2, { stride: 3 }),
    new nn.LPPool2d(1.5, 2, { stride: 1 }),
    new nn.FractionalMaxPool2d(2, { outputRatio: [0.5, 0.75] }),
    new nn.AdaptiveAvgPool2d([2, null]),
    new nn.AdaptiveMaxPool1d(3),
    new nn.ReflectionPad2d([1, 2, 0, 1]),
    new nn.ConstantPad1d(2, -1.5),
    new nn.ZeroPad2d(1),
    new nn.PixelShuffle(2),
    new nn.Upsample({ scaleFactor: [2, 1.5], mode: "bilinear", alignCorners: true }),
    new nn.UpsamplingNearest2d({ size: [4, 4] }),
    new nn.CosineSimilarity({ dim: 0 }),
    new nn.PairwiseDistance({ p: 1, keepdim: true }),
    new nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10], { divValue: 2, headBias: true }),
    new nn.CrossEntropyLoss({ weight: tensor([1, 2.5]), ignoreIndex: 3, labelSmoothing: 0.1 }),
    new nn.BCEWithLogitsLoss({ posWeight: tensor([0.5]), reduction: "sum" }),
    new nn.CTCLoss({ blank: 2, zeroInfinity: true }),
    new nn.TripletMarginLoss({ margin: 0.5, swap: true }),
    new nn.ParameterList([new nn.Parameter(randn([2])), new nn.Parameter(randn([]))]),
    new nn.ModuleDict({ "a-b": part(), c: new nn.ModuleList([part(), shared]) }),
    new nn.Sequential({ first: part(), second: shared } as Record<string, nn.Layer>),
    nn.utils.spectralNorm(part(), { nPowerIterations: 2 }),
    nn.utils.weightNorm(part(), { dim: null }),
    nn.utils.parametrizations.orthogonal(part()),
    nn.utils.parametrizations.spectralNorm(new nn.Conv2d(2, 3, 2)),
  ];
}

/** Its names are those that a script has other uses for, or that are made up for what has no name. */
class OrderedDict extends nn.Module {
  F = new nn.Linear(4, 4);
  override forward(torch: Tensor, h: readonly Tensor[]): { sum: Tensor; parts: Tensor[] } {
    const sum = this.F(torch).add(h[0]!).mul(h[1]!);
    return { sum, parts: [sum.tanh()] };
  }
}

/** A `forward` of many kinds of calls. */
class Calls extends nn.Module {
  table = new nn.Embedding(7, 4);
  pair = new OrderedDict();
  cell = new nn.GRUCell(4, 4);
  drop = new nn.Dropout(0.5);
  blocks = new nn.ModuleList([new nn.Linear(4, 4), new nn.Linear(4, 4)]);
  kernel = new nn.Parameter(randn([3, 2, 3, 3]));
  override forward(x: Tensor, image: Tensor, tokens: Tensor): Tensor[] {
    const [n, t] = [x.size(0), x.size(1)];
    let y = x;
    for (const block of this.blocks) y = block(y).tanh().add(this.drop(y));
    const heads = y.view(n, t, 2, 2).transpose(1, 2);
    const scores = F.softmax(F.matmul(heads, heads.transpose(-2, -1)).div(Math.sqrt(2)), -1);
    const causal = arange(t).unsqueeze(0).le(arange(t).unsqueeze(1));
    const masked = scores.maskedFill(causal.logicalNot(), -Infinity).softmax(-1);
    const mixed = masked.matmul(heads).transpose(1, 2).reshape(n * t, 4);
    const frozen = noGrad(() => y.mul(2).cos());
    const [left, right] = image.chunk(2, 3) as [Tensor, Tensor];
    const convolved = F.conv2d(F.pad(left, [1, 1, 1, 1]), this.kernel, null, { stride: 2 });
    const pooled = F.maxPool2d(F.relu(convolved), 2, { stride: 1, padding: 1 });
    let state = zeros([n, 4]);
    for (const i of [0, -1]) state = this.cell(y.select(1, i), state);
    const pair = this.pair(x, [y, heads.sum(1).mean(-1, { keepdim: true })]);
    const best = x.max(-1), table = this.table.weight;
    const changed = x.clone();
    changed.setAt([":", 0], 0.5);
    changed.mul_(2).add_(y);
    return [
      mixed,
      frozen,
      pooled,
      F.adaptiveAvgPool2d(right, 2).flatten(1),
      F.avgPool2d(image, [2, 1], { padding: 0 }),
      F.interpolate(right, { scaleFactor: 2, mode: "nearest" }),
      F.interpolate(right, { size: [5, 7], mode: "bilinear" }),
      state,
      best.values.add(best.indices.float()),
      F.linear(this.table(tokens), table),
      F.embedding(tokens, table, { paddingIdx: 0 }).sum({ dim: 1, keepdim: true }),
      F.layerNorm(x, [4], { eps: 1e-3 }),
      F.normalize(x, { dim: -1 }),
      F.cat([x, y], -1).at("...", slice(1, null, 2)),
      F.stack([x, y], 1).at(":", 0, null, [0, -1]),
      F.einsum("ntc,nsc->nts", x, y),
      F.oneHot(tokens, 7).sum(1).float(),
      F.gelu(x).add(F.gelu(x, { approximate: "tanh" })),
      F.leakyRelu(x, 0.2).sub(F.elu(x), { alpha: 0.5 }).add(F.logSoftmax(x, 1)).add(F.softplus(x)),
      F.sub(1, F.where(x.gt(0), x, F.mul(x, 0.1)).clamp({ min: -1 }).pow(2).neg().exp()),
      x.mul(10).to("int32").remainder(3).eq(1).to("float32"),
      x.T.sum(0).std().expand(n),
      changed,
      pair.sum.add(pair.parts[0]!),
      F.tril(ones([t, t]), -1).sub(F.triu(ones([t, t]))).matmul(F.repeat(y, [1, 1, 2])),
      tensor([1, 2, 3, 4]).mul(x).topk(2).values,
    ];
  }
}

/** A printed module in which versions of PyTorch do not differ: without quotes, and with one number for two alike. */
function plain(text: string): string {
  return text.replaceAll("'", "").replaceAll(/\((\d+), \1\)/g, "$1").replaceAll(/_(Orthogonal|SpectralNorm)/g, "$1");
}

const compare = `
import json, pathlib, sys, warnings
import torch
folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
import calls, layers
model = layers.build_model()
printed = [str(part) for part in model]
model = calls.build_model().eval()
given = calls.read_safetensors(folder / "given.safetensors")
differences = []
for run in ("a", "b"):
    inputs = [given[f"{run}.input.{i}"] for i in range(3)]
    outputs = model(inputs[0], inputs[1], inputs[2].long())
    for i, output in enumerate(outputs):
        expected = given[f"{run}.output.{i}"]
        same = tuple(expected.shape) == tuple(output.shape)
        differences.append((expected.double() - output.double()).abs().max().item() if same else f"{run} {i}: {tuple(output.shape)}")
print(json.dumps({"printed": printed, "differences": differences}))
`;

Deno.test({
  name: "standard modules print alike in PyTorch, and calls in a forward() compute the same, on other shapes, too",
  ignore: !installed("pytorch"),
  async fn() {
    manualSeed(0);
    const folder = Deno.makeTempDirSync(), all = layers();
    io.exportPyTorch(new nn.ModuleList(all), `${folder}/layers.py`);
    const model = new Calls();
    model.eval();
    const inputs = (n: number, t: number) => [randn([n, t, 4]), rand([n, 2, 6, 8]), randint(0, 7, [n, t])] as const;
    io.exportPyTorch(model, `${folder}/calls.py`, { exampleInputs: inputs(2, 5) });
    const given: nn.StateDict = {};
    for (const [run, args] of [["a", inputs(2, 5)], ["b", inputs(4, 3)]] as const) {
      args.forEach((x, i) => given[`${run}.input.${i}`] = x);
      model(...args).forEach((x, i) => given[`${run}.output.${i}`] = x.detach());
    }
    io.writeSafetensors(`${folder}/given.safetensors`, given);
    const { success, stdout, stderr } = await new Deno.Command("/usr/bin/python3", { args: ["-c", compare, folder] })
      .output();
    assert(success, new TextDecoder().decode(stderr));
    const { printed, differences } = JSON.parse(new TextDecoder().decode(stdout));
    all.forEach((module, i) => assertEquals(plain(printed[i]), plain(`${module}`)));
    differences.forEach((difference: unknown, i: number) =>
      assert(typeof difference === "number" && difference < 1e-5, `output ${i} differs by ${difference}`)
    );
    Deno.removeSync(folder, { recursive: true });
  },
});

class Reading extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.sum().item() > 0 ? x : x.neg();
  }
}

class Double extends autograd.Function {
  static forward(_context: autograd.FunctionContext, x: Tensor): Tensor {
    return x.mul(2);
  }
  static backward(_context: autograd.FunctionContext, grad: Tensor): Tensor {
    return grad.mul(3);
  }
}

class WithFunction extends nn.Module {
  override forward(x: Tensor): Tensor {
    return Double.apply(x);
  }
}

const outside = randn([40]);

class WithConstant extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.add(outside);
  }
}

class WithUnknown extends nn.Module {
  override forward(x: Tensor): Tensor {
    return F.logsumexp(x, 0);
  }
}

class Changing extends nn.Module {
  calls = 0;
  override forward(x: Tensor): Tensor {
    return this.calls++ % 2 === 0 ? x.exp() : x.log();
  }
}

Deno.test("what cannot be handed over is refused, with what to do", () => {
  const folder = Deno.makeTempDirSync(), x = randn([40]), linear = new nn.Linear(2, 2);
  const refused = (model: nn.Module, message: string, options: io.PyTorchExportOptions = { exampleInputs: x }) =>
    assertThrows(() => io.exportPyTorch(model, `${folder}/net.py`, options), ValueError, message);
  refused(new Reading(), "its forward() reads elements by item()");
  refused(new WithFunction(), "it calls Double, whose backward() is written in TypeScript");
  refused(new WithConstant(), "keep constants with registerBuffer");
  refused(
    new WithUnknown(),
    "calls the function logsumexp like this: write it as x.logsumexp(…)",
  );
  const twice = new Changing();
  refused(
    new nn.Sequential(twice as nn.Layer, twice as nn.Layer),
    "took different steps when it was called more than once",
  );
  refused(new nn.Sequential(new WithUnknown() as nn.Layer), "Pass exampleInputs", {});
  refused(new nn.LazyLinear(3), "forward() is written in TypeScript", {});
  const hooked = new nn.Linear(2, 2);
  hooked.registerForwardHook(() => undefined);
  refused(hooked, "it has hooks", {});
  refused(
    new nn.TransformerEncoderLayer(4, 2, { activation: (x: Tensor) => F.silu(x) }),
    "its activation is a function of its own",
    {},
  );
  const sgd = new optim.SGD(linear.parameters(), { lr: 0.1 }), loss = new nn.MSELoss();
  refused(linear, "without a loss", { optimizer: sgd });
  refused(linear, "without an optimizer", { loss });
  refused(new nn.Linear(2, 2), "other parameters than the model's", { optimizer: sgd, loss });
  refused(
    linear,
    "it computes the loss several times a step",
    { optimizer: new optim.LBFGS(linear.parameters()), loss } as never,
  );
  const scheduler = new optim.lrScheduler.LambdaLR(sgd, (epoch) => 1 / (epoch + 1));
  refused(linear, "Cannot export the schedule LambdaLR", { optimizer: sgd, loss, scheduler });
  assertThrows(() => io.exportPyTorch(linear, `${folder}/net.pt`), ValueError, "ends in .py");
  assertEquals([...Deno.readDirSync(folder)], [], "nothing is written then");
  Deno.removeSync(folder);
});
