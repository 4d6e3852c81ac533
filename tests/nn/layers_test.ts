import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, type Tensor } from "../../mod.ts";
import golden from "../golden/networks.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";

type Make = () => nn.Module;

const layers: Record<string, Make> = {
  "Identity": () => new nn.Identity(),
  "Linear": () => new nn.Linear(4, 3),
  "Linear without bias": () => new nn.Linear(4, 3, { bias: false }),
  "Bilinear": () => new nn.Bilinear(3, 4, 2),
  "Flatten": () => new nn.Flatten(),
  "Unflatten": () => new nn.Unflatten(1, [2, 3]),
  "ReLU": () => new nn.ReLU(),
  "ReLU inplace": () => new nn.ReLU({ inplace: true }),
  "ReLU6": () => new nn.ReLU6(),
  "LeakyReLU": () => new nn.LeakyReLU(0.2),
  "ELU": () => new nn.ELU(),
  "CELU": () => new nn.CELU({ alpha: 1.3 }),
  "SELU": () => new nn.SELU(),
  "Hardtanh": () => new nn.Hardtanh(),
  "Threshold": () => new nn.Threshold(0.1, 20),
  "PReLU": () => new nn.PReLU(4),
  "Sigmoid": () => new nn.Sigmoid(),
  "LogSigmoid": () => new nn.LogSigmoid(),
  "Hardsigmoid": () => new nn.Hardsigmoid(),
  "Tanh": () => new nn.Tanh(),
  "Tanhshrink": () => new nn.Tanhshrink(),
  "Softsign": () => new nn.Softsign(),
  "SiLU": () => new nn.SiLU(),
  "Mish": () => new nn.Mish(),
  "Hardswish": () => new nn.Hardswish(),
  "GELU": () => new nn.GELU(),
  "GELU tanh": () => new nn.GELU({ approximate: "tanh" }),
  "Softplus": () => new nn.Softplus(),
  "Hardshrink": () => new nn.Hardshrink(),
  "Softshrink": () => new nn.Softshrink(),
  "GLU": () => new nn.GLU(),
  "Softmax": () => new nn.Softmax({ dim: 1 }),
  "LogSoftmax": () => new nn.LogSoftmax(-1),
  "Softmin": () => new nn.Softmin({ dim: 0 }),
  "Dropout": () => new nn.Dropout(0.3),
  "LayerNorm": () => new nn.LayerNorm([3, 4]),
  "LayerNorm plain": () => new nn.LayerNorm(4, { elementwiseAffine: false }),
  "GroupNorm": () => new nn.GroupNorm(2, 4),
  "BatchNorm1d": () => new nn.BatchNorm1d(3),
  "BatchNorm1d cumulative": () => new nn.BatchNorm1d(3, { momentum: null, affine: false }),
  "BatchNorm1d without statistics": () => new nn.BatchNorm1d(3, { trackRunningStats: false }),
  "BatchNorm2d": () => new nn.BatchNorm2d(3),
  "Conv1d": () => new nn.Conv1d(3, 6, 3, { stride: 2, dilation: 2, groups: 3 }),
  "Conv2d": () => new nn.Conv2d(2, 3, [3, 5], { padding: [1, 2] }),
  "Conv2d same": () => new nn.Conv2d(2, 3, 3, { padding: "same", bias: false }),
  "Conv3d": () => new nn.Conv3d(1, 2, 2),
  "MaxPool1d": () => new nn.MaxPool1d(2),
  "MaxPool2d": () => new nn.MaxPool2d([3, 2], { stride: 2, padding: 1 }),
  "AvgPool2d": () => new nn.AvgPool2d(2),
  "Sequential": () =>
    new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Sequential(new nn.Linear(8, 2, { bias: false }))),
};

const losses: Record<string, Make> = {
  "CrossEntropyLoss": () => new nn.CrossEntropyLoss(),
  "CrossEntropyLoss options": () =>
    new nn.CrossEntropyLoss({ weight: torch.tensor([1, 2, 0.5]), ignoreIndex: 1, labelSmoothing: 0.1 }),
  "NLLLoss": () => new nn.NLLLoss({ reduction: "sum" }),
  "BCELoss": () => new nn.BCELoss(),
  "BCEWithLogitsLoss": () => new nn.BCEWithLogitsLoss({ posWeight: torch.tensor([1, 2, 3], { dtype: "float32" }) }),
  "KLDivLoss": () => new nn.KLDivLoss({ reduction: "batchmean" }),
  "PoissonNLLLoss": () => new nn.PoissonNLLLoss({ full: true }),
  "SoftMarginLoss": () => new nn.SoftMarginLoss(),
  "MultiLabelSoftMarginLoss": () => new nn.MultiLabelSoftMarginLoss(torch.tensor([1, 2, 0.5])),
  "MSELoss": () => new nn.MSELoss({ reduction: "none" }),
  "L1Loss": () => new nn.L1Loss(),
  "SmoothL1Loss": () => new nn.SmoothL1Loss({ beta: 0.5 }),
  "HuberLoss": () => new nn.HuberLoss({ delta: 0.5 }),
};

