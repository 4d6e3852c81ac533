/**
 * The graph of a file: what the emitter writes, between inputs and outputs of given names.
 *
 * @module
 */

import type { Node } from "../../../kernels/mod.ts";
import { ValueError } from "../../../tensor/mod.ts";
import type { GraphProto, TensorProto, ValueInfoProto } from "../model.ts";
import { type Dynamic, type DynamicAxes, namedAxes } from "./dynamic.ts";
import { Emitter } from "./emit.ts";
import { constantOf, type Plan } from "./extents.ts";
import type { Graph, Value } from "./graph.ts";
import { elementTypes, type Name, Writer } from "./writer.ts";

/** Protocol Buffers count with 31 bits. */
const MOST_BYTES = 2 ** 31 - 1;

/** A file while it is written. */
export class GraphFile {
  readonly #writer: Writer;

  constructor(
    opset: number,
    dynamic: Dynamic,
    readonly plan: Plan,
    /** The names of parameters and buffers. */
    readonly state: ReadonlyMap<Node, Name>,
    readonly inputNames: readonly Name[],
    readonly outputNames: readonly Name[],
  ) {
    const writer = new Writer(opset, plan, (axis) => {
      const [{ name }, dimension] = dynamic.place(axis);
      return [name, dimension];
    });
    writer.reserve(state.values(), "a parameter or buffer");
    writer.reserve(inputNames, "an input");
    writer.reserve(outputNames, "an output");
    this.#writer = writer;
  }

  /** The graph of these values; `dynamicAxes` may name dimensions of the outputs. */
  graph({ inputs, outputs, values }: Graph, dynamicAxes: DynamicAxes): GraphProto {
    const writer = this.#writer, { state, inputNames, outputNames } = this;
    const emitter = new Emitter(writer, values, state, new Map(inputs.map((value, i) => [value, inputNames[i]!])));
    const renamed = this.#renaming(emitter.write(outputs));
    this.#checkSize();
    return {
      name: "main_graph",
      node: writer.nodes(renamed),
      initializer: this.#initializers(),
      input: inputs.map((value, i) => this.#info(value, inputNames[i]!, new Map())),
      output: outputs.map((value, i) => {
        const name = outputNames[i]!;
        return this.#info(value, name, namedAxes({ name, shape: value.nodes[0]!.shape }, dynamicAxes[name]));
      }),
    };
  }

  /** Parameters and buffers in the order of the state dict, then constants. */
  #initializers(): TensorProto[] {
    const places = new Map([...this.state.values()].map((name, i) => [name, i]));
    const place = ({ name }: TensorProto) => places.get(name!) ?? places.size;
    return this.#writer.initializers.toSorted((a, b) => place(a) - place(b));
  }

  #info(value: Value, name: Name, labels: ReadonlyMap<number, string>): ValueInfoProto {
    const shape = value.extents.map((extent, i) => constantOf(extent) ?? labels.get(i) ?? this.plan.text(extent));
    return { name, type: { tensorType: { elemType: elementTypes[value.dtype], shape } } };
  }

  /** The names of the outputs in place of those that were written; a copy where that name is needed otherwise. */
  #renaming(written: readonly Name[]): Map<Name, Name> {
    const writer = this.#writer, renamed = new Map<Name, Name>();
    const kept = new Set([...this.inputNames, ...writer.initializers.map(({ name }) => name!)]);
    writer.scope = "";
    written.forEach((name, i) => {
      const own = kept.has(name) || renamed.has(name) ? writer.op("Identity", [name]) : name;
      renamed.set(own, this.outputNames[i]!);
    });
    return renamed;
  }

  #checkSize(): void {
    const bytes = this.#writer.initializers.reduce((sum, { rawData }) => sum + rawData!.length, 0);
    if (bytes <= MOST_BYTES) return;
    throw new ValueError(
      `Cannot export a model of ${bytes} bytes: a file holds ${MOST_BYTES}. Convert it with half(), or export its parts`,
    );
  }
}
