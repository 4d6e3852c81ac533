/**
 * Errors of a WebGPU device. WebGPU reports them by promise and event, never by exception; here they become exceptions, at the call
 * that caused them where the host tells at once whether a promise is settled (Deno does), else at the next call.
 *
 * @module
 */

import { DeviceError, type TensaurError } from "../errors.ts";

/** What an error scope looks for. */
export type FaultKind = "validation" | "out-of-memory";

const REMEDY = 'restart the program, or compute on device "cpu"';

/** Collects what goes wrong on one device. */
export class Faults {
  #pending: TensaurError | undefined = undefined;
  #lost: DeviceError | undefined = undefined;

  constructor(readonly device: GPUDevice) {
    device.addEventListener("uncapturederror", (event) => {
      const { message } = (event as GPUUncapturedErrorEvent).error;
      this.#pending ??= new DeviceError(`WebGPU reported an error: ${message}`);
    });
    device.lost.then(({ reason, message }) => this.#lose(`${reason} ${message}`), () => {});
  }

  #lose(why: string): DeviceError {
    return this.#lost ??= new DeviceError(`The GPU was lost (${why.trim()}): ${REMEDY}`);
  }

  /** Throws what has gone wrong since the last look; on a lost device, every time. */
  check(): void {
    if (this.#lost === undefined) {
      const lost = settled(this.device.lost);
      if (lost !== undefined) this.#lose(lost);
    }
    if (this.#lost !== undefined) throw this.#lost;
    const error = this.#pending;
    this.#pending = undefined;
    if (error !== undefined) throw error;
  }

  /** Runs `action` and throws what `describe` makes of WebGPU's message, if it had one; or keeps it for the next check. */
  scoped<T>(kind: FaultKind, action: () => T, describe: (message: string) => TensaurError): T {
    this.device.pushErrorScope(kind);
    let popped: Promise<GPUError | null>;
    let result: T;
    try {
      result = action();
    } finally {
      popped = this.device.popErrorScope();
    }
    const outcome = settled(popped);
    if (outcome === undefined) {
      popped.then((error) => {
        if (error !== null) this.#pending ??= describe(error.message);
      }, () => {});
    } else if (outcome !== "null") throw describe(outcome);
    return result;
  }
}

/** The part of Deno that looks into a promise. */
interface Inspector {
  readonly inspect: (value: unknown, options: { strAbbreviateSize: number }) => string;
}

const inspector = (globalThis as { Deno?: Inspector }).Deno;

/** What a promise is settled with, as text; undefined while it is pending, or where the host does not tell. */
function settled(promise: Promise<unknown>): string | undefined {
  const text = inspector?.inspect(promise, { strAbbreviateSize: 1e6 });
  if (text === undefined || text === "Promise { <pending> }") return undefined;
  if (text === "Promise { null }") return "null";
  // What is left of `Promise { GPUValidationError { message: "…" + "…" } }` is the message.
  return text.split("\n").map((line) => line.trim().replace(/^(message: )?["'`]|(\\n)?["'`]( \+)?$/g, ""))
    .filter((line) => !/^[\w ]*[{}]?$/.test(line)).join("\n");
}
