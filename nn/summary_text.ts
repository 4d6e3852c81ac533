/**
 * Summaries of networks as tables.
 *
 * @module
 */

import { htmlTable, type TableParts, textTable } from "../tensor/table.ts";
import type { LayerSummary, ModelSummaryTotals } from "./summary.ts";

const head = ["Layer (name): depth-index", "Output Shape", "Param #", "Mult-Adds"];

/** The table for a terminal. */
export function summaryText(root: LayerSummary, totals: ModelSummaryTotals, depth: number): string {
  const lines = textTable(table(root, depth));
  const rule = lines[0]!, [counts, sizes] = totalLines(totals);
  // A network that did not run computed nothing.
  if (root.outputShapes.length === 0) return [...lines, ...counts.slice(0, 3), sizes[2]!, rule].join("\n");
  return [...lines, ...counts, rule, ...sizes, rule].join("\n");
}

/** The table for a notebook. */
export function summaryHtml(root: LayerSummary, totals: ModelSummaryTotals, depth: number): string {
  const caption = totalLines(totals).flat().join("\n");
  return htmlTable({ ...table(root, depth), caption });
}

function table(root: LayerSummary, depth: number): TableParts {
  const rows: string[][] = [], numbers: number[] = [];
  const visit = (layer: LayerSummary, lead: string, branch: string, below: string) => {
    const within = layer.depth < depth ? layer.layers : [];
    numbers[layer.depth] = (numbers[layer.depth] ?? 0) + 1;
    const name = layer.name === "" ? layer.type : `${layer.type} (${layer.name})`;
    const number = layer.depth === 0 ? "" : `: ${layer.depth}-${numbers[layer.depth]}`;
    const params = within.length > 0 ? layer.ownParams : layer.params;
    const multAdds = within.reduce((rest, l) => rest - l.multAdds, layer.multAdds);
    rows.push([
      lead + branch + name + number,
      layer.outputShapes.map((shape) => `[${shape.join(", ")}]`).join(", ") || "--",
      layer.recursive ? "(recursive)" : params > 0 ? grouped(params) : "--",
      multAdds > 0 ? grouped(multAdds) : "--",
    ]);
    within.forEach((l, i) => {
      const last = i === within.length - 1;
      visit(l, lead + below, last ? "└─" : "├─", last ? "  " : "│ ");
    });
  };
  visit(root, "", "", "");
  return { head, rows, left: 2 };
}

function totalLines(totals: ModelSummaryTotals): [counts: string[], sizes: string[]] {
  const { totalParams, trainableParams, totalMultAdds, totalInputBytes, totalOutputBytes, totalParamBytes } = totals;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  return [[
    `Total params: ${grouped(totalParams)}`,
    `Trainable params: ${grouped(trainableParams)}`,
    `Non-trainable params: ${grouped(totalParams - trainableParams)}`,
    `Total mult-adds: ${grouped(totalMultAdds)}`,
  ], [
    `Input size (MB): ${megabytes(totalInputBytes)}`,
    `Forward/backward pass size (MB): ${megabytes(totalOutputBytes)}`,
    `Params size (MB): ${megabytes(totalParamBytes)}`,
    `Estimated total size (MB): ${megabytes(totalInputBytes + totalOutputBytes + totalParamBytes)}`,
  ]];
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
