import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  deviceStats,
  functional as F,
  manualSeed,
  nn,
  noGrad,
  optim,
  randint,
  randn,
  TensaurError,
  tensor,
  zeros,
} from "../../mod.ts";
import type { DeviceName, Tensor } from "../../mod.ts";
import { recording } from "../../kernels/mod.ts";
import { storeOf } from "../../kernels/runtime/devices.ts";
import { plansKept } from "../../kernels/runtime/engine.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { defaultDevice } from "../../mod.ts";

/** A small classifier, its data and optimizer. */
function setUp(lr = 0.05) {
  manualSeed(1);
  const model = new nn.Sequential(new nn.Linear(6, 8), new nn.ReLU(), new nn.Linear(8, 3));
  const optimizer = new optim.SGD(model.parameters(), { lr, momentum: 0.9 });
  return { model, optimizer, x: randn([16, 6]), y: randint(0, 3, [16]) };
}

const device = (): DeviceName => defaultDevice();

/** What the process and the device hold once all garbage is collected. */
function held() {
  storeOf(device()).collect();
  const { heapUsed, external, rss } = Deno.memoryUsage(), { bytes, buffers } = deviceStats(device());
  return { heap: heapUsed + external, rss, bytes, buffers };
}

testOnDevices("a synchronous loop of any length runs in constant memory", () => {
  const { model, optimizer, x, y } = setUp();
  let before = held(), peak = 0;
  for (let step = 1; step <= 10000; step++) {
    const fresh = x.add(step % 7);
    optimizer.zeroGrad();
    F.crossEntropy(model(fresh), y).backward();
    optimizer.step();
    // By then compilers and caches have what they need.
    if (step === 4000) before = held();
    if (step > 4000 && step % 100 === 0) peak = Math.max(peak, Deno.memoryUsage().rss);
  }
  const after = held(), grown = `${JSON.stringify(before)} grew to ${JSON.stringify(after)}, ${peak} in between`;
  // 1 KB a step would be 6 MB.
  assert(after.heap - before.heap < 2 * 2 ** 20, grown);
  assert(after.rss - before.rss < 5 * 2 ** 20, grown);
  assert(after.bytes <= before.bytes && after.buffers <= before.buffers, grown);
  // What the library lets pile up before it collects.
  assert(peak - before.rss < 128 * 2 ** 20, grown);
});

testOnDevices("what was computed before the optimizer's step reads as it was, without running again", () => {
  const { model, optimizer, x, y } = setUp(1);
  for (let step = 0; step < 3; step++) {
    const logits = model(x);
    const expected = noGrad(() => model(x).add(0)).tolist();
    optimizer.zeroGrad();
    const loss = F.crossEntropy(logits, y);
    loss.backward();
    const before = F.crossEntropy(logits.detach(), y).item();
    optimizer.step();
    const { launched } = deviceStats(device());
    assertEquals(logits.tolist(), expected);
    assertEquals(deviceStats(device()).launched, launched);
    assertEquals(logits.argmax(1).tolist(), tensor(expected as number[][]).argmax(1).tolist());
    assert(Math.abs(loss.item() - before) < 1e-6);
  }
});

testOnDevices("gradients can be read after the step", () => {
  const { model, optimizer, x, y } = setUp(1);
  const [weight] = model.parameters();
  for (let step = 0; step < 3; step++) {
    optimizer.zeroGrad();
    F.crossEntropy(model(x), y).backward();
    const expected = step === 1 ? weight!.grad!.clone().tolist() : undefined;
    optimizer.step();
    const { launched } = deviceStats(device());
    const norm = weight!.grad!.tolist();
    assertEquals(deviceStats(device()).launched, launched);
    if (expected !== undefined) assertEquals(norm, expected);
  }
});

testOnDevices("a sum over steps that nobody reads is right, and its queue stays bounded", () => {
  const train = (see: (loss: Tensor) => void) => {
    const { model, optimizer, x, y } = setUp(0.01);
    for (let step = 0; step < 1000; step++) {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model(x), y);
      loss.backward();
      optimizer.step();
      see(loss);
      assert(recording.count < 500, `${recording.count} operations wait`);
    }
  };
  let expected = 0;
  train((loss) => expected += loss.item());
  let total = zeros([]);
  train((loss) => total = total.add(loss.detach()));
  assert(Math.abs(total.item() - expected) < 1e-5 * expected, `${total.item()} ${expected}`);
});

testOnDevices("a value whose inputs were overwritten throws, and says how to keep it", () => {
  manualSeed(2);
  const w = randn([40, 200]).requiresGrad_(), x = randn([100, 40]);
  const keep = (x: Tensor) => x.exp();
  // Fused away: nothing but the sum was asked for.
  const spent = keep(w.mul(2));
  const sum = spent.sum();
  noGrad(() => w.sub_(1));
  assert(Number.isFinite(sum.item()) && x.numel() > 0);
  assertThrows(() => spent.tolist(), TensaurError, "clone()");
  const kept = keep(w.mul(2)).clone();
  noGrad(() => w.sub_(1));
  assertEquals(kept.shape.length, 2);
  assert(kept.isfinite().all().item<boolean>());
});

testOnDevices("a changing learning rate compiles nothing and plans nothing after the second step", () => {
  const { model, x, y } = setUp();
  for (const Optimizer of [optim.SGD, optim.Adam]) {
    const optimizer = new Optimizer(model.parameters(), { lr: 0.1, weightDecay: 0.01 });
    let after: number[] = [];
    for (let step = 0; step < 50; step++) {
      optimizer.paramGroups[0]!.lr = 0.1 / (1 + step);
      optimizer.paramGroups[0]!.weightDecay = 0.01 / (1 + step);
      optimizer.zeroGrad();
      F.crossEntropy(model(x), y).backward();
      optimizer.step();
      if (step === 1) after = [deviceStats(device()).compiled, plansKept()];
    }
    assertEquals([deviceStats(device()).compiled, plansKept()], after);
  }
});

testOnDevices("two models trained in turns learn what each learns alone", () => {
  const alone = [0.05, 0.2].map((lr) => {
    const { model, optimizer, x, y } = setUp(lr);
    return Array.from({ length: 8 }, () => step(model, optimizer, x, y));
  });
  const both = [setUp(0.05), setUp(0.2)];
  const turns: number[][] = [[], []];
  for (let i = 0; i < 8; i++) {
    both.forEach(({ model, optimizer, x, y }, m) => turns[m]!.push(step(model, optimizer, x, y)));
  }
  assertEquals(turns, alone);
});

function step(model: (x: Tensor) => Tensor, optimizer: optim.SGD, x: Tensor, y: Tensor): number {
  optimizer.zeroGrad();
  const loss = F.crossEntropy(model(x), y);
  loss.backward();
  optimizer.step();
  return loss.item();
}

testOnDevices("the same script gives the same bits", () => {
  const run = () => {
    const { model, optimizer, x, y } = setUp();
    return Array.from({ length: 5 }, () => step(model, optimizer, x, y));
  };
  assertEquals(run(), run());
});
