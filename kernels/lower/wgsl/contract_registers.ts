/**
 * Contraction without workgroup memory, for software adapters, whose barriers cost more than the loads that tiles would save. There,
 * each element that an invocation loads costs as much as dozens of products, so tiles of registers are as large as pays, and operands are
 * read as vec4 along whichever axis they are contiguous in. Where the invocations of a subgroup can read each other's values, they
 * compute the same rows, each of columns of its own: each loads its share of the rows' elements, and has the rest from the others.
 *
 * @module
 */

import { type Expr, rewrite, variable } from "../../ir/expr.ts";
import type { Axis } from "../../templates/axes.ts";
import {
  bindLanes,
  contiguousIn,
  type Contraction,
  declareSums,
  laneOf,
  lanesOf,
  multiply,
  openContraction,
  operand,
  range,
  storeSums,
  type Tile,
  widthOf,
} from "./contract.ts";
import { decode, fours, size } from "./decode.ts";
import type { Unit } from "./module.ts";
import { accumulatorType, valueType, type Width } from "./types.ts";
import { components, type Writer } from "./writer.ts";

/** Invocations of a workgroup: few, so that few tiles are shared by all cores. */
const WORKGROUP = 16;
/** Products from which on a tile of 8 by 8 pays for its longer compilation. */
const LARGE = 2 ** 18;
/** Most steps of the depth that are written out where it does not divide into fours. */
const LONGEST_UNROLLED = 7;

/** Rows that the invocations of a subgroup compute together. */
const SHARED_ROWS = 16;

/** The unit of a contraction whose result is not empty. */
export function lowerRegisters(c: Contraction, subgroup: number | undefined): Unit {
  const { tile, sharing } = shapeOf(c, subgroup), steps = stepsOf(c.k), shared = sharing > 1;
  let slots = Math.max(0, ...[...c.batch, ...c.m, ...c.n, ...c.k].map(({ slot }) => slot));
  const fresh = () => ++slots;
  const a = operandOf(c.a, c.m, c.k, tile.rows / sharing, shared ? 1 : 4, steps, fresh);
  const b = operandOf(c.b, c.n, c.k, tile.columns, 4, steps, fresh);
  const lane = (o: Operand, axes: readonly Axis[]) =>
    o.alongDepth ? c.k.at(-1) : o.parts[0]!.lanes === 4 ? laneOf(axes) : undefined;
  const exprs = [...a.parts, ...b.parts].flatMap(({ values }) => values.map(({ e }) => e));
  const w = openContraction(c, { a: lane(a, c.m), b: lane(b, c.n) }, exprs);
  const { module } = w;
  const mTiles = Math.ceil(size(c.m) / tile.rows), nTiles = Math.ceil(size(c.n) / (tile.columns * sharing));
  const count = mTiles * nTiles * size(c.batch);
  w.line(`let number = item * ${WORKGROUP}u + local;`);
  w.line(`let tile = ${shared ? `number / ${sharing}u` : "number"};`);
  w.line(`if (tile >= ${module.number("tiles", count)}) { return; }`);
  w.line(`let rowTile = tile % ${module.number("rowTiles", mTiles)};`);
  w.line(`let beside = tile / ${module.number("rowTiles", mTiles)};`);
  if (shared) w.line(`let lane = number % ${sharing}u;`);
  const besides = `beside % ${module.number("columnTiles", nTiles)}`;
  w.line(`let columnTile = ${shared ? `${besides} * ${sharing}u + lane` : besides};`);
  w.line(`let batch = beside / ${module.number("columnTiles", nTiles)};`);
  decode(w, c.batch, "batch");
  const sums = declareSums(w, c, tile);
  w.open("");
  const row = (part: string) => shared ? `(${part} * ${sharing}u + lane)` : part;
  bindParts(w, a, "rowTile", module.number("m", size(c.m)), row);
  bindParts(w, b, "columnTile", module.number("n", size(c.n)));
  const loops = openDepth(w, c.k, steps, [a, b]);
  const rows = loadParts(w, c, a, steps), columns = loadParts(w, c, b, steps), width = widthOf(tile);
  for (let step = 0; step < steps; step++) {
    const all = shared ? rows[step]!.flatMap((mine) => fromAll(mine, sharing)) : rows[step]!;
    multiply(w, c, sums, all, inVectors(c, columns[step]!, width), width);
  }
  w.closeAll(loops + 1);
  storeSums(w, c, tile, sums, "rowTile", "columnTile");
  return module.build(w.lines, WORKGROUP, Math.ceil(count * sharing / WORKGROUP));
}

/** What an invocation computes, and how many share their rows. */
function shapeOf(c: Contraction, subgroup: number | undefined): { readonly tile: Tile; readonly sharing: number } {
  const large = size([...c.batch, ...c.m, ...c.n, ...c.k]) >= LARGE, m = size(c.m), n = size(c.n);
  // With few rows there is little to share, and with few columns most of the subgroup is idle.
  if (large && subgroup !== undefined && SHARED_ROWS % subgroup === 0 && m >= 4 && n >= 2 * subgroup) {
    return { tile: { rows: m <= subgroup ? subgroup : SHARED_ROWS, columns: 4 }, sharing: subgroup };
  }
  const side = (axes: readonly Axis[]) => large && size(axes) >= 8 ? 8 : lanesOf(axes);
  return { tile: { rows: side(c.m), columns: side(c.n) }, sharing: 1 };
}

