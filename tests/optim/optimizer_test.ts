import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, optim, type Tensor } from "../../mod.ts";
import golden from "../golden/networks.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";

const optimizers: Record<string, (params: Tensor[]) => optim.SGD | optim.Adam> = {
  "SGD": (p) => new optim.SGD(p, { lr: 0.1 }),
  "SGD momentum": (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.01 }),
  "SGD nesterov": (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  "SGD maximize": (p) => new optim.SGD(p, { lr: 0.1, maximize: true }),
  "Adam": (p) => new optim.Adam(p, { lr: 0.1 }),
  "Adam options": (p) =>
    new optim.Adam(p, { lr: 0.1, betas: [0.8, 0.95], eps: 1e-3, weightDecay: 0.1, amsgrad: true, maximize: true }),
  "AdamW": (p) => new optim.AdamW(p, { lr: 0.1 }),
  "AdamW options": (p) => new optim.AdamW(p, { lr: 0.1, weightDecay: 0.2, amsgrad: true }),
};

const float = { dtype: "float32" } as const;
const start = () => torch.tensor([1, -2, 0.5, 3], { requiresGrad: true });

function backward(w: Tensor): void {
  const target = torch.tensor([0.5, 0.5, -1, 2], float), scale = torch.tensor([1, 0.1, 3, 0.5], float);
  w.sub(target).square().mul(scale).sum().backward();
}

for (const [name, expected] of Object.entries(golden.optimizers)) {
  testOnDevices(`${name} takes PyTorch's steps under a schedule`, () => {
    const w = start();
    const optimizer = optimizers[name]!([w]);
    const schedule = new optim.lrScheduler.StepLR(optimizer, { stepSize: 3, gamma: 0.5 });
    for (const step of expected.steps) {
      optimizer.zeroGrad();
      backward(w);
      optimizer.step();
      schedule.step();
      w.dataSync().forEach((value, i) => assertAlmostEquals(value, step[i]!, 1e-5 * Math.max(1, Math.abs(step[i]!))));
    }
    assert(w.isLeaf && w.requiresGrad);
    const saved = optimizer.stateDict();
    assertEquals(Object.keys(saved.state[0] ?? {}).sort(), expected.state);
    for (const key of expected.group) assert(key in saved.param_groups[0]!, key);
  });

  Deno.test(`${name} goes on from a saved state`, () => {
    const [a, b] = [start(), start()];
    const first = optimizers[name]!([a]);
    const step = (w: Tensor, optimizer: optim.SGD | optim.Adam) => {
      optimizer.zeroGrad();
      backward(w);
      optimizer.step();
    };
    for (let i = 0; i < 3; i++) step(a, first);
    torch.noGrad(() => b.copy_(a));
    const second = optimizers[name]!([b]);
    first.paramGroups[0]!.lr = 0.05;
    second.loadStateDict(first.stateDict());
    for (let i = 0; i < 3; i++) step(a, first), step(b, second);
    assertEquals(b.tolist(), a.tolist());
  });
}

Deno.test("groups have options of their own, which can change", () => {
  const [a, b] = [torch.zeros([1], { requiresGrad: true }), torch.zeros([1], { requiresGrad: true })];
  const optimizer = new optim.SGD([{ params: [a] }, { params: b, lr: 1 }], { lr: 0.5 });
  const c = torch.zeros([1], { requiresGrad: true });
  optimizer.addParamGroup({ params: [c], lr: 2 });
  const step = () => {
    optimizer.zeroGrad();
    a.add(b).add(c).sum().backward();
    optimizer.step();
  };
  step();
  assertEquals([a.item(), b.item(), c.item()], [-0.5, -1, -2]);
  for (const group of optimizer.paramGroups) group.lr *= 0.5;
  step();
  assertEquals([a.item(), b.item(), c.item()], [-0.75, -1.5, -3]);
});

Deno.test("step runs a closure, skips what has no gradient, and returns the loss", () => {
  const [a, b] = [torch.ones([2], { requiresGrad: true }), torch.ones([2], { requiresGrad: true })];
  const optimizer = new optim.Adam([a, b], { lr: 0.1 });
  const loss = optimizer.step(() => {
    optimizer.zeroGrad();
    const loss = a.square().sum();
    loss.backward();
    return loss;
  });
  assertEquals(loss.item(), 2);
  assertEquals(b.tolist(), [1, 1]);
  assertEquals(optimizer.state.size, 1);
  optimizer.zeroGrad({ setToNone: false });
  assertEquals(a.grad!.tolist(), [0, 0]);
});

