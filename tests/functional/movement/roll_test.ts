import { assertEquals, assertThrows } from "@std/assert";
import { explain, functional as F, IndexError, tensor, zeros } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

// torch.roll(x, (1, -1), (0, 1)), torch.roll(x, 4)
testOnDevices("roll moves elements around the end, by any distance in one kernel", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float32", requiresGrad: true });
  assertTensor(F.roll(x, [1, -1], [0, 1]), [[5, 6, 4], [2, 3, 1]]);
  assertTensor(F.roll(x, 4), [[3, 4, 5], [6, 1, 2]]);
  F.roll(x, 1, -1).mul(tensor([1, 2, 3])).sum().backward();
  assertTensor(gradOf(x), [[2, 3, 1], [2, 3, 1]]);
  const kernel = (text: string) => text.slice(text.indexOf(" kernel"));
  assertEquals(kernel(explain(F.roll(x, 1, 1))), kernel(explain(F.roll(x, 2, 1))));
});

Deno.test("roll and repeatInterleave of a number have no dimension", () => {
  assertTensor(F.roll(tensor(3), 2), 3);
  assertThrows(() => F.roll(tensor(3), 1, 0), IndexError, "no dimensions");
  assertThrows(() => F.repeatInterleave(tensor(3), 2, 0), IndexError, "no dimensions");
  assertTensor(F.repeatInterleave(tensor(3), 2), [3, 3]);
});

Deno.test("unflatten of nothing into nothing", () => {
  assertEquals([...F.unflatten(zeros(0, 2), 0, [0, 3]).shape], [0, 3, 2]);
});
