/**
 * The traces of a model laid upon each other: one graph, in which every number knows how it differed.
 *
 * @module
 */

import { type Attributes, type DType, hostData, type Node, read, type TypedArray } from "../../../kernels/mod.ts";
import { ValueError } from "../../../tensor/mod.ts";
import type { NamedOperation } from "../../../tensor/operations.ts";
import { constantOf, type Varying } from "./extents.ts";
import { placeOf, type Trace } from "./trace.ts";

/** A tensor of the model. */
export interface Value {
  /** The node in each trace. */
  readonly nodes: readonly Node[];
  /** An input of the model, a leaf, what an operation makes, or what is made in another way in each trace. */
  readonly kind: "input" | "leaf" | "made" | "different";
  /** What made it, in each trace. */
  readonly attributes: readonly Attributes[];
  readonly operands: readonly Value[];
  /** The numbers that a view takes, in each trace. */
  readonly parameters: readonly (readonly number[])[];
  readonly extents: readonly Varying[];
  readonly dtype: DType;
  /** The path of the module that made it. */
  readonly scope: string;
  /** The operations that it is a result of, innermost first. */
  readonly operations: readonly Operation[];
}

/** An operation by name. */
export interface Operation {
  readonly name: string;
  readonly inputs: readonly (Value | undefined)[];
  /** What it was given besides tensors; undefined of one that is known by its name alone. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  /** Whether its attributes depend on the extents of the inputs. */
  readonly varies: boolean;
  readonly outputs: readonly Value[];
}

/** The number of dimensions. */
export const rankOf = (value: Value): number => value.extents.length;

/** The extents, where none depends on the inputs'. */
export function shapeOf(value: Value): number[] | undefined {
  const shape = value.extents.map(constantOf);
  return shape.some((extent) => extent === undefined) ? undefined : shape as number[];
}

/** The number that a scalar is, in each trace; undefined for anything else. */
export function numberOf({ attributes, nodes }: Value): Varying | undefined {
  return attributes[0]!.op === "scalar" ? nodes.map((node) => node.value) : undefined;
}

/** What made a value, for messages. */
export function nameOf({ operations, attributes }: Value): string {
  return operations.at(-1)?.name ?? attributes[0]!.op;
}

/** An error about the operation that makes `value`. */
export function exportError(value: Value, why: string): ValueError {
  return new ValueError(`Cannot export ${nameOf(value)}${placeOf(value.scope)}: ${why}`);
}

/** An error of an operation whose numbers depend on extents that are not known yet. */
export function dynamicError(value: Value, what: string): ValueError {
  return exportError(
    value,
    `${what} in a way that no operator of ONNX can follow. Leave the dimension out of dynamicAxes, so that it is fixed`,
  );
}

/** The elements of a leaf in one of the traces. */
export function elementsOf(node: Node): TypedArray {
  return hostData(node) ?? read(node);
}

/** What a model computes. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** All values, in an order in which they can be computed. */
  readonly values: readonly Value[];
}

