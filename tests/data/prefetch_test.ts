import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { data } from "../../mod.ts";

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Samples that come a little later, with a count of those under way. */
class Slow extends data.Dataset<Promise<number>> {
  begun: number[] = [];
  underWay = 0;
  most = 0;
  readonly fails: number;
  constructor(fails = -1) {
    super();
    this.fails = fails;
  }
  override get length(): number {
    return 8;
  }
  override async at(index: number): Promise<number> {
    this.begun.push(index);
    this.most = Math.max(this.most, ++this.underWay);
    await later();
    this.underWay--;
    if (index === this.fails) throw new RangeError(`no sample ${index}`);
    return index;
  }
}

Deno.test("for await loads the next batches while one is worked on, and no more than asked", async () => {
  for (const [prefetchFactor, most] of [[1, 2], [2, 4], [3, 6]] as const) {
    const slow = new Slow();
    const seen: unknown[] = [];
    for await (const batch of new data.DataLoader(slow, { batchSize: 2, prefetchFactor })) {
      seen.push(batch.tolist());
      await later();
    }
    assertEquals(seen, [[0, 1], [2, 3], [4, 5], [6, 7]]);
    assertEquals(slow.most, most);
  }
});

Deno.test("an error comes with the batch it belongs to", async () => {
  const loader = new data.DataLoader(new Slow(5), { batchSize: 2, prefetchFactor: 3 });
  const seen: unknown[] = [];
  await assertRejects(
    async () => {
      for await (const batch of loader) seen.push(batch.tolist());
    },
    RangeError,
    "no sample 5",
  );
  assertEquals(seen, [[0, 1], [2, 3]]);
});

Deno.test("an error at once, in a sampler or beside promises, waits for its batch too", async () => {
  const order = function* () {
    yield* [0, 1, 2, 3];
    throw new RangeError("no more");
  };
  const seen: unknown[] = [];
  const slow = new Slow();
  const loader = new data.DataLoader(slow, { batchSize: 2, sampler: order(), prefetchFactor: 4 });
  await assertRejects(
    async () => {
      for await (const batch of loader) seen.push(batch.tolist());
    },
    RangeError,
    "no more",
  );
  assertEquals(seen, [[0, 1], [2, 3]]);
  const mixed = {
    length: 2,
    at(index: number): Promise<number> {
      if (index === 1) throw new RangeError("not this one");
      return Promise.reject(new TypeError("dropped"));
    },
  };
  await assertRejects(
    () => Array.fromAsync(new data.DataLoader(mixed, { batchSize: 2 })),
    RangeError,
    "not this one",
  );
});

Deno.test("leaving the loop closes order and stream, and begins nothing more", async () => {
  const closed: string[] = [];
  const order = {
    *[Symbol.iterator]() {
      try {
        yield* [0, 1, 2, 3, 4, 5, 6, 7];
      } finally {
        closed.push("order");
      }
    },
  };
  const slow = new Slow();
  for await (const _ of new data.DataLoader(slow, { batchSize: 2, sampler: order })) break;
  const begun = slow.begun.length;
  await later();
  assertEquals([closed, slow.begun.length], [["order"], begun]);
  for (const _ of new data.DataLoader([..."abcdefgh"], { sampler: order })) break;
  assertEquals(closed, ["order", "order"]);

  class Stream extends data.IterableDataset<number> {
    override async *[Symbol.asyncIterator](): AsyncGenerator<number> {
      try {
        for (let i = 0;; i++) {
          await later();
          yield i;
        }
      } finally {
        closed.push("stream");
      }
    }
  }
  for await (const _ of new data.DataLoader(new Stream(), { batchSize: 2, prefetchFactor: 1 })) break;
  assertEquals(closed.splice(0), ["order", "order", "stream"]);
  const seen: unknown[] = [];
  for await (const batch of new data.DataLoader(new Stream(), { batchSize: 2, prefetchFactor: 3 })) {
    seen.push(batch.tolist());
    if (seen.length === 3) break;
  }
  while (closed.length === 0) await later();
  assertEquals([seen, closed], [[[0, 1], [2, 3], [4, 5]], ["stream"]]);
});

Deno.test("an asynchronous stream is cut into batches, chained, and fails at its place", async () => {
  const counted = async function* (n: number) {
    for (let i = 0; i < n; i++) {
      await later();
      yield i;
    }
  };
  const lists = async (loader: AsyncIterable<torch.Tensor>) => await Array.fromAsync(loader, (batch) => batch.tolist());
  assertEquals(await lists(new data.DataLoader(counted(5), { batchSize: 2 })), [[0, 1], [2, 3], [4]]);
  assertEquals(await lists(new data.DataLoader(counted(5), { batchSize: 2, dropLast: true })), [[0, 1], [2, 3]]);
  const chain = new data.ChainDataset([counted(2), new Set([7])]);
  assertEquals(await lists(new data.DataLoader(chain, { batchSize: 3 })), [[0, 1, 7]]);
  assertThrows(() => [...new data.DataLoader(counted(2))], torch.ValueError, "for await");
  assertEquals(await Array.fromAsync(new data.DataLoader(counted(2), { batchSize: null })), [0, 1]);
  const broken = async function* () {
    yield 0;
    await later();
    throw new RangeError("cut off");
  };
  const seen: unknown[] = [];
  await assertRejects(
    async () => {
      for await (const batch of new data.DataLoader(broken(), { prefetchFactor: 5 })) seen.push(batch.tolist());
    },
    RangeError,
    "cut off",
  );
  assertEquals(seen, [[0]]);
  const once = new data.DataLoader(counted(1));
  await lists(once);
  await assertRejects(() => lists(once), torch.ValueError, "run dry");
});

Deno.test("samples at hand are never taken ahead of time", async () => {
  const taken: number[] = [];
  const samples = { length: 4, at: (i: number) => (taken.push(i), i) };
  for await (const batch of new data.DataLoader(samples, { prefetchFactor: 4 })) {
    assertEquals(taken.length, Number(batch.item()) + 1);
  }
  for await (const batch of new data.DataLoader(new Set([1, 2]), { collateFn: (xs) => Promise.resolve(xs[0]! * 2) })) {
    assertEquals(batch % 2, 0);
  }
});
