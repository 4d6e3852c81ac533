/**
 * What a tensor's computation becomes: its graph, the kernels it runs as, their text, bytes and operations.
 *
 * @module
 */

import { type Expr, walk } from "../ir/expr.ts";
import { itemSize } from "../ir/dtype.ts";
import type { Kernel } from "../ir/kernel.ts";
import { type Node, numel } from "../ir/node.ts";
import { linearize } from "../schedule/graph.ts";
import { planOf } from "../runtime/engine.ts";
import { describe, describeKernel, isArithmetic } from "./describe.ts";

/** What `explain` prints. */
export interface ExplainOptions {
  /** Also each kernel's WGSL or WebAssembly text. */
  readonly text?: boolean;
}

/** How nodes are computed, for people. Nothing is run. */
export function explain(nodes: readonly Node[], options: ExplainOptions = {}): string {
  const graph = linearize(nodes);
  const device = nodes[0]!.device;
  const plan = planOf(graph, device);
  const lines: string[] = ["graph"];
  graph.nodes.forEach((node, n) => {
    const what = node.leaf ?? describeAttributes(node.attributes);
    const inputs = node.inputs.map((i) => `%${i}`).join(", ");
    lines.push(
      `  %${n}: ${node.dtype}[${node.shape.join(", ")}] = ${what}${inputs && `(${inputs})`}${
        node.root ? "  (result)" : ""
      }`,
    );
  });
  lines.push("", `${plan.schedule.kernels.length} kernel${plan.schedule.kernels.length === 1 ? "" : "s"} on ${device}`);
  plan.schedule.kernels.forEach((k, i) => {
    const { bytes, operations } = kernelCost(k.kernel);
    const results = k.members.map((n) => `%${n}`).join(", ");
    lines.push(`  kernel ${i}: ${results} (${amount(bytes)}B, ${amount(operations).trimEnd()} operations)`);
    for (const line of describeKernel(k.kernel)) lines.push("    " + line);
    if (options.text ?? false) lines.push(...plan.executable.text(i).split("\n").map((l) => "    | " + l));
  });
  return lines.join("\n");
}

function describeAttributes(attributes: Node["attributes"]): string {
  switch (attributes.op) {
    case "map":
      return `map ${describe(attributes.formula)} `;
    case "view":
      return "view";
    case "reduce":
      return `${attributes.reduce} over ${attributes.axes.join(", ")} `;
    case "gather":
    case "scatter":
      return `${attributes.op} along ${attributes.axis} `;
    case "scan":
      return `running ${attributes.reduce} along ${attributes.axis} `;
    default:
      return attributes.op;
  }
}

/** Bytes that a kernel has to move at least, and arithmetic operations that it does. */
export function kernelCost(kernel: Kernel): { bytes: number; operations: number } {
  const bytes = kernel.bindings.reduce(
    (sum, b) => sum + b.size * itemSize(b.dtype) * (b.access === "readwrite" ? 2 : 1),
    0,
  );
  if (kernel.kind === "sort") {
    return { bytes, operations: kernel.rows * kernel.length * Math.log2(Math.max(2, kernel.length)) };
  }
  if (kernel.kind === "contract") {
    const points = numel([...kernel.batch, ...kernel.m, ...kernel.n]);
    return { bytes, operations: 2 * points * numel(kernel.k) + points * arithmetic(kernel.stores.map((s) => s.value)) };
  }
  const rows = numel(kernel.rows);
  const operations = kernel.stages.reduce((sum, stage) => {
    const values = stage.kind === "reduce"
      ? stage.reductions.map((r) => r.value)
      : stage.kind === "store"
      ? stage.stores.map((s) => s.value)
      : [stage.store.value];
    const combining = stage.kind === "store" ? 0 : values.length;
    return sum + rows * numel(stage.inner) * (arithmetic(values) + combining);
  }, 0);
  return { bytes, operations };
}

function arithmetic(values: readonly Expr[]): number {
  let count = 0;
  walk(values, (e) => void (isArithmetic(e) && count++));
  return count;
}

function amount(value: number): string {
  const units = ["", "k", "M", "G", "T"];
  let unit = 0, rest = value;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${rest >= 100 || unit === 0 ? Math.round(rest) : rest.toPrecision(3)} ${units[unit]}`;
}
