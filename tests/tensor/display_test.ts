import { assert, assertEquals } from "@std/assert";
import { arange, ones, tensor, zeros } from "../../mod.ts";
import { testOnDevices } from "./expect.ts";

const display = (x: object): Record<string, string> =>
  (Reflect.get(x, Symbol.for("Jupyter.display")) as () => Record<string, string>).call(x);
const cells = (html: string): string[][] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell!)
  );

testOnDevices("a notebook shows a tensor as a table", () => {
  const x = tensor([[1.5, -2], [0.25, NaN]], { requiresGrad: true });
  const { "text/plain": text, "text/html": html } = display(x);
  assertEquals(text, Deno.inspect(x));
  assertEquals(cells(html!), [["", "0", "1"], ["0", "1.5000", "-2.0000"], ["1", "0.2500", "nan"]]);
  assert(html!.includes(`tensor [2, 2] float32 on ${x.device}, requires_grad=True`), html);
  assertEquals(cells(display(tensor([true, false]))["text/html"]!), [["", "0", "1"], ["", "True", "False"]]);
  assert(display(x.mul(2))["text/html"]!.includes("grad_fn=&lt;MulBackward0&gt;"));
  const transposed = display(arange(6).reshape(2, 3).t())["text/html"]!;
  assertEquals(cells(transposed).slice(1).map((row) => row.slice(1)), [["0", "3"], ["1", "4"], ["2", "5"]]);
});

Deno.test("a notebook shows a large tensor summarised, and a matrix for each of the leading indices", () => {
  const large = cells(display(arange(2000).reshape(100, 20))["text/html"]!);
  assertEquals(large.length, 1 + 7);
  assertEquals(large[0], ["", "0", "1", "2", "…", "17", "18", "19"]);
  assertEquals(large[4], ["…", "…", "…", "…", "…", "…", "…", "…"]);
  assertEquals(large[7], ["99", "1980", "1981", "1982", "…", "1997", "1998", "1999"]);
  const batch = display(arange(8).reshape(2, 2, 2))["text/html"]!;
  assertEquals([...batch.matchAll(/<caption[^>]*>(.*?)</g)].map(([, caption]) => caption), ["[0]", "[1]"]);
  assertEquals(cells(batch)[5], ["1", "6", "7"]);
  const deep = display(ones([10, 10, 2, 10]))["text/html"]!;
  assertEquals(deep.match(/<table>/g)?.length, 36);
  assert(deep.includes("<div>…</div>"));
});

Deno.test("a notebook shows a number, or nothing, as text alone", () => {
  assertEquals(display(tensor(2)), { "text/plain": "tensor(2)" });
  assertEquals(display(zeros([0, 3])), { "text/plain": "tensor([], size=(0, 3))" });
});
