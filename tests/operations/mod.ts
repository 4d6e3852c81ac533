/**
 * Every operation.
 *
 * @module
 */

import { activations } from "./activation.ts";
import { elementwise } from "./elementwise.ts";
import { layers } from "./layers.ts";
import { decompositions } from "./linalg.ts";
import { losses } from "./losses.ts";
import { maskeds } from "./masked.ts";
import { matrices } from "./matrix.ts";
import { methods } from "./methods.ts";
import { movements } from "./movement.ts";
import { reductions } from "./reduction.ts";
import { selections } from "./selection.ts";
import { specials } from "./special.ts";
import type { Operation } from "./table.ts";

/** The table. */
export const operations: readonly Operation[] = [
  ...activations,
  ...elementwise,
  ...layers,
  ...decompositions,
  ...losses,
  ...maskeds,
  ...matrices,
  ...methods,
  ...movements,
  ...reductions,
  ...selections,
  ...specials,
];
