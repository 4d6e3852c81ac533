/**
 * Progress bars.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { progressText } from "./progress_text.ts";
import { lengthOf } from "./sampler.ts";

/** What a progress bar is written to, such as `Deno.stderr`. */
export interface ProgressFile {
  /** Whether somebody watches. */
  isTerminal(): boolean;
  /** Writes bytes at once. */
  writeSync(bytes: Uint8Array): number;
}

/** A notebook's page that a progress bar is shown on, such as `Deno.jupyter`. */
export interface ProgressPage {
  /** Shows something, or with `update` shows it in place of what was shown under the same `display_id`. */
  display(bundle: Record<string, string>, options: Record<string, unknown>): Promise<unknown>;
}

/** Options of `progress`. */
export interface ProgressOptions {
  /** What stands before the bar. */
  readonly description?: string;
  /** How many steps there are; the length of what is gone through by default, where it knows one. */
  readonly total?: number;
  /** Whether to show nothing. Default false; nothing is ever shown but on a terminal and in a notebook. */
  readonly disable?: boolean;
  /** Whether the finished bar stays. Default true. */
  readonly leave?: boolean;
  /** The least number of seconds between two pictures of the bar. Default 0.1. */
  readonly minInterval?: number;
  /** Where the bar is shown. Default the notebook's page where there is one, else the standard error output. */
  readonly file?: ProgressFile | ProgressPage;
}

interface Host {
  readonly jupyter: ProgressPage;
  readonly stderr: ProgressFile;
  consoleSize(): { readonly columns: number };
}

/** Shows a line in place of the one before. */
interface Screen {
  readonly columns: number;
  /** Whether what is shown appears at once, not when the event loop turns. */
  readonly atOnce: boolean;
  show(text: string): unknown;
  close(text: string | undefined): unknown;
}

const host = (globalThis as { Deno?: Host }).Deno;

/** For the library: the notebook that runs this; outside of one, asking for it throws. */
export function notebook(): ProgressPage | undefined {
  try {
    return host?.jupyter;
  } catch {
    return undefined;
  }
}

/** The columns to write in: all but the last, after which a new line would begin. */
function terminalColumns(): number {
  let columns = 0;
  try {
    columns = host?.consoleSize().columns ?? 0;
  } catch {
    // There is no console.
  }
  return (columns > 0 ? columns : 80) - 1;
}

function terminalScreen(file: ProgressFile): Screen {
  const encoder = new TextEncoder();
  const write = (text: string) => file.writeSync(encoder.encode(text));
  return {
    columns: terminalColumns(),
    atOnce: true,
    show: (text) => write(`\r${text}\x1b[K`),
    close: (text) => write(text === undefined ? "\r\x1b[K" : `\r${text}\x1b[K\n`),
  };
}

function notebookScreen(page: ProgressPage): Screen {
  const id = crypto.randomUUID();
  let shown = false;
  const show = (text: string): Promise<unknown> => {
    const options = { raw: true, display_id: id, ...(shown ? { update: true } : {}) };
    shown = true;
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return page.display({ "text/plain": text, "text/html": `<pre>${escaped}</pre>` }, options);
  };
  return { columns: 100, atOnce: false, show, close: (text) => show(text ?? "") };
}

function screenFor({ disable = false, file = notebook() ?? host?.stderr }: ProgressOptions): Screen | undefined {
  if (disable || file === undefined) return undefined;
  if ("display" in file) return notebookScreen(file);
  return file.isTerminal() ? terminalScreen(file) : undefined;
}

