import { assertEquals, assertThrows } from "@std/assert";
import { arange, binomial, empty, manualSeed, poisson, rand, ShapeError, tensor, ValueError } from "../../mod.ts";
import { assertTensor } from "./expect.ts";

// torch.manual_seed(0); torch.poisson(torch.tensor([[0.5, 3, 12], [40, 0, 1000]]))
Deno.test("poisson draws PyTorch's numbers", () => {
  manualSeed(0);
  assertTensor(poisson(tensor([[0.5, 3, 12], [40, 0, 1000]])), [[2, 4, 13], [39, 0, 987]]);
  // torch.manual_seed(5); r = torch.rand(2000) * 60; torch.poisson(r).sum(); (torch.poisson(r) * torch.arange(2000)).sum()
  manualSeed(5);
  const rates = rand(2000).mul(60);
  assertEquals(poisson(rates).sum().item(), 56974);
  assertEquals(poisson(rates).mul(arange(2000)).sum().item(), 57315820);
  assertThrows(() => poisson(tensor([-0.5])), ValueError, "-0.5");
});

// torch.manual_seed(1); torch.binomial(torch.tensor([10., 100, 5, 1000]), torch.tensor([.3, .4, .9, .7]))
Deno.test("binomial draws PyTorch's numbers", () => {
  manualSeed(1);
  const counts = tensor([10, 100, 5, 1000], { dtype: "float32" });
  assertTensor(binomial(counts, tensor([0.3, 0.4, 0.9, 0.7])), [1, 36, 5, 721]);
  assertTensor(binomial(counts, tensor([0, 1, 0, 1], { dtype: "float32" })), [0, 100, 0, 1000]);
  assertThrows(() => binomial(counts, tensor([0.5])), ShapeError, "expand");
});

// torch.manual_seed(0); torch.empty(n).cauchy_(1, 2), .log_normal_(0.5, 0.25), .geometric_(0.3)
Deno.test("more draws in place give PyTorch's numbers", () => {
  manualSeed(0);
  assertTensor(empty(2).cauchy_(1, 2), [22.195459365844727, 2.5295345783233643], 1e-6);
  manualSeed(0);
  assertTensor(empty(2).logNormal_(0.5, 0.25), [2.4235877990722656, 1.5321052074432373], 1e-6);
  manualSeed(0);
  assertTensor(empty(8).geometric_(0.3), [1, 1, 3, 1, 2, 1, 5, 3]);
  assertThrows(() => empty(2).geometric_(1), ValueError);
  assertThrows(() => empty(2).cauchy_(0, 0), ValueError);
  assertThrows(() => empty(2).logNormal_(0, -1), ValueError);
});
