import { assertEquals } from "@std/assert";
import { binary, int, load, variable } from "../../../kernels/ir/expr.ts";
import { coalesce, splitAndCoalesce } from "../../../kernels/schedule/coalesce.ts";
import { describe } from "../../../kernels/inspect/describe.ts";

/** The element of binding 1 that belongs to a group of `length` neighbours along the second of two axes. */
function grouped(extents: readonly [number, number], length: number) {
  const i = variable(0, extents[0]), j = variable(1, extents[1]), groups = Math.ceil(extents[1] / length);
  const group = binary("add", binary("mul", i, int(groups)), binary("div", j, int(length)));
  const flat = binary("add", binary("mul", i, int(extents[1])), j);
  return { extents, exprs: [binary("add", load(0, "float32", flat), load(1, "float32", group))] };
}

Deno.test("an axis is split where its index is divided, and what is left merges", () => {
  const { extents, exprs } = splitAndCoalesce(0, grouped([16, 1024], 256));
  assertEquals(extents, [64, 256]);
  assertEquals(exprs.map(describe), ["(b0[((i0 * 256) + i1)] + b1[i0])"]);
});

Deno.test("an axis stays whole where groups are short or do not divide it", () => {
  for (const domain of [grouped([16, 1024], 2), grouped([16, 1000], 256)]) {
    assertEquals(splitAndCoalesce(0, domain), coalesce(0, domain));
  }
});

Deno.test("variables of later domains move behind those of a split axis", () => {
  const { extents, exprs: [value] } = grouped([16, 1024], 256), later = variable(2, 5);
  const split = splitAndCoalesce(0, { extents, exprs: [value!, later] });
  assertEquals(split.exprs[1], variable(split.extents.length, 5));
});
