/**
 * Merges neighbouring axes of a loop domain into one where every index allows it, so that a contiguous tensor of any rank is one
 * flat loop, and splits axes whose indices are divided, so that what belongs to a group of neighbours is found once a group.
 *
 * @module
 */

import { binary, type Expr, int, rewrite, variable, walk } from "../ir/expr.ts";

/** A domain whose loop variables start at some slot, and expressions over it. */
export interface Domain {
  readonly extents: readonly number[];
  readonly exprs: readonly Expr[];
}

/**
 * The same domain with as few axes as possible. `first` is the slot of its first variable; later variables are renumbered to follow,
 * and `after` says how many variables beyond this domain the expressions use.
 */
export function coalesce(first: number, domain: Domain): Domain {
  let { extents, exprs } = domain;
  // Extents of 1 have no variable; drop them first.
  if (extents.includes(1)) {
    const kept: number[] = [];
    const slots = new Map<number, number>();
    extents.forEach((extent, i) => {
      slots.set(first + i, first + kept.length);
      if (extent !== 1) kept.push(extent);
    });
    exprs = renumber(exprs, (slot) => slots.get(slot) ?? slot - (extents.length - kept.length), first);
    extents = kept;
  }
  for (let i = extents.length - 2; i >= 0; i--) {
    const [outer, inner] = [extents[i]!, extents[i + 1]!];
    if (outer * inner === 0) continue;
    const merged = variable(first + i, outer * inner);
    const memo = new Map<Expr, Expr>();
    const candidate = exprs.map((e) =>
      rewrite(e, (x) => {
        if (x.op !== "var") return undefined;
        if (x.slot === first + i) return binary("div", merged, int(inner));
        if (x.slot === first + i + 1) return binary("mod", merged, int(inner));
        return x.slot > first + i + 1 ? variable(x.slot - 1, x.value) : x;
      }, memo)
    );
    if (divisions(candidate) > divisions(exprs)) continue;
    exprs = candidate;
    extents = [...extents.slice(0, i), outer * inner, ...extents.slice(i + 2)];
  }
  return { extents, exprs };
}

/** Inner loops shorter than this are not worth a division less. */
const SHORTEST = 64;

/** As `coalesce`, but axes are split first where that leaves fewer divisions, and an inner axis that is long. */
export function splitAndCoalesce(first: number, domain: Domain): Domain {
  const merged = coalesce(first, domain);
  if (divisions(merged.exprs) === 0) return merged;
  let apart = domain;
  for (let i = 0; i < apart.extents.length; i++) apart = splitAxis(first, apart, i);
  if (apart === domain) return merged;
  const other = coalesce(first, apart);
  const shorter = other.extents.at(-1)! < Math.min(SHORTEST, merged.extents.at(-1)!);
  return shorter || divisions(other.exprs) >= divisions(merged.exprs) ? merged : other;
}

/** Splits axis `i` where its variable is divided by a divisor of its extent. */
function splitAxis(first: number, domain: Domain, i: number): Domain {
  const { extents, exprs } = domain;
  const extent = extents[i]!, slot = first + i;
  let length = 0;
  walk(exprs, (e) => {
    if (length !== 0 || e.dtype !== "int32" || e.op !== "div" && e.op !== "mod") return;
    const [value, divisor] = e.args as [Expr, Expr];
    if (value.op !== "var" || value.slot !== slot || divisor.op !== "const") return;
    if (divisor.value > 1 && divisor.value < extent && extent % divisor.value === 0) length = divisor.value;
  });
  if (length === 0) return domain;
  const outer = variable(slot, extent / length), inner = variable(slot + 1, length);
  const whole = binary("add", binary("mul", outer, int(length)), inner), memo = new Map<Expr, Expr>();
  const split = exprs.map((e) =>
    rewrite(e, (x) => {
      if (x.op !== "var" || x.slot < slot) return undefined;
      return x.slot === slot ? whole : variable(x.slot + 1, x.value);
    }, memo)
  );
  return { extents: [...extents.slice(0, i), extent / length, length, ...extents.slice(i + 1)], exprs: split };
}

/** Expressions with variables from slot `first` on renumbered. */
export function renumber(exprs: readonly Expr[], to: (slot: number) => number, first = 0): readonly Expr[] {
  const memo = new Map<Expr, Expr>();
  return exprs.map((e) =>
    rewrite(e, (x) => x.op === "var" && x.slot >= first ? variable(to(x.slot), x.value) : undefined, memo)
  );
}

function divisions(exprs: readonly Expr[]): number {
  let count = 0;
  walk(exprs, (e) => {
    if (e.dtype === "int32" && (e.op === "div" || e.op === "mod")) count++;
  });
  return count;
}