Deno.test("optimizers refuse what makes no sense", () => {
  const w = start();
  assertThrows(() => new optim.SGD([], { lr: 0.1 }), torch.ValueError, "empty");
  assertThrows(() => new optim.SGD([w], { lr: -1 }), torch.ValueError, "lr -1");
  assertThrows(() => new optim.SGD([w], { lr: 1, nesterov: true }), torch.ValueError, "Nesterov");
  assertThrows(() => new optim.Adam([w], { betas: [0.9, 1] }), torch.ValueError, "betas[1]");
  assertThrows(() => new optim.SGD([w, w], { lr: 1 }), torch.ValueError, "twice");
  assertThrows(() => new optim.SGD([{ params: [w] }, { params: [w] }], { lr: 1 }), torch.ValueError, "twice");
  assertThrows(() => new optim.SGD([w.mul(2)], { lr: 1 }), torch.AutogradError, "leaf");
  assertThrows(() => new optim.SGD(w as unknown as Tensor[], { lr: 1 }), torch.ValueError, "list of tensors");
  const other = new optim.SGD([start(), start()], { lr: 1 });
  assertThrows(
    () => other.loadStateDict(new optim.SGD([w], { lr: 1 }).stateDict()),
    torch.TensaurError,
    "1 parameters",
  );
});

Deno.test("optimizers refuse options that there are not, and take those of PyTorch that choose an implementation", () => {
  const make = (options: object) => new optim.AdamW([start()], options);
  assertThrows(
    () => make({ learningRate: 1 }),
    torch.ValueError,
    "AdamW with option learningRate: its options are lr, ",
  );
  assertThrows(() => make({ weight_decay: 1 }), torch.ValueError, "AdamW with option weight_decay: write weightDecay");
  assertThrows(() => make({ differentiable: true }), torch.ValueError, "never recorded");
  assertThrows(() => new optim.SGD([start()], 0.1 as never), torch.ValueError, "pass an object such as { lr: 0.1 }");
  const group = { params: [start()], weight_decay: 1 };
  assertThrows(() => new optim.SGD([group], { lr: 1 }), torch.ValueError, "write weightDecay");
  assertEquals(make({ foreach: true, lr: 0.5 }).paramGroups[0]!.lr, 0.5);
  const named = new optim.SGD([{ params: [start()], name: "head" } as never], { lr: 1 });
  assertEquals((named.paramGroups[0] as unknown as { name: string }).name, "head");
});

Deno.test("a changing learning rate compiles nothing new", () => {
  torch.manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 1));
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.1 });
  const x = torch.randn([16, 4]);
  const step = (i: number) => {
    for (const group of optimizer.paramGroups) group.lr = 0.1 / (i + 1);
    optimizer.zeroGrad();
    model(x).square().mean().backward();
    optimizer.step();
  };
  for (let i = 0; i < 3; i++) step(i);
  const before = torch.deviceStats(x.device).compiled;
  for (let i = 3; i < 50; i++) step(i);
  assertEquals(torch.deviceStats(x.device).compiled, before);
});

Deno.test({
  name: "an optimizer's step over many parameters is a handful of launches, with the same results",
  ignore: !torch.availableDevices().includes("webgpu"),
  fn() {
    const train = (device: torch.DeviceName) => {
      torch.manualSeed(3);
      const parameters = Array.from(
        { length: 24 },
        (_, i) => torch.randn([1 + i % 5, 3 + i], { device, requiresGrad: true }),
      );
      const optimizer = new optim.AdamW(parameters, { lr: 0.1 });
      let launched = 0;
      for (let step = 0; step < 3; step++) {
        for (const p of parameters) p.grad = p.detach().mul(step + 1);
        const before = torch.deviceStats(device).launched;
        optimizer.step();
        launched = torch.deviceStats(device).launched - before;
      }
      return { launched, values: parameters.flatMap((p) => [...p.detach().dataSync()]) };
    };
    const gpu = train("webgpu"), cpu = train("cpu");
    assert(gpu.launched <= 6, `${gpu.launched} launches`);
    gpu.values.forEach((x, i) => assertAlmostEquals(x, cpu.values[i]!, 1e-5));
  },
});
