import { assertAlmostEquals, assertEquals } from "@std/assert";
import { manualSeed, nn, optim, randn, slice, type Tensor } from "../../mod.ts";
import golden from "../golden/training.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";

const { AveragedModel, getEmaAvgFn } = optim.swaUtils;
const { CosineAnnealingLR, CyclicLR, LinearLR, OneCycleLR, SequentialLR } = optim.lrScheduler;

const steps = 12;

type Groups = { params: Tensor[]; weightDecay: number }[];
type Schedule = InstanceType<typeof optim.lrScheduler.LRScheduler>;
type Make = (groups: Groups) => { optimizer: optim.Optimizer; schedule: Schedule };

const runs: Record<keyof typeof golden, Make> = {
  "AdamW under OneCycleLR": (groups) => {
    const optimizer = new optim.AdamW(groups);
    return { optimizer, schedule: new OneCycleLR(optimizer, 0.1, { totalSteps: steps }) };
  },
  "SGD under SequentialLR": (groups) => {
    const optimizer = new optim.SGD(groups, { lr: 0.3, momentum: 0.9, nesterov: true });
    const warm = new LinearLR(optimizer, { startFactor: 0.25, totalIters: 4 });
    return {
      optimizer,
      schedule: new SequentialLR(optimizer, [warm, new CosineAnnealingLR(optimizer, steps - 4)], [4]),
    };
  },
  "Adagrad under CyclicLR": (groups) => {
    const optimizer = new optim.Adagrad(groups);
    return { optimizer, schedule: new CyclicLR(optimizer, 0.01, 0.2, { stepSizeUp: 3, cycleMomentum: false }) };
  },
};

/** What golden/training.py does, up to some step; `resume` is called half-way and may put others in place. */
function train(make: Make, resume: (run: Run) => Run = (run) => run): { losses: number[]; norms: number[]; run: Run } {
  manualSeed(7);
  let run = begin(make);
  const x = randn([16, 3]), y = x.mul(x).sum(1, { keepdim: true });
  const losses: number[] = [], norms: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (step === steps / 2) run = resume(run);
    const { model, optimizer, schedule, ema } = run;
    optimizer.zeroGrad();
    let total = 0;
    for (let i = 0; i < 2; i++) {
      const half = slice(8 * i, 8 * i + 8);
      const loss = model(x.at(half)).sub(y.at(half)).square().mean().div(2);
      loss.backward();
      total += loss.item() as number;
    }
    norms.push(nn.utils.clipGradNorm_(model.parameters(), 0.5).item() as number);
    optimizer.step();
    schedule.step();
    ema.updateParameters(model);
    losses.push(total);
  }
  return { losses, norms, run };
}

function begin(make: Make) {
  const model = new nn.Sequential(new nn.Linear(3, 8), new nn.Tanh(), new nn.Linear(8, 1));
  const ending = (word: string) => model.namedParameters().filter(([name]) => name.endsWith(word)).map(([, p]) => p);
  const groups = [{ params: ending("weight"), weightDecay: 0.01 }, { params: ending("bias"), weightDecay: 0 }];
  return { model, ...make(groups), ema: new AveragedModel(model, { avgFn: getEmaAvgFn(0.9) }) };
}
type Run = ReturnType<typeof begin>;

function near(found: Iterable<number>, expected: readonly number[]): void {
  const list = [...found];
  assertEquals(list.length, expected.length);
  expected.forEach((value, i) => assertAlmostEquals(list[i]!, value, 1e-4 * Math.max(1, Math.abs(value))));
}

for (const [name, make] of Object.entries(runs)) {
  testOnDevices(`${name} trains as PyTorch does, with accumulated and clipped gradients and an average`, () => {
    const { losses, norms, run } = train(make), expected = golden[name as keyof typeof golden];
    near(losses, expected.losses);
    near(norms, expected.norms);
    run.ema.parameters().forEach((p, i) => near(p.dataSync(), expected.average[i]!));
  });

  Deno.test(`${name} goes on from what was saved half-way, to the bit`, () => {
    const whole = train(make);
    const parts = train(make, (run) => {
      const other = begin(make);
      for (const part of ["model", "optimizer", "schedule", "ema"] as const) {
        const load = other[part].loadStateDict.bind(other[part]) as (state: unknown) => void;
        load(run[part].stateDict());
      }
      return other;
    });
    assertEquals(parts.losses, whole.losses);
    assertEquals(parts.run.ema.parameters().map(String), whole.run.ema.parameters().map(String));
  });
}
