/**
 * What the benchmark's files say to each other.
 *
 * @module
 */

/** A row of the table. Further fields are sizes, for the peers. */
export interface Workload {
  readonly id: string;
  readonly title: string;
  /** The function of a peer that runs it. */
  readonly impl: string;
  readonly kind: "startup" | "op" | "train" | "memory";
  /** Floating-point operations of an iteration; the row is then also in GFLOP/s. */
  readonly flops?: number;
  /** Least bytes that an iteration has to move; the row is then also in GB/s. */
  readonly bytes?: number;
}

/** A column of the table. */
export interface Peer {
  readonly id: string;
  /** Its script under `peers/`. */
  readonly file: string;
  /** What it runs on: "cpu", "wasm", "webgpu", "js" or "native". */
  readonly variant?: string;
  readonly threads?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The functions that it is meant for; all if absent. */
  readonly only?: readonly string[];
  /** Workloads left out, and why. */
  readonly notRun?: Readonly<Record<string, string>>;
}

/** What a process said. */
export interface Cell {
  /** Milliseconds an iteration, or of the whole process. */
  readonly median?: number;
  readonly min?: number;
  /** The sum of magnitudes and a weighted sum of the result, or the loss after steps 1 and 10. */
  readonly check?: readonly number[];
  /** Kind "memory": MiB by number of steps. */
  readonly rss?: Readonly<Record<string, number>>;
  /** Largest resident memory. */
  readonly peakMiB?: number;
  /** Cores that other processes used meanwhile. */
  readonly others?: number;
  /** Why there is nothing to say. */
  readonly skip?: string;
  readonly error?: string;
}

/** Cells by workload and peer. */
export type Results = Record<string, Record<string, Cell>>;
