import { assert, assertEquals, assertThrows } from "@std/assert";
import { arange, AutogradError, functional as F, noGrad, ones, type Tensor, tensor, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

/** For each kind of view, how it is taken from a [3, 4] matrix. */
const views: Record<string, (x: Tensor) => Tensor> = {
  select: (x) => F.select(x, 0, 1),
  narrow: (x) => F.narrow(x, 1, 1, 2),
  transpose: (x) => F.transpose(x, 0, 1),
  reshape: (x) => F.reshape(x, [2, 6]),
  flatten: (x) => F.flatten(x),
  unsqueeze: (x) => F.unsqueeze(x, 1),
  diagonal: (x) => F.diagonal(x, 1),
  split: (x) => F.split(x, 3, 1)[1]!,
  unbind: (x) => F.unbind(x, 1)[2]!,
  movedim: (x) => F.movedim(F.reshape(x, [3, 2, 2]), 2, 0),
  "expand to the same shape": (x) => F.expand(x, [3, 4]),
  "view of a view": (x) => F.select(F.transpose(F.narrow(x, 0, 1, 2), 0, 1), 0, 3),
};

for (const [name, view] of Object.entries(views)) {
  testOnDevices(`a write through ${name} shows in the base, and the other way`, () => {
    const base = F.reshape(arange(12), [3, 4]).clone();
    const part = view(base), expected = view(F.reshape(arange(12), [3, 4]).clone()).tolist();
    assertEquals(part.base, base);
    assertTensor(part, expected as number[]);
    part.add_(100);
    const seen = F.sum(base).item() as number;
    assertEquals(seen, 66 + 100 * part.numel());
    base.fill_(7);
    assert((F.flatten(part).tolist() as number[]).every((value) => value === 7));
  });
}

Deno.test("an expanded tensor cannot be written", () => {
  assertThrows(() => F.expand(ones([3, 1]), [3, 4]).add_(1), AutogradError, "clone()");
});

testOnDevices("copies keep their elements when their source is written", () => {
  const copies: ((x: Tensor) => Tensor)[] = [
    (x) => F.flip(x, []),
    (x) => F.roll(x, 0),
    (x) => F.cat([x]),
    (x) => F.repeat(x, [1]),
    (x) => F.constantPadNd(x, [0, 0]),
    (x) => F.repeatInterleave(x, 1),
    (x) => F.nanToNum(x),
  ];
  for (const copy of copies) {
    const x = tensor([1, 2, 3]).clone();
    const y = copy(x);
    noGrad(() => x.add_(10));
    assertTensor(y, [1, 2, 3]);
    assertTensor(x, [11, 12, 13]);
  }
});

testOnDevices("gradients flow through a write to a view", () => {
  const value = tensor([2, 3], { requiresGrad: true }), base = zeros([2, 2]);
  F.select(base, 0, 1).copy_(value);
  F.sum(F.mul(base, tensor([[1, 2], [3, 4]]))).backward();
  assertTensor(gradOf(value), [3, 4]);
});

testOnDevices("cat joins hundreds of tensors, on the host and on the device", () => {
  const host = Array.from({ length: 300 }, (_, i) => tensor([i, i]));
  assertEquals(F.sum(F.cat(host)).item(), 300 * 299);
  const parts = Array.from({ length: 40 }, (_, i) => tensor([[i + 0.5]], { requiresGrad: true }));
  const computed = F.cat(parts.map((x, i) => F.repeat(F.mul(x, 2), [1, (i % 3) + 1])), 1);
  assertEquals(computed.shape[1], 79);
  F.sum(computed).backward();
  parts.forEach((x, i) => assertTensor(gradOf(x), [[2 * ((i % 3) + 1)]]));
});

testOnDevices("cat does not let NaN of one part into another", () => {
  assertTensor(F.mul(F.cat([F.mul(tensor([NaN, Infinity]), 1), F.mul(tensor([1.5]), 1)]), 1), [NaN, Infinity, 1.5]);
});

Deno.test("meshgrid takes tensors one by one or in a list, with options after them", () => {
  const a = tensor([1, 2]), b = tensor([3, 4, 5]);
  const [rows, columns] = F.meshgrid(a, b, { indexing: "ij" });
  assertTensor(rows, [[1, 1, 1], [2, 2, 2]]);
  assertTensor(columns, [[3, 4, 5], [3, 4, 5]]);
  assertTensor(F.meshgrid(a, b)[0], [[1, 1, 1], [2, 2, 2]]);
  assertTensor(F.meshgrid([a, b], { indexing: "xy" })[0]!, [[1, 2], [1, 2], [1, 2]]);
});
