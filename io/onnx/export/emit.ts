/**
 * From values to nodes: each value that is needed is written by the rule of the outermost operation that has one, else by what it is
 * made of.
 *
 * @module
 */

import { type Node, numel } from "../../../kernels/mod.ts";
import { activations } from "./activations.ts";
import { constantOf } from "./extents.ts";
import { differenceOf, elementsOf, numberOf, type Operation, requireSame, shapeOf, type Value } from "./graph.ts";
import { images } from "./images.ts";
import { layers } from "./layers.ts";
import { primitiveStep } from "./primitives.ts";
import { recurrent } from "./recurrent.ts";
import type { Rule, Step } from "./step.ts";
import { elementTypes, type Name, type Writer } from "./writer.ts";

const detailed: Readonly<Record<string, Rule>> = { ...layers, ...images, ...recurrent };

/** How an operation is written; undefined where no operator of ONNX is like it. */
function ruled(operation: Operation, value: Value, writer: Writer): Step | undefined {
  const { name, attributes } = operation, rules = attributes === undefined ? activations : detailed;
  if (operation.varies || !Object.hasOwn(rules, name)) return undefined;
  return attributes === undefined
    ? activations[name]!(operation, value, writer)
    : detailed[name]!({ ...operation, attributes }, value, writer);
}

/** Most elements of a value that is computed while exporting, because it depends on nothing that is not known. */
const MOST_FOLDED = 2 ** 16;

/** Writes values. */
export class Emitter {
  readonly #names = new Map<Value, Name>();
  readonly #steps = new Map<Value, Step>();
  readonly #ofOperation = new Map<Operation, Step>();
  /** Values that depend on nothing but constants without a name. */
  readonly #fixed: ReadonlySet<Value>;
  readonly #order: ReadonlyMap<Value, number>;

  constructor(
    readonly writer: Writer,
    values: readonly Value[],
    /** Names of the model's parameters and buffers. */
    readonly state: ReadonlyMap<Node, string>,
    inputs: ReadonlyMap<Value, Name>,
  ) {
    for (const [value, name] of inputs) this.#names.set(value, name);
    this.#order = new Map(values.map((value, i) => [value, i]));
    this.#fixed = fixedAmong(values, state);
  }

  /** Writes all that `values` need, and gives their names. */
  write(values: readonly Value[]): Name[] {
    const steps = new Map<Step, Value>(), open = [...values];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      if (this.#names.has(value) || this.#steps.has(value)) continue;
      const step = this.#stepOf(value);
      this.#steps.set(value, step);
      const first = steps.get(step);
      if (first === undefined || this.#order.get(value)! < this.#order.get(first)!) steps.set(step, value);
      for (const input of step.inputs) if (input !== undefined) open.push(input);
    }
    const ordered = [...steps].sort(([, a], [, b]) => this.#order.get(a)! - this.#order.get(b)!);
    for (const [step, value] of ordered) this.#writeStep(step, value);
    return values.map((value) => this.#names.get(value)!);
  }

  #writeStep(step: Step, value: Value): void {
    this.writer.scope = value.scope;
    const inputs = step.inputs.map((input) => input === undefined ? "" : this.#names.get(input)!);
    const written = [step.write(inputs, this.writer)].flat();
    (step.outputs ?? [value]).forEach((output, i) => this.#names.set(output, written[i]!));
  }

  #stepOf(value: Value): Step {
    const [node] = value.nodes as [Node], name = this.state.get(node);
    if (value.kind === "leaf" && (name !== undefined || numberOf(value) === undefined)) {
      requireSame(value);
      return this.#initializer(value, name);
    }
    const shape = shapeOf(value);
    if (value.kind === "made" && this.#fixed.has(value) && numel(shape!) <= MOST_FOLDED) {
      return this.#initializer(value, undefined);
    }
    for (const operation of value.operations.toReversed()) {
      const step = this.#ofOperation.get(operation) ?? ruled(operation, value, this.writer);
      if (step === undefined) continue;
      if (step.outputs !== undefined) this.#ofOperation.set(operation, step);
      return step;
    }
    return primitiveStep(value);
  }

  /** The elements themselves: of what the state has under that name, or of a constant. */
  #initializer({ nodes: [node], dtype }: Value, name: string | undefined): Step {
    return {
      inputs: [],
      write(_, w) {
        const content = [elementsOf(node!), node!.shape, elementTypes[dtype]] as const;
        return name === undefined ? w.initializer("constant", ...content) : w.reserved(name, ...content);
      },
    };
  }
}

/** The values that are computed from constants alone, and are the same in each trace. */
function fixedAmong(values: readonly Value[], state: ReadonlyMap<Node, string>): Set<Value> {
  const fixed = new Set<Value>();
  for (const value of values) {
    const { kind, nodes, attributes, operands, parameters } = value;
    if (kind === "input" || kind === "different" || shapeOf(value) === undefined || state.has(nodes[0]!)) continue;
    const numbers = numberOf(value);
    const same = kind === "leaf"
      ? numbers === undefined ? differenceOf(value) === undefined : constantOf(numbers) !== undefined
      : attributes.every((other) => other === attributes[0]) && operands.every((operand) => fixed.has(operand)) &&
        parameters.every((list) => list.join() === parameters[0]!.join());
    if (same) fixed.add(value);
  }
  return fixed;
}
