import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  arange,
  AutogradError,
  defaultDevice,
  DeviceError,
  DTypeError,
  functional as F,
  IndexError,
  manualSeed,
  nn,
  noGrad,
  optim,
  rand,
  randint,
  randn,
  setDefaultDevice,
  ShapeError,
  TensaurError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../mod.ts";
import { availableDevices } from "../mod.ts";
import { testOnDevices } from "./tensor/expect.ts";

/** The library still works. */
function alive(): void {
  assertEquals(tensor([1.5, 2.5]).add(1).tolist(), [2.5, 3.5]);
}

/** A test on the host, where checks of data are looked at before anything is overwritten. */
function testOnCpu(name: string, body: () => void): void {
  Deno.test(name, () => {
    const before = defaultDevice();
    setDefaultDevice("cpu");
    try {
      body();
    } finally {
      setDefaultDevice(before);
    }
  });
}

testOnDevices("shapes, dtypes and dimensions that do not fit are refused where they are written", () => {
  assertThrows(() => zeros([2, 3]).add(zeros([4])), ShapeError, "[2, 3] and [4]");
  assertThrows(() => zeros([2, 3]).matmul(zeros([4, 5])), ShapeError, "[2, 3]");
  assertThrows(() => zeros([2, 3]).reshape([4, 2]), ShapeError, "[4, 2]");
  assertThrows(() => zeros([2, 3]).sum(2), IndexError, "dimension 2");
  assertThrows(() => zeros([2, 3]).at(2), IndexError, "2");
  assertThrows(() => F.mseLoss(zeros([2, 3]), zeros([2, 4])), ShapeError, "mseLoss");
  assertThrows(() => F.conv2d(zeros([1, 3, 8, 8]), zeros([4, 2, 3, 3])), ShapeError, "channels");
  assertThrows(() => F.crossEntropy(zeros([2, 3]), zeros([3], { dtype: "int32" })), ShapeError, "[2]");
  assertThrows(() => F.nllLoss(zeros([2, 3]), zeros([2])), DTypeError, "long()");
  assertThrows(() => F.layerNorm(zeros([2, 3]), [4]), ShapeError, "normalizedShape");
  assertThrows(() => F.dropout(zeros([2]), { p: 1.5 }), ValueError, "1.5");
  assertThrows(() => F.softmax(tensor([1, 2]), 0), DTypeError, "int32");
  for (const mode of ["constant", "replicate"] as const) {
    assertThrows(() => F.pad(zeros([1, 2, 3]), [1, NaN], { mode }), ShapeError, "by [1, NaN]: give whole numbers");
  }
  alive();
});

testOnDevices("more elements than there is memory for are refused in words", () => {
  assertThrows(() => rand([2 ** 40]), DeviceError, "Cannot allocate 1099511627776 elements");
  // Before there is memory for those that do not fit.
  assertThrows(() => arange(2 ** 40, { dtype: "int32" }), DTypeError, "1099511627775");
  alive();
});

testOnDevices("a class out of range is refused at once where the target is on the host", () => {
  const x = randn([3, 4], { requiresGrad: true });
  assertThrows(() => F.crossEntropy(x, tensor([0, 4, 1])), IndexError, "class 4");
  assertThrows(() => F.crossEntropy(x, tensor([0, -1, 1])), IndexError, "class -1");
  assert(Number.isFinite(F.crossEntropy(x, tensor([0, -100, 1])).item()));
  assert(Number.isFinite(F.crossEntropy(x, tensor([0, -1, 1]), { ignoreIndex: -1 }).item()));
  alive();
});

testOnDevices("a class out of range that is computed is refused when a result is read", () => {
  const x = randn([3, 4], { requiresGrad: true });
  for (const bad of [4, -1, 1000000, -1000000]) {
    const loss = F.crossEntropy(x, tensor([0, bad, 1]).mul(1));
    const error = assertThrows(() => loss.item(), IndexError, `class ${bad}`);
    assert(error.stack!.includes("bad_input_test.ts"), error.stack!);
    assertThrows(() => loss.item(), IndexError, `class ${bad}`);
    alive();
  }
  assert(Number.isFinite(F.crossEntropy(x, tensor([0, -100, 1]).mul(1)).item()));
  assert(Number.isFinite(F.crossEntropy(x, tensor([0, 9, 1]).mul(1), { ignoreIndex: 9 }).item()));
  const table = randn([5, 2]);
  const rows = F.embedding(tensor([0, 5]).mul(1), table);
  assertThrows(() => rows.tolist(), IndexError, "5");
  const ones = F.embedding(tensor([0, 7]).mul(1), zeros([5, 2]).add(1));
  assertThrows(() => ones.tolist(), IndexError, "7");
  const same = F.gather(randn([1]).expand([3]), 0, tensor([0, 4]).add(1));
  assertThrows(() => same.tolist(), IndexError, "5");
  const shifted = F.gather(randn([2, 1]).add(zeros([1])).expand([2, 3]).mul(2), 1, tensor([[0], [4]]).add(1));
  assertThrows(() => shifted.tolist(), IndexError, "5");
  assertThrows(() => F.crossEntropy(randn([2, 1]), tensor([0, 4]).mul(1)).item(), IndexError, "class 4");
  alive();
});

