import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readImage } from "../../data/images.ts";
import { TensaurError, ValueError } from "../../mod.ts";
import * as plot from "../../plot/mod.ts";
import { textsOf } from "./pictures.ts";

const folder = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test("save() writes SVG at once, and PNG when it is awaited", async () => {
  const figure = plot.line([3, 1, 2], { title: "Title", width: 200, height: 100 });
  void figure.save(`${folder}/a.svg`);
  assertEquals(Deno.readTextFileSync(`${folder}/a.svg`), figure.svg);
  await figure.save(`${folder}/a.png`);
  assertEquals([...readImage(`${folder}/a.png`).shape], [3, 200, 400]);
  await figure.save(new URL(`file://${folder}/b.PNG`), { scale: 1 });
  assertEquals([...readImage(`${folder}/b.PNG`).shape], [3, 100, 200]);
});

Deno.test("save() and png() say what is wrong", async () => {
  const figure = plot.line([1]);
  assertThrows(() => figure.save("curve.jpg"), ValueError, "curve.jpg: the name ends in .svg or .png");
  assertThrows(() => figure.save(`${folder}/none/a.svg`), TensaurError, "there is no such folder. Make it first");
  await assertRejects(() => figure.save(`${folder}/none/a.png`), TensaurError, "there is no such folder");
  await assertRejects(() => figure.png({ scale: 0 }), ValueError, "scale 0");
});

Deno.test("a PNG has text in it, in letters that the font of the package has", async () => {
  const inked = async (title: string) => {
    const options = { title, width: 300, height: 100 };
    const pixels = readImage(await plot.line([], options).png({ scale: 1 }));
    return pixels.at(0, "4:30").lt(128).sum().item() as number;
  };
  const [nothing, some, more] = [await inked(" "), await inked("x"), await inked("x αβ∂→ loss")];
  assertEquals(nothing, 0);
  assert(some > 5 && more > 5 * some, `${some}, ${more}`);
});

Deno.test("whatever stands in a picture, it is well-formed", async () => {
  const nasty = `<script>alert("1")</script>\0\ud800 & 'x' ]]>`;
  const figures = [
    plot.line({ [nasty]: [1, 2], b: [2, 1] }, { title: nasty, xLabel: nasty, yLabel: nasty }),
    plot.heatmap([[1, 2]], { title: nasty, rows: [nasty], columns: [nasty, nasty], xLabel: nasty }),
    plot.confusionMatrix([0], [0], { names: [nasty] }),
    plot.scatter([[0, 1]], { classes: [0], names: [nasty] }),
    plot.histogram({ [nasty]: [1] }),
  ];
  for (const figure of figures) {
    assert(!figure.svg.includes("<script"), figure.svg);
    assert(textsOf(figure).some((text) => text.startsWith("<script>alert")), textsOf(figure).join());
    await figure.png({ scale: 0.5 });
  }
});

Deno.test("a figure says what it is, and a notebook shows it", () => {
  const figure = plot.line([3, 1, 2], { title: "Three" });
  assertEquals(Deno.inspect(figure), 'Figure 640x400 "Three": a curve of 3 points');
  assertEquals(`${figure}`, figure.svg);
  const show = Reflect.get(figure, Symbol.for("Jupyter.display")) as () => Record<string, string>;
  assertEquals(show.call(figure), { "text/plain": figure.description, "image/svg+xml": figure.svg });
});

Deno.test("a figure's size is a whole number of pixels", () => {
  for (const width of [10, 100.5, NaN, 1e6]) {
    assertThrows(() => plot.line([1], { width }), ValueError, `width ${width}`);
  }
});

Deno.test("grid() puts figures side by side, each in its size", () => {
  const figures = [[300, 200], [200, 100], [100, 150]].map(([width, height]) =>
    plot.line([1], { width: width!, height: height! })
  );
  const figure = plot.grid(figures, { title: "All" });
  assertEquals([figure.width, figure.height], [500, 32 + 200 + 150]);
  for (const [x, y] of [[0, 32], [300, 32], [0, 232]]) {
    assert(figure.svg.includes(`<g transform="translate(${x},${y})"><svg`));
  }
  assertEquals(Deno.inspect(figure).split("\n").length, 4);
  assertThrows(() => plot.grid([]), ValueError, "at least one");
  assertThrows(() => plot.grid(figures, { columns: 0 }), ValueError, "0 columns");
});
