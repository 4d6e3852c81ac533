/** Expected values are PyTorch's (1.13). */

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, AutogradError, DTypeError, noGrad, ShapeError, tensor, zeros } from "../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "./expect.ts";

const weights = () => tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float32" });
const matrix = () => tensor([[1, 2, 3], [4, 5, 6]], { requiresGrad: true });

testOnDevices("a write shows in the base and in all its views", () => {
  const x = arange(6, { dtype: "float32" }).reshape(2, 3).clone();
  const row = x.at(0), column = x.at(":", 1), flat = x.view(-1), turned = x.t();
  row.mul_(10);
  assertTensor(x, [[0, 10, 20], [3, 4, 5]]);
  assertTensor(column, [10, 4]);
  assertTensor(flat, [0, 10, 20, 3, 4, 5]);
  x.add_(1);
  assertTensor(row, [1, 11, 21]);
  assertTensor(turned, [[1, 4], [11, 5], [21, 6]]);
  flat.at("1:3").zero_();
  assertTensor(x, [[1, 0, 0], [4, 5, 6]]);
  assertTensor(turned.at(1), [0, 5]);
  turned.at(":", 1).at("0:2").fill_(-1);
  assertTensor(x, [[1, 0, 0], [-1, -1, 6]]);
  assertStrictEquals(row.base, x.base ?? x);
});

Deno.test("a view of a view of a view writes to the base", () => {
  const x = zeros(2, 3, 4);
  const inner = x.at(1).t().unsqueeze(0).at(0, "1:3");
  inner.copy_(arange(6).reshape(2, 3));
  assertTensor(x.at(1), [[0, 0, 3, 0], [0, 1, 4, 0], [0, 2, 5, 0]]);
  x.at(1, 2).fill_(7);
  assertTensor(inner, [[0, 1, 7], [3, 4, 7]]);
});

Deno.test("detach() shares elements in both directions", () => {
  const x = tensor([1, 2, 3], { requiresGrad: true }), d = x.detach();
  d.at(0).fill_(10);
  assertTensor(x, [10, 2, 3]);
  assert(x.requiresGrad && x.isLeaf && !d.requiresGrad);
  noGrad(() => x.mul_(2));
  assertTensor(d, [20, 4, 6]);
  x.mul(x).sum().backward();
  assertTensor(gradOf(x), [40, 8, 12]);
});

Deno.test("a detached tensor has views and a history of its own", () => {
  const x = tensor([1, 2, 3], { requiresGrad: true }), y = x.mul(2), d = y.at("1:").detach();
  const other = y.detach();
  d.mul_(10);
  assertTensor(y, [2, 40, 60]);
  assertTensor(other, [2, 40, 60]);
  d.at(0).fill_(5);
  assertTensor(y, [2, 5, 60]);
  y.mul(y).sum().backward();
  assertTensor(gradOf(x), [8, 20, 240]);

  const w = tensor([3, 4], { requiresGrad: true }), base = zeros(2), loose = base.detach();
  loose.add_(w);
  assertTensor(base, [3, 4]);
  assert(loose.requiresGrad && !base.requiresGrad);
  loose.mul(2).sum().backward();
  assertTensor(gradOf(w), [2, 2]);
});

Deno.test("clone() and reshape inside operations do not share elements", () => {
  const x = tensor([1, 2, 3], { dtype: "float32" });
  const copy = x.clone(), summed = x.reshape(3, 1).sum(1), rolled = x.roll(0);
  x.mul_(10);
  noGrad(() => x.mul_(10));
  assertTensor(copy, [1, 2, 3]);
  assertTensor(summed, [1, 2, 3]);
  assertTensor(rolled, [1, 2, 3]);
  assertTensor(x, [100, 200, 300]);
});

testOnDevices("gradients flow through writes to views", () => {
  const x = matrix(), y = x.mul(2), v = y.at(0);
  v.mul_(3);
  y.add_(y);
  y.mul(weights()).sum().backward();
  assertTensor(gradOf(x), [[12, 24, 36], [16, 20, 24]]);
  assertTensor(y, [[12, 24, 36], [16, 20, 24]]);
  assertTensor(v, [12, 24, 36]);
});

Deno.test("gradients flow through writes to views of views", () => {
  const x = matrix(), y = x.mul(1), w = y.t().at("1:");
  w.setAt([0], w.at(1).mul(2));
  const z = y.view(-1).at("2:4");
  z.add_(10);
  y.pow(2).sum().backward();
  assertTensor(gradOf(x), [[2, 0, 50], [28, 0, 60]]);
  assertTensor(y, [[1, 6, 13], [14, 12, 6]]);
  assertTensor(w, [[6, 12], [13, 6]]);
  assertTensor(z, [13, 14]);
});

