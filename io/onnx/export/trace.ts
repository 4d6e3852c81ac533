/**
 * One run of a model with placeholders for its inputs: what it records, by name and by node, while nothing is computed.
 *
 * @module
 */

import { type Attributes, capture, type Node, placeholder } from "../../../kernels/mod.ts";
import { noGrad, Tensor, ValueError } from "../../../tensor/mod.ts";
import { type NamedOperation, operations } from "../../../tensor/operations.ts";
import { tensorsIn, withTensors } from "./structure.ts";

/** How a node came about. */
export interface Made {
  readonly attributes: Attributes;
  /** The operands; a node that has run no longer knows them. */
  readonly inputs: readonly Node[];
  /** The path of the module that made it. */
  readonly scope: string;
}

/** What a model records. */
export interface Trace {
  readonly inputs: readonly Node[];
  readonly outputs: readonly (readonly [path: string, node: Node])[];
  /** How each node of the run came about; a node that is not here was there before, or is given by its elements. */
  readonly made: ReadonlyMap<Node, Made>;
  /** The operations that have a node among their results, innermost first. */
  readonly operations: ReadonlyMap<Node, readonly NamedOperation[]>;
}

/** What is exported: how to call it, and which of its modules runs. */
export interface Traced {
  /** Calls it. */
  readonly call: (...inputs: unknown[]) => unknown;
  /** The path of the module that runs; "" for the model itself. */
  readonly scope: () => string;
}

/** What `model` makes of inputs like `example`, with the extents that `shapes` gives them. */
export function traceOf(model: Traced, example: readonly unknown[], shapes: readonly (readonly number[])[]): Trace {
  const made = new Map<Node, Made>(), named = new Map<Node, NamedOperation[]>();
  const inputs: Node[] = [], dependent = new Set<Node>();
  const given = withTensors(example, ({ dtype, device }) => {
    const node = placeholder(shapes[inputs.length]!, dtype, device);
    inputs.push(node);
    dependent.add(node);
    return new Tensor(node);
  }) as unknown[];
  const before = operations.observe;
  operations.observe = (operation) => {
    before?.(operation);
    // What gives an operand back is nothing to export.
    if (operation.outputs.some((node) => operation.inputs.includes(node))) return;
    for (const node of new Set(operation.outputs)) named.set(node, [...named.get(node) ?? [], operation]);
  };
  try {
    const output = capture(() => noGrad(() => model.call(...given)), {
      whole: true,
      made(node) {
        made.set(node, { attributes: node.attributes, inputs: [...node.inputs], scope: model.scope() });
        if (node.inputs.some((input) => dependent.has(input))) dependent.add(node);
      },
      read(node) {
        if (dependent.has(node)) throw readError(model.scope());
      },
    });
    return {
      inputs,
      outputs: tensorsIn(output).map(([path, { node }]) => [path, node] as const),
      made,
      operations: named,
    };
  } finally {
    operations.observe = before;
  }
}

function readError(scope: string): ValueError {
  return new ValueError(
    `Cannot export a model that reads elements which depend on its inputs${placeOf(scope)}: ` +
      "what it does then would hold for the example alone. " +
      "Choose with where() or a mask rather than with item() and if, or read outside of the model",
  );
}

/** Where in the model, for messages. */
export function placeOf(scope: string): string {
  return scope === "" ? "" : ` (in module "${scope}")`;
}
