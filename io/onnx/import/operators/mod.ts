/**
 * All operators, by their name space and name.
 *
 * @module
 */

import type { Operators } from "../call.ts";
import { attentions, microsoftAttentions } from "./attention.ts";
import { control } from "./control.ts";
import { convolution } from "./convolution.ts";
import { creation } from "./creation.ts";
import { detection } from "./detection.ts";
import { elementwise, microsoftElementwise } from "./elementwise.ts";
import { matrices, microsoftMatrices } from "./matrix.ts";
import { movement } from "./movement.ts";
import { microsoftNormalization, normalization } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { quantization } from "./quantization.ts";
import { recurrents } from "./recurrent.ts";
import { reductions } from "./reduction.ts";
import { resizing } from "./resize.ts";
import { selection } from "./selection.ts";

/** The versions of ai.onnx whose operators are as they are computed here. */
export const OLDEST = 7, NEWEST = 25;

const domains: ReadonlyMap<string, Operators> = new Map([
  ["", {
    ...attentions,
    ...control,
    ...convolution,
    ...creation,
    ...detection,
    ...elementwise,
    ...matrices,
    ...movement,
    ...normalization,
    ...pooling,
    ...quantization,
    ...recurrents,
    ...reductions,
    ...resizing,
    ...selection,
  }],
  ["com.microsoft", {
    ...microsoftAttentions,
    ...microsoftElementwise,
    ...microsoftMatrices,
    ...microsoftNormalization,
  }],
]);

/** The operators of a name space; none of an unknown one. */
export function operatorsOf(domain: string): Operators {
  return domains.get(domain) ?? {};
}
