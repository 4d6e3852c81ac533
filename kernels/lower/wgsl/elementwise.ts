/**
 * A single store stage: one invocation for an element, or for four neighbouring ones where they are stored side by side.
 *
 * @module
 */

import type { Binding } from "../../ir/kernel.ts";
import { decode, size } from "./decode.ts";
import { chooseLane, vectorBindings } from "./lanes.ts";
import { Module, type Unit } from "./module.ts";
import { type Loop, stageExprs } from "./stages.ts";
import { writeStores } from "./stores.ts";
import { Writer } from "./writer.ts";

const WORKGROUP = 256;

/** The unit of a store stage over a domain that is not empty. */
export function lowerElementwise({ stage, inner }: Loop, bindings: readonly Binding[]): Unit {
  if (stage.kind !== "store") throw new TypeError(`Cannot lower a ${stage.kind} stage as elementwise`);
  const exprs = stageExprs(stage);
  const lane = chooseLane(inner, exprs, stage.stores);
  const module = new Module(bindings, vectorBindings([{ exprs, stores: stage.stores, lane }]));
  const w = new Writer(module);
  w.announce(exprs);
  const count = size(inner) / (lane ? 4 : 1);
  w.line(`let e = item * ${WORKGROUP}u + local;`);
  w.line(`if (e >= ${module.number("count", count)}) { return; }`);
  decode(w, inner, "e", lane !== undefined);
  writeStores(w, stage.stores, lane ? 4 : 1);
  return module.build(w.lines, WORKGROUP, Math.ceil(count / WORKGROUP));
}
