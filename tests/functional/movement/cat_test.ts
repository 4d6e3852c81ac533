import { assertEquals } from "@std/assert";
import { arange, functional as F, manualSeed, ones, randn, type Tensor } from "../../../mod.ts";
import { testOnDevices } from "../../tensor/expect.ts";

type Nested = number | Nested[];

/** What `cat` gives, put together from lists. */
function joined(parts: readonly Nested[], dim: number): Nested {
  if (dim === 0) return parts.flat();
  return (parts[0] as Nested[]).map((_, i) => joined(parts.map((part) => (part as Nested[])[i]!), dim - 1));
}

/** Tensors on the device whose extents along one dimension differ. */
function partsOf(count: number, shape: readonly number[], dim: number): Tensor[] {
  return Array.from({ length: count }, (_, i) => {
    const part = randn(shape.map((extent, axis) => axis === dim ? 1 + i * 7 % 11 : extent)).mul(2);
    part.sum().item();
    return part;
  });
}

for (const count of [2, 5, 9, 39]) {
  testOnDevices(`cat() puts ${count} parts together along every dimension, stored or computed on the way`, () => {
    manualSeed(0);
    // Among the last ones, parts whose elements are the same for a whole vector.
    for (const shape of count === 39 ? [[3, 4, 5]] : [[3, 4, 5], [1, 33, 2], [16, 1, 8], [5, 7, 1]]) {
      for (const dim of [0, 1, 2]) {
        const parts = partsOf(count, shape, dim), computed = parts.map((part) => part.add(1).relu());
        const lists = (tensors: readonly Tensor[]) => tensors.map((x) => x.tolist() as Nested);
        assertEquals(F.cat(parts, dim).tolist(), joined(lists(parts), dim));
        const fresh = parts.map((part) => part.add(1).relu());
        assertEquals(F.cat(fresh, dim).tolist(), joined(lists(computed), dim));
      }
    }
  });
}

Deno.test("cat() of a long formula that loads nothing takes no longer than the formula", () => {
  let hashed = arange(4, { device: "cpu" }).unsqueeze(1).expand([4, 3]);
  for (let i = 0; i < 40; i++) hashed = hashed.mul(hashed).add(hashed.bitwiseRightShift(3)).bitwiseXor(hashed);
  const stored = ones([4, 3], { device: "cpu", dtype: "int32" }).mul(2);
  stored.sum().item();
  assertEquals(F.cat([hashed, stored], 0).tolist(), [...hashed.tolist() as Nested[], ...stored.tolist() as Nested[]]);
});