/** The graph of the traces. */
export function alignedGraph(traces: readonly Trace[]): Graph {
  const alignment = new Alignment(traces);
  const [first] = traces as [Trace];
  const across = (list: (trace: Trace) => readonly Node[]) =>
    list(first).map((_, i) => alignment.value(traces.map((trace) => list(trace)[i])));
  const inputs = across((trace) => trace.inputs), outputs = across((trace) => trace.outputs.map(([, node]) => node));
  return { inputs, outputs, values: alignment.finish() };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Alignment {
  readonly #values = new Map<string, Value>();
  readonly #unfinished: Mutable<Value>[] = [];
  readonly #operations = new Map<NamedOperation, Operation>();

  constructor(readonly traces: readonly Trace[]) {}

  /** The value that these nodes are, one from each trace. */
  value(given: readonly (Node | undefined)[]): Value {
    const nodes = given as readonly Node[], key = given.map((node) => node?.id).join();
    let value = this.#values.get(key);
    if (value === undefined) {
      value = this.#made(nodes);
      this.#values.set(key, value);
      this.#unfinished.push(value);
    }
    return value;
  }

  #made(nodes: readonly Node[]): Value {
    const made = this.traces.map(({ made }, i) => nodes[i] && made.get(nodes[i]!)), [first] = nodes as [Node];
    const attributes = nodes.map((node, i) => made[i]?.attributes ?? node?.attributes);
    const alike = nodes.every((node, i) =>
      node !== undefined && attributes[i]!.op === attributes[0]!.op && node.dtype === first.dtype &&
      node.shape.length === first.shape.length && (made[i] === undefined) === (made[0] === undefined)
    );
    const isInput = this.traces[0]!.inputs.includes(first);
    return {
      nodes,
      kind: !alike ? "different" : isInput ? "input" : made[0] === undefined ? "leaf" : "made",
      attributes,
      operands: [],
      parameters: [],
      extents: (first?.shape ?? []).map((_, axis) => nodes.map((node) => node?.shape[axis] ?? NaN)),
      dtype: first?.dtype ?? "float32",
      scope: made.find((entry) => entry !== undefined)?.scope ?? "",
      operations: [],
    };
  }

  /** Goes from the results to the inputs. */
  finish(): Value[] {
    for (let value = this.#unfinished.pop(); value !== undefined; value = this.#unfinished.pop()) {
      if (value.kind === "made") this.#addOperands(value);
      if (value.kind === "made" || value.kind === "different") this.#addOperations(value);
    }
    // Nodes are numbered as they are recorded.
    const age = ({ nodes }: Value) => nodes.reduce((sum, node) => sum + (node?.id ?? 0), 0);
    return [...this.#values.values()].map((value) => [age(value), value] as const)
      .sort(([a], [b]) => a - b).map(([, value]) => value);
  }

  #addOperands(value: Mutable<Value>): void {
    const inputs = this.traces.map(({ made }, i) => made.get(value.nodes[i]!)!.inputs);
    // What else a view is given are numbers.
    const isView = value.attributes[0]!.op === "view", count = isView ? 1 : inputs[0]!.length;
    if (isView) value.parameters = inputs.map((list) => list.slice(1).map((node) => node.value));
    value.operands = Array.from({ length: count }, (_, k) => this.value(inputs.map((list) => list[k])));
  }

  #addOperations(value: Mutable<Value>): void {
    const lists = this.traces.map(({ operations }, i) => operations.get(value.nodes[i]!) ?? []);
    const found: Operation[] = [];
    // The outermost ones are alike, where any are.
    for (let back = 1; back <= lists[0]!.length; back++) {
      const recorded = lists.map((list) => list.at(-back));
      const operation = recorded.every((other) => other !== undefined) ? this.#operation(recorded) : undefined;
      if (operation === undefined) break;
      found.unshift(operation);
    }
    value.operations = found;
  }

  #operation(recorded: readonly NamedOperation[]): Operation | undefined {
    const [first] = recorded as [NamedOperation];
    const pattern = ({ name, attributes, inputs, outputs }: NamedOperation) =>
      `${name} ${attributes === undefined} ${inputs.map((input) => input !== undefined)} ${outputs.length}`;
    if (recorded.some((other) => pattern(other) !== pattern(first))) return undefined;
    let operation = this.#operations.get(first);
    if (operation === undefined) {
      const across = (list: (operation: NamedOperation) => readonly (Node | undefined)[]) =>
        list(first).map((node, i) => node && this.value(recorded.map((operation) => list(operation)[i])));
      const texts = recorded.map(({ attributes }) => JSON.stringify(attributes));
      operation = {
        name: first.name,
        inputs: across(({ inputs }) => inputs),
        attributes: first.attributes,
        varies: texts.some((text) => text !== texts[0]),
        outputs: across(({ outputs }) => outputs) as Value[],
      };
      this.#operations.set(first, operation);
    }
    return operation;
  }
}

/** Why a value has no place in a graph, which is the same for each trace; undefined if it has one. */
export function differenceOf(value: Value): string | undefined {
  const { kind, nodes, dtype } = value, [node] = nodes as [Node];
  if (kind === "different") {
    return `Cannot export ${nameOf(value)}${
      placeOf(value.scope)
    }: from here on the model does something else for other ` +
      "extents, as a loop over a dimension does, and a graph is the same for all. " +
      "Leave the dimension out of dynamicAxes, so that it is fixed";
  }
  if (kind !== "leaf" || numberOf(value) !== undefined || nodes.every((other) => other === node)) return undefined;
  const shape = node.shape.join(", ");
  if (shapeOf(value) === undefined) {
    return `Cannot export a constant of shape [${shape}]: its extents are those of the inputs, and its elements are made ` +
      "outside of the graph, of random numbers or lists. Make it with zeros, full or arange, or leave the dimension " +
      'out of dynamicAxes. Dropout is off with { training: "eval" }';
  }
  const [first, ...rest] = nodes.map(elementsOf);
  if (rest.every((elements) => elements.every((x, i) => Object.is(x, first![i])))) return undefined;
  return `Cannot export a ${dtype} tensor of shape [${shape}] that each run makes anew, of random numbers or the ` +
    'clock: give it to the model as an input. Dropout is off with { training: "eval" }';
}

/** Refuses a value that has no place in a graph. */
export function requireSame(value: Value): void {
  const difference = differenceOf(value);
  if (difference !== undefined) throw new ValueError(difference);
}
