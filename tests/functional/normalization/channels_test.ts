import { assertThrows } from "@std/assert";
import { functional as F, nn, ones, ShapeError } from "../../../mod.ts";

Deno.test("normalizations refuse factors, offsets and running averages of another number of channels", () => {
  const x = ones([2, 6, 3]), four = ones([4]), six = ones([6]);
  for (const name of ["weight", "bias"]) {
    for (const apply of [F.batchNorm, F.instanceNorm]) {
      assertThrows(
        () => apply(x, { training: true, [name]: four }),
        ShapeError,
        `${name} of shape [4]: it must be [6]`,
      );
    }
    assertThrows(() => F.groupNorm(x, 2, { [name]: four }), ShapeError, `${name} of shape [4]: it must be [6]`);
  }
  assertThrows(() => F.instanceNorm(x, { runningMean: four, runningVar: six }), ShapeError, "runningMean");
  assertThrows(() => F.instanceNorm(x, { runningMean: six, runningVar: four }), ShapeError, "runningVar");
  assertThrows(() => new nn.GroupNorm(2, 4)(x), ShapeError, "Cannot apply groupNorm to 6 channels");
});
