/**
 * Whether operations are recorded for differentiation.
 *
 * @module
 */

import { flush, recording, ValueError, verifyPending } from "../kernels/mod.ts";
import { described } from "./describe.ts";

export { verifyPending };

const mode = { enabled: true, wroteParameter: false };

/**
 * Whether operations on tensors that require gradients are recorded.
 *
 * @example
 * ```ts
 * import { isGradEnabled, noGrad } from "@tensaur/tensaur";
 *
 * console.log(isGradEnabled(), noGrad(() => isGradEnabled())); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.is_grad_enabled.html}
 */
export function isGradEnabled(): boolean {
  return mode.enabled;
}

/**
 * Notes that a tensor that requires gradients is about to be written in place: leaving `noGrad` will run what is pending. Throws where a
 * check of what the gradients were computed from is known to fail, so that the tensor stays as it was.
 */
export function noteParameterWrite(): void {
  verifyPending();
  mode.wroteParameter = true;
}

/** Ends a `noGrad` or `enableGrad` region when the block that declared it ends. */
export interface GradModeGuard {
  /** Restores the mode that held before. */
  [Symbol.dispose](): void;
}

function enter(enabled: boolean): GradModeGuard {
  const before = mode.enabled;
  mode.enabled = enabled;
  return {
    [Symbol.dispose]() {
      mode.enabled = before;
      // A parameter update ends here, whoever wrote it: run it, so that a loop that never reads stays bounded.
      if (before && mode.wroteParameter) {
        mode.wroteParameter = false;
        flush();
      }
    },
  };
}

function region(enabled: boolean, body: (() => unknown) | undefined): unknown {
  if (body !== undefined && typeof body !== "function") {
    throw new ValueError(
      `Cannot call ${enabled ? "enableGrad" : "noGrad"}: body must be a function, but is ${
        described(body)
      }. Use () => … around it`,
    );
  }
  const mode = enter(enabled);
  if (body === undefined) return mode;
  // Not `using`, here and elsewhere in the library: not every host of today reads it.
  try {
    return body();
  } finally {
    mode[Symbol.dispose]();
  }
}

/**
 * Records nothing for differentiation: within `body`, or until the end of the block with `using _ = noGrad()`.
 *
 * @example
 * ```ts
 * import { noGrad, tensor } from "@tensaur/tensaur";
 *
 * const weight = tensor([1, 2], { requiresGrad: true });
 * noGrad(() => weight.sub_(0.5));
 * console.log(weight); // tensor([0.5000, 1.5000], requires_grad=True)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.no_grad.html}
 */
export function noGrad(): GradModeGuard;
/** Runs `body` without recording for differentiation and returns what it returns. */
export function noGrad<T>(body: () => T): T;
export function noGrad(body?: () => unknown): unknown {
  return region(false, body);
}

/**
 * The same as `noGrad`.
 *
 * @example
 * ```ts
 * import { inferenceMode, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2], { requiresGrad: true });
 * console.log(inferenceMode(() => x.mul(2)).requiresGrad); // false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html}
 */
export const inferenceMode: typeof noGrad = noGrad;

/**
 * Records for differentiation again, inside a `noGrad` region.
 *
 * @example
 * ```ts
 * import { enableGrad, noGrad, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2], { requiresGrad: true });
 * console.log(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.enable_grad.html}
 */
export function enableGrad(): GradModeGuard;
/** Runs `body` with recording switched on and returns what it returns. */
export function enableGrad<T>(body: () => T): T;
export function enableGrad(body?: () => unknown): unknown {
  return region(true, body);
}

/**
 * Sets the mode for good, or until `using` ends it.
 *
 * @example
 * ```ts
 * import { isGradEnabled, setGradEnabled } from "@tensaur/tensaur";
 *
 * {
 *   using _ = setGradEnabled(false);
 *   console.log(isGradEnabled()); // false
 * }
 * console.log(isGradEnabled()); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.set_grad_enabled.html}
 */
export function setGradEnabled(enabled: boolean): GradModeGuard {
  return enter(enabled);
}

/** For the library: what `body` records belongs to a backward pass, and no user holds it. */
export function asBackward<T>(body: () => T): T {
  return recordingAs(recording.internal + 1, body);
}

/** For the library: what `body` records may be held by the user, even within a backward pass. */
export function asUser<T>(body: () => T): T {
  return recordingAs(0, body);
}

function recordingAs<T>(internal: number, body: () => T): T {
  const before = recording.internal;
  recording.internal = internal;
  try {
    return body();
  } finally {
    recording.internal = before;
  }
}
