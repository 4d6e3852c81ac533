import { assert, assertEquals, assertThrows } from "@std/assert";
import { deviceStats, explain, functional as F, ones, randn, type Tensor, tensor, ValueError } from "../../mod.ts";
import { testOnDevices } from "./expect.ts";

testOnDevices("explain() shows that softmax is one kernel of three passes over a row", () => {
  const x = randn([8, 10]);
  const { launched } = deviceStats(x.device);
  const text = explain(F.softmax(x, 1));
  assertEquals(deviceStats(x.device).launched, launched);
  const kernel = text.slice(text.indexOf(`1 kernel on ${x.device}`));
  assertEquals(kernel.match(/for i1 < 10/g)?.length, 3, text);
  for (const part of ["for each row i0 < 8", "max of", "sum of exp", "float32[8, 10]"]) {
    assert(text.includes(part), text);
  }
});

testOnDevices("explain() shows that logSoftmax with nllLoss runs as the kernels of crossEntropy", () => {
  const input = randn([3, 5]), target = tensor([1, 0, 4]);
  const kernels = (text: string) => text.slice(text.indexOf(" kernels on ") - 1);
  const direct = kernels(explain(F.crossEntropy(input, target)));
  assertEquals(kernels(explain(F.nllLoss(F.logSoftmax(input, 1), target))), direct);
});

testOnDevices("explain() prints the kernels' text on request", () => {
  const y = randn([8]).add(1);
  const [brief, whole] = [explain(y), explain(y, { text: true })];
  assert(whole.startsWith(brief.slice(0, 20)) && whole.includes("    | "), whole);
  if (y.device === "webgpu") assert(whole.includes("@compute"), whole);
});

testOnDevices("explain() refuses what is no tensor, and says what to give", () => {
  assertThrows(() => explain((() => ones([2])) as unknown as Tensor), ValueError, "a function. Call it");
  assertThrows(() => explain([3] as unknown as Tensor[]), ValueError, "the number 3");
});
