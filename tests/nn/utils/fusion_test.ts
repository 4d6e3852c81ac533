import { assert, assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../../mod.ts";
import { functional as F, nn, randn, tensor } from "../../../mod.ts";

Deno.test("a fused layer does what it and its normalisation do", () => {
  const conv = new nn.Conv1d(2, 3, 2, { bias: false }), norm = new nn.BatchNorm1d(3), x = randn([2, 2, 5]);
  norm(conv(x));
  const weight = conv.weight.tolist();
  conv.eval();
  assertThrows(() => nn.utils.fuseConvBnEval(conv, norm), torch.ValueError, "eval()");
  norm.eval();
  assert(F.allclose(nn.utils.fuseConvBnEval(conv, norm)(x), norm(conv(x)), { atol: 1e-5 }));
  assertEquals(conv.weight.tolist(), weight);
  const transposed = new nn.ConvTranspose1d(2, 3, 2).eval(), plain = new nn.BatchNorm1d(3, { affine: false });
  plain(transposed(x));
  const fused = nn.utils.fuseConvBnEval(transposed, plain.eval());
  assert(F.allclose(fused(x), plain(transposed(x)), { atol: 1e-5 }));
  const without = new nn.BatchNorm1d(3, { trackRunningStats: false }).eval();
  assertThrows(() => nn.utils.fuseConvBnEval(conv, without), torch.ValueError, "running statistics");
});

Deno.test("a module without starting values draws none", () => {
  torch.manualSeed(0);
  const before = torch.getRngState();
  const net = nn.utils.skipInit(nn.LSTM, 3, 4, { numLayers: 2 });
  assertEquals(torch.getRngState(), before);
  assertEquals([...net.parameters()[0]!.shape], [16, 3]);
  const first = new nn.Linear(2, 2).weight.tolist();
  torch.manualSeed(0);
  assertEquals(new nn.Linear(2, 2).weight.tolist(), first);
});

Deno.test("getTotalNorm and clipGradsWithNorm_ are the halves of clipGradNorm_", () => {
  const weight = new nn.Parameter(tensor([0.5, 0.5]));
  weight.grad = tensor([3, 4], { dtype: "float32" });
  const total = nn.utils.getTotalNorm([weight.grad]);
  assertEquals(total.item(), 5);
  nn.utils.clipGradsWithNorm_([weight], 2.5, total);
  assert(F.allclose(weight.grad, tensor([1.5, 2])));
  assertEquals(nn.utils.getTotalNorm(tensor([1, -7, 2], { dtype: "float32" }), { normType: Infinity }).item(), 7);
  assertThrows(() => nn.utils.getTotalNorm(tensor([NaN]), { errorIfNonfinite: true }), torch.AutogradError, "norm");
});
