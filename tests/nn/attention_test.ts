import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { functional as F, nn, randn, tensor, zeros } from "../../mod.ts";
import golden from "../golden/sequences.json" with { type: "json" };
import { assertTensor, testOnDevices } from "../tensor/expect.ts";
import { testModules } from "./golden_module.ts";

testModules(golden.attention);

testOnDevices("attention with shared heads is attention with the heads repeated", () => {
  const q = randn([2, 4, 3, 2]), k = randn([2, 2, 5, 2], { requiresGrad: true }), v = randn([2, 2, 5, 3]);
  const y = F.scaledDotProductAttention(q, k, v, { enableGqa: true, scale: 0.3 });
  y.sum().backward();
  const twice = k.detach().repeatInterleave(2, 1).requiresGrad_();
  const z = F.scaledDotProductAttention(q, twice, v.repeatInterleave(2, 1), { scale: 0.3 });
  z.sum().backward();
  assert(F.allclose(y, z, { atol: 1e-6 }));
  assert(F.allclose(k.grad!, twice.grad!.reshape([2, 2, 2, 5, 2]).sum(2), { atol: 1e-6 }));
});

testOnDevices("a query that no key is left for gets zeros and passes no gradient", () => {
  const q = randn([2, 3], { requiresGrad: true }), k = randn([2, 3], { requiresGrad: true }), v = randn([2, 2]);
  const seen = tensor([[false, false], [true, false]]);
  const y = F.scaledDotProductAttention(q, k, v, { attnMask: seen });
  assertTensor(y, [[0, 0], (v.tolist() as number[][])[0]!], 1e-6);
  y.sum().backward();
  assertEquals(q.grad!.tolist(), [[0, 0, 0], [0, 0, 0]]);
  assertEquals(k.grad!.tolist(), [[0, 0, 0], [0, 0, 0]]);
  assertEquals(F.scaledDotProductAttention(q, zeros([0, 3]), zeros([0, 2])).tolist(), [[0, 0], [0, 0]]);
});

Deno.test("attention takes no notice of batch dimensions that broadcast", () => {
  const q = randn([2, 1, 3, 4]), k = randn([5, 6, 4]), v = randn([6, 2]);
  const mask = randn([2, 5, 1, 6]);
  const y = F.scaledDotProductAttention(q, k, v, { attnMask: mask });
  assertEquals([...y.shape], [2, 5, 3, 2]);
  const one = F.scaledDotProductAttention(q.at(1, 0), k.at(3), v, { attnMask: mask.at(1, 3) });
  assert(F.allclose(y.at(1, 3), one, { atol: 1e-6 }));
});

Deno.test("attention weights are dropped as PyTorch drops them", () => {
  // torch.manual_seed(0); x = torch.ones(2, 4); F.dropout(torch.softmax(x @ x.T, -1), 0.5) @ torch.tensor([[1.], [10.]])
  torch.manualSeed(0);
  const x = torch.ones([2, 4]), v = tensor([[1], [10]], { dtype: "float32" });
  const y = F.scaledDotProductAttention(x, x, v, { dropoutP: 0.5 });
  torch.manualSeed(0);
  assertEquals(y.tolist(), F.dropout(torch.full([2, 2], 0.5), 0.5).matmul(v).tolist());
});

Deno.test("attention of one tensor and of three equal ones agree", () => {
  const layer = new nn.MultiheadAttention(4, 2, { batchFirst: true }), x = randn([2, 3, 4]);
  const [one] = layer(x, x, x), [three] = layer(x, x.clone(), x.clone()), [two] = layer(x.clone(), x, x);
  assert(F.allclose(one, three, { atol: 1e-6 }) && F.allclose(one, two, { atol: 1e-6 }));
});

Deno.test("attention refuses what does not fit", () => {
  const layer = new nn.MultiheadAttention(4, 2), x = zeros([3, 2, 4]);
  assertThrows(() => new nn.MultiheadAttention(5, 2), torch.ValueError, "5 numbers among 2 heads");
  assertThrows(() => layer(x, zeros([4, 3, 4]), zeros([4, 3, 4])), torch.ShapeError, "[S, N, Ek]");
  assertThrows(() => layer(x, x, zeros([3, 2, 3])), torch.ShapeError, "values [3, 2, 3]");
  assertThrows(() => layer(x, x, x, { isCausal: true }), torch.ValueError, "attnMask");
  assertThrows(() => layer(x, x, x, { attnMask: zeros([2, 3]) }), torch.ShapeError, "expected [3, 3]");
  assertThrows(() => layer(x, x, x, { keyPaddingMask: zeros([3, 2]) }), torch.ShapeError, "expected [2, 3]");
  assertThrows(
    () => layer(x, x, x, { keyPaddingMask: zeros([2, 3], { dtype: "int32" }) }),
    torch.DTypeError,
    "bool or floating-point",
  );
  const q = zeros([2, 3]);
  assertThrows(() => F.scaledDotProductAttention(q, q, q, { attnMask: zeros([3, 2]) }), torch.ShapeError, "[2, 2]");
  assertThrows(() => F.scaledDotProductAttention(q, q, q, { attnMask: q, isCausal: true }), torch.ValueError, "both");
  assertThrows(() => F.scaledDotProductAttention(q, q, q, { enableGqa: true }), torch.ShapeError, "heads");
  assertThrows(() => F.scaledDotProductAttention(q, q.int(), q), torch.DTypeError, "one floating-point dtype");
});
