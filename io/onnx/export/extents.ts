/**
 * Extents that depend on extents of the inputs. A model is traced several times, with other extents each time; what differs from trace to
 * trace is taken for a polynomial of them, and a further trace has to agree.
 *
 * @module
 */

/** A number of the model, as it was in each trace. */
export type Varying = readonly number[];

/** An extent of the inputs that has a name instead of a number. */
export interface Axis {
  /** Its name in the file. */
  readonly name: string;
  /** What it is in the example. */
  readonly size: number;
}

/** A factor times a product of axes, by their numbers: [2, 0, 0] is axis 2 times the square of axis 0. */
export interface Term {
  readonly factor: number;
  readonly axes: readonly number[];
}

/** The only number that `values` are; undefined where they differ. */
export function constantOf(values: Varying): number | undefined {
  return values.every((value) => Object.is(value, values[0]) || value === values[0]) ? values[0] : undefined;
}

/** From here on an extent leaves room for slices of which nothing is of extent 1, which broadcasts. */
const ROOMY = 8;

/**
 * Extents to trace with: the example's and parts of it, for a longer trace costs more; of a small one multiples, which are unlike other
 * extents of models. Where a model does not take these, others.
 */
export function alternatives(size: number): number[] {
  const times = (...factors: number[]) => factors.map((factor) => factor * Math.max(1, size));
  const parts = [size, size / 2, size / 4].filter((extent) => Number.isInteger(extent) && extent >= ROOMY);
  const smaller = [size - 1, size - 2, size - 3, size].filter((extent) => extent > 1);
  return [...parts, ...times(7, 11, 13, 3, 5, 6), ...smaller, ...times(2, 4)];
}

/** An extent that is no multiple of the example's. */
export function odd(size: number): number {
  return size < ROOMY ? 8 * Math.max(1, size) + 1 : size + 1;
}

/** Where to trace: the extents of all axes, by trace. */
export class Plan {
  readonly points: readonly (readonly number[])[];

  /** `choices` are three extents for each axis, `other` a set of extents that is no multiple of anything, if the model takes one. */
  constructor(readonly axes: readonly Axis[], readonly choices: readonly Varying[], other: Varying | undefined) {
    const base = choices.map((choice) => choice[0]!);
    const moved = (...moves: readonly [axis: number, choice: number][]) =>
      base.map((extent, i) => choices[i]![moves.find(([axis]) => axis === i)?.[1] ?? 0] ?? extent);
    const single = choices.flatMap((_, i) => [moved([i, 1]), moved([i, 2])]);
    const pairs = choices.flatMap((_, i) => choices.slice(0, i).map((_, j) => moved([i, 1], [j, 1])));
    const check = other ?? choices.map((choice) => choice[2]!);
    // Without an axis, a second trace shows whether both are the same.
    this.points = [base, ...single, ...pairs, check];
  }

  /** `values` as a polynomial of degree two with whole factors; undefined where they are none. */
  polynomial(values: Varying): Term[] | undefined {
    const n = this.axes.length, [at] = this.points as [Varying], first = values[0]!;
    const slope: number[] = [], curve: number[] = [];
    for (let i = 0; i < n; i++) {
      const u = this.points[1 + 2 * i]![i]! - at[i]!, v = this.points[2 + 2 * i]![i]! - at[i]!;
      const f = (values[1 + 2 * i]! - first) / u, g = (values[2 + 2 * i]! - first) / v;
      curve.push((g - f) / (v - u));
      slope.push(f - curve[i]! * u);
    }
    const cross = new Map<string, number>();
    let next = 1 + 2 * n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++, next++) {
        const u = this.points[next]![i]! - at[i]!, v = this.points[next]![j]! - at[j]!;
        const alone = (k: number) => values[1 + 2 * k]! - first;
        cross.set(`${i},${j}`, (values[next]! - first - alone(i) - alone(j)) / (u * v));
      }
    }
    const terms = this.#expanded(first, at, slope, curve, cross);
    const whole = terms.every(({ factor }) => Math.abs(factor - Math.round(factor)) < 1e-6);
    if (!whole) return undefined;
    const rounded = terms.map((term) => ({ ...term, factor: Math.round(term.factor) })).filter((term) => term.factor);
    return values.every((value, k) => value === evaluated(rounded, this.points[k]!)) ? rounded : undefined;
  }

  /** The terms of f(at) + Σ slope · u + Σ curve · u² + Σ cross · u · v for u, v = the axes less `at`. */
  #expanded(
    first: number,
    at: Varying,
    slope: readonly number[],
    curve: readonly number[],
    cross: ReadonlyMap<string, number>,
  ): Term[] {
    let constant = first;
    const linear = slope.map((factor, i) => {
      constant += curve[i]! * at[i]! ** 2 - factor * at[i]!;
      return factor - 2 * curve[i]! * at[i]!;
    });
    const products: Term[] = curve.map((factor, i) => ({ factor, axes: [i, i] }));
    for (const [key, factor] of cross) {
      const [i, j] = key.split(",").map(Number) as [number, number];
      constant += factor * at[i]! * at[j]!;
      linear[i]! -= factor * at[j]!;
      linear[j]! -= factor * at[i]!;
      products.push({ factor, axes: [j, i] });
    }
    return [...products, ...linear.map((factor, i) => ({ factor, axes: [i] })), { factor: constant, axes: [] }];
  }

  /** `values` as people write them: "batch", "2*batch + 1"; undefined where they follow no rule. */
  text(values: Varying): string | undefined {
    const terms = this.polynomial(values);
    return terms?.map(({ factor, axes }) => {
      const names = axes.map((i) => this.axes[i]!.name);
      return [...factor === 1 && names.length > 0 ? [] : [factor], ...names].join("*");
    }).join(" + ");
  }
}

function evaluated(terms: readonly Term[], at: Varying): number {
  return terms.reduce((sum, { factor, axes }) => sum + axes.reduce((product, i) => product * at[i]!, factor), 0);
}
