import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { functional as F, type Tensor, tensor } from "../../mod.ts";
import { assertTensor, testOnDevices } from "../tensor/expect.ts";

Deno.test("what a tensor is can be asked by function and by method", () => {
  const x = torch.ones([2, 3]), bytes = tensor([1, 2], { dtype: "uint8" });
  assertEquals([torch.isTensor(x), torch.isTensor([1])], [true, false]);
  for (const ask of ["isFloatingPoint", "isSigned", "isComplex", "isConj"] as const) {
    assertEquals([torch[ask](x), torch[ask](bytes)], [x[ask](), bytes[ask]()]);
  }
  assertEquals([x.isSigned(), bytes.isSigned(), x.gt(0).isSigned(), x.isComplex()], [true, false, false, false]);
  assertEquals([x.isSameSize(torch.zeros([2, 3])), x.isSameSize(bytes)], [true, false]);
  assertEquals([x.itemsize, x.nbytes, bytes.nbytes, torch.numel(x)], [4, 24, 2, 6]);
  assertEquals([torch.isNonzero(tensor(2)), tensor([0]).isNonzero()], [true, false]);
  assertThrows(() => x.isNonzero(), torch.ValueError, "[2, 3]");
  const leaf = torch.ones([2], { requiresGrad: true }), y = leaf.mul(2);
  assertEquals([leaf.retainsGrad, y.retainsGrad], [false, false]);
  y.retainGrad();
  assertEquals(y.retainsGrad, true);
  assert(!torch.detach(y).requiresGrad);
  assertEquals(torch.getDefaultDevice(), torch.defaultDevice());
});

// The texts are PyTorch's.
Deno.test("finfo and iinfo know the limits of dtypes", () => {
  assertEquals(
    `${torch.finfo()}`,
    "finfo(resolution=1e-06, min=-3.40282e+38, max=3.40282e+38, eps=1.19209e-07, " +
      "smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=float32)",
  );
  assertEquals(
    `${torch.finfo("float16")}`,
    "finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)",
  );
  assertEquals([torch.finfo("float64").max, torch.finfo("float64").eps], [Number.MAX_VALUE, Number.EPSILON]);
  assertEquals(`${torch.iinfo("int32")}`, "iinfo(min=-2147483648, max=2147483647, dtype=int32)");
  assertThrows(() => torch.finfo("int32"), torch.DTypeError, "iinfo");
  assertThrows(() => torch.iinfo("bool"), torch.DTypeError, "bool");
});

testOnDevices("asarray shares elements where it can", () => {
  const x = torch.ones([2], { requiresGrad: true }), same = torch.asarray(x), copy = torch.asarray(x, { copy: true });
  torch.noGrad(() => x.mul_(3));
  assertTensor(same, [3, 3]);
  assertTensor(copy, [1, 1]);
  assert(!same.requiresGrad && torch.asarray([1.5], { requiresGrad: true }).requiresGrad);
  assertThrows(() => torch.asarray([1], { copy: false }), torch.ValueError, "copy");
  assertThrows(() => torch.asarray(x, { copy: false, dtype: "int32" }), torch.ValueError, "copy");
});

testOnDevices("elements are replaced by what a function makes of them", () => {
  const x = tensor([[1, 2], [3, 4]], { dtype: "float32" }), column = x.select(1, 0);
  assert(column.apply_((value) => value * 10) === column);
  assertTensor(x, [[10, 2], [30, 4]]);
  assertTensor(x.map_(tensor([1, 2]), (a, b) => a + b), [[11, 4], [31, 6]]);
  assertTensor(x.map2_(tensor(1), x, (a, b, c) => a + b - c), [[1, 1], [1, 1]]);
  const learned = torch.ones([1], { requiresGrad: true });
  assertThrows(() => learned.apply_(() => 0), torch.AutogradError, "detach()");
  assertThrows(() => x.map_(torch.ones([3]), (a) => a), torch.ShapeError);
});

testOnDevices("unravelIndex gives positions along each dimension", () => {
  const parts = torch.unravelIndex(tensor([[0, 5], [11, -1]]), [3, 4]);
  assertTensor(parts[0]!, [[0, 1], [2, 2]]);
  assertTensor(parts[1]!, [[0, 1], [3, 3]]);
  assertTensor(torch.unravelIndex(tensor(7), 5)[0]!, 2);
  assertThrows(() => torch.unravelIndex(tensor([0.5]), [2]), torch.DTypeError, "integers");
  assertThrows(() => torch.unravelIndex(tensor([0]), [-2]), torch.ValueError, "-2");
});

testOnDevices("dropout overwrites its input, and leaves it alone while nothing is trained", () => {
  const all: ((x: Tensor, options: F.DropoutOptions) => Tensor)[] = [
    F.dropout_,
    F.featureDropout_,
    F.alphaDropout_,
    F.featureAlphaDropout_,
  ];
  for (const drop of all) {
    const x = torch.ones([2, 3, 4]), before = x.version;
    assert(drop(x, { p: 0.5, training: false }) === x && x.version === before);
    drop(x, { p: 1, training: true });
    assertTensor(x.abs().sum(), 0);
  }
  torch.manualSeed(3);
  const channels = F.featureDropout(torch.ones([2, 5, 3]));
  torch.manualSeed(3);
  assertEquals(F.dropout2d(torch.ones([2, 5, 3])).tolist(), channels.tolist());
  assertThrows(() => F.featureDropout(torch.ones([3])), torch.ShapeError, "[N, C, ...]");
});

// Numbers from PyTorch 1.13.1, but for signs, which nothing determines.
testOnDevices("low ranks are those of PyTorch's random projections", () => {
  torch.manualSeed(0);
  const a = torch.arange(12, { dtype: "float32" }).reshape(4, 3).sin();
  const narrow = torch.svdLowrank(a, 2);
  assertTensor(narrow.S, [2.4194231, 0.3844526], 1e-5);
  assertTensor(narrow.V.abs(), [[0.1709189, 0.809383], [0.5793443, 0.5438124], [0.7969611, 0.2217369]], 1e-4);
  const whole = torch.svdLowrank(a, 3);
  assertTensor(whole.U.mul(whole.S).matmul(whole.V.mT).sub(a).abs().max().lt(1e-5), true);
  const wide = torch.svdLowrank(a.T, 2, { M: torch.ones([3, 4]) });
  assertTensor(wide.S, [3.8664773, 1.4855746], 1e-5);
  assertTensor(wide.U.abs().at(0), [0.351164, 0.9219945], 1e-4);
  const { S, V } = torch.pcaLowrank(a, 2);
  assertTensor(S, [2.4194033, 0.3442132], 1e-5);
  assertTensor(V.abs().at(0), [0.1711567, 0.8093328], 1e-4);
  assertTensor(torch.pcaLowrank(a, { center: false }).S.narrow(0, 0, 2), [2.4194229, 0.3844524], 1e-5);
  assertThrows(() => torch.svdLowrank(a, 4), torch.ShapeError, "it has 3");
  assertThrows(() => torch.pcaLowrank(a, 4), torch.ValueError, "it has 3");
});

Deno.test("save and load are names of torch, too", () => {
  const path = Deno.makeTempFileSync({ suffix: ".pt" });
  try {
    torch.save({ weight: torch.ones([2]) }, path);
    assertEquals((torch.load(path) as { weight: Tensor }).weight.tolist(), [1, 1]);
  } finally {
    Deno.removeSync(path);
  }
});
