/**
 * What happened during training.
 *
 * @module
 */

import { notebook, type ProgressPage } from "../data/progress.ts";
import { Tensor, ValueError } from "../tensor/mod.ts";
import { textTable } from "../tensor/table.ts";
import type { Figure } from "./figure.ts";
import { grid } from "./grid.ts";
import { type Curve, line } from "./line.ts";
import { LivePage } from "./live.ts";
import { extentOf, short } from "./numbers.ts";
import { sparkline } from "./sparkline.ts";

/** Options of `History`. */
export interface HistoryOptions {
  /** What stands above the curves. */
  readonly title?: string;
  /** What the steps are. Default "step". */
  readonly xLabel?: string;
  /** Pixels from left to right. Default 640. */
  readonly width?: number;
  /** Pixels of a row of curves from top to bottom. Default 280. */
  readonly height?: number;
  /** Whether a notebook shows the curves while they grow. Default true. */
  readonly live?: boolean;
  /** The least number of seconds between two pictures of them. Default 0.25. */
  readonly minInterval?: number;
  /** Where they are shown. Default the notebook's page, where there is one. */
  readonly page?: ProgressPage;
}

/**
 * What is measured during training, and its curves: losses in one picture, accuracies in another. A notebook shows them while they grow; in a
 * terminal `console.log` shows them as a table with a line of bars for each.
 *
 * Names that differ only in "train", "val", "valid" or "test" before or behind, such as loss and valLoss, share a picture.
 *
 * @example
 * ```ts
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const history = new plot.History({ xLabel: "epoch" });
 * for (let epoch = 0; epoch < 5; epoch++) history.add({ loss: 1 / (epoch + 1), accuracy: epoch / 5 });
 * console.log(history.last); // { loss: 0.2, accuracy: 0.8 }
 * console.log(history);
 * // =========================================
 * // History          First  Last  Least  Most
 * // =========================================
 * // loss      █▄▂▁▁      1   0.2    0.2     1
 * // accuracy  ▁▃▅▆█      0   0.8      0   0.8
 * // =========================================
 * console.log(history.figure().width); // 640
 * ```
 *
 * In a notebook, await `add`: the page can show something only while the script waits. A loop that doesn't has its curves shown when it is
 * over.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #curves = new Map<string, { readonly x: number[]; readonly y: number[] }>();
  readonly #live: LivePage | undefined;
  #length = 0;

  /** A history without steps. */
  constructor(options: HistoryOptions = {}) {
    const { live = true, minInterval = 0.25, page = notebook() } = options;
    if (!(minInterval >= 0)) throw new ValueError(`Cannot show a history every ${minInterval} seconds`);
    this.#options = options;
    if (live && page !== undefined) this.#live = new LivePage(page, () => this.#bundle(), 1000 * minInterval);
  }

  /** How many steps there are. */
  get length(): number {
    return this.#length;
  }

  /** What was measured, in the order in which it came first. */
  get names(): string[] {
    return [...this.#curves.keys()];
  }

  /** The newest value of each. */
  get last(): Record<string, number> {
    return Object.fromEntries([...this.#curves].map(([name, { y }]) => [name, y.at(-1)!]));
  }

  /** All values of one, in order; none of what was not measured. */
  values(name: string): number[] {
    return [...this.#curves.get(name)?.y ?? []];
  }

  /**
   * Adds what was measured at a step: numbers, or tensors of one element, which are read.
   *
   * ```ts
   * import * as plot from "@tensaur/tensaur/plot";
   *
   * const history = new plot.History();
   * for (let step = 0; step < 100; step++) {
   *   await history.add({ loss: Math.exp(-step / 20) });
   *   if (step % 10 === 9) await history.add({ testLoss: Math.exp(-step / 25) }, { step });
   * }
   * console.log(history.values("testLoss").length); // 10
   * ```
   *
   * @param options `step`: its number; by default that of the steps before.
   * @returns what a notebook needs to be awaited for, so that it shows the curves while they grow
   * @throws {ValueError} for a value that is no number
   */
  add(values: Readonly<Record<string, number | Tensor>>, options: { readonly step?: number } = {}): Promise<void> {
    const { step = this.#length } = options;
    if (!Number.isFinite(step)) throw new ValueError(`Cannot add to a history at step ${step}: it is a finite number`);
    const numbers = Object.entries(values).map(([name, value]) => {
      const number = value instanceof Tensor ? Number(value.detach().item()) : value;
      if (typeof number === "number") return [name, number] as const;
      throw new ValueError(
        `Cannot add ${name} to a history: it is ${JSON.stringify(number) ?? typeof number}, no number`,
      );
    });
    for (const [name, value] of numbers) {
      const curve = this.#curves.get(name) ?? { x: [], y: [] };
      this.#curves.set(name, curve);
      curve.x.push(step);
      curve.y.push(value);
    }
    this.#length = Math.max(this.#length, step + 1);
    return this.#live?.changed() ?? Promise.resolve();
  }

  /** Brings what a notebook shows up to date at once, after the last step, say. Awaited, it is there. Elsewhere it does nothing. */
  show(): Promise<void> {
    return this.#live?.show() ?? Promise.resolve();
  }

  /** The curves, as a picture to keep. */
  figure(): Figure {
    const { title, width = 640, height = 280, xLabel = "step" } = this.#options;
    const groups = [...Map.groupBy(this.#curves, ([name]) => measureOf(name))];
    if (groups.length === 0) return line([], { width, height, ...(title === undefined ? {} : { title }) });
    const columns = Math.min(2, groups.length), one = groups.length === 1 && title !== undefined ? { title } : {};
    const figures = groups.map(([measure, curves]) => {
      const named: Record<string, Curve> = Object.fromEntries(curves);
      const size = { width: Math.floor(width / columns), height };
      return line(curves.length === 1 ? curves[0]![1] : named, { ...size, ...one, xLabel, yLabel: measure });
    });
    return figures.length === 1 ? figures[0]! : grid(figures, { columns, ...(title === undefined ? {} : { title }) });
  }

  /** The curves as a table, for a terminal. */
  toString(): string {
    const rows = [...this.#curves].map(([name, { y }]) => {
      const values = Float64Array.from(y), extent = extentOf(values) ?? [NaN, NaN];
      return [name, sparkline(values, 40), ...[y[0]!, y.at(-1)!, ...extent].map(short)];
    });
    return textTable({ head: ["History", "", "First", "Last", "Least", "Most"], rows, left: 2 }).join("\n");
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return this.#bundle();
  }

  #bundle(): Record<string, string> {
    return { "text/plain": this.toString(), "image/svg+xml": this.figure().svg };
  }
}

const DATA = "training|train|validation|valid|val|test|eval";
const BEFORE = new RegExp(`^(?:${DATA})(?:[ _./-]+(?=.)|(?=[A-Z]))`), BEHIND = new RegExp(`(?<=.)[ _./-]+(?:${DATA})$`);

/** What a name measures, whatever it was measured on: "loss" of "valLoss", "train_loss" and "loss/test". */
function measureOf(name: string): string {
  const decapitalized = (text: string) => `${text[0]?.toLowerCase() ?? ""}${text.slice(1)}`;
  const bare = decapitalized(name).replace(BEFORE, "").replace(BEHIND, "");
  return bare === decapitalized(name) ? name : decapitalized(bare);
}
