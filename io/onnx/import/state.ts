/**
 * What a file holds: parameters and buffers of a module, and constants of its formulas.
 *
 * @module
 */

import { Parameter } from "../../../nn/parameter.ts";
import { type DeviceName, isFloat, type Tensor } from "../../../tensor/mod.ts";
import { TensorType } from "../model.ts";
import { Bounds } from "./bounds.ts";
import { at, OperatorCall, type Step } from "./call.ts";
import { Names } from "./names.ts";
import { Graph, type Initial } from "./graph.ts";
import { domainOf } from "./functions.ts";
import { type ExternalData, hostArrayOf, readTensor } from "./tensors.ts";
import { countOf, HOST_LIMIT, type HostArray, type Value } from "./values.ts";

/** A value of a graph that the file holds: the module's field of a parameter or buffer, or a constant. */
export interface Entry {
  /** Its name in the graph. */
  readonly name: string;
  /** The name of the field. */
  readonly field?: string;
  /** The constant. */
  readonly array?: HostArray;
}

/** A parameter or buffer of the module. */
export interface StateTensor {
  /** The name of the field. */
  readonly field: string;
  /** The name in a state dict. */
  readonly key: string;
  /** The tensor. */
  readonly tensor: Tensor;
}

/** How a file's tensors are taken up. */
export interface StateOptions {
  /** Where they are put. */
  readonly device: DeviceName;
  /** Which parameters are trained. */
  readonly trainable: boolean | ((name: string) => boolean);
  /** Whether computing them may take no more than their size gives reason for. */
  readonly bounded: boolean;
}

/** All that the graphs of a model hold. */
export class State {
  /** The values of each graph. */
  readonly entries: Map<Graph, Entry[]> = new Map();
  /** Parameters and buffers, in the order of the file. */
  readonly tensors: StateTensor[] = [];
  readonly #options: StateOptions;
  readonly #external: ExternalData;
  readonly #keys = new Names();

  /** Nothing yet. */
  constructor(options: StateOptions, external: ExternalData) {
    this.#options = options;
    this.#external = external;
  }

  /** Takes up what a graph holds and gives the graph back, without the nodes whose results are taken up instead. */
  take(graph: Graph): Graph {
    const folded = foldable(graph), steps = graph.steps.filter((step) => !folded.has(step));
    const inner = steps.map((step) => new Map([...step.graphs].map(([name, graph]) => [name, this.take(graph)])));
    const kept = steps.map((step, i) => step.withGraphs(inner[i]!)),
      released = graph.released.filter((_, i) => !folded.has(graph.steps[i]!));
    const result = new Graph(graph.inputs, graph.outputs, graph.initial, kept, released, graph.captured);
    const used = new Set([
      ...steps.flatMap(({ node, graphs }) => [...node.input, ...[...graphs.values()].flatMap((g) => [...g.captured])]),
      ...graph.outputs.map(({ name }) => name),
    ]);
    const gone = new Set([...folded].flatMap(({ node }) => node.input).filter((name) => !used.has(name)));
    const statistics = statisticsOf(steps), entries: Entry[] = [];
    const initial = new Map(graph.initial.map((initial) => [initial.name, initial]));
    for (const initial of graph.initial) {
      if (gone.has(initial.name)) continue;
      entries.push(at(`the initializer "${initial.name}"`, () => this.#entry(initial, statistics)));
    }
    for (const step of folded) {
      const tensor = at(step.label, () => this.#computed(step, initial)), name = step.node.output[0]!;
      entries.push({ name, field: this.#add(name, tensor, tensor.ndim > 0) });
    }
    this.entries.set(result, entries);
    return result;
  }

  #entry(initial: Initial, statistics: ReadonlySet<string>): Entry {
    const { name, proto, constant } = initial, { device } = this.#options, small = countOf(proto.dims) <= HOST_LIMIT;
    const float = isFloatType(proto.dataType), single = countOf(proto.dims) === 1;
    if (constant && (float ? single : small)) return { name, array: hostArrayOf(proto, device, this.#external) };
    const tensor = readTensor(proto, device, this.#external);
    return { name, field: this.#add(name, tensor, tensor.ndim > 0 && !statistics.has(name)) };
  }

  /** A parameter if it is a float that may be learned, else a buffer; the name of its field. */
  #add(name: string, tensor: Tensor, learnable: boolean): string {
    const key = this.#keys.free(name), { trainable } = this.#options, field = `value${this.tensors.length}`;
    const requiresGrad = typeof trainable === "boolean" ? trainable : trainable(key);
    this.tensors.push({
      field,
      key,
      tensor: learnable && isFloat(tensor.dtype) ? new Parameter(tensor, { requiresGrad }) : tensor,
    });
    return field;
  }

  #computed(step: Step, initial: ReadonlyMap<string, Initial>): Tensor {
    const { device, bounded } = this.#options;
    const values = step.node.input.map((name): Value | undefined => {
      const found = initial.get(name);
      return found && at(`the initializer "${name}"`, () => readTensor(found.proto, device, this.#external));
    });
    const given = values.reduce((sum, value) => sum + countOf(value?.shape ?? [0]), 0);
    const bounds = new Bounds(bounded ? given : Infinity), run = { device, training: false, bounds, graph: () => [] };
    const result = bounds.within(() => step.operator(new OperatorCall(step, values, run)));
    return (result as Tensor).detach().clone();
  }
}

function isFloatType(type: number): boolean {
  return ([TensorType.FLOAT, TensorType.DOUBLE, TensorType.FLOAT16, TensorType.BFLOAT16] as number[]).includes(type);
}

/** Running averages, which are not learned. */
function statisticsOf(steps: readonly Step[]): Set<string> {
  return new Set(steps.flatMap(({ node }) => node.opType === "BatchNormalization" ? node.input.slice(3) : []));
}

/** Nodes that make floats of weights stored as integers: they are computed once. */
function foldable(graph: Graph): Set<Step> {
  const names = new Set(graph.initial.map(({ name }) => name));
  const constant = (name: string) => name === "" || names.has(name);
  return new Set(
    graph.steps.filter(({ node }) =>
      node.opType === "DequantizeLinear" && domainOf(node) === "" && node.input.every(constant) &&
      node.output.length === 1 && node.output[0] !== ""
    ),
  );
}
