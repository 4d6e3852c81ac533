/**
 * A notebook's page that is kept up to date.
 *
 * @module
 */

import type { ProgressPage } from "../data/progress.ts";

/** Shows what `draw` gives, in place of what it showed before, no more often than every `interval` milliseconds. */
export class LivePage {
  readonly #page: ProgressPage;
  readonly #draw: () => Record<string, string>;
  readonly #interval: number;
  readonly #id = crypto.randomUUID();
  #shown = false;
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underway: Promise<void> | undefined;

  constructor(page: ProgressPage, draw: () => Record<string, string>, interval: number) {
    this.#page = page;
    this.#draw = draw;
    this.#interval = interval;
  }

  /** Says that something changed. It is shown when the script waits, at once or when the interval is over; the promise waits for the former. */
  changed(): Promise<void> {
    const left = this.#last + this.#interval - performance.now();
    if (left <= 0) return this.show();
    this.#timer ??= setTimeout(() => this.show(), left);
    return Promise.resolve();
  }

  /** Shows what there is. A loop that doesn't wait has it shown once, when it is over. */
  show(): Promise<void> {
    return this.#underway ??= Promise.resolve().then(async () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      try {
        const options = { raw: true, display_id: this.#id, ...(this.#shown ? { update: true } : {}) };
        this.#shown = true;
        await this.#page.display(this.#draw(), options);
      } finally {
        this.#last = performance.now();
        this.#underway = undefined;
      }
    });
  }
}
