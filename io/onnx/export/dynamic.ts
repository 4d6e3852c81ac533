/**
 * Which extents of the inputs have names instead of numbers, and which numbers to trace with in their place.
 *
 * @module
 */

import { TensaurError, ValueError } from "../../../tensor/mod.ts";
import { alternatives, type Axis, odd, Plan, type Varying } from "./extents.ts";
import type { Trace } from "./trace.ts";

/** Dimensions without a fixed extent, by the name of the input or output: by their names, or as a list. */
export type DynamicAxes = Readonly<Record<string, Readonly<Record<number, string>> | readonly number[]>>;

/** An input or output: its name and shape. */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The named dimensions of one input or output. */
export function namedAxes({ name, shape }: Port, given: DynamicAxes[string] | undefined): Map<number, string> {
  const entries = Array.isArray(given)
    ? given.map((axis: number) => [axis, `${name}_dim_${axis < 0 ? axis + shape.length : axis}`] as const)
    : Object.entries(given ?? {}).map(([axis, label]) => [Number(axis), label as string] as const);
  return new Map(entries.map(([axis, label]) => {
    const at = axis < 0 ? axis + shape.length : axis;
    if (Number.isInteger(at) && at >= 0 && at < shape.length) return [at, label];
    throw new ValueError(
      `Cannot make dimension ${axis} of ${name} dynamic: its shape is [${shape.join(", ")}]`,
    );
  }));
}

/** The dynamic dimensions of a model's inputs. */
export class Dynamic {
  readonly axes: Axis[] = [];
  /** For each input, its axes by dimension. */
  readonly ofInput: readonly ReadonlyMap<number, number>[];

  constructor(readonly inputs: readonly Port[], given: DynamicAxes) {
    this.ofInput = inputs.map((input) =>
      new Map([...namedAxes(input, given[input.name])].map(([dimension, label]) => [
        dimension,
        this.#axis(label, input.shape[dimension]!, input.name),
      ]))
    );
  }

  #axis(name: string, size: number, input: string): number {
    const found = this.axes.findIndex((axis) => axis.name === name);
    if (found < 0) return this.axes.push({ name, size }) - 1;
    if (this.axes[found]!.size === size) return found;
    throw new ValueError(
      `Cannot give one name, "${name}", to extents ${this.axes[found]!.size} and ${size} (of ${input}): ` +
        "dimensions of one name are equal",
    );
  }

  /** Where an axis is found among the inputs. */
  place(axis: number): [input: Port, dimension: number] {
    for (const [i, dimensions] of this.ofInput.entries()) {
      for (const [dimension, at] of dimensions) if (at === axis) return [this.inputs[i]!, dimension];
    }
    throw new TypeError(`No input has axis ${axis}`);
  }

  /** The shapes of the inputs with these extents. */
  shapes(extents: Varying): number[][] {
    return this.inputs.map(({ shape }, i) =>
      shape.map((extent, dimension) => extents[this.ofInput[i]!.get(dimension) ?? -1] ?? extent)
    );
  }

  /** Traces the model as often as it takes to tell how its numbers depend on the extents. */
  traces(run: (extents: Varying) => Trace): { plan: Plan; traces: Trace[] } {
    const example = this.axes.map(({ size }) => size), made = new Map<string, Trace>();
    const trace = (extents: Varying) => {
      const key = extents.join(), found = made.get(key) ?? run(extents);
      made.set(key, found);
      return found;
    };
    // What is wrong with the example itself is the caller's to see. Lazy modules make their parameters in this run, which is not used.
    const { outputs } = run(example);
    const choices = this.axes.map((axis, i) => this.#choices(axis, (extent) => trace(example.with(i, extent))));
    const other = example.map(odd);
    const plan = new Plan(this.axes, choices, this.axes.length > 0 && works(() => trace(other)) ? other : undefined);
    // Without axes, the model has to be run again to see whether it does the same.
    const traces = plan.points.map((point, i) => i === 0 || this.axes.length > 0 ? trace(point) : run(point));
    this.#requireRanks(outputs, traces[0]!.outputs);
    return { plan, traces };
  }

  /** Refuses a model that has other results for other extents, or whose results have other dimensions for extents of 1. */
  #requireRanks(example: Trace["outputs"], other: Trace["outputs"]): void {
    if (example.length !== other.length) {
      throw new ValueError(
        `Cannot export with dynamicAxes a model that has ${example.length} results for the example, and ${other.length} for ` +
          "other extents: a graph always has as many. Leave the dimension out of dynamicAxes, so that it is fixed",
      );
    }
    const ranks = (outputs: Trace["outputs"]) => outputs.map(([, { shape }]) => shape.length).join(", ");
    if (ranks(example) === ranks(other)) return;
    const single = this.axes.filter(({ size }) => size === 1).map(({ name }) => `"${name}"`).join(" and ");
    throw new ValueError(
      `Cannot export with a dynamic ${single}: with the example's extent of 1 the results have ${ranks(example)} ` +
        `dimensions, else ${ranks(other)}. Name the dimension that squeeze() is to drop, or give a larger example`,
    );
  }

  /** Three extents that the model takes, and with which it records as many operations, if there are such. */
  #choices({ name, size }: Axis, trace: (extent: number) => Trace): number[] {
    const byLength = new Map<number, number[]>(), found: number[] = [];
    let error: unknown;
    for (const extent of alternatives(size)) {
      try {
        const { size: length } = trace(extent).made, alike = [...byLength.get(length) ?? [], extent];
        byLength.set(length, alike);
        found.push(extent);
        if (alike.length === 3) return alike;
        // With each extent another number: that is how the model is, and no coincidence.
        if (found.length === 3 && byLength.size === 3) return found;
      } catch (other) {
        if (!(other instanceof TensaurError)) throw other;
        error ??= other;
      }
    }
    if (found.length >= 3) return found.slice(0, 3);
    throw new ValueError(
      `Cannot export with a dynamic "${name}": the model takes no other extents than the example's ${size}: ` +
        `${(error as Error).message}. Leave it out of dynamicAxes, or give dimensions that have to be equal one name`,
    );
  }
}

function works(body: () => unknown): boolean {
  try {
    body();
    return true;
  } catch (error) {
    if (error instanceof TensaurError) return false;
    throw error;
  }
}
