import { assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { arange, data, Generator, manualSeed, randperm, tensor } from "../../mod.ts";

const samples = new data.TensorDataset(arange(6));

/** `class Own: __iter__ = lambda self: iter(torch.randperm(6).tolist())`: it draws when its iterator is asked for. */
const own: data.Sampler = {
  length: 6,
  [Symbol.iterator]: () => (randperm(6).tolist() as number[])[Symbol.iterator](),
};

class Drawn extends data.IterableDataset<number> {
  override [Symbol.iterator](): Iterator<number> {
    return (randperm(5).tolist() as number[])[Symbol.iterator]();
  }
}

// Each pair is what PyTorch 1.13 prints after torch.manual_seed(5): the samples in order, then torch.rand(1).item().
Deno.test("a DataLoader draws its seed when PyTorch does, before or after its order", () => {
  const after = (loader: Iterable<unknown>): unknown[] => {
    manualSeed(5);
    const values = Array.from(loader, (x) => (Array.isArray(x) ? x[0] : x as torch.Tensor).tolist());
    return [values, torch.rand([1]).item()];
  };
  // DataLoader(d, batch_size=None, sampler=Own())
  const single = new data.DataLoader(samples, { batchSize: null, sampler: own });
  assertEquals(after(single), [[5, 0, 1, 3, 4, 2], 0.7379193902015686]);
  // DataLoader(d, batch_size=4, sampler=Own())
  const batched = new data.DataLoader(samples, { batchSize: 4, sampler: own });
  assertEquals(after(batched), [[[1, 0, 4, 2], [3, 5]], 0.7379193902015686]);
  // DataLoader(d, batch_size=None, shuffle=True)
  const shuffled = new data.DataLoader(samples, { batchSize: null, shuffle: true });
  assertEquals(after(shuffled), [[2, 3, 4, 5, 1, 0], 0.9201034307479858]);
  // DataLoader(It(), batch_size=2), where It's __iter__ is iter(torch.randperm(5).tolist())
  assertEquals(after(new data.DataLoader(new Drawn(), { batchSize: 2 })), [[[2, 0], [4, 3], [1]], 0.16439151763916016]);
  // DataLoader(d, batch_size=2, sampler=WeightedRandomSampler([1., 2., 3., 0.], 5))
  const weighted = new data.WeightedRandomSampler(tensor([1, 2, 3, 0]), 5);
  assertEquals(after(new data.DataLoader(samples, { batchSize: 2, sampler: weighted })), [
    [[1, 1], [1, 1], [2]],
    0.07241219282150269,
  ]);
  // DataLoader(d, batch_size=2, sampler=SubsetRandomSampler([5, 3, 1]))
  const subset = new data.SubsetRandomSampler([5, 3, 1]);
  assertEquals(after(new data.DataLoader(samples, { batchSize: 2, sampler: subset })), [
    [[3, 1], [5]],
    0.9201034307479858,
  ]);
});

Deno.test("a stream's loader draws from its own generator", () => {
  manualSeed(5);
  torch.rand([1]);
  const generator = new Generator().manualSeed(2);
  const loader = new data.DataLoader(new Drawn(), { batchSize: 2, dropLast: true, generator });
  assertEquals(Array.from(loader, (x) => x.tolist()).length, 2);
  // g = torch.Generator().manual_seed(2); list(DataLoader(It(), batch_size=2, drop_last=True, generator=g)); torch.rand(1, generator=g)
  assertEquals(torch.rand([1], { generator }).item(), 0.6371143460273743);
});

Deno.test("randomSplit takes shares, and says which ones make no sense", () => {
  manualSeed(5);
  const ten = Array.from({ length: 10 }, (_, i) => i);
  // torch.manual_seed(5); [p.indices for p in random_split(range(10), [0.3, 0.3, 0.4])]
  assertEquals(data.randomSplit(ten, [0.3, 0.3, 0.4]).map((part) => part.indices), [[1, 4, 9], [6, 3, 5], [
    0,
    2,
    8,
    7,
  ]]);
  // [p.indices for p in random_split(range(7), [0.5, 0.25, 0.25])]
  const parts = data.randomSplit(ten.slice(0, 7), [0.5, 0.25, 0.25]);
  assertEquals(parts.map((part) => part.indices), [[4, 2, 1, 6], [3, 5], [0]]);
  assertThrows(() => data.randomSplit(ten, [1.5, -0.5]), torch.ValueError, "1.5");
  assertThrows(() => data.randomSplit(ten, [0.3, 0.3]), torch.ValueError, "10 samples");
});

Deno.test("samplers refuse what makes no sense", () => {
  assertThrows(() => new data.WeightedRandomSampler([1, 2], 0), torch.ValueError, "numSamples 0");
  assertThrows(() => new data.WeightedRandomSampler(tensor([[1, 2]]), 1), torch.ShapeError, "one dimension");
  assertThrows(() => [...new data.WeightedRandomSampler([1, 2], 3, { replacement: false })], torch.TensaurError);
  assertThrows(() => [...new data.WeightedRandomSampler([1, -2], 3)], torch.TensaurError);
  assertThrows(() => new data.RandomSampler([1, 2], { numSamples: -1 }), torch.ValueError, "numSamples -1");
  assertThrows(() => new data.BatchSampler([1, 2], 1.5), torch.ValueError, "batchSize 1.5");
  assertThrows(() => new data.DataLoader([], { shuffle: true }), torch.ValueError, "numSamples 0");
  const endless = function* () {
    yield 0;
  };
  assertThrows(() => new data.BatchSampler(endless(), 2).length, torch.ValueError, "length");
});

Deno.test("a sampler that can be gone through once only runs dry aloud", () => {
  const order = function* () {
    yield* [1, 0];
  };
  const loader = new data.DataLoader(["a", "b"], { sampler: order() });
  assertEquals([...loader], [["b"], ["a"]]);
  assertThrows(() => [...loader], torch.ValueError, "run dry");
  const stream = new data.DataLoader(order());
  assertEquals([...stream].length, 2);
  assertThrows(() => [...stream], torch.ValueError, "run dry");
});

Deno.test("a DataLoader refuses options that exclude each other", () => {
  const refused = (options: data.DataLoaderOptions<[torch.Tensor], number | null>, word: string) =>
    assertThrows(() => new data.DataLoader(samples, options), torch.ValueError, word);
  refused({ batchSampler: [[1]], batchSize: 2 }, "batchSampler");
  refused({ batchSampler: [[1]], batchSize: null }, "batchSampler");
  refused({ batchSampler: [[1]], shuffle: true }, "batchSampler");
  refused({ batchSampler: [[1]], sampler: [1] }, "batchSampler");
  refused({ batchSampler: [[1]], dropLast: true }, "batchSampler");
  refused({ sampler: [1], shuffle: true }, "shuffle");
  refused({ batchSize: null, dropLast: true }, "dropLast");
  refused({ batchSize: 0 }, "batchSize 0");
  refused({ batchSize: -1 }, "batchSize -1");
  refused({ prefetchFactor: 0 }, "prefetchFactor 0");
  // What they leave at its default, they don't exclude.
  assertEquals(new data.DataLoader(samples, { batchSampler: [[1]], batchSize: 1, dropLast: false }).length, 1);
  for (const options of [{ shuffle: true }, { sampler: [1] }, { batchSampler: [[1]] }]) {
    assertThrows(() => new data.DataLoader(new Drawn(), options), torch.ValueError, "stream");
  }
});
