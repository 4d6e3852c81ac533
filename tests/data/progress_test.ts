import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { arange, data } from "../../mod.ts";

/** A terminal that keeps the lines written over one another. */
function terminal(watched = true): { file: data.ProgressFile; lines: () => string[] } {
  let written = "";
  const file = {
    isTerminal: () => watched,
    writeSync(bytes: Uint8Array): number {
      written += new TextDecoder().decode(bytes);
      return bytes.length;
    },
  };
  return { file, lines: () => written.split("\r").slice(1).map((line) => line.replace("\x1b[K", "")) };
}

const loader = new data.DataLoader(new data.TensorDataset(arange(10)), { batchSize: 4 });

Deno.test("progress shows a bar for each step on a terminal, and passes batches on", () => {
  const { file, lines } = terminal();
  const bar = data.progress(loader, { description: "epoch 1", file, minInterval: 0 });
  const seen: unknown[] = [];
  for (const [batch] of bar) {
    seen.push(batch.tolist());
    bar.setPostfix({ loss: 0.123456, n: seen.length });
  }
  assertEquals([seen, bar.total], [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]], 3]);
  const [first, second, ...rest] = lines();
  assertEquals(rest.length, 3);
  assertMatch(first!, /^epoch 1: {3}0%\| +\| 0\/3 \[00:00<\?, \?it\/s\]$/);
  assertMatch(
    second!,
    /^epoch 1: {2}33%\|█+[▏▎▍▌▋▊▉ ]? *\| 1\/3 \[00:0\d<0\d:\d\d, \d+\.\d\d(it\/s|s\/it), loss=0.123, n=1\]$/,
  );
  assertMatch(rest.at(-1)!, /^epoch 1: 100%\|█+\| 3\/3 \[00:0\d<00:00, .*, n=3\]\n$/);
  assertEquals(new Set(lines().map((line) => line.trimEnd().length)).size, 1);
});

Deno.test("progress writes nothing where nobody watches, or when disabled", () => {
  for (const [watched, disable] of [[false, false], [true, true]] as const) {
    const { file, lines } = terminal(watched);
    assertEquals([...data.progress([1, 2, 3], { file, disable, minInterval: 0 })], [1, 2, 3]);
    assertEquals(lines(), []);
  }
});

Deno.test("progress of unknown length counts, and may be wiped away", () => {
  const { file, lines } = terminal();
  const bar = data.progress(new Set([1, 2]), { file, minInterval: 0, leave: false });
  for (const item of bar) bar.setDescription(`at ${item}`);
  assertEquals(bar.total, undefined);
  assertMatch(lines()[1]!, /^at 1: 1it \[00:0\d, \d+\.\d\dit\/s\]$/);
  assertEquals(lines().at(-1), "");
});

Deno.test("progress shows no more often than asked, and ends with the loop", () => {
  const { file, lines } = terminal();
  for (const item of data.progress(Array.from({ length: 1000 }, (_, i) => i), { file, minInterval: 60 })) {
    if (item === 500) break;
  }
  assertEquals(lines().length, 2);
  assertMatch(lines()[1]!, /50%\|.*\| 500\/1000 /);
});

Deno.test("for await shows progress, too, and errors pass", async () => {
  const { file, lines } = terminal();
  const broken = async function* () {
    yield await Promise.resolve(1);
    throw new RangeError("cut off");
  };
  const seen: number[] = [];
  await assertRejects(
    async () => {
      for await (const item of data.progress(broken(), { file, total: 2, minInterval: 0 })) seen.push(item);
    },
    RangeError,
    "cut off",
  );
  assertEquals(seen, [1]);
  assertMatch(lines().at(-1)!, / 50%\|.*\| 1\/2 .*\n$/);
  assertThrows(() => [...data.progress(broken(), { file })], torch.ValueError, "for await");
  const slow = { length: 2, at: (i: number) => Promise.resolve(i) };
  const batches = await Array.fromAsync(data.progress(new data.DataLoader(slow), { file }), (batch) => batch.item());
  assertEquals(batches, [0, 1]);
});

Deno.test("a notebook's bar moves in an awaited loop, and shows the end of a synchronous one", async () => {
  const shown: [text: string, update: unknown][] = [];
  const display = (bundle: Record<string, string>, options: Record<string, unknown>) => {
    shown.push([bundle["text/plain"]!, options.update ?? false]);
    return Promise.resolve();
  };
  const file = { display };
  assertEquals([...data.progress([1, 2], { description: "a<b", minInterval: 0, file })], [1, 2]);
  assertEquals([shown.length, shown[0]![0].startsWith("a<b: 100%|")], [1, true]);
  shown.length = 0;
  for await (const _ of data.progress([1, 2], { minInterval: 0, file }));
  assertEquals(shown.map(([text, update]) => [text.slice(0, 4), update]), [
    ["  0%", false],
    [" 50%", true],
    ["100%", true],
    ["100%", true],
  ]);
});
