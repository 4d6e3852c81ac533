import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, type Tensor } from "../../mod.ts";

Deno.test("a lazy layer has parameters without a shape until it sees an input", () => {
  torch.manualSeed(0);
  const layer = new nn.LazyLinear(4), { weight } = layer;
  const optimizer = new torch.optim.SGD(layer.parameters(), { lr: 0.5 });
  assert(weight instanceof nn.UninitializedParameter && weight.requiresGrad && weight.isLeaf);
  assertEquals(`${weight}`, "<UninitializedParameter>");
  for (const use of [() => weight.shape, () => weight.numel(), () => weight.add(1), () => weight.detach()]) {
    assertThrows(use, torch.ValueError, "Call the module once");
  }
  const output = layer(torch.ones([2, 3]));
  assert(layer.weight === weight && !layer.parameters().some(nn.isLazy));
  assertEquals([layer.constructor.name, layer.inFeatures, weight.constructor.name], ["Linear", 3, "Parameter"]);
  torch.manualSeed(0);
  assertEquals(weight.tolist(), new nn.Linear(3, 4).weight.tolist());
  output.sum().backward();
  const before = layer.bias!.tolist() as number[];
  optimizer.step();
  assertEquals(layer.bias!.tolist(), before.map((b) => Math.fround(b - 1)));
});

Deno.test("every lazy layer settles as the layer it stands for, and draws its numbers", () => {
  const cases: [nn.Module, nn.Module, number[]][] = [
    [new nn.LazyConv1d(4, 3, { groups: 2 }), new nn.Conv1d(2, 4, 3, { groups: 2 }), [1, 2, 5]],
    [new nn.LazyConv2d(4, 3, { bias: false }), new nn.Conv2d(2, 4, 3, { bias: false }), [2, 5, 5]],
    [new nn.LazyConv3d(2, 2), new nn.Conv3d(3, 2, 2), [1, 3, 2, 2, 2]],
    [new nn.LazyConvTranspose1d(4, 2), new nn.ConvTranspose1d(2, 4, 2), [1, 2, 3]],
    [new nn.LazyConvTranspose2d(4, 2), new nn.ConvTranspose2d(2, 4, 2), [1, 2, 3, 3]],
    [new nn.LazyConvTranspose3d(2, 2), new nn.ConvTranspose3d(1, 2, 2), [1, 1, 2, 2, 2]],
    [new nn.LazyBatchNorm1d(), new nn.BatchNorm1d(3), [2, 3, 4]],
    [new nn.LazyBatchNorm2d({ affine: false }), new nn.BatchNorm2d(3, { affine: false }), [2, 3, 4, 4]],
    [
      new nn.LazyInstanceNorm1d(),
      new nn.InstanceNorm1d(3, { affine: true, trackRunningStats: true }),
      [2, 3, 4],
    ],
  ];
  for (const [lazy, plain, shape] of cases) {
    assert([...lazy.parameters(), ...lazy.buffers()].some(nn.isLazy), lazy.constructor.name);
    const x = torch.rand(shape), call = (module: nn.Module) => (module as unknown as (x: Tensor) => Tensor)(x);
    torch.manualSeed(1);
    for (const part of plain.modules()) (part as nn.Conv1d).resetParameters();
    torch.manualSeed(1);
    const output = call(lazy);
    assertEquals(output.tolist(), call(plain).tolist());
    assertEquals(`${lazy}`, `${plain}`);
    assertEquals(Object.keys(lazy.stateDict()), Object.keys(plain.stateDict()));
  }
});

Deno.test("a wrong first input is refused, and the layer waits for another", () => {
  const layer = new nn.LazyConv2d(4, 3, { groups: 2 });
  assertThrows(() => layer(torch.ones([5, 5])), torch.ShapeError, "3 or, with a batch, 4 axes");
  assertThrows(() => layer(torch.ones([3, 5, 5])), torch.ValueError, "3 channels into 2 groups");
  assertEquals([...layer(torch.ones([2, 5, 5])).shape], [4, 3, 3]);
});

Deno.test("a lazy module moves, is copied, saved and loaded before its first call", () => {
  const lazy = new nn.Sequential(new nn.LazyLinear(2), new nn.LazyBatchNorm1d());
  lazy.to({ dtype: "float64", device: "cpu" });
  assertEquals(lazy[0]!.parameters()[0]!.dtype, "float64");
  const copy = nn.deepcopy(lazy), state = copy.stateDict();
  assert(nn.isLazy(state["0.weight"]!) && nn.isLazy(copy[0]!.parameters()[0]!));
  assertEquals(copy[1]!.namedBuffers().map(([name]) => name), ["running_mean", "running_var", "num_batches_tracked"]);
  const settled = new nn.Sequential(new nn.Linear(3, 2, { dtype: "float64", device: "cpu" }), new nn.BatchNorm1d(2));
  lazy.loadStateDict(settled.stateDict());
  assertEquals([...(lazy[0] as nn.Linear).weight.shape], [2, 3]);
  const x = torch.ones([2, 3], { dtype: "float64", device: "cpu" });
  assertEquals((lazy[0] as nn.Linear)(x).tolist(), (settled[0] as nn.Linear)(x).tolist());
  assert(lazy[0]!.constructor === nn.Linear && (lazy[0] as nn.Linear).inFeatures === 3);
  assertThrows(() => settled.loadStateDict(state), torch.TensaurError, "<UninitializedParameter>");
  copy.loadStateDict(state);
  copy.toEmpty({ device: "cpu" });
  assert(copy.parameters().every(nn.isLazy));
  lazy.requiresGrad_(false);
  copy.requiresGrad_(false);
  assert(!copy.parameters()[0]!.requiresGrad);
});

Deno.test("a lazy module is printed, displayed and summed up before and after its first call", () => {
  const net = new nn.Sequential(new nn.LazyLinear(3), new nn.LazyBatchNorm1d());
  assertEquals(
    `${net}`,
    "Sequential(\n  (0): LazyLinear(in_features=0, out_features=3, bias=True)\n" +
      "  (1): LazyBatchNorm1d(0, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)\n)",
  );
  assertEquals(nn.summary(net).totalParams, 0);
  assertEquals(nn.summary(net, [2, 4]).totalParams, 3 * 4 + 3 + 2 * 3);
  const weight = new nn.UninitializedParameter();
  assertEquals(`${new nn.ParameterList([weight])}`, "ParameterList(  (0): <UninitializedParameter>)");
  assertEquals(`${new nn.ParameterDict({ a: weight })}`, "ParameterDict(  (a): <UninitializedParameter>)");
});
