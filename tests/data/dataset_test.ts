import { assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { arange, data, type Tensor, tensor } from "../../mod.ts";

class Count extends data.IterableDataset<number> {
  readonly #from: number;
  readonly #to: number;
  constructor(from: number, to: number) {
    super();
    this.#from = from;
    this.#to = to;
  }
  override get length(): number {
    return this.#to - this.#from;
  }
  override *[Symbol.iterator](): Iterator<number> {
    for (let i = this.#from; i < this.#to; i++) yield i;
  }
}

Deno.test("a stream is cut into batches", () => {
  const lists = (loader: Iterable<Tensor>) => Array.from(loader, (batch) => batch.tolist());
  const loader = new data.DataLoader(new Count(3, 8), { batchSize: 2 });
  assertEquals([lists(loader), lists(loader), loader.length], [[[3, 4], [5, 6], [7]], [[3, 4], [5, 6], [7]], 3]);
  const whole = new data.DataLoader(new Count(3, 8), { batchSize: 2, dropLast: true });
  assertEquals([lists(whole), whole.length], [[[3, 4], [5, 6]], 2]);
  const single = new data.DataLoader(new Count(3, 5), { batchSize: null });
  assertEquals([[...single], single.length, single.batchSize], [[3, 4], 2, null]);
  const sums = new data.DataLoader(new Set([1, 2, 3]), { batchSize: 2, collateFn: (xs) => xs.reduce((a, b) => a + b) });
  assertEquals([...sums], [3, 3]);
  assertThrows(() => sums.length, torch.ValueError, "length");
});

Deno.test("streams are chained", () => {
  const chain = new Count(0, 2).concat(new Count(5, 7));
  assertEquals([[...chain], chain.length], [[0, 1, 5, 6], 4]);
  assertEquals(new data.ChainDataset([new Count(0, 2), new Set([1])]).length, undefined);
  assertThrows(() => new data.ChainDataset([[1, 2]]), torch.ValueError, "ConcatDataset");
  // @ts-expect-error: a stream has no positions
  assertThrows(() => new data.ConcatDataset([new Count(0, 2)]), torch.ValueError, "ChainDataset");
  assertThrows(() => new data.ConcatDataset([]), torch.ValueError, "no data");
  class Nothing extends data.IterableDataset<number> {}
  assertThrows(() => [...new Nothing()], torch.ValueError, "neither");
});

Deno.test("data is joined, and taken from either end", () => {
  const joined = new data.ConcatDataset([["a", "b"], [], ["c"]]);
  assertEquals([[...joined], joined.at(-3), joined.cumulativeSizes], [["a", "b", "c"], "a", [2, 2, 3]]);
  assertThrows(() => joined.at(-4), torch.IndexError, "sample -4 of 3");
  assertThrows(() => joined.at(0.5), torch.IndexError, "sample 0.5 of 3");
});

Deno.test("StackDataset puts data side by side", () => {
  const images = new data.TensorDataset(arange(3));
  const pairs = new data.StackDataset(images, ["a", "b", "c"]);
  const [[image], text] = pairs.at(-1);
  assertEquals([image.item(), text, pairs.length], [2, "c", 3]);
  const [batch] = new data.DataLoader(new data.StackDataset({ image: [1, 2], text: ["a", "b"] }), { batchSize: 2 });
  assertEquals([batch!.image.tolist(), batch!.text], [[1, 2], ["a", "b"]]);
  assertThrows(() => new data.StackDataset([1], [1, 2]), torch.ValueError, "1, 2 samples");
  assertThrows(() => new data.StackDataset(), torch.ValueError, "no data");
  assertThrows(() => new data.StackDataset({}), torch.ValueError, "no data");
});

Deno.test("what cannot be put together is named", () => {
  const refused = (samples: unknown[], word: string) =>
    assertThrows(() => data.defaultCollate(samples), torch.TensaurError, word);
  refused([[1], [1, 2]], "1, 2");
  refused([tensor([1]), [1]], "tensor and list");
  refused([1, "a"], "number and string");
  refused([{ a: 1 }, { b: 1 }], "lack a");
  refused([null], "null");
  refused([undefined], "undefined");
  refused([new Date()], "Date");
  refused([{ when: () => 1 }], "=>");
  refused([tensor([1, 2]), tensor([1, 2, 3])], "3");
  refused([new Float32Array(2), new Float32Array(3)], "3");
  refused([], "no samples");
});

Deno.test("samples of every kind are put together", () => {
  const both = (values: readonly unknown[]) => {
    const batch = data.defaultCollate(values as number[]);
    return [batch.dtype, batch.tolist()];
  };
  assertEquals(both([1, 2]), ["int32", [1, 2]]);
  assertEquals(both([1, 2.5]), ["float32", [1, 2.5]]);
  assertEquals(both([1n, 2n]), ["int32", [1, 2]]);
  assertEquals(both([true, false]), ["bool", [true, false]]);
  assertEquals(both([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]), ["uint8", [[1, 2], [3, 4]]]);
  assertEquals(both([Int32Array.of(1), Float32Array.of(1.5)]), ["float32", [[1], [1.5]]]);
  assertEquals(both([tensor([1]), tensor([2])]), ["int32", [[1], [2]]]);
  const nested = data.defaultCollate([
    { pair: [1, ["a"]] as const, map: new Map([["k", 1.5]]) },
    { pair: [2, ["b"]] as const, map: new Map([["k", 2.5]]) },
  ]);
  assertEquals([nested.pair[0].tolist(), nested.pair[1]], [[1, 2], [["a", "b"]]]);
  assertEquals(nested.map.get("k")!.tolist(), [1.5, 2.5]);
});

Deno.test("single samples keep their form, but for arrays of numbers", () => {
  const rows = [{ x: Float32Array.of(1, 2), y: 3, tags: new Map([["a", [Uint8Array.of(1)]]]), day: new Date(0) }];
  const [sample] = new data.DataLoader(rows, { batchSize: null });
  assertEquals([sample!.x.tolist(), sample!.y, sample!.day], [[1, 2], 3, new Date(0)]);
  assertEquals(sample!.tags.get("a")![0]!.dtype, "uint8");
  const lengths = new data.DataLoader(["a", "bb"], { batchSize: null, collateFn: (text) => text.length });
  assertEquals([...lengths], [1, 2]);
});

Deno.test("parts of data are taken by a range, and a split has as many parts as lengths", () => {
  const samples = new data.TensorDataset(arange(10).mul(10), arange(10));
  const [even, odd] = data.randomSplit(samples, [6, 4], { generator: new torch.Generator().manualSeed(0) });
  assertEquals([even.length, odd.length], [6, 4]);
  const [tens, ones] = odd.at(":");
  assertEquals([ones.tolist(), tens.tolist()], [[...odd.indices], odd.indices.map((i) => i * 10)]);
  assertEquals(odd.at("1:3")[1].tolist(), odd.indices.slice(1, 3));
  assertEquals(samples.at(torch.slice(-2))[0].tolist(), [80, 90]);
  assertEquals(data.randomSplit(samples, Array.from({ length: 5 }, () => 2)).length, 5);
  assertThrows(() => new data.Subset(["a", "b"], [1]).at(":"), torch.ValueError, "one by one");
});
