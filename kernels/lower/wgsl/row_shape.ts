/**
 * How rows are spread over invocations.
 *
 * @module
 */

import { walk } from "../../ir/expr.ts";
import type { Axis } from "../../templates/axes.ts";
import { size } from "./decode.ts";
import { stride } from "./lanes.ts";
import type { Target } from "./module.ts";
import { type Segment, stageExprs } from "./stages.ts";

/** A workgroup: so many rows, and so many invocations for each. */
export interface RowShape {
  readonly rows: number;
  readonly lanes: number;
  /** Neighbouring invocations have neighbouring rows, not neighbouring elements of a row. */
  readonly rowsFirst: boolean;
}

/** Rows that occupy a software adapter's cores. */
const SOFTWARE_ROWS = 32;

/** Steps that one invocation may walk there: such adapters count those of all its loops, and leave off after 65,535 without a word. */
const LONGEST_WALK = 2 ** 15;

/** Rows at which one invocation for each occupies a graphics processor. */
const HARDWARE_ROWS = 16384;

/** The workgroup for a segment whose longest loop takes `steps` steps. */
export function rowShape(segment: Segment, steps: number, target: Target): RowShape {
  const rows = size(segment.rows);
  const alone = (rows: number): RowShape => ({ rows, lanes: 1, rowsFirst: true });
  if (segment.loops.some(({ stage }) => stage.kind === "scan" || stage.kind === "scatter")) {
    return alone(target.software ? 8 : 64);
  }
  if (target.software) {
    const walked = steps * segment.loops.length;
    if (steps < 64 || (rows >= SOFTWARE_ROWS && walked <= LONGEST_WALK)) return alone(8);
    return { rows: 1, lanes: 16, rowsFirst: false };
  }
  if (steps <= 8 || (steps <= 32 && rows >= HARDWARE_ROWS)) return alone(64);
  if (rowsAreNeighbours(segment)) {
    return rows >= HARDWARE_ROWS ? alone(64) : { rows: 32, lanes: 8, rowsFirst: true };
  }
  const lanes = Math.min(256, Math.max(32, 2 ** Math.ceil(Math.log2(steps / 4))));
  return { rows: Math.max(1, 128 / lanes), lanes, rowsFirst: false };
}

/** Whether most loads are contiguous along the rows, as in the sums of a matrix's columns. */
function rowsAreNeighbours({ rows, loops }: Segment): boolean {
  const last = rows.at(-1);
  if (last === undefined) return false;
  let alongRows = 0, alongInner = 0;
  const contiguous = (index: Parameters<typeof stride>[0], axis: Axis | undefined) =>
    axis !== undefined && stride(index, axis) === 1;
  for (const { stage, inner } of loops) {
    walk(stageExprs(stage), (e) => {
      if (e.op !== "load") return;
      if (contiguous(e.args[0]!, inner.at(-1))) alongInner++;
      else if (contiguous(e.args[0]!, last)) alongRows++;
    });
  }
  return alongRows > alongInner;
}
