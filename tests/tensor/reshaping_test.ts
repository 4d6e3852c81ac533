import { assertEquals, assertThrows } from "@std/assert";
import { arange, AutogradError, noGrad, ShapeError, tensor, zeros } from "../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "./expect.ts";

const six = () => arange(6, { dtype: "float32" }).reshape(2, 3).clone();

testOnDevices("a shape changed in place leaves earlier views as they were, and shares the elements with them", () => {
  const x = six(), row = x.at(1), flat = x.reshape(6), twin = x.detach();
  assertEquals(x.t_(), x);
  assertTensor(x, [[0, 3], [1, 4], [2, 5]]);
  x.at(0).mul_(10);
  assertTensor(row, [30, 4, 5]);
  assertTensor(twin, [[0, 1, 2], [30, 4, 5]]);
  row.fill_(-1);
  assertTensor(x, [[0, -1], [1, -1], [2, -1]]);
  flat.narrow(0, 0, 2).zero_();
  assertTensor(x.unsqueeze_(0), [[[0, -1], [0, -1], [2, -1]]]);
  assertTensor(x.add_(1).squeeze_().transpose_(0, -1), [[1, 1, 3], [0, 0, 0]]);
  assertTensor(twin, [[1, 1, 3], [0, 0, 0]]);
});

testOnDevices("a view whose shape is changed in place still writes through to its base", () => {
  const base = six(), view = base.narrow(1, 1, 2);
  view.t_().at(0).fill_(9);
  assertTensor(base, [[0, 9, 2], [3, 9, 5]]);
  base.zero_();
  assertTensor(view, [[0, 0], [0, 0]]);
  assertTensor(view.asStrided_([3], [1], 1), [0, 0, 0]);
});

// x = torch.tensor([[1., 2], [3, 4]], requires_grad=True); y = x * 2; z = y[0]; y.t_(); (y[0] * torch.tensor([1., 10])).sum() + z.sum()
testOnDevices("gradients flow through a shape changed in place", () => {
  const x = tensor([[1, 2], [3, 4]], { requiresGrad: true });
  const y = x.mul(2), z = y.at(0);
  y.t_();
  y.at(0).mul(tensor([1, 10])).sum().add(z.sum()).backward();
  assertTensor(gradOf(x), [[4, 2], [20, 0]]);
});

testOnDevices("resize_ keeps the first elements, and adds zeros", () => {
  const x = six(), column = x.at(":", 0);
  assertTensor(x.resize_(4), [0, 1, 2, 3]);
  x.add_(10);
  assertTensor(column, [10, 13]);
  assertTensor(x.resize_([2, 3]), [[10, 11, 12], [13, 0, 0]]);
  x.fill_(7);
  assertTensor(column, [10, 13]);
  assertTensor(x.at(0).resizeAs_(zeros(2, 1)), [[7], [7]]);
  assertEquals([...x.shape], [2, 3]);
});

Deno.test("a leaf that requires grad keeps its shape", () => {
  const x = tensor([[1, 2]], { dtype: "float32", requiresGrad: true });
  assertThrows(() => x.t_(), AutogradError, "Use t");
  assertThrows(() => noGrad(() => x.unsqueeze_(0)), AutogradError);
  assertThrows(() => x.mul(2).resize_(1), AutogradError, "requires grad");
  assertThrows(() => tensor([1]).resize_(-1), ShapeError);
});
