import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, type Tensor } from "../../mod.ts";

class Block extends nn.Module {
  fcIn = new nn.Linear(3, 4);
  #calls = 0;
  override forward(x: Tensor): Tensor {
    this.#calls++;
    return this.fcIn(x).relu();
  }
  get calls(): number {
    return this.#calls;
  }
}

class Net extends nn.Module {
  scale = new nn.Parameter(torch.ones([3]));
  first = new Block();
  second = new Block();
  tied: nn.Linear;
  runningSum = torch.zeros([3]);
  cache = torch.zeros([2]);
  constructor() {
    super();
    this.tied = this.first.fcIn;
    this.registerBuffer("runningSum", this.runningSum);
    this.registerBuffer("cache", this.cache, { persistent: false });
  }
  override forward(x: Tensor, twice = false): [Tensor, boolean] {
    return [this.first(x.mul(this.scale)), twice];
  }
}

Deno.test("a module is called like a function, with the types of forward", () => {
  const net = new Net();
  const [output, twice]: [Tensor, boolean] = net(torch.ones([2, 3]), true);
  assertEquals([...output.shape], [2, 4]);
  assert(twice);
  assertEquals(net.first.calls, 1);
  assert(net instanceof nn.Module && net instanceof Net && typeof net === "function");
  assertThrows(() => (new nn.Module() as unknown as () => void)(), torch.TensaurError, "no forward()");
});

Deno.test("parameters and modules are found once, in the order of definition", () => {
  const net = new Net();
  const names = ["scale", "first.fc_in.weight", "first.fc_in.bias", "second.fc_in.weight", "second.fc_in.bias"];
  assertEquals(net.namedParameters().map(([name]) => name), names);
  assertEquals(net.namedParameters({ recurse: false }).map(([name]) => name), ["scale"]);
  assertEquals(net.namedModules().map(([name]) => name), ["", "first", "first.fc_in", "second", "second.fc_in"]);
  assertEquals(net.namedChildren().map(([name]) => name), ["first", "second", "tied"]);
  assertEquals(net.namedBuffers().map(([name]) => name), ["running_sum", "cache"]);
  assertEquals(Object.keys(net.stateDict()), [
    "scale",
    "running_sum",
    ...names.slice(1),
    "tied.weight",
    "tied.bias",
  ]);
});

Deno.test("a module prints as in PyTorch", () => {
  const expected = `Net(
  (first): Block(
    (fc_in): Linear(in_features=3, out_features=4, bias=True)
  )
  (second): Block(
    (fc_in): Linear(in_features=3, out_features=4, bias=True)
  )
  (tied): Linear(in_features=3, out_features=4, bias=True)
)`;
  const net = new Net();
  assertEquals(`${net}`, expected);
  assertEquals(Deno.inspect(net), expected);
  assertEquals(Deno.inspect(net.scale), "Parameter containing:\ntensor([1., 1., 1.], requires_grad=True)");
  assertEquals(`${net.scale}`, "Parameter containing:\ntensor([1., 1., 1.], requires_grad=True)");
});

Deno.test("getSubmodule, getParameter and getBuffer follow paths", () => {
  const net = new Net();
  assert(net.getSubmodule("") === net);
  assert(net.getSubmodule("first.fc_in") === net.first.fcIn);
  assert(net.getParameter("first.fcIn.weight") === net.first.fcIn.weight);
  assert(net.getBuffer("running_sum") === net.runningSum);
  assertThrows(() => net.getParameter("first.fc_out.weight"), torch.IndexError, "first.fc_out.weight");
});

Deno.test("a loaded state gives the same output", () => {
  torch.manualSeed(0);
  const a = new Net(), b = new Net();
  const x = torch.randn([2, 3]);
  const result = b.loadStateDict(a.stateDict());
  assertEquals([result.missingKeys, result.unexpectedKeys], [[], []]);
  assertEquals(`${result}`, "<All keys matched successfully>");
  assertEquals(b(x)[0].tolist(), a(x)[0].tolist());
  a.scale.detach().fill_(0);
  assertEquals(a.stateDict().scale!.tolist(), [0, 0, 0]);
  assertEquals(b.scale.tolist(), [1, 1, 1]);
});

