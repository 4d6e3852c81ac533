import { assertEquals, assertThrows } from "@std/assert";
import { explain, functional as F, randn, ShapeError, tensor, ValueError, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

// torch.addmm(torch.tensor([[5]]), torch.tensor([[2]]), torch.tensor([[3]]), beta=1.9, alpha=2.5)
// torch.addr(torch.tensor([[True, False]]), torch.tensor([True]), torch.tensor([False, True]), beta=0, alpha=3)
Deno.test("factors of integers lose their fraction, and bools are combined as truth values", () => {
  assertTensor(F.addmm(tensor([[5]]), tensor([[2]]), tensor([[3]]), { beta: 1.9, alpha: 2.5 }), [[17]]);
  const x = tensor([[true, false]]), a = tensor([true]), b = tensor([false, true]);
  assertTensor(F.addr(x, a, b, { beta: 0, alpha: 3 }), [[false, true]]);
  assertTensor(F.addr(x, a, b), [[true, true]]);
  assertThrows(() => F.addr(tensor([[1]]), tensor([1]), tensor([1]), { alpha: 0.5 }), ValueError, "integers");
});

testOnDevices("addbmm is one product over batches and columns, with its gradients", () => {
  const a = tensor([[[1, 2]], [[3, 4]]], { requiresGrad: true });
  const b = tensor([[[1], [2]], [[3], [4]]], { requiresGrad: true });
  const y = F.addbmm(tensor([[100]]), a, b, { alpha: 2, beta: 0.5 });
  assertTensor(y, [[110]]);
  y.sum().backward();
  assertTensor(gradOf(a), [[[2, 4]], [[6, 8]]]);
  assertTensor(gradOf(b), [[[2], [4]], [[6], [8]]]);
  assertEquals(explain(F.addbmm(randn(3, 4), randn(2, 3, 5), randn(2, 5, 4))).match(/^ *kernel /gm)?.length, 1);
  assertTensor(F.addbmm(tensor([[1.5]]), zeros(0, 1, 2), zeros(0, 2, 1)), [[1.5]]);
});

Deno.test("chainMatmul takes the cheapest order", () => {
  const [a, b, c] = [randn(50, 2), randn(2, 50), randn(50, 1)];
  const product = F.chainMatmul(a, b, c);
  assertTensor(product, F.mm(a, F.mm(b, c)).tolist(), 1e-5);
  assertEquals(/float32\[50, 50\]/.test(explain(product)), false);
  assertThrows(() => F.chainMatmul(a, c), ShapeError, "as many as the rows");
});

// torch.vander(torch.tensor([1.5, -2., 0.])), torch.vander(torch.tensor([2, 3]), 4, increasing=True)
testOnDevices("vander makes powers", () => {
  assertTensor(F.vander(tensor([1.5, -2, 0])), [[2.25, 1.5, 1], [4, -2, 1], [0, 0, 1]], 1e-6);
  assertTensor(F.vander(tensor([2, 3]), 4, { increasing: true }), [[1, 2, 4, 8], [1, 3, 9, 27]]);
  const x = tensor([0, 2], { requiresGrad: true });
  F.vander(x).sum().backward();
  assertTensor(gradOf(x), [1, 1]);
  assertThrows(() => F.vander(zeros(2, 2)), ShapeError, "a list");
});
