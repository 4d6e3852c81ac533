/**
 * A node with weights as a layer of its model: hooks and summaries see it, and it prints with its weights' shapes and its options.
 *
 * @module
 */

import { Module } from "../../../nn/module.ts";
import { Parameter } from "../../../nn/parameter.ts";
import type { AttributeProto } from "../model.ts";
import type { Run, Step } from "./call.ts";
import { execute } from "./run.ts";
import type { Value } from "./values.ts";

/** A node with weights. The weights are fields of the model: other nodes may have the same. */
export class OnnxLayer extends Module {
  private run: Run | undefined;

  /** A layer for a node of `owner`, whose fields are the weights. */
  constructor(
    private readonly owner: Module,
    private readonly step: Step,
    private readonly fields: ReadonlyMap<string, string>,
  ) {
    super();
  }

  /** None: what it has belongs to the model. */
  protected override fieldNames(): string[] {
    return [];
  }

  /** The parameters that the node takes. */
  override parameters(_options: { readonly recurse?: boolean } = {}): Parameter[] {
    return this.weights().map(([, weight]) => weight).filter((weight) => weight instanceof Parameter);
  }

  /** The node's outputs: one, or a list of several. */
  override forward(...inputs: (Value | undefined)[]): unknown {
    const outputs = execute(this.step, inputs, this.run!);
    return outputs.length === 1 ? outputs[0] : outputs;
  }

  /** The node's outputs as a list; hooks run. */
  outputs(inputs: readonly (Value | undefined)[], run: Run): readonly (Value | undefined)[] {
    this.run = run;
    try {
      const result = this.call(...inputs);
      return Array.isArray(result) ? result : [result as Value];
    } finally {
      this.run = undefined;
    }
  }

  private weights(): [name: string, weight: unknown][] {
    return [...this.fields].map(([name, field]) => [name, Reflect.get(this.owner, field)]);
  }

  /** The weights' names and shapes, and the node's options. */
  override extraRepr(): string {
    const weights = this.weights().map(([name, weight]) => `${name} [${(weight as Parameter).shape.join(", ")}]`);
    return [...weights, ...this.step.node.attribute.map(attributeText).filter((text) => text !== "")].join(", ");
  }
}

function attributeText({ name, f, i, s, ints, floats }: AttributeProto): string {
  const value = f ?? i ?? s, list = ints ?? floats;
  if (list !== undefined) return `${name}=[${list.slice(0, 16).join(", ")}${list.length > 16 ? ", …" : ""}]`;
  return value === undefined ? "" : `${name}=${value}`;
}

const classes = new Map<string, typeof OnnxLayer>();

/** The class of layers that print under an operator's name. */
export function layerClass(operator: string): typeof OnnxLayer {
  const known = classes.get(operator) ?? { [operator]: class extends OnnxLayer {} }[operator]!;
  classes.set(operator, known);
  return known;
}