Deno.test("loadStateDict reports what does not fit, and changes nothing then", () => {
  const module = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
  const before = module.parameters().map((p) => p.tolist());
  const state = { "0.weight": torch.zeros([3, 3]), "0.bias": torch.zeros([3]), "2.weight": torch.zeros([1]) };
  const error = assertThrows(() => module.loadStateDict(state), torch.TensaurError);
  assertEquals(
    error.message,
    "Error(s) in loading state_dict for Sequential:\n" +
      '\tMissing key(s) in state_dict: "1.weight", "1.bias". \n' +
      '\tUnexpected key(s) in state_dict: "2.weight". \n' +
      "\tsize mismatch for 0.weight: copying a param with shape torch.Size([3, 3]) from checkpoint, " +
      "the shape in current model is torch.Size([3, 2]).",
  );
  assertEquals(module.parameters().map((p) => p.tolist()), before);
  const partial = module.loadStateDict({ "0.bias": torch.ones([3]) }, { strict: false });
  assertEquals(partial.missingKeys, ["0.weight", "1.weight", "1.bias"]);
  assertEquals(
    `${partial}`,
    "_IncompatibleKeys(missing_keys=['0.weight', '1.weight', '1.bias'], unexpected_keys=[])",
  );
  assertEquals((module[0] as nn.Linear).bias!.tolist(), [1, 1, 1]);
});

Deno.test("train, eval, requiresGrad_, zeroGrad and apply reach every module", () => {
  const net = new Net();
  net.eval();
  assertEquals(net.modules().map((m) => m.training), [false, false, false, false, false]);
  net.train();
  assert(net.second.fcIn.training);
  net(torch.ones([2, 3]))[0].sum().backward();
  assert(net.scale.grad !== null && net.second.fcIn.weight.grad === null);
  net.zeroGrad({ setToNone: false });
  assertEquals(net.scale.grad!.tolist(), [0, 0, 0]);
  net.zeroGrad();
  assertEquals(net.scale.grad, null);
  net.requiresGrad_(false);
  assert(net.parameters().every((p) => !p.requiresGrad));
  const order: string[] = [];
  net.apply((m) => order.push(m.constructor.name));
  assertEquals(order, ["Linear", "Block", "Linear", "Block", "Linear", "Net"]);
});

Deno.test("to converts floats in place and leaves integers", () => {
  const module = new nn.BatchNorm1d(2).to({ device: "cpu" });
  const { weight } = module;
  weight!.grad = torch.ones([2], { device: "cpu" });
  module.double();
  assert(module.weight === weight && weight!.dtype === "float64" && weight!.requiresGrad && weight!.isLeaf);
  assertEquals(weight!.grad!.dtype, "float64");
  assertEquals(module.runningMean!.dtype, "float64");
  assertEquals(module.numBatchesTracked!.dtype, "int32");
  assertEquals(module(torch.ones([3, 2], { dtype: "float64", device: "cpu" })).dtype, "float64");
  assertEquals(module.float().weight!.dtype, "float32");
  assertThrows(() => module.to("int32"), torch.DTypeError, "int32");
});

Deno.test("hooks see and replace inputs, outputs and gradients", () => {
  const layer = new nn.Linear(2, 2, { bias: false });
  nn.init.eye_(layer.weight);
  const seen: string[] = [];
  const handles = [
    layer.registerForwardPreHook((module, inputs) => {
      assert(module === layer);
      seen.push("pre");
      return inputs[0].mul(2);
    }),
    layer.registerForwardHook((_module, _inputs, output) => {
      seen.push("post");
      return output.add(1);
    }),
    layer.registerFullBackwardHook((_module, gradInput, gradOutput) => {
      seen.push(`back ${gradOutput.length} ${gradOutput[0]!.tolist()}`);
      return [gradInput[0]!.mul(10)];
    }),
  ];
  const x = torch.tensor([[1, 2]], { dtype: "float32", requiresGrad: true });
  const y = layer(x);
  assertEquals(y.tolist(), [[3, 5]]);
  y.sum().backward();
  assertEquals(x.grad!.tolist(), [[20, 20]]);
  assertEquals(seen, ["pre", "post", "back 1 1,1"]);
  for (const handle of handles) handle.remove();
  assertEquals(layer(x).tolist(), [[1, 2]]);
  assertEquals(seen.length, 3);
});

Deno.test("a backward hook is called where inputs need no gradient", () => {
  const layer = new nn.Linear(2, 1);
  let grads: readonly (Tensor | null)[] = [];
  layer.registerFullBackwardHook((_module, gradInput) => void (grads = gradInput));
  layer(torch.ones([1, 2])).sum().backward();
  assertEquals(grads, [null]);
});

