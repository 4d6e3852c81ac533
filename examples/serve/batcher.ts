/**
 * Dynamic batching: requests that arrive at about the same time go through the model together.
 *
 * @module
 */

import { Refusal } from "./request.ts";

/** What a batcher is told. */
export interface BatcherOptions {
  /** The most rows of a batch. */
  readonly maxBatch: number;
  /** How long the first row of a batch waits for others, in milliseconds. */
  readonly maxWait: number;
  /** The most rows that wait. */
  readonly maxQueue: number;
  /** Computes a batch: as many rows as it is given. */
  readonly run: (rows: readonly Float32Array[]) => Promise<readonly Float32Array[]>;
  /** Told the size of each batch. */
  readonly ran?: (size: number) => void;
}

interface Waiting {
  readonly row: Float32Array;
  readonly since: number;
  readonly resolve: (result: Float32Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** A queue of rows, and one batch at a time that is computed. */
export class Batcher {
  readonly #queue: Waiting[] = [];
  #wake = Promise.withResolvers<void>();
  #draining = false;
  #running: Promise<void> | undefined;

  /** A batcher that waits for rows. */
  constructor(readonly options: BatcherOptions) {}

  /** Rows that wait. */
  get length(): number {
    return this.#queue.length;
  }

  /** What the model makes of a row. When `signal` says so, the row is taken out of the queue; a batch that runs goes on. */
  submit(row: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    if (this.#draining) {
      throw new Refusal(503, "stopping", "The server is stopping", {}, { "retry-after": "1", connection: "close" });
    }
    if (this.#queue.length >= this.options.maxQueue) {
      throw new Refusal(503, "overloaded", `${this.#queue.length} requests are waiting already`, {}, {
        "retry-after": "1",
      });
    }
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
    const waiting: Waiting = { row, since: performance.now(), resolve, reject };
    const leave = (): void => {
      const at = this.#queue.indexOf(waiting);
      if (at >= 0) this.#queue.splice(at, 1);
      reject(new Refusal(504, "timeout", "The answer was not ready in time", {}, { "retry-after": "1" }));
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#queue.push(waiting);
    this.#wake.resolve();
    this.#running ??= this.#loop().finally(() => this.#running = undefined);
    return promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** Takes no more rows, computes those that wait at once, and returns when all are done. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#wake.resolve();
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { maxBatch } = this.options;
    while (this.#queue.length > 0) {
      await this.#gathered();
      const batch = this.#queue.splice(0, maxBatch);
      if (batch.length === 0) continue;
      this.options.ran?.(batch.length);
      try {
        const results = await this.options.run(batch.map(({ row }) => row));
        batch.forEach(({ resolve }, i) => resolve(results[i]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  /** Waits until a batch is full, or its first row has waited long enough. */
  async #gathered(): Promise<void> {
    const { maxBatch, maxWait } = this.options;
    while (this.#queue.length > 0 && this.#queue.length < maxBatch && !this.#draining) {
      const left = this.#queue[0]!.since + maxWait - performance.now();
      if (left <= 0) return;
      this.#wake = Promise.withResolvers();
      const timer = setTimeout(() => this.#wake.resolve(), left);
      await this.#wake.promise;
      clearTimeout(timer);
    }
  }
}
