import { assert, assertEquals, assertThrows } from "@std/assert";
import { arange, ones, ShapeError, tensor, ValueError, zeros } from "../../mod.ts";
import { image, type ImageOptions, readImage } from "../../data/images.ts";
import { testOnDevices } from "../tensor/expect.ts";

testOnDevices("image() makes a PNG of grey and of coloured tensors", () => {
  const grey = image(tensor([[0, 0.5, 1], [-1, 2, NaN]]));
  assertEquals([grey.width, grey.height], [3, 2]);
  assertEquals(readImage(grey.png).at(1).tolist(), [[0, 128, 255], [0, 255, 0]]);
  const planes = arange(12).reshape(3, 2, 2).mul(20).byte();
  assertEquals(readImage(image(planes).png).tolist(), planes.tolist());
  assertEquals(readImage(image(planes.transpose(1, 2)).png).tolist(), planes.transpose(1, 2).tolist());
  assertEquals(readImage(image(tensor([[true, false]])).png).at(0).tolist(), [[255, 0]]);
});

Deno.test("image() repeats pixels, and puts pictures into a grid", () => {
  assertEquals(readImage(image(tensor([[0, 1.5]]), { scale: 2 }).png).at(0).tolist(), [[0, 0, 255, 255], [
    0,
    0,
    255,
    255,
  ]]);
  const grid = image(ones([3, 1, 1, 2]), { nrow: 2, padding: 1 });
  assertEquals(readImage(grid.png).at(0).div(255).long().tolist(), [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 0, 1, 1, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
  ]);
  const show = Reflect.get(grid, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  const shown = show.call(grid);
  assertEquals(shown["text/plain"], "Picture(7x5)");
  assert(shown["image/png"]!.startsWith("iVBORw0KGgo"), shown["image/png"]);
});

Deno.test("image() brings values to 0 to 1 by torchvision's rules", () => {
  const grid = tensor([[[[-1, 0, 1]]], [[[0, 2, NaN]]]]);
  const rows = (options: ImageOptions) =>
    readImage(image(grid, { padding: 0, nrow: 1, ...options }).png).at(0).tolist() as number[][];
  assertEquals(rows({ normalize: true }), [[0, 85, 170], [85, 255, 0]]);
  assertEquals(rows({ normalize: true, scaleEach: true }), [[0, 128, 255], [0, 255, 0]]);
  assertEquals(rows({ normalize: true, valueRange: [0, 1] }), [[0, 0, 255], [0, 255, 0]]);
  assertEquals(rows({ padding: 1, padValue: 0.2 }).at(0), [51, 51, 51, 51, 51]);
  assertThrows(() => rows({ normalize: true, valueRange: [1, 1] }), ValueError, "[1, 1]");
});

Deno.test("image() refuses what is no picture", () => {
  for (const shape of [[3], [2, 4, 4], [5, 4, 3], [0, 4], [1, 1, 1, 1, 1]]) {
    assertThrows(() => image(zeros(shape)), ShapeError, "[C, H, W]");
  }
  assertThrows(() => image(zeros([2, 2]), { scale: 0.5 }), ValueError, "scale 0.5");
});