Deno.test("names that are taken are refused", () => {
  const net = new Net();
  assertThrows(() => net.registerModule("forward", new nn.Tanh()), torch.ValueError, "attribute of that name");
  assertThrows(() => net.registerParameter("a.b", null), torch.ValueError, "no dots");
  net.registerModule("extra", new nn.Tanh());
  assertEquals(net.namedChildren().at(-1)![0], "extra");
});

Deno.test("containers hold modules", () => {
  const chain = new nn.Sequential({ up: new nn.Linear(1, 2), act: new nn.ReLU() });
  assertEquals(Object.keys(chain.stateDict()), ["up.weight", "up.bias"]);
  chain.append(new nn.Linear(2, 1));
  assertEquals([chain.length, chain.at(-1) === chain[2], chain.slice(1).length], [3, true, 2]);
  assertEquals([...chain(torch.ones([4, 1])).shape], [4, 1]);
  const pair = new nn.Sequential(new nn.Linear(1, 2), new nn.ReLU()), plain: nn.Sequential = pair;
  assertEquals([pair.at(0).outFeatures, pair.at(1) === pair[1], plain.at(-1) === pair[1]], [2, true, true]);
  assertThrows(() => plain.at(2), torch.IndexError, "2 of 2");

  const list = new nn.ModuleList([new nn.Linear(1, 2), new nn.Linear(2, 3)]);
  list.insert(0, new nn.Linear(1, 1));
  assertEquals([...list].map((layer) => layer.outFeatures), [1, 2, 3]);
  assertEquals(Object.keys(list.stateDict())[2], "1.weight");
  assertThrows(() => list.at(5), torch.IndexError, "5 of 3");

  const dict = new nn.ModuleDict<nn.Module>({ convLayer: new nn.Conv2d(1, 1, 1), act: new nn.ReLU() });
  assertEquals([dict.size, dict.has("act"), dict.has("size")], [2, true, false]);
  assertEquals(Object.keys(dict.stateDict())[0], "convLayer.weight");
  assertEquals(
    new nn.ModuleDict<nn.Module>([["b", new nn.ReLU()], ["1", new nn.Tanh()], ["0", new nn.ReLU()]]).keys(),
    ["b", "1", "0"],
  );
  dict.pop("convLayer");
  assertEquals(dict.keys(), ["act"]);
  assertThrows(() => dict.set("keys", new nn.ReLU()), torch.ValueError);

  const parameters = new nn.ParameterList([new nn.Parameter(torch.ones([2, 3])), new nn.Parameter(torch.ones([4]))]);
  assertEquals(
    `${parameters}`,
    "ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x3]\n" +
      "    (1): Parameter containing: [torch.float32 of size 4]\n)",
  );
  assertEquals(parameters.at(-1).numel(), 4);
});

Deno.test("clipGradNorm_ and clipGradValue_ change gradients in place", () => {
  const [a, b] = [torch.zeros([2], { requiresGrad: true }), torch.zeros([], { requiresGrad: true })];
  a.grad = torch.tensor([3, 0], { dtype: "float32" });
  b.grad = torch.tensor(4, { dtype: "float32" });
  assertEquals(nn.utils.clipGradNorm_([a, b], 100).item(), 5);
  assertAlmostEquals(b.grad.item() as number, 4, 1e-5);
  assertEquals(nn.utils.clipGradNorm_([a, b], 1).item(), 5);
  assertAlmostEquals(b.grad.item() as number, 0.8, 1e-5);
  nn.utils.clipGradValue_([a, b], 0.7);
  assertAlmostEquals(b.grad.item() as number, 0.7, 1e-6);
  assertEquals(nn.utils.clipGradNorm_(new nn.Parameter(torch.ones([2])), 1).item(), 0);
});

Deno.test("parametersToVector and vectorToParameters are inverse", () => {
  const net = new nn.Linear(2, 2);
  const vector = nn.utils.parametersToVector(net.parameters());
  assertEquals([...vector.shape], [6]);
  nn.utils.vectorToParameters(vector.detach().mul(0).add(1), net.parameters());
  assertEquals(net.bias!.tolist(), [1, 1]);
  assertThrows(() => nn.utils.vectorToParameters(torch.zeros([5]), net.parameters()), torch.ShapeError, "5 elements");
});

