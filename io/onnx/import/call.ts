/**
 * A call of an operator: its node, and what goes in.
 *
 * @module
 */

import {
  AutogradError,
  DeviceError,
  type DeviceName,
  DTypeError,
  IndexError,
  ShapeError,
  TensaurError,
  type Tensor,
  ValueError,
} from "../../../tensor/mod.ts";
import { type AttributeProto, AttributeType, type NodeProto, type TensorProto } from "../model.ts";
import type { Bounds } from "./bounds.ts";
import type { Graph } from "./graph.ts";
import { countOf, HostArray, hostOf, tensorOf, type Value } from "./values.ts";

/** What an operator gives: its one output, or a list, with nothing in the place of one that nobody wants. */
export type Result = Value | readonly (Value | undefined)[];

/** What computes a node. */
export type Operator = (call: OperatorCall) => Result;

/** Operators by name. */
export type Operators = Readonly<Record<string, Operator>>;

/** What a run of a model gives to all its nodes. */
export interface Run {
  /** Where tensors are made. */
  readonly device: DeviceName;
  /** Whether the model is being trained. */
  readonly training: boolean;
  /** What the run may take. */
  readonly bounds: Bounds;
  /** Computes a graph within a node, such as a branch: its outputs for these inputs. */
  graph(graph: Graph, inputs: readonly Value[]): Value[];
}

/** A node that can be run. */
export class Step {
  /** A node and what was found out about it. */
  constructor(
    /** The node. */
    readonly node: NodeProto,
    /** The version of its set of operators. */
    readonly version: number,
    /** What computes it. */
    readonly operator: Operator,
    /** The graphs in its attributes, by the attributes' names. */
    readonly graphs: ReadonlyMap<string, Graph>,
    /** What computes it on the host if all inputs are there. */
    readonly onHost: HostOperator | undefined,
    /** The types of elements that the file tells of its inputs. */
    readonly inputTypes: readonly (number | undefined)[],
  ) {}

  /** What messages call it. */
  get label(): string {
    return labelOf(this.node);
  }

  /** The same node with other graphs in its attributes. */
  withGraphs(graphs: ReadonlyMap<string, Graph>): Step {
    return new Step(this.node, this.version, this.operator, graphs, this.onHost, this.inputTypes);
  }
}

/** What computes a node on the host; undefined where that is no use, because the result is large, say. */
export type HostOperator = (call: OperatorCall) => HostArray | readonly HostArray[] | undefined;

/** What messages call a node. */
export function labelOf({ name, opType, output }: NodeProto): string {
  const known = name || output.find((value) => value !== "") || "";
  return known === "" ? opType : `${opType} "${known}"`;
}

/** Which field an attribute of a kind has its value in, and what messages call the kind. */
const kinds = {
  f: [AttributeType.FLOAT, "a number"],
  i: [AttributeType.INT, "an integer"],
  s: [AttributeType.STRING, "a text"],
  t: [AttributeType.TENSOR, "a tensor"],
  floats: [AttributeType.FLOATS, "a list of numbers"],
  ints: [AttributeType.INTS, "a list of integers"],
  strings: [AttributeType.STRINGS, "a list of texts"],
} as const;

/** A call of an operator. Methods that find no input or another kind of attribute throw. */
export class OperatorCall {
  /** A call of a step with these inputs. */
  constructor(
    /** What is called. */
    readonly step: Step,
    /** Its inputs; undefined for those that are left out. */
    readonly inputs: readonly (Value | undefined)[],
    /** The run that it is part of. */
    readonly run: Run,
  ) {}

  /** The version of the set of operators. */
  get version(): number {
    return this.step.version;
  }

  /** How many outputs the node has. */
  get outputs(): number {
    return this.step.node.output.length;
  }

  /** Whether somebody wants the output at a position. */
  wants(position: number): boolean {
    return (this.step.node.output[position] ?? "") !== "";
  }

  /** Whether there is an input at a position. */
  has(position: number): boolean {
    return this.inputs[position] !== undefined;
  }

  /** An input, wherever it is. */
  value(position: number): Value {
    const found = this.inputs[position];
    if (found === undefined) this.fail(`has no input ${position}`);
    return found;
  }

  /** An input that is on the host, for an operator that is run there. */
  array(position: number): HostArray {
    return this.value(position) as HostArray;
  }

  /** All inputs, for an operator that is run on the host. */
  arrays(): HostArray[] {
    return this.inputs.map((_, i) => this.array(i));
  }

  /** The type of elements that the file tells of an input, one of `TensorType`. */
  typeOf(position: number): number | undefined {
    return this.step.inputTypes[position];
  }

  /** An input as a tensor. */
  tensor(position: number): Tensor {
    const value = this.value(position);
    return value instanceof HostArray ? tensorOf(value, this.run.device) : value;
  }

  /** An input as a tensor, if it is there. */
  maybe(position: number): Tensor | undefined {
    return this.has(position) ? this.tensor(position) : undefined;
  }