/** Operations by an index, of which 4 elements or classes can be chosen. */
const byIndex: Record<string, (i: Tensor) => Tensor> = {
  gather: (i) => F.gather(zeros([3, 4]), 1, i.view(1, 2)),
  scatter: (i) => F.scatter(zeros([3, 4]), 1, i.view(1, 2), zeros([1, 2])),
  scatterReduce: (i) => F.scatterReduce(zeros([3, 4]), 1, i.view(1, 2), zeros([1, 2]), "amax"),
  take: (i) => F.take(zeros([2, 2]), i),
  indexSelect: (i) => F.indexSelect(zeros([3, 4]), 1, i),
  index: (i) => F.index(zeros([4, 3]), [i]),
  indexAdd: (i) => F.indexAdd(zeros([4, 3]), 0, i, zeros([2, 3])),
  indexCopy: (i) => F.indexCopy(zeros([4, 3]), 0, i, zeros([2, 3])),
  indexFill: (i) => F.indexFill(zeros([4, 3]), 0, i, 1),
  indexPut: (i) => F.indexPut(zeros([4, 3]), [i], zeros([2, 3])),
  embedding: (i) => F.embedding(i, zeros([4, 2])),
  embeddingBag: (i) => F.embeddingBag(i.view(1, 2), zeros([4, 2])),
  oneHot: (i) => F.oneHot(i, 4),
  nllLoss: (i) => F.nllLoss(zeros([2, 4]), i, { reduction: "none" }),
  crossEntropy: (i) => F.crossEntropy(zeros([2, 4]), i),
  multiMarginLoss: (i) => F.multiMarginLoss(zeros([2, 4]), i),
  multilabelMarginLoss: (i) => F.multilabelMarginLoss(zeros([1, 2]), i.view(1, 2)),
  maxUnpool1d: (i) => F.maxUnpool1d(zeros([1, 1, 2]), i.view(1, 1, 2), 2),
};

testOnDevices("an index out of range is refused by every operation, at once or when a result is read", () => {
  for (const [name, operation] of Object.entries(byIndex)) {
    for (const bad of [4, -5, 2 ** 31 - 1]) {
      for (const index of [tensor([0, bad]), tensor([0, bad]).mul(1)]) {
        assertThrows(() => operation(index).tolist(), IndexError, undefined, `${name} of ${bad}`);
      }
    }
    operation(tensor([0, 1]).mul(1)).tolist();
  }
  alive();
});

testOnDevices("what is computed later from a failed run is refused too, and nothing else is", () => {
  const bystander = randn([3]);
  const weight = randn([4, 4], { requiresGrad: true });
  const optimizer = new optim.SGD([weight], { lr: 0.1 });
  F.crossEntropy(weight, tensor([0, 4, 1, 2]).mul(1)).backward();
  if (defaultDevice() === "cpu") {
    // Where the host can look, nothing is updated.
    const before = weight.tolist();
    assertThrows(() => optimizer.step(), IndexError, "class 4");
    assertEquals(weight.tolist(), before);
    noGrad(() => weight.sub_(weight.grad!));
  } else optimizer.step();
  const later = weight.mul(2), untouched = bystander.mul(2);
  assertEquals(untouched.dataSync().length, 3);
  assertThrows(() => later.tolist(), IndexError, "class 4");
  assertThrows(() => weight.sum().item(), IndexError, "class 4");
  assert(Number.isFinite(bystander.sum().item()));
  noGrad(() => weight.copy_(zeros([4, 4])));
  assertEquals(weight.sum().item(), 0);
  for (let step = 0; step < 5; step++) {
    optimizer.zeroGrad();
    F.crossEntropy(weight, tensor([0, 3, 1, 2]).mul(1)).backward();
    optimizer.step();
  }
  assert(Number.isFinite(weight.sum().item()));
});

