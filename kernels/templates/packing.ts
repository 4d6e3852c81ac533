/**
 * What the functions that pack operands have in common.
 *
 * @module
 */

import type { Expr } from "../ir/expr.ts";
import type { ValueType } from "../lower/wasm/encoder.ts";
import type { Group } from "./axes.ts";
import type { SumType } from "./micro_kernel_wasm.ts";
import type { Operand } from "./operand.ts";

/** Parameters of a packing function. */
export const PACK_PARAMETERS: readonly ValueType[] = new Array(7).fill("i32");

/** The locals of those parameters; local 0 holds the launch's parameters. */
export const PACK = { target: 1, laneTable: 2, depthTable: 3, depth: 4, panels: 5, batch: 6 } as const;

/** What is packed, and how. */
export interface Packing {
  readonly operand: Operand;
  readonly sum: SumType;
  readonly batch: Group;
  /** The innermost axis of the lanes, where there is one. */
  readonly innerLane: Expr | undefined;
  /** The axis of the depth, where it is one: neighbouring steps of several may lie on different turns of the innermost. */
  readonly onlyDepth: Expr | undefined;
  /** Lanes of a panel. */
  readonly lanes: number;
  /** Bytes from one leaf's entries to the next in the lane table. */
  readonly leafStride: number;
}

/** How many lanes of a panel a vector holds: all of its own, or the rest of the panel. */
export type Width = 1 | 2 | 4;
