/**
 * Tensors as PyTorch prints them.
 *
 * @module
 */

import { defaultDevice, isFloat, numel, read, type Shape, type TypedArray } from "../kernels/mod.ts";
import { pythonExponential, pythonFixed, pythonFloat } from "./python_format.ts";
import { requireTensor } from "./require_tensor.ts";
import type { Tensor } from "./tensor.ts";

/** How tensors are printed. */
export interface PrintOptions {
  /** Digits after the point. Default 4. */
  precision?: number;
  /** More elements than this are summarised. Default 1000. */
  threshold?: number;
  /** Elements shown at each end of a summarised axis. Default 3. */
  edgeitems?: number;
  /** Characters of a line. Default 80. */
  linewidth?: number;
  /** A set of the above: "default", "short", or "full", which never summarises. */
  profile?: "default" | "short" | "full";
  /** Scientific notation: always, never, or (null, the default) where the numbers call for it. */
  sciMode?: boolean | null;
}

const defaults = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 };
const profiles = {
  default: defaults,
  short: { ...defaults, precision: 2, edgeitems: 2 },
  full: { ...defaults, threshold: Infinity },
};
const options: Required<Omit<PrintOptions, "profile">> = { ...defaults, sciMode: null };

/**
 * Sets how tensors are printed; what is not named stays, but for `sciMode`, which becomes automatic again.
 *
 * @example
 * ```ts
 * import { setPrintoptions, tensor } from "@tensaur/tensaur";
 *
 * setPrintoptions({ precision: 2 });
 * console.log(tensor([0.123])); // tensor([0.12])
 * setPrintoptions({ profile: "default" });
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.set_printoptions.html}
 */
export function setPrintoptions({ profile, sciMode = null, ...rest }: PrintOptions): void {
  if (profile !== undefined) Object.assign(options, profiles[profile]);
  Object.assign(options, rest, { sciMode });
}

/** Writes the elements of one tensor: all in one notation, at one width. */
export interface Formatter {
  /** Characters of each element. */
  readonly width: number;
  /** An element's text. */
  format(value: number): string;
}

function integerFormatter(values: readonly number[]): Formatter {
  let width = 1;
  for (const value of values) width = Math.max(width, String(value).length);
  return { width, format: (value) => String(value).padStart(width) };
}

function booleanFormatter(values: readonly number[]): Formatter {
  const name = (value: number) => value === 0 ? "False" : "True";
  const width = values.reduce((width, value) => Math.max(width, name(value).length), 1);
  return { width, format: (value) => name(value).padStart(width) };
}

function floatFormatter(values: readonly number[]): Formatter {
  const { precision } = options;
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  let smallest = Infinity, largest = 0, whole = true;
  for (const value of finite) {
    smallest = Math.min(smallest, Math.abs(value));
    largest = Math.max(largest, Math.abs(value));
    whole &&= Number.isInteger(value);
  }
  const exponential = (value: number) => pythonExponential(value, precision);
  const fixed = (value: number) => pythonFixed(value, precision);
  const integer = (value: number) => pythonFixed(value, 0) + (Number.isFinite(value) ? "." : "");
  let scientific = finite.length > 0 && (largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4));
  const measured = scientific ? exponential : whole ? integer : fixed;
  const width = finite.reduce((width, value) => Math.max(width, measured(value).length), 1);
  if (finite.length > 0) scientific = options.sciMode ?? scientific;
  const write = scientific ? exponential : whole ? integer : fixed;
  return { width, format: (value) => write(value).padStart(width) };
}

/** A tensor's elements on their way to paper. */
export interface Layout {
  /** All elements, row-major. */
  readonly data: TypedArray;
  /** The tensor's shape. */
  readonly shape: Shape;
  /** Whether the middle of long axes is left out. */
  readonly summarize: boolean;
}

/** The positions along an axis that are shown; a null stands for those left out. */
export function shown(extent: number, summarize: boolean): (number | null)[] {
  const { edgeitems } = options;
  const all = Array.from({ length: extent }, (_, i) => i);
  if (!summarize || extent <= 2 * edgeitems) return all;
  return [...all.slice(0, edgeitems), null, ...all.slice(extent - edgeitems)];
}

/** The elements that are shown. */
function shownElements({ data, shape, summarize }: Layout): number[] {
  let offsets = [0];
  for (const extent of shape) {
    const positions = shown(extent, summarize).filter((i) => i !== null);
    offsets = offsets.flatMap((offset) => positions.map((i) => offset * extent + i));
  }
  return offsets.map((offset) => data[offset]!);
}

