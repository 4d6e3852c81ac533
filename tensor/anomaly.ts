/**
 * Finding the operation that first made NaN or an infinity.
 *
 * @module
 */

import { AutogradError, isFloat, type Node, numel, read } from "../kernels/mod.ts";
import { userLine } from "./user_line.ts";

/** Options of `detectAnomaly`. */
export interface AnomalyOptions {
  /** Whether results and gradients are looked at; if not, each operation still notes its line. Default true. */
  readonly checkNan?: boolean;
  /** Whether an infinity counts as NaN does; PyTorch lets it pass. By default as `checkNan`. */
  readonly checkInf?: boolean;
}

/** Ends the search for anomalies when the block that declared it ends. */
export interface AnomalyGuard {
  /** Restores what held before. */
  [Symbol.dispose](): void;
}

interface Search {
  readonly checkNan: boolean;
  readonly checkInf: boolean;
}

/** What is searched for; undefined while nobody searches. */
let search: Search | undefined;
/** Whether results are of a backward pass, which looks at its gradients itself. */
let inBackward = false;

function enter(next: Search | undefined): AnomalyGuard {
  const before = search;
  search = next;
  return { [Symbol.dispose]: () => void (search = before) };
}

function searchFor({ checkNan = true, checkInf = checkNan }: AnomalyOptions): Search {
  return { checkNan, checkInf };
}

/**
 * Finds the first operation that makes NaN or an infinity out of numbers, within `body` or until the end of the block with
 * `using _ = autograd.detectAnomaly()`: it throws an AutogradError that names the operation and the line that called it, where a result
 * is such, and where a gradient is, in `backward()`. Infinities that the operands have already, as masks do, are nobody's fault.
 * PyTorch looks at gradients, and for NaN, only.
 *
 * Each result is read as soon as it is recorded, so nothing is fused: use it to look for a fault, not to train.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * try {
 *   autograd.detectAnomaly(() => tensor([1, -1]).sqrt());
 * } catch (error) {
 *   console.log((error as Error).message.slice(0, 47)); // Found NaN in the result of sqrt, whose operands
 * }
 *
 * using _ = autograd.detectAnomaly({ checkInf: false });
 * console.log(tensor([0]).log()); // tensor([-inf])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/autograd.html#anomaly-detection}
 */
export function detectAnomaly(options?: AnomalyOptions): AnomalyGuard;
/** Searches while `body` runs and returns what it returns. */
export function detectAnomaly<T>(body: () => T, options?: AnomalyOptions): T;
export function detectAnomaly(first: AnomalyOptions | (() => unknown) = {}, options: AnomalyOptions = {}): unknown {
  if (typeof first !== "function") return enter(searchFor(first));
  const search = enter(searchFor(options));
  try {
    return first();
  } finally {
    search[Symbol.dispose]();
  }
}

/**
 * Searches for anomalies, or no longer, for good or until `using` ends it.
 *
 * @see {@link https://pytorch.org/docs/stable/autograd.html#torch.autograd.set_detect_anomaly}
 */
export function setDetectAnomaly(mode: boolean, options: AnomalyOptions = {}): AnomalyGuard {
  return enter(mode ? searchFor(options) : undefined);
}

/** Whether anomalies are searched for. */
export function isAnomalyEnabled(): boolean {
  return search !== undefined;
}

/** Whether the search looks at results and gradients. */
export function isAnomalyCheckNanEnabled(): boolean {
  return search?.checkNan ?? false;
}

/** For the library: the user's line, while anomalies are searched for. */
export function originNow(): string | undefined {
  return search === undefined ? undefined : userLine();
}

/** For the library: looks at an operation's results. */
export function checkResults(operation: string, results: readonly Node[], operands: readonly Node[]): void {
  if (search === undefined || inBackward) return;
  for (const result of results) {
    // Moving elements makes none; what it fills with was chosen.
    if (result.attributes.op === "view") continue;
    const found = anomalyIn(result);
    if (found === undefined || operands.some((x) => isOld(found, x))) continue;
    throw new AutogradError(
      `Found ${found} in the result of ${operation}, whose operands have none${at(userLine())}. ` +
        `Keep its operands where it is defined (clamp, eps)${orIgnore(found)}`,
    );
  }
}

/** For the library: the gradients that `compute` gives for the inputs of an operation, looked at. */
export function checkedGradients<T extends { readonly node: Node } | undefined>(
  fn: { readonly operation: string; readonly origin: string | undefined },
  incoming: readonly T[],
  compute: () => T[],
): T[] {
  if (search === undefined) return compute();
  const before = inBackward;
  inBackward = true;
  try {
    const gradients = compute();
    gradients.forEach((gradient, i) => {
      const found = gradient === undefined ? undefined : anomalyIn(gradient.node);
      if (found === undefined || incoming.some((grad) => grad !== undefined && isOld(found, grad.node))) return;
      throw new AutogradError(
        `Found ${found} in the gradient of ${fn.operation} with respect to input ${i}${at(fn.origin)}. ` +
          `Keep that input where the derivative is finite (clamp, eps)${orIgnore(found)}`,
      );
    });
    return gradients;
  } finally {
    inBackward = before;
  }
}

/** The first element that is searched for, if there is one. */
function anomalyIn(node: Node): number | undefined {
  if (!isFloat(node.dtype) || numel(node.shape) === 0) return undefined;
  const { checkNan, checkInf } = search!;
  if (!checkNan && !checkInf) return undefined;
  let infinity: number | undefined;
  for (const value of read(node)) {
    if (checkNan && Number.isNaN(value)) return value;
    if (checkInf && Math.abs(value) === Infinity) infinity ??= value;
  }
  return infinity;
}

/** Whether an operand accounts for what was found: NaN for anything, an infinity for an infinity. */
function isOld(found: number, operand: Node): boolean {
  if (!isFloat(operand.dtype) || numel(operand.shape) === 0) return false;
  return read(operand).some((value: number) =>
    Number.isNaN(value) || (!Number.isNaN(found) && Math.abs(value) === Infinity)
  );
}

function at(line: string | undefined): string {
  return line === undefined ? "" : `; it was called at ${line}`;
}

function orIgnore(found: number): string {
  return Number.isNaN(found) ? "" : ", or pass { checkInf: false } where infinities are meant";
}
