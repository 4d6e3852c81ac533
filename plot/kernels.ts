/**
 * The kernels that a computation becomes.
 *
 * @module
 */

import { explained } from "../tensor/explain.ts";
import type { Tensor } from "../tensor/mod.ts";
import type { Figure } from "./figure.ts";
import { drawn } from "./drawn.ts";
import type { Arrow, Box } from "./layered.ts";
import { grouped } from "./numbers.ts";
import { fitted } from "./svg.ts";

/** Options of `kernels`. */
export interface KernelsOptions {
  /** What stands above. */
  readonly title?: string;
}

/** How wide the lines of a kernel are at most. */
const WIDE = 460;
/** Of more kernels the first are drawn. */
const MANY = 100;

/**
 * What runs when these tensors are read: the kernels that the pending operations become, what each computes, and what flows between them; the
 * picture of what `explain` prints. Runs nothing. Of more than 100 kernels the first 100 are drawn, and a note says so.
 *
 * @example
 * ```ts
 * import { functional as F, randint, randn } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const loss = F.crossEntropy(randn([64, 10]), randint(0, 10, [64]));
 * console.log(plot.kernels(loss, { title: "Cross entropy" }).description.replace(/^Figure \d+x\d+ /, ""));
 * // "Cross entropy": 2 kernels on cpu, of 23 operations and leaves
 * ```
 *
 * @see `explain`
 */
export function kernels(tensors: Tensor | readonly Tensor[], options: KernelsOptions = {}): Figure {
  const { nodes, kernels, device } = explained(tensors), shown = kernels.slice(0, MANY);
  const boxes: Box[] = [], arrows: Arrow[] = [];
  /** For each node with elements: the box that they come from. */
  const source = new Map<number, string>();
  const shapeOf = (n: number) => `${nodes[n]!.dtype}[${nodes[n]!.shape.join(", ")}]`;
  const sourceOf = (n: number): string => {
    const known = source.get(n);
    if (known !== undefined) return known;
    const id = `node ${n}`;
    boxes.push({ id, lines: [`%${n}`, shapeOf(n)], fill: "#d3e5f3" });
    source.set(n, id);
    return id;
  };
  shown.forEach((kernel, i) => {
    const id = `kernel ${i}`, from = new Set(kernel.reads.map(sourceOf));
    const lines = [`kernel ${i}: ${kernel.name}`, ...kernel.lines, kernel.cost]
      // Viewers drop spaces at the beginning of a text, which is what shows loops within loops.
      .map((line) => fitted(line.replace(/^ +/, (spaces) => "\u00a0".repeat(spaces.length)), WIDE, 12));
    boxes.push({ id, lines, fill: "#eef1f4", bold: true, left: true });
    arrows.push(...[...from].map((box): Arrow => ({ from: box, to: id })));
    for (const n of [...kernel.writes, ...kernel.members]) source.set(n, id);
  });
  nodes.forEach(({ root, leaf }, n) => {
    if (!root || leaf || source.get(n) === undefined) return;
    boxes.push({ id: `result ${n}`, lines: ["result", `%${n}`, shapeOf(n)], fill: "#dcecd9", bold: true });
    arrows.push({ from: source.get(n)!, to: `result ${n}` });
  });
  if (boxes.length === 0) {
    nodes.forEach((_, n) => boxes.push({ id: `node ${n}`, lines: [`%${n}`, shapeOf(n)], fill: "#d3e5f3" }));
  }
  const { title } = options;
  return drawn({
    boxes,
    arrows,
    text: `${kernels.length} kernel${kernels.length === 1 ? "" : "s"} on ${device}, of ${
      grouped(nodes.length)
    } operations and leaves`,
    notes: kernels.length <= MANY ? [] : [`The first ${MANY} of ${grouped(kernels.length)} kernels`],
    ...(title === undefined ? {} : { title }),
  });
}