testOnCpu("a step with a class out of range updates nothing: training goes on as if the batch had not been", () => {
  for (const make of [optim.SGD, optim.Adam]) {
    const train = (bad: readonly number[]) => {
      manualSeed(3);
      const model = new nn.Sequential(new nn.Linear(3, 5), new nn.BatchNorm1d(5, { momentum: 0 }), new nn.Linear(5, 4));
      const optimizer = new make(model.parameters(), { lr: 0.1 });
      const step = (x: Tensor, target: Tensor) => {
        optimizer.zeroGrad();
        F.crossEntropy(model(x), target).backward();
        optimizer.step();
      };
      for (let batch = 0; batch < 5; batch++) {
        const x = randn([6, 3]), y = randint(0, 4, [6]);
        if (bad.includes(batch)) assertThrows(() => step(x, y.add(1).mul(4)), IndexError, "class");
        else if (batch !== 0 && batch !== 3) step(x, y.mul(1));
      }
      return [...model.parameters(), ...model.buffers()].map((x) => x.tolist()).slice(0, -1);
    };
    assertEquals(train([0, 3]), train([]));
  }
});

testOnCpu("a parameter that is written by hand stays as it was after a class out of range", () => {
  const weight = randn([4, 4], { requiresGrad: true }), before = weight.tolist();
  F.crossEntropy(weight, tensor([0, 4, 1, 2]).mul(1)).backward();
  assertThrows(() => noGrad(() => weight.sub_(weight.grad!, { alpha: 0.1 })), IndexError, "class 4");
  assertEquals(weight.tolist(), before);
});

for (const device of availableDevices()) {
  Deno.test(`an awaited read reports a class out of range as well (${device})`, async () => {
    const loss = F.crossEntropy(randn([3, 4], { device }), tensor([0, 9, 1], { device }).mul(1));
    await assertRejects(() => loss.data(), IndexError, "class 9");
    alive();
  });
}

testOnDevices("misuses of automatic differentiation are refused", () => {
  const x = randn([3], { requiresGrad: true });
  assertThrows(() => x.mul(2).backward(), AutogradError);
  assertThrows(() => zeros([]).backward(), AutogradError);
  const y = x.mul(x).sum();
  y.backward();
  assertThrows(() => y.backward(), AutogradError, "retainGraph");
  const z = x.mul(x).sum();
  z.backward({ retainGraph: true });
  z.backward();
  assertThrows(() => x.add_(1), AutogradError, "noGrad");
  assertThrows(() => x.at(0).fill_(1), AutogradError, "leaf");
  noGrad(() => x.add_(1));
  assertThrows(() => tensor([1, 2]).requiresGrad_(), AutogradError, "int32");
  assertThrows(() => x.mul(1).expand([2, 3]).add_(1), AutogradError, "clone()");
  alive();
});

testOnDevices("optimizers and modules refuse what makes no sense", () => {
  assertThrows(() => new optim.SGD([], { lr: 0.1 }), ValueError);
  assertThrows(() => new optim.SGD([zeros([2], { requiresGrad: true })], { lr: -1 }), ValueError, "-1");
  const model = new nn.Linear(2, 3);
  assertThrows(() => model.loadStateDict({ weight: zeros([3, 2]) }), TensaurError, "bias");
  assertThrows(() => model.loadStateDict({ weight: zeros([2, 3]), bias: zeros([3]) }), TensaurError, "weight");
  assertThrows(() => model(zeros([4, 5])), ShapeError);
  alive();
});

Deno.test("an absent device and an unsupported dtype are refused, and say what to do", () => {
  const before = defaultDevice();
  assertThrows(() => setDefaultDevice("cuda" as "cpu"), DeviceError, "webgpu");
  assertThrows(() => zeros([2], { device: "tpu" as "cpu" }), DeviceError, "tpu");
  assertThrows(() => zeros([2]).cuda(), DeviceError, "webgpu");
  assertEquals(defaultDevice(), before);
  if (availableDevices().includes("webgpu")) {
    assertThrows(() => zeros([2], { dtype: "float64", device: "webgpu" }), DTypeError, "cpu");
    assertThrows(() => zeros([2], { device: "cpu" }).add(zeros([2], { device: "webgpu" })), DeviceError, "to(");
  }
  alive();
});

Deno.test("counts that make no sense are refused", () => {
  assertThrows(() => F.repeatInterleave(zeros([2]), tensor([1, -1])), ValueError, "-1");
  assertThrows(() => F.repeatInterleave(zeros([2]), -1), ValueError, "-1");
});

testOnDevices("a tensor that no memory holds is refused, and the process goes on", () => {
  assertThrows(() => zeros([70000, 70000]).add(1).dataSync(), DeviceError);
  alive();
  assertThrows(() => zeros([-1]), ShapeError, "-1");
  assertThrows(() => zeros([1.5]), ShapeError, "1.5");
  alive();
});
