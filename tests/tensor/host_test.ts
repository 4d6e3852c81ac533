import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  arange,
  availableDevices,
  clone,
  DeviceError,
  IndexError,
  TensaurError,
  tensor,
  ValueError,
  zeros,
} from "../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "./expect.ts";

testOnDevices("item() and tolist() give JavaScript values", () => {
  assertStrictEquals(tensor(2.5).item(), 2.5);
  assertStrictEquals(tensor([[true]]).item(), true);
  assertStrictEquals(tensor([1, 2]).sum().item(), 3);
  assertThrows(() => tensor([1, 2]).item(), ValueError, "shape [2]");
  assertThrows(() => zeros(0).item(), ValueError);
  assertEquals(arange(6).reshape(1, 3, 2).tolist(), [[[0, 1], [2, 3], [4, 5]]]);
  assertEquals(tensor(3).tolist(), 3);
  assertEquals(zeros(2, 0).tolist(), [[], []]);
  assertEquals(zeros(0, 2).tolist(), []);
  assertEquals(tensor([NaN, -0, Infinity, 1e-45]).tolist(), [NaN, -0, Infinity, 1.401298464324817e-45]);
});

Deno.test("data() and dataSync() give copies", async () => {
  const x = tensor([1.5, 2.5]);
  const first = x.dataSync();
  assertEquals(first, new Float32Array([1.5, 2.5]));
  first[0] = 9;
  assertEquals(await x.data(), new Float32Array([1.5, 2.5]));
  assertEquals(await x.gt(2).data(), new Uint8Array([0, 1]));
});

Deno.test("a tensor describes itself", () => {
  const x = zeros(2, 3, { dtype: "float32" });
  assertEquals(`${x.shape}`, "torch.Size([2, 3])");
  assertEquals([...x.size()], [2, 3]);
  assertEquals([x.size(0), x.size(-1), x.dim(), x.ndim, x.numel(), x.nelement(), x.elementSize()], [
    2,
    3,
    2,
    2,
    6,
    6,
    4,
  ]);
  assertThrows(() => x.size(2), IndexError, "2 dimensions");
  assert(x.isContiguous() && x.isFloatingPoint() && !arange(2).isFloatingPoint());
  assertStrictEquals(x.contiguous(), x);
  assertThrows(() => (x.shape as unknown as number[]).push(1), TypeError);
  assertEquals(x.shape.map((n) => n * 2), [4, 6]);
});

Deno.test("a tensor iterates over its first dimension", () => {
  const [first, second] = arange(4).reshape(2, 2);
  assertTensor(first!, [0, 1]);
  assertTensor(second!, [2, 3]);
  assertThrows(() => [...tensor(1)], ValueError, "0-d");
});

Deno.test("a tensor prints, and refuses JavaScript's arithmetic", () => {
  const x = tensor([1.5, -2]);
  assertEquals(`${tensor(0.5)}`, "0.5");
  assertEquals(String(x), "tensor([ 1.5000, -2.0000])");
  assertEquals(Deno.inspect(x), "tensor([ 1.5000, -2.0000])");
  const anything = x as unknown as number;
  assertThrows(() => anything + 1, TensaurError, "a.add(b)");
  assertThrows(() => anything * 2, TensaurError, "a.add(b)");
  assertThrows(() => anything > 1, TensaurError, "a.lt(b)");
});

Deno.test("to() converts dtype and device", () => {
  const x = tensor([1.7, -1.7, 0], { device: "cpu" });
  assertTensor(x.to("int32"), [1, -1, 0]);
  assertTensor(x.long(), [1, -1, 0]);
  assertTensor(x.bool(), [true, true, false]);
  assertEquals(x.double().dtype, "float64");
  assertEquals(x.to({ dtype: "float64" }).dtype, "float64");
  assertEquals(x.to("cpu", "int32").dtype, "int32");
  assertEquals(x.to(arange(2, { device: "cpu" })).dtype, "int32");
  assertEquals(x.typeAs(arange(2)).dtype, "int32");
  assertStrictEquals(x.to("float32"), x);
  assert(x.to({ copy: true }) !== x);
  assertThrows(() => x.cuda(), DeviceError, 'to("webgpu")');
  assertThrows(() => x.to("cuda" as "cpu"), DeviceError, 'to("webgpu")');
  assertThrows(() => x.to("float8" as "float16"), ValueError, "float8");
});

Deno.test({
  name: "gradients flow between devices",
  ignore: !availableDevices().includes("webgpu"),
  fn: () => {
    const x = tensor([1, 2], { requiresGrad: true, device: "cpu" });
    const y = x.to("webgpu").mul(tensor([3, 4], { device: "webgpu" }));
    assertEquals(y.device, "webgpu");
    y.cpu().sum().backward();
    assertTensor(gradOf(x), [3, 4]);
    assertEquals(gradOf(x).device, "cpu");
  },
});

Deno.test("new… methods keep dtype and device", () => {
  const x = tensor([1, 2]);
  assertEquals(x.newZeros([2]).dtype, "int32");
  assertTensor(x.newFull([2], 3), [3, 3]);
  assertTensor(x.newTensor([1.5]), [1]);
  assertTensor(x.newOnes([1], { dtype: "bool" }), [true]);
});

Deno.test("using frees a tensor at the end of the block, and nothing that others still need", () => {
  const kept = [];
  const base = tensor([1, 2, 3]);
  {
    using x = tensor([1, 2]);
    kept.push(x.add(1), x.at(0));
    using view = base.at("1:");
    using detached = base.detach();
    assertTensor(view.add(detached.at(0)), [3, 4]);
  }
  assertTensor(kept[0]!, [2, 3]);
  assertTensor(kept[1]!, 1);
  assertTensor(base, [1, 2, 3]);
});

// torch.zeros(2, 0, 3).stride(), torch.zeros(2, 3).stride(-2)
Deno.test("stride() is that of row-major elements", () => {
  assertEquals(zeros(2, 0, 3).stride(), [3, 3, 1]);
  assertEquals(zeros(2, 3).stride(-2), 3);
  assertEquals(tensor(1).stride(), []);
  assertThrows(() => zeros(2).stride(1), IndexError);
  assertEquals(tensor([0]).isNonzero(), false);
  assertThrows(() => tensor([0, 1]).isNonzero(), ValueError);
  assertEquals(clone(tensor([1])).tolist(), [1]);
});
