/**
 * The lazy graph: immutable nodes that say how a tensor's elements come about. A node that has run holds the buffer of its
 * elements; any other is computed from its inputs when needed.
 *
 * @module
 */

import type { Buffer, DeviceName } from "../runtime/device.ts";
import type { DType, TypedArray } from "./dtype.ts";
import type { Expr } from "./expr.ts";
import type { ReduceOp } from "./kernel.ts";

/** Extents of a tensor's axes. */
export type Shape = readonly number[];

/** What a node computes, and with which constants; interned, so equal attributes are one object. */
export type Attributes =
  | { readonly op: "buffer" }
  | { readonly op: "scalar" }
  /** Element [i] of shape [n] is i. */
  | { readonly op: "iota" }
  /** A formula over inputs that broadcast against each other. */
  | { readonly op: "map"; readonly formula: Expr }
  /**
   * Element at the output's loop variables is the input's at `index` where `mask` holds, else `fill`. `stored`: what it looks into is
   * stored, because many such views are used together.
   */
  | {
    readonly op: "view";
    readonly index: readonly Expr[];
    readonly mask: Expr;
    readonly fill: number;
    readonly stored: boolean;
  }
  /** Combines over `axes`, which vanish. */
  | { readonly op: "reduce"; readonly reduce: ReduceOp; readonly axes: readonly number[] }
  /** a[batch…, m…, k…] and b[batch…, k…, n…] to [batch…, m…, n…]; the numbers count axes. */
  | { readonly op: "contract"; readonly batch: number; readonly m: number; readonly n: number; readonly k: number }
  /** Like the index, with the source's elements at `index` along `axis`. `checked`: out of range raises a flag. */
  | { readonly op: "gather"; readonly axis: number; readonly checked: boolean }
  /** The first input with elements of the third combined into it at the second's positions along `axis`. */
  | { readonly op: "scatter"; readonly axis: number; readonly mode: ReduceOp | "set"; readonly checked: boolean }
  /** Running combination along `axis`, inclusive. */
  | { readonly op: "scan"; readonly reduce: ReduceOp; readonly axis: number }
  /** Positions (int32) that sort the last axis; stable, NaN largest. */
  | { readonly op: "sort"; readonly descending: boolean };

/** Attributes and their number, by which graphs are compared. */
export interface Interned {
  readonly id: number;
  readonly attributes: Attributes;
}

const table = new Map<string, Interned>();

/** The one record of these attributes; `key` must determine them. */
export function internAttributes(key: string, make: () => Attributes): Interned {
  let found = table.get(key);
  if (found === undefined) {
    found = { id: table.size, attributes: make() };
    table.set(key, found);
  }
  return found;
}

/**
 * Where a node's elements are. Memory of a plan is lent until the plan runs again, so a residence is valid only while its owner
 * still says the generation it was made in.
 */
export interface Residence {
  readonly buffer: Buffer;
  readonly owner: { generation: number };
  readonly generation: number;
}

/** The owner of memory that a node has to itself: valid for as long as the node lives. */
export const OWN: { generation: number } = { generation: 0 };

/**
 * What is known of the checks behind a value: shared by the results of a plan's runs until its checks are looked at. Values computed from
 * others depend on their verdicts as well.
 */
export class Verdict {
  /** The failed check, once it has been found. */
  error: Error | undefined = undefined;
  /** Whether the checks have been looked at. */
  settled = false;
  /** The verdicts of what the runs read. */
  readonly sources: Set<Verdict> = new Set();
}

/** What to say when a checked index is out of range; made when the operation is recorded, so that it knows the user's line. */
export type CheckMessage = (value: number) => Error;

let nextId = 0;

/** One operation of the lazy graph. */
export class Node {
  /** Grows in the order of recording. */
  readonly id: number = nextId++;
  /** Elements on the host: of a leaf not yet uploaded, or of a result that was read. */
  host: TypedArray | undefined = undefined;
  /** Elements on the device. */
  residence: Residence | undefined = undefined;
  /** The number of a "scalar" leaf: data, never structure. */
  value = 0;
  /** How often it ran as part of something larger and was not kept. */
  spent = 0;
  /** Its memory was handed to a later version of the tensor. */
  overwritten = false;
  /** Made while gradients were computed: no user holds it, so its memory may be reused within a run. */
  internal = false;
  /** A user is sure to look at it (the gradient of a leaf): stored even where it could be fused away. */
  held = false;
  /** What a tensor holds since it was written in place: a run that computes it keeps it. */
  written = false;
  /** The version of this tensor whose memory this one takes over when it runs. */
  donor: Node | undefined = undefined;
  /** Its place among the pending results; -1 where it is none. */
  place = -1;
  /** The last walk over the graph that met this node, and its number there. */
  walk = 0;
  number = 0;
  /** Message of a checked gather or scatter. */
  message: CheckMessage | undefined = undefined;
  /** What is known of the checks that its elements depend on; none where there were no checks, or all of them held. */
  verdict: Verdict | undefined = undefined;

  constructor(
    /** What the node computes. */
    readonly interned: Interned,
    /** Operands; let go once the node has elements of its own. */
    public inputs: readonly Node[],
    /** Extents of the result. */
    readonly shape: Shape,
    /** Element type of the result. */
    readonly dtype: DType,
    /** Where the result lives. */
    readonly device: DeviceName,
  ) {}

  /** What the node computes. */
  get attributes(): Attributes {
    return this.interned.attributes;
  }
}

/** Number of elements of a shape. */
export function numel(shape: Shape): number {
  let n = 1;
  for (const extent of shape) n *= extent;
  return n;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