/** The bracketed text of the part of a tensor that starts at row-major position `start`, its axes from `axis` on. */
function block(layout: Layout, axis: number, start: number, indent: number, formatter: Formatter): string {
  const { data, shape, summarize } = layout;
  if (axis === shape.length) return formatter.format(data[start]!);
  const extent = shape[axis]!;
  const stride = numel(shape.slice(axis + 1));
  const next = (i: number) => block(layout, axis + 1, start + i * stride, indent + 1, formatter);
  if (axis < shape.length - 1) {
    const parts = shown(extent, summarize).map((i) => i === null ? "..." : next(i));
    const gap = "," + "\n".repeat(shape.length - 1 - axis) + " ".repeat(indent + 1);
    return `[${parts.join(gap)}]`;
  }
  const items = shown(extent, summarize).map((i) => i === null ? " ..." : next(i));
  const perLine = Math.max(1, Math.floor((options.linewidth - indent) / (formatter.width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(", "));
  return `[${lines.join(",\n" + " ".repeat(indent + 1))}]`;
}

/** What follows the elements: all that they don't say. */
export function suffixes(t: Tensor): string[] {
  const result: string[] = [];
  if (t.device !== defaultDevice()) result.push(`device='${t.device}'`);
  const empty = t.numel() === 0;
  if (empty && t.ndim !== 1) result.push(`size=(${t.shape.join(", ")})`);
  // Elements of PyTorch's usual types show what they are; without elements only the default type goes without saying.
  const usual = t.dtype === "float32" || (!empty && (t.dtype === "int32" || t.dtype === "bool"));
  if (!usual) result.push(`dtype=torch.${t.dtype}`);
  if (t.gradFn !== null) result.push(`grad_fn=<${t.gradFn.name}>`);
  else if (t.requiresGrad) result.push("requires_grad=True");
  return result;
}

/** What is needed to write a tensor: its elements, read from the device, and how one is written. */
export interface Prepared {
  /** The elements. */
  readonly layout: Layout;
  /** How they are written. */
  readonly formatter: Formatter;
}

/** Reads a tensor in order to write it. */
export function prepare(t: Tensor): Prepared {
  const layout = { data: read(t.node), shape: t.shape, summarize: t.numel() > options.threshold };
  const elements = shownElements(layout);
  const formatter = isFloat(t.dtype)
    ? floatFormatter(elements)
    : t.dtype === "bool"
    ? booleanFormatter(elements)
    : integerFormatter(elements);
  return { layout, formatter };
}

/**
 * PyTorch's `repr(t)`: `tensor([[0., 1.]])`, with dtype, device and autograd's part where they are not the usual ones.
 *
 * @example
 * ```ts
 * import { formatTensor, tensor } from "@tensaur/tensaur";
 *
 * console.log(formatTensor(tensor(1.5))); // tensor(1.5000)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/tensors.html}
 */
export function formatTensor(t: Tensor): string {
  requireTensor("formatTensor", "t", t);
  return formatPrepared(t, prepare(t));
}

/** `formatTensor` of a tensor that was read. */
export function formatPrepared(t: Tensor, { layout, formatter }: Prepared): string {
  const prefix = "tensor(";
  let text = prefix;
  text += t.numel() === 0 ? "[]" : block(layout, 0, 0, prefix.length, formatter);
  let column = text.length - text.lastIndexOf("\n") + 1;
  for (const suffix of suffixes(t)) {
    if (column + suffix.length + 2 > options.linewidth) {
      text += `,\n${" ".repeat(prefix.length)}${suffix}`;
      column = prefix.length + suffix.length;
    } else {
      text += `, ${suffix}`;
      column += suffix.length + 2;
    }
  }
  return text + ")";
}

/**
 * PyTorch's `"{}".format(t)`: of a tensor without axes its number, of any other what `formatTensor` says.
 *
 * @example
 * ```ts
 * import { tensor, tensorText } from "@tensaur/tensaur";
 *
 * console.log(tensorText(tensor(1.5)), tensorText(tensor([1.5]))); // 1.5 tensor([1.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/tensors.html}
 */
export function tensorText(t: Tensor): string {
  requireTensor("tensorText", "t", t);
  if (t.ndim > 0) return formatTensor(t);
  const value = read(t.node)[0]!;
  if (t.dtype === "bool") return value === 0 ? "False" : "True";
  return isFloat(t.dtype) ? pythonFloat(value) : String(value);
}
