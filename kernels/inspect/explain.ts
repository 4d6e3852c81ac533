/**
 * What a tensor's computation becomes: its graph, the kernels it runs as, their text, bytes and operations.
 *
 * @module
 */

import { type Expr, walk } from "../ir/expr.ts";
import { type DType, itemSize } from "../ir/dtype.ts";
import type { Kernel } from "../ir/kernel.ts";
import { type Node, numel, type Shape } from "../ir/node.ts";
import type { DeviceName } from "../runtime/device.ts";
import { linearize } from "../schedule/graph.ts";
import { planOf } from "../runtime/engine.ts";
import { describe, describeKernel, isArithmetic, kernelName } from "./describe.ts";

/** What `explain` prints. */
export interface ExplainOptions {
  /** Also each kernel's WGSL or WebAssembly text. */
  readonly text?: boolean;
}

/** A recorded operation, or a leaf. */
export interface ExplainedNode {
  /** What it is, in a few words. */
  readonly text: string;
  /** Its inputs, by number. */
  readonly inputs: readonly number[];
  /** Its type. */
  readonly dtype: DType;
  /** Its extents. */
  readonly shape: Shape;
  /** Whether its elements are there already. */
  readonly leaf: boolean;
  /** Whether its value was asked for. */
  readonly root: boolean;
}

/** A kernel, and what it does. */
export interface ExplainedKernel {
  /** What it does, in a few words. */
  readonly name: string;
  /** The nodes that it computes and stores, by number. */
  readonly members: readonly number[];
  /** What it reads: nodes, by number, or the newest values of those that an earlier kernel wrote in place. */
  readonly reads: readonly number[];
  /** What it writes, in the same way. */
  readonly writes: readonly number[];
  /** Bytes and operations, for people. */
  readonly cost: string;
  /** The loop nest, line by line. */
  readonly lines: readonly string[];
  /** As the device takes it. */
  readonly code: () => string;
}

/** How nodes are computed: their graph and its kernels. Nothing is run. */
export interface Explanation {
  /** The graph, inputs before what uses them. */
  readonly nodes: readonly ExplainedNode[];
  /** The kernels, in the order in which they run. */
  readonly kernels: readonly ExplainedKernel[];
  /** Where they run. */
  readonly device: DeviceName;
}

/** How nodes are computed. Nothing is run. */
export function explained(nodes: readonly Node[]): Explanation {
  const graph = linearize(nodes);
  const device = nodes[0]!.device;
  const plan = planOf(graph, device);
  return {
    nodes: graph.nodes.map(({ leaf, attributes, inputs, dtype, shape, root }) => {
      return { text: leaf ?? describeAttributes(attributes), inputs, dtype, shape, leaf: leaf !== undefined, root };
    }),
    kernels: plan.schedule.kernels.map(({ kernel, members, buffers }, i) => {
      const { bytes, operations } = kernelCost(kernel);
      const bound = (access: string) => buffers.filter((_, slot) => kernel.bindings[slot]!.access.includes(access));
      return {
        name: kernelName(kernel),
        members,
        reads: bound("read"),
        writes: bound("write"),
        cost: `${amount(bytes)}B, ${amount(operations).trimEnd()} operations`,
        lines: describeKernel(kernel),
        code: () => plan.executable.text(i),
      };
    }),
    device,
  };
}

/** How nodes are computed, for people. Nothing is run. */
export function explain(roots: readonly Node[], options: ExplainOptions = {}): string {
  const { nodes, kernels, device } = explained(roots);
  const lines: string[] = ["graph"];
  nodes.forEach(({ text, inputs, dtype, shape, root }, n) => {
    const from = inputs.map((i) => `%${i}`).join(", ");
    lines.push(`  %${n}: ${dtype}[${shape.join(", ")}] = ${text}${from && `(${from})`}${root ? "  (result)" : ""}`);
  });
  lines.push("", `${kernels.length} kernel${kernels.length === 1 ? "" : "s"} on ${device}`);
  kernels.forEach((kernel, i) => {
    const results = kernel.members.map((n) => `%${n}`).join(", ");
    lines.push(`  kernel ${i}: ${results} (${kernel.cost})`);
    for (const line of kernel.lines) lines.push("    " + line);
    if (options.text ?? false) lines.push(...kernel.code().split("\n").map((l) => "    | " + l));
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