  /** All inputs as tensors, of which there is at least one. */
  tensors(): Tensor[] {
    if (this.inputs.length === 0) this.fail("has no inputs");
    return this.inputs.map((_, i) => this.tensor(i));
  }

  /** An input as a tensor, or as a number where that makes no difference among other tensors. */
  operand(position: number): Tensor | number {
    const value = this.value(position);
    const ranks = this.inputs.map((other) => other instanceof HostArray || other === undefined ? -1 : other.ndim);
    const alone = value instanceof HostArray && countOf(value.shape) === 1 && value.shape.length <= Math.max(...ranks);
    return alone && value.dtype !== "bool" ? value.data[0]! : this.tensor(position);
  }

  /** The elements of an input; of a tensor, read from its device. */
  numbers(position: number): readonly number[] {
    const value = this.value(position);
    this.run.bounds.onHost(countOf(value.shape));
    return hostOf(value).data;
  }

  /** The elements of an input, if it is there. */
  maybeNumbers(position: number): readonly number[] | undefined {
    return this.has(position) ? this.numbers(position) : undefined;
  }

  /** The one element of an input. */
  number(position: number): number {
    const data = this.numbers(position);
    if (data.length !== 1) this.fail(`takes one number as input ${position}, and is given ${data.length}`);
    return data[0]!;
  }

  /** The attribute of a name, of whatever kind. */
  attribute(name: string): AttributeProto | undefined {
    return this.step.node.attribute.find((attribute) => attribute.name === name);
  }

  #field<K extends keyof typeof kinds>(name: string, field: K): AttributeProto[K] {
    const found = this.attribute(name);
    if (found === undefined) return undefined as AttributeProto[K];
    const [type, text] = kinds[field];
    if (found.type !== type) this.fail(`has an attribute ${name} that is not ${text}`);
    return found[field];
  }

  #default<T>(name: string, found: T | undefined, value: T | undefined): T {
    const result = found ?? value;
    if (result === undefined) this.fail(`has no attribute ${name}`);
    return result;
  }

  /** An integer among the attributes. */
  int(name: string, value?: number): number {
    return this.#default(name, this.#field(name, "i"), value);
  }

  /** A number among the attributes. */
  float(name: string, value?: number): number {
    return this.#default(name, this.#field(name, "f"), value);
  }

  /** A text among the attributes. */
  text(name: string, value?: string): string {
    return this.#default(name, this.#field(name, "s"), value);
  }

  /** A list of integers among the attributes, if it is there. */
  ints(name: string): readonly number[] | undefined {
    return this.#field(name, "ints");
  }

  /** A list of numbers among the attributes, if it is there. */
  floats(name: string): readonly number[] | undefined {
    return this.#field(name, "floats");
  }

  /** A list of texts among the attributes, if it is there. */
  strings(name: string): readonly string[] | undefined {
    return this.#field(name, "strings");
  }

  /** A tensor among the attributes, if it is there. */
  proto(name: string): TensorProto | undefined {
    return this.#field(name, "t");
  }

  /** A list of integers: an attribute in older versions of an operator, an input in newer ones. */
  intsOrInput(name: string, position: number): readonly number[] | undefined {
    return this.ints(name) ?? this.maybeNumbers(position);
  }

  /** A graph among the attributes. */
  graph(name: string): Graph {
    return this.step.graphs.get(name) ?? this.fail(`has no graph ${name}`);
  }

  /** Throws unless an attribute has the value that is computed here. */
  only(name: string, value: number | string): void {
    const found = typeof value === "number" ? this.int(name, value) : this.text(name, value);
    if (found !== value) this.fail(`has ${name} ${found}: only ${value} is supported`);
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
      throw new IndexError(`axis ${axis} is none of its ${rank} axes`);
    }
    return axis < 0 ? axis + rank : axis;
  }

  /** Throws what is wrong with the node: `why` is said of it. */
  fail(why: string): never {
    throw new ValueError(`it ${why}`);
  }
}

const errors = [ShapeError, DTypeError, IndexError, ValueError, DeviceError, AutogradError];

/** An error of the same kind whose message has a prefix. */
function withPrefix(prefix: string, error: TensaurError): TensaurError {
  const kind = errors.find((kind) => error instanceof kind) ?? TensaurError;
  return new kind(prefix + error.message, { cause: error });
}

/** What `compute` returns; messages of what it throws get a prefix. */
export function prefixed<T>(prefix: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof TensaurError ? withPrefix(prefix, error) : error;
  }
}

/** Errors that say where they happened. */
const located = new WeakSet<Error>();

/** What `compute` returns; what it throws says in which part of the file it happened, unless it does so already. */
export function at<T>(place: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof TensaurError) || located.has(error)) throw error;
    const made = withPrefix(`In ${place}: `, error);
    located.add(made);
    throw made;
  }
}
