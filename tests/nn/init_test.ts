import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  empty,
  functional,
  Generator,
  manualSeed,
  nn,
  rand,
  randn,
  ShapeError,
  type Tensor,
  ValueError,
  zeros,
} from "../../mod.ts";
import golden from "../golden/networks.json" with { type: "json" };
import { assertTensor, type Nested, testOnDevices } from "../tensor/expect.ts";

const { init } = nn;
const fills: Record<string, (w: Tensor) => Tensor> = {
  uniform_: (w) => init.uniform_(w, -0.2, 0.3),
  normal_: (w) => init.normal_(w, { mean: 0.5, std: 0.1 }),
  truncNormal_: (w) => init.truncNormal_(w, { std: 0.7, a: -1, b: 0.5 }),
  constant_: (w) => init.constant_(w, 0.25),
  ones_: init.ones_,
  zeros_: init.zeros_,
  eye_: init.eye_,
  xavierUniform_: (w) => init.xavierUniform_(w, { gain: 1.5 }),
  xavierNormal_: (w) => init.xavierNormal_(w),
  kaimingUniform_: (w) => init.kaimingUniform_(w, { mode: "fan_out", nonlinearity: "relu" }),
  kaimingNormal_: (w) => init.kaimingNormal_(w, { a: 0.3 }),
  orthogonal_: (w) => init.orthogonal_(w, { gain: 2 }),
};

for (const [name, expected] of Object.entries(golden.inits)) {
  Deno.test(`init.${name} fills as PyTorch does`, () => {
    manualSeed(5);
    [[4, 6], [6, 4]].forEach((shape, i) => {
      const filled = fills[name]!(new nn.Parameter(empty(shape))).dataSync();
      const tolerance = name === "truncNormal_" || name === "orthogonal_" ? 2e-6 : 0;
      expected[i]!.forEach((value, j) => assertAlmostEquals(filled[j]!, value, tolerance));
    });
  });
}

// torch.manual_seed(5); [nn.init.sparse_(torch.empty(5, 3), 0.4), nn.init.sparse_(torch.empty(2, 2), 0.1, std=1), torch.rand(1)]
const sparse = {
  small: [
    [0, -0.006038215942680836, -0.005580962169915438],
    [0.00667524291202426, -0.0019741510041058064, 0],
    [-0.014017020352184772, 0, 0],
    [0, 0, 0.00690718786790967],
    [0.0022245857398957014, -0.006662252824753523, 0.006846421863883734],
  ],
  next: [[0.0, 0.901448667049408], [0.2115711271762848, 0.0]],
  after: 0.7662155032157898,
};

testOnDevices("init.sparse_ fills as PyTorch does", () => {
  manualSeed(5);
  assertTensor(init.sparse_(new nn.Parameter(empty([5, 3])), 0.4), sparse.small, 1e-7);
  assertTensor(init.sparse_(empty([2, 2]), { sparsity: 0.1, std: 1 }), sparse.next, 1e-7);
  assertTensor(rand([1]), [sparse.after], 1e-7);
  assertEquals(init.sparse_(empty([0, 2]), 0.5).shape.join(), "0,2");
});

testOnDevices("init.dirac_ keeps channels as PyTorch does", () => {
  // nn.init.dirac_(torch.empty(6, 2, 3), 2)[:, :, 1]
  const groups = init.dirac_(new nn.Parameter(empty([6, 2, 3])), 2);
  assertTensor(groups.detach().select(2, 1), [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1], [0, 0]]);
  assertEquals(groups.detach().sum().item(), 4);
  // nn.init.dirac_(torch.empty(2, 3, 2, 3)).nonzero(), nn.init.dirac_(torch.empty(4, 2, 1, 2, 3), 2).nonzero()
  assertTensor(init.dirac_(empty([2, 3, 2, 3])).nonzero(), [[0, 0, 1, 1], [1, 1, 1, 1]]);
  assertTensor(init.dirac_(empty([4, 2, 1, 2, 3]), { groups: 2 }).nonzero(), [
    [0, 0, 0, 1, 1],
    [1, 1, 0, 1, 1],
    [2, 0, 0, 1, 1],
    [3, 1, 0, 1, 1],
  ]);
  const x = randn([1, 2, 5]), keep = init.dirac_(empty([2, 2, 3]));
  assertTensor(functional.conv1d(x, keep, null, { padding: 1 }), x.tolist() as Nested);
});

Deno.test("init draws from the generator that it is given", () => {
  const draws: ((w: Tensor, generator: Generator) => Tensor)[] = [
    (w, generator) => init.uniform_(w, 0, 2, { generator }),
    (w, generator) => init.normal_(w, { std: 2, generator }),
    (w, generator) => init.truncNormal_(w, { generator }),
    (w, generator) => init.xavierUniform_(w, 2, { generator }),
    (w, generator) => init.xavierNormal_(w, { generator }),
    (w, generator) => init.kaimingUniform_(w, { generator }),
    (w, generator) => init.kaimingNormal_(w, { generator }),
    (w, generator) => init.orthogonal_(w, 2, { generator }),
    (w, generator) => init.sparse_(w, 0.5, { generator }),
  ];
  for (const draw of draws) {
    const first = draw(empty([4, 3]), new Generator().manualSeed(3)).tolist();
    manualSeed(0);
    const before = rand([1]).item();
    manualSeed(0);
    assertEquals(draw(empty([4, 3]), new Generator().manualSeed(3)).tolist(), first);
    assertEquals(rand([1]).item(), before);
  }
});

Deno.test("calculateGain knows PyTorch's gains", () => {
  assertEquals(init.calculateGain("tanh"), 5 / 3);
  assertEquals(init.calculateGain("relu"), Math.sqrt(2));
  assertEquals(init.calculateGain("selu"), 0.75);
  assertEquals(init.calculateGain("leaky_relu"), Math.sqrt(2 / 1.0001));
  assertEquals(init.calculateGain("leaky_relu", 0.2), Math.sqrt(2 / 1.04));
  for (const name of ["sigmoid", "linear", "conv2d", "conv_transpose3d"] as const) {
    assertEquals(init.calculateGain(name), 1);
  }
});

Deno.test("init refuses what makes no sense", () => {
  assertThrows(() => init.xavierUniform_(zeros([3])), ShapeError, "fan in");
  assertThrows(() => init.orthogonal_(zeros([3])), ShapeError, "orthogonal");
  assertThrows(() => init.eye_(zeros([3])), ShapeError, "matrix");
  assertThrows(() => init.sparse_(zeros([3]), 0.5), ShapeError, "matrix");
  assertThrows(() => init.dirac_(zeros([3, 3])), ShapeError, "3, 4 or 5 axes");
  assertThrows(() => init.dirac_(zeros([3, 3, 3]), 2), ValueError, "2 groups");
  assertThrows(() => init.calculateGain("elu" as "selu"), ValueError, '"elu"');
  assertThrows(() => init.calculateGain("leaky_relu", true as unknown as number), ValueError, "true");
  assertThrows(() => init.kaimingNormal_(zeros([3, 3]), { mode: "fan_avg" as "fan_in" }), ValueError, "fan_avg");
});

Deno.test("init leaves empty tensors empty", () => {
  for (const fill of [init.xavierUniform_, init.kaimingNormal_, init.orthogonal_]) {
    assertEquals(fill(empty([4, 0])).numel(), 0);
  }
});
