import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  deviceStats,
  DTypeError,
  functional as F,
  ones,
  ShapeError,
  tensor,
  ValueError,
} from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

testOnDevices("operands of different dtypes are promoted as in PyTorch", () => {
  assertEquals(F.add(tensor([1, 2]), 2).dtype, "int32");
  assertEquals(F.add(tensor([1, 2]), 2.5).dtype, "float32");
  assertEquals(F.add(tensor([true]), 2).dtype, "int32");
  assertEquals(F.add(tensor([true]), tensor([true])).dtype, "bool");
  assertEquals(F.div(tensor([7]), tensor([2])).dtype, "float32");
  assertEquals(F.exp(tensor([1])).dtype, "float32");
  assertEquals(F.eq(tensor([1]), 1).dtype, "bool");
  assertEquals(F.add(tensor(1.5), tensor([1])).dtype, "float32");
});

testOnDevices("either operand may be a number", () => {
  assertTensor(F.sub(10, tensor([1, 2])), [9, 8]);
  assertTensor(F.pow(2, tensor([3, 4])), [8, 16]);
  assertTensor(F.where(tensor([true, false]), 1, 2.5), [1, 2.5]);
});

testOnDevices("another number is not another kernel", () => {
  const x = tensor([1.5, 2.5]);
  F.mul(x, 0.1).tolist();
  const before = deviceStats(x.device).compiled;
  for (let i = 0; i < 5; i++) assertTensor(F.mul(x, i), [1.5 * i, 2.5 * i]);
  assertEquals(deviceStats(x.device).compiled, before);
});

testOnDevices("gradients of broadcast operands are summed to their shapes", () => {
  const a = ones([2, 3], { requiresGrad: true }),
    b = tensor([1, 2, 3], { requiresGrad: true }),
    c = tensor(2, { requiresGrad: true });
  F.sum(F.mul(F.mul(a, b), c)).backward();
  assertTensor(gradOf(a), [[2, 4, 6], [2, 4, 6]]);
  assertTensor(gradOf(b), [4, 4, 4]);
  assertTensor(gradOf(c), 12);
});

testOnDevices("a number or an integer operand gets no gradient and harms none", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  F.sum(F.mul(F.mul(x, 3), tensor([1, 2]))).backward();
  assertTensor(gradOf(x), [3, 6]);
});

testOnDevices("integers raise to integers, by squaring", () => {
  assertTensor(F.pow(tensor([2, -3, 1, -1, 0, 7]), tensor([5, 3, -2, -3, 0, -1])), [32, -27, 1, -1, 1, 0]);
  assertThrows(() => F.pow(tensor([2]), -1), ValueError, "float32");
});

Deno.test("an operation refuses shapes that do not broadcast, and says how to mend them", () => {
  const error = assertThrows(() => F.add(ones([32, 10]), ones([32])), ShapeError);
  assert(error.message.startsWith("Cannot add tensors of shapes [32, 10] and [32]: "));
  assert(error.message.includes("unsqueeze(-1)"));
});

Deno.test("an operation refuses dtypes that PyTorch refuses", () => {
  assertThrows(() => F.sub(tensor([true]), tensor([true])), DTypeError);
  assertThrows(() => F.neg(tensor([true])), DTypeError);
  assertThrows(() => F.bitwiseAnd(tensor([1.5]), 1), DTypeError);
  assertThrows(() => F.mean(tensor([1, 2])), DTypeError, "float32");
  assertThrows(() => F.softmax(tensor([1, 2]), 0), DTypeError);
  assertThrows(() => F.add(tensor([1]), tensor([2]), { alpha: 0.5 }), ValueError);
  assertThrows(() => F.where(tensor([1.5]), 1, 2), DTypeError);
});

testOnDevices("nothing flows through the branch of a where that was not taken", () => {
  const x = tensor([0, 4], { requiresGrad: true });
  F.sum(F.where(F.gt(x, 0), F.sqrt(F.where(F.gt(x, 0), x, 1)), 0)).backward();
  assertTensor(gradOf(x), [0, 0.25]);
});

testOnDevices("positions have remainders and quotients by a number", () => {
  const positions = arange(7);
  assertTensor(F.remainder(positions, 3), [0, 1, 2, 0, 1, 2, 0]);
  assertTensor(F.add(F.mul(F.floorDivide(positions, 3), 3), F.remainder(positions, 3)), [0, 1, 2, 3, 4, 5, 6]);
});

// torch.nn.functional.leaky_relu(torch.tensor([1, 2])), torch.lerp(torch.tensor([1]), torch.tensor([2]), 0.5)
Deno.test("operations on floats refuse integers whatever numbers stand beside them", () => {
  const x = tensor([1, 2]);
  assertThrows(() => F.leakyRelu(x), DTypeError, "takes float");
  assertThrows(() => F.softshrink(x), DTypeError, "takes float");
  assertThrows(() => F.lerp(x, x, 0.5), DTypeError, "takes float");
  assertThrows(() => F.addcdiv(x, x, x, { value: 0.5 }), DTypeError, "takes float");
});
