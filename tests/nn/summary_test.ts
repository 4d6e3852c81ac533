import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  deviceStats,
  flush,
  manualSeed,
  nn,
  randn,
  randperm,
  summary,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../../mod.ts";
import { assertTensor, testOnDevices } from "../tensor/expect.ts";

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 4, 3, { padding: 1 });
  norm = new nn.BatchNorm2d(4);
  drop = new nn.Dropout(0.5);
  body = new nn.Sequential(new nn.Linear(8, 8, { bias: false }), new nn.ReLU());
  override forward(x: Tensor): Tensor {
    const y = this.drop(this.norm(this.conv(x)));
    return this.body(this.body(y)).matmul(y.transpose(-1, -2));
  }
}

testOnDevices("summary() counts shapes, parameters and multiply-adds, and runs no kernel", () => {
  const model = new Net();
  flush();
  const { launched } = deviceStats(model.conv.weight.device);
  const result = summary(model, [2, 1, 6, 8]);
  flush();
  assertEquals(deviceStats(model.conv.weight.device).launched, launched);
  assertEquals(result.root.outputShapes, [[2, 4, 6, 6]]);
  assertEquals(
    result.root.layers.map(({ type, name, params, multAdds, recursive }) => [type, name, params, multAdds, recursive]),
    [
      ["Conv2d", "conv", 40, 2 * 4 * 6 * 8 * 9, false],
      ["BatchNorm2d", "norm", 8, 0, false],
      ["Dropout", "drop", 0, 0, false],
      ["Sequential", "body", 64, 2 * 4 * 6 * 8 * 8, false],
      ["Sequential", "body", 64, 2 * 4 * 6 * 8 * 8, true],
    ],
  );
  assertEquals(result.totalParams, 112);
  assertEquals(result.totalMultAdds, 3456 + 2 * 3072 + 2 * 4 * 6 * 8 * 6);
  assertEquals(result.totalInputBytes, 2 * 6 * 8 * 4);
  // Seven innermost calls, each of as many elements.
  assertEquals(result.totalOutputBytes, 2 * 7 * 2 * 4 * 6 * 8 * 4);
  assertEquals(result.totalParamBytes, 112 * 4);
});

testOnDevices("summary() leaves the model, its buffers and the generator as they were", () => {
  const model = new Net();
  model.train();
  model.norm.eval();
  const pending = randn([3]).add(1);
  manualSeed(7);
  const expected = randperm(5).tolist();
  manualSeed(7);
  const output = summary(model, [2, 1, 6, 8], { mode: "train" });
  assertEquals(randperm(5).tolist(), expected as number[]);
  assert(output.root.outputShapes.length === 1);
  assertEquals([model.training, model.norm.training, model.body.training], [true, false, true]);
  assertTensor(model.norm.runningMean!, [0, 0, 0, 0]);
  assertTensor(model.norm.runningVar!, [1, 1, 1, 1]);
  assertEquals(model.norm.numBatchesTracked!.item(), 0);
  assertEquals(pending.numel(), pending.dataSync().length);
  // No hook is left: another run would add lines.
  const lines = output.root.layers.length;
  model(zeros([2, 1, 6, 8]));
  assertEquals(output.root.layers.length, lines);
  class Broken extends Net {
    override forward(_x: Tensor): Tensor {
      throw new ValueError("broken");
    }
  }
  const broken = new Broken();
  assertThrows(() => summary(broken, [1]), ValueError, "broken");
  assert(broken.training);
});