Deno.test("a tensor without gradient takes the history of what is written to it", () => {
  const v = tensor([1, 2], { requiresGrad: true }), z = zeros(3);
  z.setAt(["1:"], v.mul(v));
  z.mul_(2);
  assert(z.requiresGrad && z.at(0).requiresGrad);
  z.mul(tensor([1, 10, 100])).sum().backward();
  assertTensor(gradOf(v), [40, 800]);
});

Deno.test("a write under noGrad changes elements and keeps the history", () => {
  const x = tensor([1, 2], { requiresGrad: true }), y = x.mul(x), first = y.at("0:1");
  noGrad(() => {
    y.mul_(10);
    assertTensor(first, [10]);
  });
  assert(y.requiresGrad && first.requiresGrad);
  y.mul(y).sum().backward();
  assertTensor(gradOf(x), [40, 320]);
});

Deno.test("copy_ and setAt cut the gradient of what they replace", () => {
  const x = tensor([1, 2, 3], { requiresGrad: true }), y = x.mul(2);
  y.setAt([1], 7);
  y.copy_(y.flip(0));
  y.mul(tensor([1, 2, 3])).sum().backward();
  assertTensor(gradOf(x), [6, 0, 2]);
});

Deno.test("a value that was saved for backward may be overwritten", () => {
  const x = tensor([1, 2], { requiresGrad: true }), y = x.exp();
  y.mul_(2);
  y.sum().backward();
  assertTensor(gradOf(x), [2 * Math.E, 2 * Math.E ** 2], 1e-6);
});

Deno.test("leaves that require grad are written under noGrad only", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  assertThrows(() => x.add_(1), AutogradError, "leaf that requires grad");
  assertThrows(() => x.at(0).add_(1), AutogradError, "view of a leaf");
  noGrad(() => x.add_(1).at(0).mul_(5));
  assertTensor(x, [10, 3]);
  assert(x.isLeaf && x.requiresGrad);
  assertThrows(() => zeros(2, 1).expand(2, 3).add_(1), AutogradError, "clone()");
  assertThrows(() => x.mul(2).at(0).detach_(), AutogradError, "view");
});

Deno.test("in-place operations keep shape and dtype", () => {
  const x = arange(3);
  assertThrows(() => x.add_(1.5), DTypeError, "cannot be cast to int32");
  assertThrows(() => x.div_(2), DTypeError, "Use div");
  assertThrows(() => x.add_(zeros(2, 3, { dtype: "int32" })), ShapeError, "Use add");
  assertThrows(() => x.gt(1).add_(1), DTypeError);
  assertTensor(x.add_(tensor(2)).mul_(tensor([1, 2, 3])), [2, 6, 12]);
  assertTensor(zeros(2).add_(arange(2)).clamp_({ max: 0.5 }), [0, 0.5]);
  const small = tensor([1.5, 2]);
  assertEquals(small.add_(tensor([0.5, 1], { dtype: "float64", device: "cpu" })).dtype, "float32");
  assertTensor(zeros(2, 2).fill_(tensor(3)).tril_(), [[3, 0], [3, 3]]);
  assertTensor(arange(4).copy_(tensor(2.9)), [2, 2, 2, 2]);
});

Deno.test("detach_() ends the history of a tensor", () => {
  const x = tensor([1, 2], { requiresGrad: true }), y = x.mul(2);
  y.detach_();
  assert(!y.requiresGrad && y.isLeaf);
  y.requiresGrad_();
  y.mul(3).sum().backward();
  assertTensor(gradOf(y), [3, 3]);
  assertEquals(x.grad, null);
});

testOnDevices("a long loop of writes stays right", () => {
  const w = tensor([1, 1], { requiresGrad: true });
  const half = w.detach().at("0:1");
  for (let i = 0; i < 200; i++) {
    const loss = w.mul(w).sum();
    w.grad = null;
    loss.backward();
    noGrad(() => w.sub_(gradOf(w), { alpha: 0.01 }));
  }
  assertTensor(w, [0.98 ** 200, 0.98 ** 200], 1e-5);
  assertTensor(half, [0.98 ** 200], 1e-5);
});

testOnDevices("copy_ refuses a source that does not broadcast", () => {
  assertThrows(() => zeros([2, 2]).copy_(tensor([1, 2, 3])), ShapeError, "[3]");
  assertThrows(() => zeros([2]).copy_(zeros([2, 2])), ShapeError, "[2, 2]");
  assertTensor(zeros([2, 2]).copy_(tensor([1, 2])), [[1, 2], [1, 2]]);
});
