import { assert, assertEquals, assertThrows } from "@std/assert";
import { tensor, ValueError } from "../../mod.ts";
import * as plot from "../../plot/mod.ts";
import { curvesOf, textsOf } from "./pictures.ts";

Deno.test("History keeps what is added, and draws losses and accuracies apart", () => {
  const history = new plot.History({ title: "Run", xLabel: "epoch" });
  for (let epoch = 0; epoch < 4; epoch++) {
    history.add({ trainLoss: tensor(1 / (epoch + 1), { requiresGrad: true }), accuracy: epoch / 4 });
    if (epoch % 2 === 1) history.add({ val_loss: 2 }, { step: epoch });
  }
  assertEquals([history.length, history.names], [4, ["trainLoss", "accuracy", "val_loss"]]);
  assertEquals(history.values("accuracy"), [0, 0.25, 0.5, 0.75]);
  assertEquals(history.last, { trainLoss: 0.25, accuracy: 0.75, val_loss: 2 });
  const figure = history.figure(), texts = textsOf(figure);
  assertEquals(curvesOf(figure).map(({ pieces }) => pieces[0]!.length), [4, 2, 4]);
  for (const text of ["Run", "trainLoss", "val_loss", "loss", "accuracy", "epoch"]) {
    assert(texts.includes(text), `${texts}`);
  }
  // The validation's points lie over their epochs, 1 and 3.
  const [train, validation] = curvesOf(figure).map(({ pieces }) => pieces[0]!.map(([x]) => x));
  assertEquals(validation, [train![1], train![3]]);
});

Deno.test("names that measure the same share a picture, others do not", () => {
  const panels = (...names: string[]) => {
    const history = new plot.History();
    history.add(Object.fromEntries(names.map((name) => [name, 1])));
    return history.figure().svg.match(/<svg [^>]*viewBox/g)!.length;
  };
  assertEquals(panels("loss", "valLoss", "test_loss", "loss/train", "train loss"), 1);
  // Two pictures, and the one that holds them.
  assertEquals(panels("loss", "accuracy"), 3);
  assertEquals(panels("validity", "training", "idity"), 4);
});

Deno.test("a history prints as a table with a line of bars for each", () => {
  const history = new plot.History();
  for (let i = 0; i < 100; i++) history.add({ loss: i === 50 ? NaN : 100 - i });
  const row = Deno.inspect(history).split("\n")[3]!;
  assert(/^loss +█{3}.{34}▁{3} +100 +1 +1 +100$/.test(row), row);
  assert(textsOf(new plot.History().figure()).includes("no points"));
});

Deno.test("a history refuses what is no number", () => {
  const history = new plot.History();
  assertThrows(
    () => history.add({ loss: "1" as unknown as number }),
    ValueError,
    'Cannot add loss to a history: it is "1"',
  );
  assertThrows(() => history.add({ loss: tensor([1, 2]) }), ValueError, "needs one element");
  assertThrows(() => history.add({ loss: 1 }, { step: NaN }), ValueError, "step NaN");
  assertEquals(history.names, []);
});

/** A notebook's page that notes what it is told. */
function notedPage() {
  const shown: { readonly text: string; readonly update: unknown; readonly id: unknown }[] = [];
  const page = {
    display(bundle: Record<string, string>, { display_id, update = false }: Record<string, unknown>): Promise<void> {
      assert(bundle["image/svg+xml"]!.startsWith("<svg "));
      shown.push({ text: bundle["text/plain"]!.split("\n")[3]!, update, id: display_id });
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
  return { page, shown };
}

Deno.test("a notebook's curves grow in place while an awaited loop runs", async () => {
  const { page, shown } = notedPage();
  const history = new plot.History({ page, minInterval: 0 });
  for (let i = 0; i < 3; i++) await history.add({ loss: i });
  assertEquals(shown.map(({ text, update }) => [text.trim().split(/ +/)[3], update]), [["0", false], ["1", true], [
    "2",
    true,
  ]]);
  assertEquals(new Set(shown.map(({ id }) => id)).size, 1);
});

Deno.test("a loop that does not wait has its curves shown once, when it is over", async () => {
  const { page, shown } = notedPage();
  const history = new plot.History({ page });
  for (let i = 0; i < 50; i++) history.add({ loss: i });
  assertEquals(shown.length, 0);
  await history.show();
  assertEquals(shown.map(({ text }) => text.trim().split(/ +/)[3]), ["49"]);
});

Deno.test("curves are drawn no more often than asked, and the last state comes by itself", async () => {
  const { page, shown } = notedPage();
  const history = new plot.History({ page, minInterval: 0.1 });
  for (let i = 0; i < 20; i++) await history.add({ loss: i });
  assertEquals(shown.length, 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assertEquals(shown.map(({ text }) => text.trim().split(/ +/)[3]), ["0", "19"]);
  const silent = notedPage();
  await new plot.History({ page: silent.page, live: false }).add({ loss: 1 });
  assertEquals(silent.shown, []);
});
