import { assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { arange, data, Generator, manualSeed, type Tensor } from "../../mod.ts";
import golden from "../golden/networks.json" with { type: "json" };

const samples = new data.TensorDataset(arange(10));
const seeded = (seed: number) => ({ generator: new Generator().manualSeed(seed) });

function batches(loader: Iterable<[Tensor]>): unknown[] {
  return Array.from(loader, ([batch]) => batch.tolist());
}

Deno.test("a shuffled DataLoader gives PyTorch's batches and draws as much", () => {
  manualSeed(9);
  const loader = new data.DataLoader(samples, { batchSize: 4, shuffle: true });
  assertEquals([0, 1, 2].map(() => batches(loader)), golden.data.shuffled);
  assertEquals(torch.rand([1]).item(), golden.data.after);
  assertEquals(loader.length, 3);
});

Deno.test("a DataLoader with a generator of its own leaves the default one alone", () => {
  manualSeed(9);
  const options = { batchSize: 3, shuffle: true, dropLast: true, ...seeded(1) };
  const epochs = [0, 1].map(() => batches(new data.DataLoader(samples, options)));
  assertEquals(epochs, golden.data.generator);
  assertEquals(batches(new data.DataLoader(samples, { batchSize: 4 })), golden.data.plain);
  assertEquals(torch.rand([1]).item(), golden.data.afterPlain);
});

Deno.test("randomSplit and samplers choose what PyTorch chooses", () => {
  const indices = (lengths: number[]) => data.randomSplit(samples, lengths, seeded(3)).map((part) => [...part.indices]);
  assertEquals(indices([6, 4]), golden.data.split);
  assertEquals(indices([0.5, 0.25, 0.25]), golden.data.shares);
  assertEquals(
    [...new data.RandomSampler(samples, { replacement: true, numSamples: 40, ...seeded(4) })],
    golden.data.replacement,
  );
  assertEquals([...new data.RandomSampler(samples, { numSamples: 23, ...seeded(4) })], golden.data.many);
  const weights = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6];
  assertEquals([...new data.WeightedRandomSampler(weights, 9, seeded(4))], golden.data.weighted);
  const once = new data.WeightedRandomSampler(weights, 5, { replacement: false, ...seeded(4) });
  assertEquals([...once], golden.data.weightedOnce);
  assertEquals([...new data.SubsetRandomSampler([3, 1, 4, 1, 5], seeded(4))], golden.data.subset);
});

Deno.test("data sets are indexed, joined and divided", () => {
  const pairs = new data.TensorDataset(torch.tensor([[1, 2], [3, 4], [5, 6]]), torch.tensor([0, 1, 2]));
  const [image, target] = pairs.at(-1);
  assertEquals([image.tolist(), target.item()], [[5, 6], 2]);
  assertEquals(pairs.batch([2, 0])[0].tolist(), [[5, 6], [1, 2]]);
  const joined = pairs.concat(new data.Subset(pairs, [1]));
  assertEquals([joined.length, joined.at(3)[1].item()], [4, 1]);
  assertEquals(Array.from(joined, ([, target]) => target.item()), [0, 1, 2, 1]);
  const subset = new data.Subset(pairs, [2, 1]);
  assertEquals(subset.batch!().map((t) => t.tolist()), [[[5, 6], [3, 4]], [2, 1]]);
  assertThrows(() => pairs.at(3), torch.IndexError, "sample 3 of 3");
  assertThrows(() => new data.TensorDataset(arange(2), arange(3)), torch.ShapeError, "first extents differ");
  assertThrows(() => data.randomSplit(pairs, [1, 1]), torch.ValueError, "3 samples");
});

Deno.test("batches of arrays, objects and strings are put together", () => {
  const items = [{ x: [1, 0.5], name: "a", ok: true }, { x: [2, 1.5], name: "b", ok: false }];
  const [batch] = [...new data.DataLoader(items, { batchSize: 2 })];
  assertEquals(batch!.x.map((t) => t.tolist()), [[1, 2], [0.5, 1.5]]);
  assertEquals([batch!.name, batch!.ok.tolist()], [["a", "b"], [true, false]]);
  const typed = data.defaultCollate([new Float32Array([1, 2]), new Float32Array([3, 4])]);
  assertEquals([typed.dtype, typed.tolist()], ["float32", [[1, 2], [3, 4]]]);
  const sums = new data.DataLoader([1, 2, 3], { batchSize: 2, collateFn: (batch) => batch.reduce((a, b) => a + b) });
  assertEquals([...sums], [3, 3]);
  assertThrows(() => data.defaultCollate([[1], [1, 2]]), torch.ValueError, "different lengths");
});

Deno.test("for await goes through samples that are promises", async () => {
  class Slow extends data.Dataset<Promise<[number, string]>> {
    override get length(): number {
      return 3;
    }
    override at(index: number): Promise<[number, string]> {
      return Promise.resolve([index, `sample ${index}`]);
    }
  }
  const seen: [unknown, string[]][] = [];
  const loader = new data.DataLoader(new Slow(), { batchSize: 2 });
  for await (const [numbers, texts] of loader) seen.push([numbers.tolist(), texts]);
  assertEquals(seen, [[[0, 1], ["sample 0", "sample 1"]], [[2], ["sample 2"]]]);
  assertThrows(() => [...loader], torch.ValueError, "for await");
});

Deno.test("orders of one's own replace the usual ones", () => {
  const reverse = Array.from({ length: 10 }, (_, i) => 9 - i);
  assertEquals(batches(new data.DataLoader(samples, { batchSize: 5, sampler: reverse })), [[9, 8, 7, 6, 5], [
    4,
    3,
    2,
    1,
    0,
  ]]);
  assertEquals(batches(new data.DataLoader(samples, { batchSampler: [[1, 2], [3]] })), [[1, 2], [3]]);
  const sampler = new data.BatchSampler(new data.SequentialSampler(samples), 4, { dropLast: true });
  assertEquals([sampler.length, [...sampler].length], [2, 2]);
  assertThrows(() => new data.DataLoader(samples, { sampler: reverse, shuffle: true }), torch.ValueError, "shuffle");
  assertThrows(
    () => new data.DataLoader(samples, { batchSampler: [[1]], batchSize: 2 }),
    torch.ValueError,
    "batchSampler",
  );
  assertThrows(() => new data.DataLoader(samples, { batchSize: 0 }), torch.ValueError, "batchSize 0");
  assertThrows(() => new data.RandomSampler([]), torch.ValueError, "numSamples 0");
});
