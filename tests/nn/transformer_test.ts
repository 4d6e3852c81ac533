import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { functional as F, nn, randn, type Tensor, zeros } from "../../mod.ts";
import golden from "../golden/sequences.json" with { type: "json" };
import { testModules } from "./golden_module.ts";

testModules(golden.transformers);

const small = { dimFeedforward: 6, dropout: 0 };

Deno.test("an encoder's layers begin alike and are trained apart", () => {
  const layer = new nn.TransformerEncoderLayer(4, 2, small);
  const encoder = new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(4) });
  const [first, second] = encoder.layers as Iterable<nn.TransformerEncoderLayer>;
  assert(first! instanceof nn.TransformerEncoderLayer && first !== second && first !== layer);
  assertEquals(first.linear1.weight.tolist(), layer.linear1.weight.tolist());
  assertEquals(second!.linear1.weight.tolist(), layer.linear1.weight.tolist());
  const x = randn([3, 1, 4]);
  encoder(x).mul(randn([3, 1, 4])).sum().backward();
  new torch.optim.SGD(encoder.parameters(), { lr: 1 }).step();
  assertNotEquals(first.linear1.weight.tolist(), second!.linear1.weight.tolist());
  assertEquals(Object.keys(encoder.stateDict())[0], "layers.0.self_attn.in_proj_weight");
  assertEquals(encoder.namedParameters().length, 26);
});

Deno.test("masks may be given by position and by name", () => {
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, small), 1), x = randn([3, 2, 4]);
  const mask = nn.Transformer.generateSquareSubsequentMask(3);
  assertEquals(mask.tolist(), [[0, -Infinity, -Infinity], [0, 0, -Infinity], [0, 0, 0]]);
  const y = encoder(x, mask);
  assertEquals(encoder(x, { mask, isCausal: true }).tolist(), y.tolist());
  const changed = F.cat([x.at(torch.slice(0, 2)), x.at(2).mul(3).unsqueeze(0)]);
  assert(F.allclose(encoder(changed, mask).at(torch.slice(0, 2)), y.at(torch.slice(0, 2)), { atol: 1e-6 }));
});

Deno.test("an activation is a name, a function or a module, and biases can be left out", () => {
  torch.manualSeed(0);
  const a = new nn.TransformerEncoderLayer(4, 2, { ...small, activation: "gelu" });
  torch.manualSeed(0);
  const b = new nn.TransformerEncoderLayer(4, 2, { ...small, activation: (x: Tensor) => F.gelu(x) });
  torch.manualSeed(0);
  const c = new nn.TransformerEncoderLayer(4, 2, { ...small, activation: new nn.GELU() });
  const x = randn([3, 4]);
  assertEquals(a(x).tolist(), b(x).tolist());
  assertEquals(a(x).tolist(), c(x).tolist());
  assertEquals(c.namedChildren().at(-1)![0], "activation");
  const plain = new nn.TransformerDecoderLayer(4, 2, { ...small, bias: false });
  assert(plain.namedParameters().every(([name]) => !name.includes("bias")));
  assertEquals([...plain(x, x).shape], [3, 4]);
  assertThrows(() => new nn.TransformerEncoderLayer(4, 2, { activation: "tanh" as "relu" }), torch.ValueError, "tanh");
});

Deno.test("a transformer takes an encoder of one's own, and refuses what does not fit", () => {
  class Plain extends nn.Module {
    override forward(src: Tensor): Tensor {
      return src.mul(2);
    }
  }
  const transformer = new nn.Transformer(4, 2, { ...small, numDecoderLayers: 1, customEncoder: new Plain() });
  assertEquals([...transformer(randn([5, 2, 4]), randn([3, 2, 4])).shape], [3, 2, 4]);
  assertThrows(() => transformer(zeros([5, 2, 4]), zeros([3, 1, 4])), torch.ShapeError, "[5, 2, 4]");
  assertThrows(() => transformer(zeros([5, 2, 3]), zeros([3, 2, 3])), torch.ShapeError, "4 numbers a position");
});

Deno.test("causal masks begin in the upper left corner or end in the lower right one", () => {
  const { causalLowerRight, causalUpperLeft } = nn.attention.bias;
  assertEquals(causalUpperLeft(3, 2).int().tolist(), [[1, 0], [1, 1], [1, 1]]);
  assertEquals(causalLowerRight(3, 2).int().tolist(), [[0, 0], [1, 0], [1, 1]]);
  const q = randn([3, 4]), kv = randn([3, 4]);
  assert(
    F.allclose(
      F.scaledDotProductAttention(q, kv, kv, { attnMask: causalUpperLeft(3, 3) }),
      F.scaledDotProductAttention(q, kv, kv, { isCausal: true }),
    ),
  );
});

Deno.test("a copy of a module shares nothing with it but what it shared itself", () => {
  class Net extends nn.Module {
    names = ["a"];
    first = new nn.Linear(2, 2);
    second: nn.Linear;
    rnn = new nn.LSTM(2, 3, { bias: false });
    list = new nn.ModuleDict<nn.Module>([["b", new nn.BatchNorm1d(2)], ["1", new nn.ReLU()]]);
    override forward(x: Tensor): Tensor {
      return this.rnn(this.second(this.first(x)))[0];
    }
    constructor() {
      super();
      this.second = this.first;
    }
  }
  const net = new Net(), x = randn([4, 1, 2]);
  let calls = 0;
  net.registerForwardHook(() => void calls++);
  net.first.bias!.requiresGrad = false;
  net(x).sum().backward();
  const copy = nn.deepcopy(net).eval();
  assertEquals(`${copy}`, `${net}`);
  assertEquals(copy(x).tolist(), net(x).tolist());
  assertEquals(calls, 3);
  assert(copy instanceof Net && copy.first === copy.second && copy.first !== net.first && net.training);
  assertEquals(Object.keys(copy.stateDict()), Object.keys(net.stateDict()));
  assertEquals(copy.parameters().length, net.parameters().length);
  assertEquals(copy.first.weight.grad!.tolist(), net.first.weight.grad!.tolist());
  assert(!copy.first.bias!.requiresGrad && copy.first.weight.requiresGrad);
  nn.init.zeros_(copy.first.weight);
  (copy.list as unknown as { b: nn.BatchNorm1d }).b.runningMean!.fill_(5);
  copy.names.push("b");
  assert(net.first.weight.abs().sum().item() as number > 0);
  assertEquals(net.getBuffer("list.b.running_mean").tolist(), [0, 0]);
  assertEquals(net.names, ["a"]);
});

Deno.test("a copy of a state keeps its values", () => {
  const weight = new nn.Parameter(randn([2])), rng = new Uint8Array([1, 2]);
  const state = { model: { weight, count: weight.detach() }, optimizer: { steps: [1, { lr: 0.5 }] }, rng };
  const copy = nn.deepcopy(state), before = weight.tolist();
  nn.init.zeros_(weight);
  rng[0] = 9;
  state.optimizer.steps.pop();
  assert(copy.model.weight instanceof nn.Parameter && copy.model.weight.requiresGrad);
  assertEquals([copy.model.weight.tolist(), copy.model.count.tolist()], [before, before]);
  assertEquals([copy.optimizer, copy.rng], [{ steps: [1, { lr: 0.5 }] }, new Uint8Array([1, 2])]);
  assertThrows(() => nn.deepcopy([weight.mul(2)]), torch.AutogradError, "detach()");
});
