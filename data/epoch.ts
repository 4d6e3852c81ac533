/**
 * One pass over data, batch by batch: what is at hand at once, what is not as a promise.
 *
 * @module
 */

import { begin, once } from "./sampler.ts";
import type { SampleStream } from "./iterable_dataset.ts";

type Step<B> = IteratorResult<B, undefined>;

/** The batches of one epoch. */
export interface Epoch<B> {
  /** Begins the next batch: the batch itself, or a promise where samples have to be awaited. */
  next(): Step<B> | Promise<Step<B>>;
  /** Closes what is gone through. */
  close(): unknown;
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Whether `value` has to be awaited. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Drops an error that nobody waits for any longer. */
function forget(value: unknown): void {
  if (isPromise(value)) value.then(undefined, () => {});
}

/** The step of what `finish` makes of samples, some of which may be promises. */
function step<B>(samples: readonly unknown[], finish: (samples: unknown[]) => B): Step<B> | Promise<Step<B>> {
  if (!samples.some(isPromise)) return { done: false, value: finish([...samples]) };
  return Promise.all(samples).then((awaited) => ({ done: false, value: finish(awaited) }));
}

/** An iterator that is closed at most once, and not after its end. */
class Source<T> {
  readonly #iterator: Iterator<T>;
  #open = true;

  constructor(iterator: Iterator<T>) {
    this.#iterator = iterator;
  }

  /** The next item; undefined after the last. */
  next(): { readonly value: T } | undefined {
    if (!this.#open) return undefined;
    // One that throws is over.
    this.#open = false;
    const result = this.#iterator.next();
    if (result.done) return undefined;
    this.#open = true;
    return result;
  }

  close(): void {
    if (this.#open) this.#iterator.return?.();
    this.#open = false;
  }
}

/** What is taken in an order, by position: `take` gives the samples at one item of the order. */
export function epochByPosition<K, B>(
  order: Iterator<K>,
  take: (item: K) => Iterable<unknown>,
  finish: (samples: unknown[]) => B,
): Epoch<B> {
  const source = new Source(order);
  return {
    next() {
      const item = source.next();
      if (item === undefined) return done;
      const samples: unknown[] = [];
      try {
        for (const sample of take(item.value)) samples.push(sample);
      } catch (error) {
        samples.forEach(forget);
        throw error;
      }
      return step(samples, finish);
    },
    close: () => source.close(),
  };
}

/** A stream cut into batches of `size` samples. */
export function epochOfStream<B>(
  stream: SampleStream<unknown>,
  { size, dropLast, awaited }: { readonly size: number; readonly dropLast: boolean; readonly awaited: boolean },
  finish: (samples: unknown[]) => B,
): Epoch<B> {
  const short = (samples: readonly unknown[]) => samples.length === 0 || dropLast && samples.length < size;
  if (awaited && Symbol.asyncIterator in stream) {
    const iterator = stream[Symbol.asyncIterator]();
    once(stream, iterator);
    return awaitedEpoch(iterator, size, (samples) => short(samples) ? done : { done: false, value: finish(samples) });
  }
  const source = new Source(begin(stream as Iterable<unknown>));
  return {
    next() {
      const samples: unknown[] = [];
      while (samples.length < size) {
        const item = source.next();
        if (item === undefined) break;
        samples.push(item.value);
      }
      return short(samples) ? done : step(samples, finish);
    },
    close: () => source.close(),
  };
}

/** Batches of awaited samples. They are pulled one after another, however many batches have begun. */
function awaitedEpoch<B>(
  iterator: AsyncIterator<unknown>,
  size: number,
  finish: (samples: unknown[]) => Step<B>,
): Epoch<B> {
  let open = true, pending = 0;
  let last: Promise<unknown> = Promise.resolve();
  const pull = async (): Promise<Step<B>> => {
    const samples: unknown[] = [];
    while (open && samples.length < size) {
      const item = await iterator.next().catch((error) => {
        open = false;
        throw error;
      });
      if (item.done) open = false;
      else samples.push(item.value);
    }
    return finish(samples);
  };
  return {
    next() {
      pending++;
      const step = last.then(pull).finally(() => pending--);
      last = step;
      return step;
    },
    close() {
      if (!open) return;
      open = false;
      const closed = iterator.return?.();
      // Nobody waits for a sample that may never come: the iterator closes when it has.
      if (pending === 0) return closed;
      forget(closed);
    },
  };
}

/** The batches of an epoch that never has to wait; `refuse` says why not, where it has to. */
export function* atOnce<B>(epoch: Epoch<B>, refuse: () => Error): Generator<B, void, undefined> {
  try {
    for (;;) {
      const step = epoch.next();
      if (step instanceof Promise) {
        forget(step);
        throw refuse();
      }
      if (step.done) return;
      yield step.value;
    }
  } finally {
    epoch.close();
  }
}

/** The batches of an epoch, of which up to `ahead` are under way. What is at hand at once is never begun ahead of time. */
export async function* inTurn<B>(epoch: Epoch<B>, ahead: number): AsyncGenerator<Awaited<B>, void, undefined> {
  const underWay: (Step<B> | Promise<Step<B>>)[] = [];
  let more = true;
  try {
    for (;;) {
      while (more && underWay.length < ahead) {
        let step: Step<B> | Promise<Step<B>>;
        try {
          step = epoch.next();
        } catch (error) {
          // It belongs to this batch, and those before it come first.
          step = Promise.reject(error);
          more = false;
        }
        forget(step);
        underWay.push(step);
        if (!(step instanceof Promise)) break;
      }
      const step = await underWay.shift()!;
      if (step.done) return;
      yield await step.value;
    }
  } finally {
    await epoch.close();
  }
}
