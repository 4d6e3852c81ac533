/**
 * Running a graph: node after node, on the host where all that a node takes is there.
 *
 * @module
 */

import { ShapeError } from "../../../tensor/mod.ts";
import { at, OperatorCall, type Run, type Step } from "./call.ts";
import type { Graph } from "./graph.ts";
import { HostArray, type Value } from "./values.ts";

/** Values by name, and those of the graphs around. */
export class Scope {
  readonly #values = new Map<string, Value>();

  /** A scope within another. */
  constructor(readonly outer?: Scope) {}

  /** The value of a name; undefined for none. */
  get(name: string): Value | undefined {
    return this.#values.get(name) ?? this.outer?.get(name);
  }

  /** Whether a name has a value in this scope itself. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Gives a name its value. */
  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Forgets a value that is not needed any more. */
  delete(name: string): void {
    this.#values.delete(name);
  }
}

/** What computes a step's outputs; the module of a layer does it by calling itself, so that its hooks run. */
export type Execute = (step: Step, inputs: readonly (Value | undefined)[], run: Run) => readonly (Value | undefined)[];

/** The outputs of a step. */
export const execute: Execute = (step, inputs, run) => {
  const call = new OperatorCall(step, inputs, run);
  const host = step.onHost !== undefined && inputs.every((value) => value === undefined || value instanceof HostArray);
  const result = (host ? step.onHost!(call) : undefined) ?? step.operator(call);
  return Array.isArray(result) ? result : [result as Value];
};

/** What running all graphs of a model has in common. */
export interface Runtime extends Omit<Run, "graph"> {
  /** Values that the file holds, of the graph given. */
  initial(graph: Graph): Iterable<readonly [string, Value]>;
  /** Computes a step. */
  readonly execute: Execute;
}

/** The outputs of a graph whose inputs are in `scope`, in order. */
export function runGraph(graph: Graph, scope: Scope, runtime: Runtime): Value[] {
  const { device, training, bounds } = runtime;
  for (const [name, value] of runtime.initial(graph)) if (!scope.has(name)) scope.set(name, value);
  const run: Run = {
    device,
    training,
    bounds,
    graph(inner, inputs) {
      // A loop's body may have no nodes.
      bounds.node();
      if (inputs.length !== inner.inputs.length) {
        throw new ShapeError(`its graph takes ${inner.inputs.length} inputs, and is given ${inputs.length}`);
      }
      const within = new Scope(scope);
      inner.inputs.forEach(({ name }, i) => within.set(name, inputs[i]!));
      return runGraph(inner, within, runtime);
    },
  };
  graph.steps.forEach((step, i) => {
    const inputs = step.node.input.map((name) => name === "" ? undefined : scope.get(name));
    at(step.label, () => {
      bounds.node();
      const outputs = runtime.execute(step, inputs, run);
      step.node.output.forEach((name, position) => {
        const value = outputs[position];
        if (name === "") return;
        if (value === undefined) throw new ShapeError(`its output ${position}, "${name}", is not supported`);
        bounds.shape(value.shape);
        scope.set(name, value);
      });
    });
    for (const name of graph.released[i]!) scope.delete(name);
  });
  return graph.outputs.map(({ name }) => scope.get(name)!);
}
