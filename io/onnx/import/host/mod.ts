/**
 * Operators that are computed on the host where all that goes in is there: so shapes, and what is made of them, never ask a device.
 *
 * @module
 */

import type { HostOperator } from "../call.ts";
import { arrays } from "./arrays.ts";
import { elements } from "./elements.ts";

/** Operators of ai.onnx by name. */
export const hostOperators: Readonly<Record<string, HostOperator>> = { ...elements, ...arrays };
