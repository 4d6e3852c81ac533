/**
 * The autograd graph.
 *
 * @module
 */

import { Module } from "../nn/module.ts";
import { AccumulateGrad, type GradFn } from "../tensor/grad_fn.ts";
import { AutogradError, Tensor, ValueError } from "../tensor/mod.ts";
import type { Figure } from "./figure.ts";
import { drawn } from "./drawn.ts";
import type { Arrow, Box } from "./layered.ts";
import { grouped } from "./numbers.ts";

/** Options of `graph`. */
export interface GraphOptions {
  /** What stands above. */
  readonly title?: string;
  /** Names of leaves: a module's parameters, or tensors by name. */
  readonly names?: Module | Readonly<Record<string, Tensor>>;
}

/** Of a larger graph the functions nearest to the result are drawn. */
const MANY = 300;

/**
 * How gradients will flow: the functions that `backward()` goes back through, from the leaves that require a gradient, above, to the tensor,
 * below. Functions that need no gradient are not part of it. Of more than 300 functions the 300 recorded last are drawn, and a note says so.
 *
 * @example
 * ```ts
 * import { functional as F, nn, ones, tensor } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2));
 * const loss = F.crossEntropy(model(ones([5, 4])), tensor([0, 1, 0, 1, 0]));
 * console.log(plot.graph(loss, { names: model }).description.replace(/Figure \d+x\d+: /, ""));
 * // an autograd graph of 13 functions and 4 leaves
 * ```
 *
 * @throws {AutogradError} for a tensor that no gradient flows from
 * @see {@link https://github.com/szagoruyko/pytorchviz}
 */
export function graph(tensor: Tensor, options: GraphOptions = {}): Figure {
  const { title, names = {} } = options;
  if (tensor.gradFn === null) {
    throw new AutogradError(
      "Cannot draw the autograd graph of a tensor that no function was recorded for: it is a leaf, or was made under noGrad or from " +
        "tensors that require no gradient",
    );
  }
  const named = names instanceof Module ? names.namedParameters() : Object.entries(names);
  const nameOf = new Map<unknown, string>();
  for (const [name, leaf] of named) {
    if (!(leaf instanceof Tensor)) throw new ValueError(`Cannot name a leaf ${name}: it is no tensor`);
    nameOf.set(leaf, name);
  }
  const reached = functionsBehind(tensor.gradFn), functions = reached.slice(0, MANY), kept = new Set(functions);
  const boxes = functions.map((fn): Box => {
    const id = `${fn.id}`;
    if (!(fn instanceof AccumulateGrad)) return { id, lines: [fn.name], fill: "#eef1f4" };
    const name = nameOf.get(fn.leaf);
    return {
      id,
      lines: [...(name === undefined ? [] : [name]), shapeOf(fn.leaf)],
      fill: "#d3e5f3",
      bold: name !== undefined,
    };
  });
  const arrows = functions.flatMap((fn) => {
    const inputs = new Set(fn.next.flatMap((edge) => edge !== undefined && kept.has(edge.fn) ? [edge.fn] : []));
    return [...inputs].map((input): Arrow => ({ from: `${input.id}`, to: `${fn.id}` }));
  });
  const leaves = reached.filter((fn) => fn instanceof AccumulateGrad).length, steps = reached.length - leaves;
  const plural = (n: number, one: string, more: string) => `${grouped(n)} ${n === 1 ? one : more}`;
  return drawn({
    boxes: [...boxes, { id: "result", lines: ["result", shapeOf(tensor)], fill: "#dcecd9", bold: true }],
    arrows: [...arrows, { from: `${tensor.gradFn.id}`, to: "result" }],
    text: `an autograd graph of ${plural(steps, "function", "functions")} and ${plural(leaves, "leaf", "leaves")}`,
    notes: reached.length <= MANY ? [] : [`The last ${MANY} of ${grouped(reached.length)} functions and leaves`],
    ...(title === undefined ? {} : { title }),
  });
}

function shapeOf({ shape }: Tensor): string {
  return `[${shape.join(", ")}]`;
}

/** The functions that gradients flow through from `root`, the one recorded last first. */
function functionsBehind(root: GradFn): GradFn[] {
  const found = new Set([root]);
  for (const fn of found) {
    for (const edge of fn.next) if (edge !== undefined) found.add(edge.fn);
  }
  return [...found].sort((a, b) => b.id - a.id);
}
