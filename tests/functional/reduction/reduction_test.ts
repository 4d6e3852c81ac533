import { assertEquals, assertThrows } from "@std/assert";
import { arange, full, functional as F, IndexError, ones, ShapeError, tensor, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

testOnDevices("values and indices come apart by name and by place", () => {
  const x = tensor([[1.5, 3], [7, 2]]);
  const { values, indices } = F.max(x, 1);
  const [first, second] = F.max(x, { dim: 1 });
  assertTensor(values, [3, 7]);
  assertTensor(indices, [1, 0]);
  assertTensor(first, [3, 7]);
  assertTensor(second, [1, 0]);
  assertEquals(indices.dtype, "int32");
});

testOnDevices("dimensions are given by place or by name, one or several", () => {
  const x = ones([2, 3, 4]);
  assertTensor(F.sum(x, [0, 2]), [8, 8, 8]);
  assertTensor(F.sum(x, { dim: [-1, 0] }), [8, 8, 8]);
  assertEquals([...F.sum(x, 1, { keepdim: true }).shape], [2, 1, 4]);
  assertEquals(F.sum(x).item(), 24);
  assertEquals(F.sum(tensor([1, 2]), { dtype: "float32" }).dtype, "float32");
});

testOnDevices("equal extremes share the gradient of max(), and the first one takes that of max(dim)", () => {
  const x = tensor([2, 5, 5], { requiresGrad: true });
  F.max(x).backward();
  assertTensor(gradOf(x), [0, 0.5, 0.5]);
  x.grad = null;
  F.max(x, 0).values.backward();
  assertTensor(gradOf(x), [0, 1, 0]);
});

testOnDevices("reductions of nothing give the value that changes nothing, or throw", () => {
  const x = zeros([0, 3]);
  assertTensor(F.sum(x, 0), [0, 0, 0]);
  assertTensor(F.prod(x, 0), [1, 1, 1]);
  assertTensor(F.mean(x, 0), [NaN, NaN, NaN]);
  assertTensor(F.all(x, 0), [true, true, true]);
  assertEquals([...F.max(x, 1).values.shape], [0]);
  assertThrows(() => F.max(x), IndexError);
  assertThrows(() => F.max(x, 0), IndexError);
  assertThrows(() => F.argmax(x), IndexError);
  assertThrows(() => F.amin(x, 0), IndexError);
});

testOnDevices("a scalar is reduced as a list of one", () => {
  const x = tensor(2.5);
  assertEquals(F.sum(x, 0).item(), 2.5);
  assertEquals(F.max(x, 0).indices.item(), 0);
  assertEquals(F.softmax(x, 0).item(), 1);
  assertEquals(F.cumsum(x, 0).item(), 2.5);
  assertEquals(F.sort(x).values.item(), 2.5);
});

testOnDevices("more than 65,535 rows are reduced", () => {
  const x = ones([70000, 3]);
  assertEquals(F.sum(F.sum(x, 1)).item(), 210000);
  assertEquals(F.sum(F.argmax(x, 1)).item(), 0);
  assertEquals(F.select(F.cumsum(x, 0), 0, 69999).tolist(), [70000, 70000, 70000]);
});

testOnDevices("several walks over long rows in one kernel are whole", () => {
  // Software adapters count the steps of all loops of an invocation, and leave off after 65,535.
  const x = arange(0, 30000 * 40, { dtype: "float32" }).reshape([30000, 40]).remainder(7);
  assertTensor(F.sum(F.softmax(x, 0), 0), new Array(40).fill(1), 1e-4);
  assertTensor(F.amax(F.logSoftmax(x, 0), 0), new Array(40).fill(-8.8208), 1e-3);
});

testOnDevices("long reductions of remainders are whole", () => {
  // Software adapters count the steps of all loops, that of the remainder included, and leave off after 65,535.
  assertTensor(F.sum(F.remainder(full([64, 30000], 1e6 + 0.5), 1), 1), new Array(64).fill(15000));
});

testOnDevices("the softmax family stands large numbers", () => {
  const x = tensor([[1000, 1001], [-1000, -1001]], { dtype: "float32", requiresGrad: true });
  assertTensor(F.softmax(x, 1), [[0.268941, 0.731059], [0.731059, 0.268941]], 1e-5);
  assertTensor(F.logsumexp(x, 1), [1001.313262, -999.686738], 1e-5);
  F.sum(F.select(F.logSoftmax(x, 1), 1, 0)).backward();
  assertTensor(gradOf(x), [[0.731059, -0.731059], [0.268941, -0.268941]], 1e-5);
});

Deno.test("a dimension out of range or named twice is refused", () => {
  assertThrows(() => F.sum(ones([2, 3]), 2), IndexError, "dimensions are -2 to 1");
  assertThrows(() => F.sum(ones([2, 3]), [0, -2]), ShapeError, "twice");
});
