import { assertEquals, assertThrows } from "@std/assert";
import { explain, functional as F, IndexError, tensor, ValueError } from "../../../mod.ts";
import { assertTensor, gradOf, type Nested, testOnDevices } from "../../tensor/expect.ts";

// y = torch.index_reduce(x, 0, torch.tensor([0, 0]), s, reduce, include_self=True)
// (y * torch.tensor([[1., 2], [3, 4], [5, 6]])).sum().backward(); y[0], x.grad[0], s.grad
testOnDevices("indexReduce combines slices, with gradients for all that took part", () => {
  const cases: [F.IndexReduction, boolean, Nested, Nested, Nested][] = [
    ["prod", true, [-10, 280], [-10, 280], [[-1, 28], [10, 80]]],
    ["prod", false, [-10, 140], [0, 0], [[-1, 14], [10, 40]]],
    ["mean", true, [10 / 3, 29 / 3], [1 / 3, 2 / 3], [[1 / 3, 2 / 3], [1 / 3, 2 / 3]]],
    ["amax", false, [10, 20], [0, 0], [[1, 2], [0, 0]]],
    ["amin", true, [-1, 2], [0, 2], [[0, 0], [1, 0]]],
  ];
  for (const [reduce, includeSelf, first, self, source] of cases) {
    const x = tensor([[1, 2], [3, 4], [5, 6]], { requiresGrad: true });
    const s = tensor([[10, 20], [-1, 7]], { requiresGrad: true });
    const y = F.indexReduce(x, 0, tensor([0, 0]), s, reduce, { includeSelf });
    assertTensor(y, [first, [3, 4], [5, 6]], 1e-6);
    y.mul(tensor([[1, 2], [3, 4], [5, 6]])).sum().backward();
    assertTensor(gradOf(x), [self, [3, 4], [5, 6]], 1e-6);
    assertTensor(gradOf(s), source, 1e-6);
  }
});

Deno.test("indexReduce changes a tensor in place, and refuses sums", () => {
  const x = tensor([1, 2, 3]);
  x.indexReduce_(0, tensor([2]), tensor([5]), "prod");
  assertTensor(x, [1, 2, 15]);
  assertThrows(() => F.indexReduce(x, 0, tensor([0]), x.narrow(0, 0, 1), "sum" as "prod"), ValueError, "indexAdd");
});

testOnDevices("oneHot compares, and still checks what the device computes", () => {
  const index = tensor([[0, 2], [1, 1]]);
  assertTensor(F.oneHot(index, 3), [[[1, 0, 0], [0, 0, 1]], [[0, 1, 0], [0, 1, 0]]]);
  assertEquals(explain(F.oneHot(index, 3)).includes("scatter"), false);
  assertTensor(F.oneHot(tensor(1).add(1), 4), [0, 0, 1, 0]);
  assertEquals([...F.oneHot(tensor([], { dtype: "int32" }), 4).shape], [0, 4]);
  assertThrows(() => F.oneHot(tensor([0, 2]).add(1), 3).tolist(), IndexError, "Cannot oneHot element 3");
});
