/**
 * What a view does, in the words of those who make views: its index map read backwards.
 *
 * @module
 */

import { evaluator } from "../ir/evaluate.ts";
import { and, binary, type Expr, int, rewrite, TRUE, variable, walk } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import { numel, type Shape } from "../ir/node.ts";
import { applyView, flatten, unflatten } from "../ir/views.ts";

/** How an input's axis is walked: elements start, start + step, … along axis `output` of the result, or element `start` alone. */
export interface AxisWalk {
  readonly start: number;
  readonly step: number;
  readonly output: number | undefined;
}

/** What a view does. */
export type Movement =
  /** Each axis of the input is walked along one axis of the result, or held at one element; all other axes repeat. */
  | { readonly kind: "walk"; readonly axes: readonly AxisWalk[] }
  /** The same elements, row-major. */
  | { readonly kind: "reshape" }
  /** Elements added before and after each axis; negative numbers of them taken away. */
  | { readonly kind: "pad"; readonly amounts: readonly (readonly [before: number, after: number])[] }
  /**
   * Anything else. Pairs of `through` are axes [of the result, of the input] that are walked from end to end; over the other axes of the
   * result, in order, `positions()` gives where each element is among the other axes of the input, or -1 where the filling is.
   */
  | {
    readonly kind: "positions";
    readonly through: readonly (readonly [output: number, input: number])[];
    readonly positions: () => Int32Array;
  };

/** A view's attributes, shapes of input and result, and the numbers that the map takes. */
export interface Shown {
  readonly index: readonly Expr[];
  readonly mask: Expr;
  readonly from: Shape;
  readonly to: Shape;
  readonly parameters: readonly number[];
}

/** What a view does. */
export function movementOf({ from, to, parameters, ...map }: Shown): Movement {
  const axes = to.map((extent, i) => variable(i, extent));
  const { index, mask } = applyView(map, axes, (slot) => int(parameters[slot]!));
  const walked = walksOf(index, to);
  if (walked !== undefined && mask === TRUE) return { kind: "walk", axes: walked };
  const padded = walked && paddingOf(walked, mask, axes, from, to);
  if (padded !== undefined) return { kind: "pad", amounts: padded };
  if (mask === TRUE && numel(from) === numel(to) && numel(to) > 0) {
    const same = unflatten(flatten(axes, to), from);
    if (same.every((e, i) => e === index[i])) return { kind: "reshape" };
  }
  return positionsOf(index, mask, from, to);
}

/** The walks of the input's axes, where each index is a multiple of one variable that no other uses, plus a constant. */
function walksOf(index: readonly Expr[], to: Shape): AxisWalk[] | undefined {
  const used = new Set<number>(), walks: AxisWalk[] = [];
  for (const e of index) {
    const { terms, constant } = linear(e), [term, ...more] = terms;
    if (term === undefined) {
      walks.push({ start: constant, step: 1, output: undefined });
      continue;
    }
    const [v, step] = term;
    if (more.length > 0 || v.op !== "var" || used.has(v.slot)) return undefined;
    used.add(v.slot);
    walks.push({ start: constant, step, output: v.slot });
  }
  return numel(to) === 0 && index.length > 0 && used.size === 0 ? undefined : walks;
}

/** What is added to each axis, where the mask asks for nothing but to lie in the input. */
function paddingOf(
  walks: readonly AxisWalk[],
  mask: Expr,
  axes: readonly Expr[],
  from: Shape,
  to: Shape,
): [number, number][] | undefined {
  const amounts: [number, number][] = [];
  let expected: Expr = TRUE;
  if (from.length !== to.length) return undefined;
  for (const [i, { start, step, output }] of walks.entries()) {
    if (output === undefined ? to[i] !== 1 : output !== i || step !== 1) return undefined;
    amounts.push([-start, to[i]! - from[i]! + start]);
    if (start < 0) expected = and(expected, binary("le", int(-start), axes[i]!));
    if (to[i]! + start > from[i]!) {
      expected = and(expected, binary("lt", binary("add", axes[i]!, int(start)), int(from[i]!)));
    }
  }
  const wanted = conditions(expected), given = conditions(mask);
  return wanted.size === given.size && [...wanted].every((e) => given.has(e)) ? amounts : undefined;
}

/** What has to hold for a conjunction to hold. */
function conditions(e: Expr): Set<Expr> {
  if (e === TRUE) return new Set();
  return e.op === "and" ? conditions(e.args[0]!).union(conditions(e.args[1]!)) : new Set([e]);
}

function positionsOf(index: readonly Expr[], mask: Expr, from: Shape, to: Shape): Movement {
  const uses = new Map<number, number>();
  const count = (e: Expr) =>
    walk([e], (part) => void (part.op === "var" && uses.set(part.slot, (uses.get(part.slot) ?? 0) + 1)));
  index.forEach(count);
  count(mask);
  const through = index.flatMap((e, input): [number, number][] =>
    e.op === "var" && uses.get(e.slot) === 1 && from[input] === to[e.slot] ? [[e.slot, input]] : []
  );
  const outer = [...to.keys()].filter((i) => !through.some(([output]) => output === i));
  const inner = [...from.keys()].filter((i) => !through.some(([, input]) => input === i));
  return {
    kind: "positions",
    through,
    positions() {
      const flat = flatten(inner.map((i) => index[i]!), inner.map((i) => from[i]!));
      const numbered = new Map(outer.map((axis, i) => [axis, i]));
      const renamed = (e: Expr) =>
        rewrite(e, (leaf) => leaf.op === "var" ? variable(numbered.get(leaf.slot)!, leaf.value) : undefined);
      const at = evaluator(renamed(flat)), inside = evaluator(renamed(mask));
      const extents = outer.map((i) => to[i]!), variables = new Int32Array(extents.length);
      return Int32Array.from({ length: numel(extents) }, (_, i) => {
        for (let axis = extents.length - 1, rest = i; axis >= 0; axis--) {
          variables[axis] = rest % extents[axis]!;
          rest = Math.floor(rest / extents[axis]!);
        }
        return inside({ variables }) === 0 ? -1 : at({ variables });
      });
    },
  };
}