/** The values of a name in all invocations of a subgroup. */
function fromAll(name: string, count: number): string[] {
  return range(count).map((invocation) => `subgroupBroadcast(${name}, ${invocation}u)`);
}

/** Steps of the innermost depth that one turn of its loop takes. */
function stepsOf(k: readonly Axis[]): number {
  const extent = k.at(-1)?.extent ?? 1;
  if (extent % 4 === 0) return 4;
  return range(LONGEST_UNROLLED).map((i) => LONGEST_UNROLLED - i).find((steps) => extent % steps === 0)!;
}

/** One operand, with variables of its own for each part of the tile and each step of the depth. */
interface Operand {
  /** Read four steps of the depth at a time, row by row; else four rows at a time, step by step. */
  readonly alongDepth: boolean;
  readonly parts: readonly Part[];
}

/** Rows (or columns) that are bound together. */
interface Part {
  readonly axes: readonly Axis[];
  readonly lanes: Width;
  /** For each step, or for all four of them together, the operand and the innermost depth's variable in it. */
  readonly values: readonly { readonly e: Expr; readonly depth: Axis | undefined }[];
}

function operandOf(
  e: Expr,
  axes: readonly Axis[],
  k: readonly Axis[],
  count: number,
  most: Width,
  steps: number,
  fresh: () => number,
): Operand {
  const inner = k.at(-1), alongDepth = steps === 4 && contiguousIn(e, inner);
  const lanes = alongDepth || count === 1 ? 1 : most;
  const renamed = (axis: Axis): Axis => ({ slot: fresh(), extent: axis.extent });
  const parts = range(count / lanes).map((): Part => {
    const own = axes.map(renamed);
    const values = range(alongDepth ? 1 : steps).map(() => {
      const depth = inner && renamed(inner);
      return { depth, e: rename(e, [...axes, ...(inner ? [inner] : [])], [...own, ...(depth ? [depth] : [])]) };
    });
    return { axes: own, lanes, values };
  });
  return { alongDepth, parts };
}

function rename(e: Expr, from: readonly Axis[], to: readonly Axis[]): Expr {
  const names = new Map(from.map(({ slot, extent }, i) => [variable(slot, extent), variable(to[i]!.slot, extent)]));
  return rewrite(e, (leaf) => names.get(leaf));
}

/** Binds the parts' variables; `at` may spread parts over invocations. */
function bindParts(w: Writer, { parts }: Operand, tile: string, count: string, at = (part: string) => part): void {
  parts.forEach(({ axes, lanes }, i) => bindLanes(w, axes, at(`(${tile} * ${parts.length}u + ${i}u)`), count, lanes));
}

/** Opens the loops over the depth; in the innermost, every part's variables are bound. Says how many there are. */
function openDepth(w: Writer, k: readonly Axis[], steps: number, operands: readonly Operand[]): number {
  k.forEach(({ slot, extent }, i) => {
    const name = w.fresh("k");
    const bound = i === 0 ? `i32(${w.module.number("k", extent)})` : `${extent}i`;
    w.open(`for (var ${name} = 0i; ${name} < ${bound}; ${name} += ${i === k.length - 1 ? steps : 1}i)`);
    w.bindVariable(slot, name);
    if (i < k.length - 1) return;
    for (const { parts, alongDepth } of operands) {
      for (const { values } of parts) {
        values.forEach(({ depth }, step) => {
          w.bindVariable(depth!.slot, step === 0 ? name : `(${name} + ${step}i)`, alongDepth ? fours(name) : {});
        });
      }
    }
  });
  return k.length;
}

/** Loads an operand; gives, for each step, the element of each row or column. */
function loadParts(w: Writer, c: Contraction, { parts, alongDepth }: Operand, steps: number): string[][] {
  const elements = range(steps).map((): string[] => []);
  for (const { values, lanes } of parts) {
    values.forEach(({ e }, step) => {
      const width = alongDepth ? 4 : lanes;
      const name = w.named(operand(w, c, e, width));
      if (alongDepth) elements.forEach((list, at) => list.push(`${name}.${components[at]}`));
      else if (width === 1) elements[step]!.push(name);
      else elements[step]!.push(...components.map((component) => `${name}.${component}`));
    });
  }
  return elements;
}

/** Elements in fours as vectors. */
function inVectors(c: Contraction, elements: readonly string[], width: 1 | 4): string[] {
  if (width === 1) return [...elements];
  const type = valueType(accumulatorType(c.dtype), 4);
  return range(elements.length / 4).map((i) => {
    const four = elements.slice(4 * i, 4 * i + 4);
    const whole = four[0]!.slice(0, -2);
    return four.every((e, at) => e === `${whole}.${components[at]}`) ? whole : `${type}(${four.join(", ")})`;
  });
}
