/**
 * Whether operations are recorded for differentiation.
 *
 * @module
 */

import { flush, recording } from "../kernels/mod.ts";

const mode = { enabled: true, wroteParameter: false };

/** Whether operations on tensors that require gradients are recorded. */
export function isGradEnabled(): boolean {
  return mode.enabled;
}

/** Notes that a tensor that requires gradients was written in place: leaving `noGrad` will run what is pending. */
export function noteParameterWrite(): void {
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

/** The same as `noGrad`. */
export const inferenceMode: typeof noGrad = noGrad;

/** Records for differentiation again, inside a `noGrad` region. */
export function enableGrad(): GradModeGuard;
/** Runs `body` with recording switched on and returns what it returns. */
export function enableGrad<T>(body: () => T): T;
export function enableGrad(body?: () => unknown): unknown {
  return region(true, body);
}

/** Sets the mode for good, or until `using` ends it. */
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
