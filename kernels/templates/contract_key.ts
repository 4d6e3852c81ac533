/**
 * The text by which equal programs of contractions are known. Lengths are data of a program, but for those by which flat indices are taken
 * apart: another batch size finds the program of the first.
 *
 * @module
 */

import type { ContractKernel } from "../ir/kernel.ts";
import { ExpressionText } from "../lower/wasm/expression_text.ts";
import type { Group } from "./axes.ts";
import type { Blocks } from "./contract_run_wasm.ts";
import type { Epilogue } from "./epilogue_wasm.ts";
import type { PackedOperand } from "./packed_operand.ts";

/** The text of a contraction, analysed. */
export function contractKey(kernel: ContractKernel, { a, b }: Blocks, epilogue: Epilogue): string {
  const text = new ExpressionText(kernel.bindings);
  const operands = [a, b].map((operand) => operandLine(operand, text));
  const stores = epilogue.stores.map((s) =>
    `${s.slot}[${text.number(s.index)}]${text.guard(s.slot, s.index)} = ${text.number(s.value)}`
  );
  return [
    `contract ${kernel.dtype} ${kernel.scalars} ${kernel.checks}`,
    kernel.bindings.map((binding) => `${binding.dtype}:${binding.access}`).join(),
    ...operands,
    `${[epilogue.batch, epilogue.rows, epilogue.columns].map(axesText).join(" ")} ${stores}`,
    ...text.lines,
  ].join("\n");
}

function operandLine(
  { separated, batch, lanes, depth, panel, tile, ...rest }: PackedOperand,
  text: ExpressionText,
): string {
  const leaves = separated.leaves.map(({ index, load, guarded }) => {
    const parts = [index.batch, index.lane, index.depth].map((part) => text.number(part));
    return `${parts} ${load === undefined ? "" : `${load.slot} ${load.dtype}`} ${guarded}`;
  });
  // Where leaves have a table each, its length says where the next begins.
  const table = leaves.length > 1 ? tile : "";
  return `${panel} ${table} ${rest.laneBatch} ${rest.depthBatch} ${[batch, lanes, depth].map(axesText).join(" ")} ${
    text.number(separated.formula)
  }: ${leaves.join("; ")}`;
}

/** Axes without the extent of the outermost, which nothing is divided by. */
function axesText(axes: Group): string {
  return axes.map(({ slot, extent }, i) => i === 0 ? slot : `${slot}*${extent}`).join();
}
