import { assertEquals } from "@std/assert";
import { functional as F, ones } from "../../mod.ts";
import { operations } from "../../tensor/operations.ts";

Deno.test("operations are told by name, with what they were given, after those that they are made of", () => {
  const told: string[] = [];
  operations.observe = ({ name, inputs, attributes, outputs }) => {
    told.push(
      `${name}(${inputs.map((input) => input?.shape.join("x"))}) ${JSON.stringify(attributes) ?? ""} ${outputs.length}`,
    );
  };
  try {
    F.layerNorm(ones([2, 3]), [3]);
    ones([2, 3]).sort(1);
  } finally {
    operations.observe = undefined;
  }
  const noted = told.filter((text) => !text.endsWith("  1"));
  assertEquals(told.slice(-1), ['topk(2x3) {"axis":1,"k":3,"largest":false} 2']);
  assertEquals(noted[0], 'mean(2x3) {"axes":[1],"keepdim":true} 1');
  assertEquals(noted.includes('layerNorm(2x3,,) {"dimensions":1,"eps":0.00001} 1'), true);
  assertEquals(told.includes("standardize(2x3)  1"), true);
});