Deno.test("parameters are kept under names", () => {
  const one = (...shape: number[]) => new nn.Parameter(torch.ones(shape));
  const dict = new nn.ParameterDict({ right: one(2, 3), left: one(2) });
  assertEquals(
    `${dict}`,
    "ParameterDict(\n    (left): Parameter containing: [torch.FloatTensor of size 2]\n" +
      "    (right): Parameter containing: [torch.FloatTensor of size 2x3]\n)",
  );
  assertEquals(Object.keys(dict.stateDict()), ["left", "right"]);
  assertEquals(dict.pop("left").numel(), 2);
  dict.update([["b", one(1)], ["1", one(1)], ["0", one(1)]]);
  assertEquals(dict.keys(), ["right", "b", "1", "0"]);
  assertEquals([dict.has("size"), dict.size, [...dict].length], [false, 4, 4]);
  assertThrows(() => dict.get("left"), torch.IndexError, "left");
  const copy = dict.copy(), right = dict.get("right");
  assertEquals([copy.keys(), copy.get("right") === right], [dict.keys(), true]);
  assertEquals([copy.popitem()[0], copy.keys()], ["0", ["right", "b", "1"]]);
  assert(copy.setdefault("right", one(5)) === right && copy.setdefault("c", one(5)).numel() === 5);
  assertEquals(copy.fromkeys(["x", "y"], right).parameters().length, 1);
  assertThrows(() => new nn.ParameterDict().popitem(), torch.IndexError, "empty");
  dict.clear();
  assertEquals(dict.parameters(), []);
});

Deno.test("layers are taken out of lists, and put in place by path", () => {
  const net = new nn.Sequential<nn.Layer[]>(new nn.Linear(1, 2), new nn.ReLU(), new nn.Linear(2, 3));
  assert(net.pop(1) instanceof nn.ReLU);
  assertEquals(net.namedChildren().map(([name]) => name), ["0", "1"]);
  assert(net.pop() instanceof nn.Linear);
  assertEquals(net.length, 1);
  const outer = new nn.Sequential<nn.Layer[]>(net, new nn.ReLU());
  outer.setSubmodule("0.0", new nn.Tanh());
  assert(outer.getSubmodule("0.0") instanceof nn.Tanh);
  assertThrows(() => outer.setSubmodule("0.5", new nn.Tanh(), { strict: true }), torch.IndexError, "0.5");
  assertThrows(() => outer.setSubmodule("5.0", new nn.Tanh()), torch.IndexError, "5.0");
  outer.setSubmodule("0.5", new nn.Tanh());
  assert(outer.getSubmodule("0.5") instanceof nn.Tanh);
  assertThrows(() => outer.setSubmodule("", new nn.Tanh()), torch.ValueError, "empty path");
});

Deno.test("a module is called with other tensors, and stays as it is", () => {
  const net = new Net(), before = net.first.fcIn.weight;
  const weight = torch.zeros([4, 3], { requiresGrad: true }), bias = torch.ones([4]);
  const call = nn.utils.stateless.functionalCall;
  assertEquals(call(net, { "first.fc_in.weight": weight, "tied.bias": bias }, torch.ones([1, 3]))[0].tolist(), [[
    1,
    1,
    1,
    1,
  ]]);
  assert(net.first.fcIn.weight === before && net.tied.weight === before);
  assertThrows(() => call(net, { scales: bias }, torch.ones([1, 3])), torch.IndexError, "scales");
  call(net, { scale: torch.ones([3]) }, torch.ones([1, 3]))[0].sum().backward();
  assert(net.scale.grad === null && before.grad !== null);
});

Deno.test("recurrent networks list their weights by cell", () => {
  const lstm = new nn.LSTM(2, 3, { numLayers: 2, bidirectional: true });
  lstm.flattenParameters();
  assertEquals(lstm.allWeights.map((cell) => cell.length), [4, 4, 4, 4]);
  assert(lstm.allWeights[1]![0] === lstm.getParameter("weight_ih_l0_reverse"));
});

Deno.test("a module that is several times in a sequence is called, counted and printed as often, and learned once", () => {
  const layer = new nn.Linear(2, 2), act = new nn.ReLU(), net = new nn.Sequential(layer, act, layer, act);
  const x = torch.tensor([[1, -2]], { dtype: "float32" });
  assertEquals(net(x).tolist(), layer(layer(x).relu()).relu().tolist());
  assertEquals([net.length, net.at(2) === layer, net.parameters().length, net.children().length], [4, true, 2, 2]);
  assertEquals(Object.keys(net.stateDict()), ["0.weight", "0.bias", "2.weight", "2.bias"]);
  assertEquals(`${net}`.split("\n")[3], "  (2): Linear(in_features=2, out_features=2, bias=True)");
  assertEquals([...new nn.ModuleList([act, act]).append(act)].length, 3);
});
