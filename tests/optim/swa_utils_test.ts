import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { manualSeed, nn, noGrad, optim, randn, slice, type Tensor, ValueError, zeros } from "../../mod.ts";
import golden from "../golden/swa.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, SWALR, updateBn } = optim.swaUtils;

const network = () => new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Tanh(), new nn.Linear(4, 1));
type Network = ReturnType<typeof network>;
type Averaged = InstanceType<typeof AveragedModel<Network>>;

/** What golden/swa.py does. */
function train(make: (model: Network) => Averaged): { averaged: Averaged; model: Network; x: Tensor; y: Tensor } {
  manualSeed(3);
  const model = network(), x = randn([12, 3]), y = randn([12, 1]), averaged = make(model);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9 });
  const schedule = new SWALR(optimizer, { swaLr: 0.05, annealEpochs: 4 });
  for (let i = 0; i < 6; i++) {
    optimizer.zeroGrad();
    model(x).sub(y).square().mean().backward();
    optimizer.step();
    schedule.step();
    averaged.updateParameters(model);
  }
  return { averaged, model, x, y };
}

function near(tensors: readonly Tensor[], expected: readonly (readonly number[])[]): void {
  assertEquals(tensors.length, expected.length);
  tensors.forEach((t, i) => t.dataSync().forEach((value, j) => assertAlmostEquals(value, expected[i]![j]!, 2e-5)));
}

const kinds: Record<keyof typeof golden.averages, (model: Network) => Averaged> = {
  "swa": (model) => new AveragedModel(model),
  "swa with buffers": (model) => new AveragedModel(model, { useBuffers: true }),
  "ema": (model) => new AveragedModel(model, { avgFn: getEmaAvgFn(0.8) }),
};

for (const [name, make] of Object.entries(kinds)) {
  testOnDevices(`AveragedModel averages as PyTorch does: ${name}`, () => {
    const expected = golden.averages[name as keyof typeof kinds];
    const { averaged, model, x, y } = train(make);
    near(averaged.parameters(), expected.parameters);
    assertEquals([averaged.nAveraged.item(), Object.keys(averaged.stateDict()).sort()], [
      expected.n,
      expected.state.toSorted(),
    ]);
    if (averaged.useBuffers) near(averaged.module.buffers(), expected.buffers);
    // Since PyTorch 2 buffers that are not averaged follow the model's.
    else assertEquals(averaged.module.buffers().map(String), model.buffers().map(String));
    updateBn([[x.at(slice(0, 6)), y], x.at(slice(6, 12))], averaged);
    near(averaged.module.buffers(), expected.statistics);
    assert(averaged.training);
    assertEquals((averaged.module[1] as nn.BatchNorm1d).momentum, 0.1);
    averaged.eval();
    near([averaged(x).detach()], [expected.output]);
  });
}

Deno.test("weights averaged together are those averaged one by one", () => {
  const each = (make: (model: Network) => Averaged) => train(make).averaged.parameters();
  const numbers = (tensors: Tensor[]) => tensors.map((t) => [...t.dataSync()]);
  near(
    each((model) => new AveragedModel(model, { multiAvgFn: getSwaMultiAvgFn() })),
    numbers(each((model) => new AveragedModel(model, { avgFn: getSwaAvgFn() }))),
  );
  near(
    each((model) => new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.8) })),
    numbers(each(kinds.ema)),
  );
});

Deno.test("an averaged model goes on from a saved state, and leaves the model alone", () => {
  const { averaged, model } = train((model) => new AveragedModel(model));
  const other = new AveragedModel(network());
  other.loadStateDict(averaged.stateDict());
  const before = model.parameters().map(String);
  noGrad(() => model.parameters().forEach((p) => p.mul_(2)));
  for (const each of [averaged, other]) each.updateParameters(model);
  assertEquals(other.parameters().map(String), averaged.parameters().map(String));
  assertEquals(other.nAveraged.item(), 7);
  noGrad(() => averaged.parameters().forEach((p) => p.zero_()));
  noGrad(() => model.parameters().forEach((p) => p.div_(2)));
  assertEquals(model.parameters().map(String), before);
  assert(averaged.parameters().every((p) => p.requiresGrad && p.isLeaf));
});

const schedules: Record<keyof typeof golden.rates, (o: optim.SGD) => InstanceType<typeof SWALR>> = {
  "cos": (o) => new SWALR(o, 0.02, { annealEpochs: 4 }),
  "linear": (o) => new SWALR(o, { swaLr: [0.02, 0.5], annealEpochs: 3, annealStrategy: "linear" }),
  "at once": (o) => new SWALR(o, 0.02, { annealEpochs: 0 }),
};
const sgd = () => {
  const [a, b] = [zeros([1], { requiresGrad: true }), zeros([1], { requiresGrad: true })];
  return new optim.SGD([{ params: [a] }, { params: [b], lr: 0.3 }], { lr: 0.1 });
};

for (const [name, make] of Object.entries(schedules)) {
  Deno.test(`SWALR gives PyTorch's rates: ${name}`, () => {
    const optimizer = sgd(), schedule = make(optimizer);
    golden.rates[name as keyof typeof schedules].forEach((rates, epoch) => {
      if (epoch > 0) schedule.step();
      rates.forEach((rate, i) => assertAlmostEquals(optimizer.paramGroups[i]!.lr, rate, 1e-14));
    });
    assertEquals(schedule.stateDict()._anneal_strategy, name === "linear" ? "linear" : "cos");
    assertEquals(optimizer.stateDict().param_groups[0]!.swa_lr, 0.02);
  });
}

Deno.test("averages refuse what makes no sense", () => {
  assertThrows(() => getEmaAvgFn(1.5), ValueError, "1.5");
  assertThrows(() => getEmaMultiAvgFn(-1), ValueError, "-1");
  const both = { avgFn: getSwaAvgFn(), multiAvgFn: getSwaMultiAvgFn() };
  assertThrows(() => new AveragedModel(network(), both), ValueError, "two ways");
  const averaged = new AveragedModel(new nn.Linear(2, 3));
  assertThrows(() => averaged.updateParameters(new nn.Linear(3, 3)), ValueError, "[3, 2], [3] and [3, 3], [3]");
  const norm = new nn.BatchNorm1d(3);
  assertThrows(() => updateBn([zeros([2, 3]), 3], norm), ValueError, "batch");
  assertEquals(norm.momentum, 0.1);
  assertThrows(() => new SWALR(sgd(), [0.1]), ValueError, "1 values of swaLr for 2 groups");
  assertThrows(() => new SWALR(sgd(), 0.1, { annealStrategy: "exp" as "cos" }), ValueError, '"exp"');
  assertThrows(() => new SWALR(sgd(), 0.1, { annealEpochs: -1 }), ValueError, "annealEpochs -1");
});