Deno.test("summary() takes shapes, tensors and lists of arguments", () => {
  const embedding = new nn.Embedding(10, 4);
  assertEquals(summary(embedding, [3, 2], { dtypes: "int32" }).root.outputShapes, [[3, 2, 4]]);
  assertEquals(summary(embedding, tensor([1, 2])).root.outputShapes, [[2, 4]]);
  const bilinear = new nn.Bilinear(2, 3, 4);
  assertEquals(summary(bilinear, [[5, 2], [5, 3]]).root.outputShapes, [[5, 4]]);
  assertEquals(summary(bilinear, [zeros([5, 2]), zeros([5, 3])]).root.outputShapes, [[5, 4]]);
  const rnn = summary(new nn.GRU(2, 3), [4, 1, 2]);
  assertEquals(rnn.root.outputShapes, [[4, 1, 3], [1, 1, 3]]);
  assertEquals(rnn.totalMultAdds, 4 * 9 * (2 + 3));
  assertThrows(() => summary(bilinear, [[5, 2], [5, 3]], { dtypes: ["float32"] }), ValueError, "2 inputs");
  assertThrows(() => summary(bilinear, [[5, 2], [5, 3]], { depth: -1 }), ValueError, "depth -1");
});

Deno.test("summary() prints as a table, and in a notebook as one of HTML", () => {
  const model = new Net();
  model.conv.requiresGrad_(false);
  const result = summary(model, [1, 1, 6, 8], { depth: 1 });
  const text = [
    "===============================================================",
    "Layer (name): depth-index  Output Shape    Param #    Mult-Adds",
    "===============================================================",
    "Net                        [1, 4, 6, 6]         --        1,152",
    "├─Conv2d (conv): 1-1       [1, 4, 6, 8]         40        1,728",
    "├─BatchNorm2d (norm): 1-2  [1, 4, 6, 8]          8           --",
    "├─Dropout (drop): 1-3      [1, 4, 6, 8]         --           --",
    "├─Sequential (body): 1-4   [1, 4, 6, 8]         64        1,536",
    "└─Sequential (body): 1-5   [1, 4, 6, 8]  (recursive)      1,536",
  ];
  const lines = `${result}`.split("\n");
  assertEquals(
    lines.slice(3, 9).map((line) => line.replaceAll(/ +/g, " ")),
    text.slice(3).map((line) => line.replaceAll(/ +/g, " ")),
  );
  assertEquals(lines.slice(10, 14), [
    "Total params: 112",
    "Trainable params: 72",
    "Non-trainable params: 40",
    "Total mult-adds: 5,952",
  ]);
  assertEquals(Deno.inspect(result), `${result}`);
  const display = Reflect.get(result, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  const { "text/html": html } = display.call(result);
  assert(html!.includes("<table>") && html!.includes("Conv2d (conv): 1-1") && html!.includes("5,952"), html);
});

Deno.test("summary() shows layers that their owner uses without calling them", () => {
  const text = `${summary(new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 }), [5, 2, 8])}`;
  assert(/out_proj\): 2-1 +-- +72 +--/.test(text), text);
  // Projections of 3·8·8 + 8·8 for 10 tokens, 2·5·5·8 scores and as many for the values.
  assert(/self_attn\): 1-1 +\[5, 2, 8\] +216 +3,360/.test(text), text);
});

Deno.test("summary() of a network without an input shows its parameters, in a notebook as a tree", () => {
  const model = new nn.Sequential(new nn.Linear(3, 4, { bias: false }), new nn.ReLU());
  model.requiresGrad_(false);
  const result = summary(model);
  assertEquals(`${result}`.split("\n").slice(3).map((line) => line.replaceAll(/ +/g, " ").replaceAll(/=+/g, "=")), [
    "Sequential -- -- --",
    "├─Linear (0): 1-1 -- 12 --",
    "└─ReLU (1): 1-2 -- -- --",
    "=",
    "Total params: 12",
    "Trainable params: 0",
    "Non-trainable params: 12",
    "Params size (MB): 0.00",
    "=",
  ]);
  const display = Reflect.get(result, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  const plain = display.call(result)["text/html"]!.replaceAll(/<[^>]*>/g, " ").replaceAll(/ +/g, " ").trim();
  assertEquals(
    plain,
    "Sequential () 12 parameters (0): Linear (in_features=3, out_features=4, bias=False) 12 parameters " +
      "weight [4, 3] float32, frozen (1): ReLU ()",
  );
});