function knownLength(source: object): number | undefined {
  try {
    return lengthOf(source);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/**
 * What `progress` makes: goes through its source, and shows how far it is. Where nobody watches, it is the source alone.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const bar = new data.Progress([1, 2, 3], { description: "epoch 1" });
 * console.log([...bar], bar.total); // [ 1, 2, 3 ] 3
 * ```
 *
 * @throws {ValueError} where a source that has to be awaited is gone through at once
 * @see {@link https://tqdm.github.io/docs/tqdm/}
 */
export class Progress<T> implements Iterable<T>, AsyncIterable<Awaited<T>> {
  readonly #source: Iterable<T> | AsyncIterable<T>;
  readonly #options: ProgressOptions;
  #description: string;
  #postfix = "";

  /** A bar for one or several passes over `source`. */
  constructor(source: Iterable<T> | AsyncIterable<T>, options: ProgressOptions = {}) {
    this.#source = source;
    this.#options = options;
    this.#description = options.description ?? "";
  }

  /** How many steps there are, where that is known. */
  get total(): number | undefined {
    return this.#options.total ?? knownLength(this.#source);
  }

  /** Says what stands before the bar from now on. */
  setDescription(description: string): void {
    this.#description = description;
  }

  /** Says what stands behind the bar from now on: names with values. */
  setPostfix(values: Readonly<Record<string, string | number>>): void {
    const shown = (value: string | number) =>
      typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(3))) : `${value}`;
    this.#postfix = Object.entries(values).map(([name, value]) => `${name}=${shown(value)}`).join(", ");
  }

  /** The steps, at once. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    if (!(Symbol.iterator in this.#source)) {
      throw new ValueError("Cannot go through what has to be awaited at once: use for await");
    }
    const screen = screenFor(this.#options);
    if (screen === undefined) return yield* this.#source;
    const track = this.#track(screen, screen.atOnce);
    try {
      track.show();
      for (const item of this.#source) {
        yield item;
        track.step();
      }
    } finally {
      track.close();
    }
  }

  /** The steps, awaited. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Awaited<T>, void, undefined> {
    const screen = screenFor(this.#options);
    const track = screen && this.#track(screen, true);
    try {
      await track?.show();
      for await (const item of this.#source) {
        yield item;
        await track?.step();
      }
    } finally {
      await track?.close();
    }
  }

  /** Counts steps and, where `live`, shows them; the end is shown always. */
  #track(screen: Screen, live: boolean): { show(): unknown; step(): unknown; close(): unknown } {
    const { total } = this, { minInterval = 0.1, leave = true } = this.#options;
    const start = performance.now();
    let done = 0, last = -Infinity;
    const text = (now: number): string => {
      const [description, postfix] = [this.#description, this.#postfix];
      return progressText({ done, total, seconds: (now - start) / 1000, description, postfix }, screen.columns);
    };
    const show = (): unknown => {
      if (!live) return;
      last = performance.now();
      return screen.show(text(last));
    };
    return {
      show,
      step() {
        done++;
        if (performance.now() - last >= 1000 * minInterval) return show();
      },
      close: () => screen.close(leave ? text(performance.now()) : undefined),
    };
  }
}

/**
 * Goes through `source` and shows how far it is, in tqdm's words: on a terminal and in a notebook; nothing where nobody watches.
 *
 * ```ts
 * import { arange, data } from "@tensaur/tensaur";
 *
 * const loader = new data.DataLoader(new data.TensorDataset(arange(10)), { batchSize: 4 });
 * const bar = data.progress(loader, { description: "epoch 1" });
 * for (const [batch] of bar) bar.setPostfix({ last: batch.at(-1).item() as number });
 * // epoch 1: 100%|██████████████████████████████████████| 3/3 [00:00<00:00, 812.31it/s, last=9]
 * ```
 *
 * The bar is written at once, not by a timer, as that of `@std/cli` is: one would not run before a synchronous loop ends. `for await` works as
 * well. A notebook shows what a synchronous loop displays only after the loop, so there the bar moves with `for await` alone.
 *
 * @see {@link https://tqdm.github.io/docs/tqdm/}
 */
export function progress<T>(source: Iterable<T>, options?: ProgressOptions): Progress<T>;
/** Goes through what has to be awaited. */
export function progress<T>(source: AsyncIterable<T>, options?: ProgressOptions): Progress<T>;
export function progress<T>(source: Iterable<T> | AsyncIterable<T>, options: ProgressOptions = {}): Progress<T> {
  return new Progress(source, options);
}