type Call = (...inputs: Tensor[]) => Tensor;

function assertNumbers(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assertEquals(actual.length, expected.length, what);
  expected.forEach((value, i) =>
    assertAlmostEquals(actual[i]!, value, 2e-5 * Math.max(1, Math.abs(value)), `${what}[${i}]`)
  );
}

Deno.test("every layer has its golden numbers", () => {
  assertEquals(golden.layers.map(({ name }) => name), Object.keys(layers));
  assertEquals(golden.losses.map(({ name }) => name), Object.keys(losses));
});

golden.layers.forEach((expected, seed) => {
  testOnDevices(`${expected.name} starts, prints and computes as in PyTorch`, () => {
    torch.manualSeed(seed);
    const module = layers[expected.name]!();
    const prefix = module.extraRepr() === "" ? "" : module.extraRepr();
    assertEquals(`${module}`, expected.print, prefix);
    const state = Object.entries(module.stateDict());
    assertEquals(state.map(([key]) => key), Object.keys(expected.state));
    const golden = expected.state as unknown as Record<string, [number[], number[]]>;
    for (const [key, tensor] of state) {
      assertEquals([...tensor.shape], golden[key]![0]);
      assertEquals([...tensor.dataSync()], golden[key]![1], key);
    }

    const inputs = expected.shapes.map((shape) => torch.randn(shape, { requiresGrad: true }));
    const output = (module as unknown as Call)(...inputs.map((x) => x.mul(1)));
    assertEquals([...output.shape], expected.output[0]);
    assertNumbers(output.dataSync(), expected.output[1]!, "output");
    output.mul(torch.randnLike(output.detach())).sum().backward();
    [...inputs, ...module.parameters()].forEach((t, i) => {
      assertNumbers(t.grad!.dataSync(), expected.grads[i]!, `gradient ${i}`);
    });
    for (const [key, values] of Object.entries(expected.after)) {
      assertNumbers(module.stateDict()[key]!.dataSync(), values as unknown as number[], key);
    }
  });
});

for (const expected of golden.losses) {
  testOnDevices(`${expected.name} computes as in PyTorch`, () => {
    const module = losses[expected.name]!();
    assertEquals(`${module}`, expected.print);
    assertEquals(Object.keys(module.stateDict()), expected.state);
    const x = torch.tensor(expected.input, { shape: [4, 3], dtype: "float32", requiresGrad: true });
    const target = expected.classes
      ? torch.tensor(expected.target, { dtype: "int32" })
      : torch.tensor(expected.target, { shape: [4, 3], dtype: "float32" });
    const loss = (module as unknown as Call)(x, target);
    assertNumbers(loss.dataSync(), expected.loss, "loss");
    loss.sum().backward();
    assertNumbers(x.grad!.dataSync(), expected.grad, "gradient");
  });
}

Deno.test("a layer in evaluation uses what it gathered", () => {
  torch.manualSeed(0);
  const norm = new nn.BatchNorm1d(3), drop = new nn.Dropout(0.9);
  const x = torch.randn([8, 3]);
  for (let i = 0; i < 200; i++) norm(x);
  const trained = norm(x), evaluated = norm.eval()(x);
  assertNumbers(evaluated.dataSync(), (trained.mul(Math.sqrt(7 / 8)).tolist() as number[][]).flat(), "output");
  assertEquals(norm.numBatchesTracked!.item(), 201);
  assert(drop.eval()(x) !== undefined);
  assertEquals(drop(x).tolist(), x.tolist());
});

Deno.test("layers refuse what makes no sense", () => {
  const errors: [() => unknown, string][] = [
    [() => new nn.Dropout(1.5), "1.5"],
    [() => new nn.Conv2d(3, 4, 3, { groups: 2 }), "2 groups"],
    [() => new nn.Conv2d(3, 4, 3, { padding: "same", stride: 2 }), "stride"],
    [() => new nn.Embedding(3, 4, { paddingIdx: 3 }), "row 3"],
    [() => new nn.GroupNorm(3, 4), "3 groups"],
    [() => new nn.BatchNorm2d(3)(torch.zeros([2, 3])), "BatchNorm2d"],
  ];
  for (const [call, words] of errors) {
    let message = "";
    try {
      call();
    } catch (error) {
      assert(error instanceof torch.TensaurError);
      message = error.message;
    }
    assert(message.includes(words), `${words}: ${message}`);
  }
});
