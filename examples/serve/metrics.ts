/**
 * Counts and distributions in the text format of Prometheus.
 *
 * @module
 */

type Labels = Readonly<Record<string, string | number>>;

function labelled(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}

/** A number that only grows, for each combination of labels. */
export class Counter {
  readonly #values = new Map<string, number>();

  /** A counter under a name, with what it counts. */
  constructor(readonly name: string, readonly help: string) {}

  /** Counts one more. */
  add(labels: Labels = {}): void {
    const key = labelled(this.name, labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + 1);
  }

  /** The text of `/metrics`. */
  toString(): string {
    const lines = [...this.#values].map(([key, value]) => `${key} ${value}\n`);
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} counter\n${lines.join("")}`;
  }
}

/** How often values were at most as large as each of some bounds. */
export class Histogram {
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** A histogram under a name, with what it measures. */
  constructor(readonly name: string, readonly help: string, readonly bounds: readonly number[]) {
    this.#counts = bounds.map(() => 0);
  }

  /** Notes a value. */
  observe(value: number): void {
    this.#sum += value;
    this.#count++;
    this.bounds.forEach((bound, i) => this.#counts[i]! += Number(value <= bound));
  }

  /** The text of `/metrics`. */
  toString(): string {
    const bucket = (le: string | number, count: number) => `${labelled(`${this.name}_bucket`, { le })} ${count}\n`;
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} histogram\n` +
      this.bounds.map((bound, i) => bucket(bound, this.#counts[i]!)).join("") +
      `${bucket("+Inf", this.#count)}${this.name}_sum ${this.#sum}\n${this.name}_count ${this.#count}\n`;
  }
}

/** A number that goes up and down: it is asked for when `/metrics` is. */
export class Gauge {
  /** A gauge under a name, with what it shows. */
  constructor(readonly name: string, readonly help: string, readonly value: () => number) {}

  /** The text of `/metrics`. */
  toString(): string {
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} gauge\n${this.name} ${this.value()}\n`;
  }
}
