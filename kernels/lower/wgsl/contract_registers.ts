/**
 * Contraction without workgroup memory, for software adapters, whose barriers cost more than the loads that tiles would save.
 *
 * @module
 */

import {
  bindLanes,
  type Contraction,
  declareSums,
  lanesOf,
  multiply,
  openContraction,
  operand,
  storeSums,
} from "./contract.ts";
import { decode, size } from "./decode.ts";
import type { Shader } from "./module.ts";

const WORKGROUP = 64;

/** The shader of a contraction whose result is not empty. */
export function lowerRegisters(c: Contraction): Shader {
  const w = openContraction(c);
  const { module } = w;
  const rows = lanesOf(c.m), columns = lanesOf(c.n);
  const mTiles = Math.ceil(size(c.m) / rows), nTiles = Math.ceil(size(c.n) / columns);
  const count = mTiles * nTiles * size(c.batch);
  w.line(`let tile = item * ${WORKGROUP}u + local;`);
  w.line(`if (tile >= ${module.number("tiles", count)}) { return; }`);
  w.line(`let columnTile = tile % ${module.number("columnTiles", nTiles)};`);
  w.line(`let above = tile / ${module.number("columnTiles", nTiles)};`);
  w.line(`let rowTile = above % ${module.number("rowTiles", mTiles)};`);
  w.line(`let batch = above / ${module.number("rowTiles", mTiles)};`);
  decode(w, c.batch, "batch");
  const sums = declareSums(w, c);
  w.open("");
  bindLanes(w, c.m, "rowTile", module.number("m", size(c.m)));
  bindLanes(w, c.n, "columnTile", module.number("n", size(c.n)));
  c.k.forEach(({ slot, extent }, i) => {
    const name = w.fresh("k");
    const bound = i === 0 ? `i32(${module.number("k", extent)})` : `${extent}i`;
    w.open(`for (var ${name} = 0i; ${name} < ${bound}; ${name}++)`);
    w.bindVariable(slot, name);
  });
  w.open("");
  w.line(`let a = ${operand(w, c, c.a, rows)};`);
  w.line(`let b = ${operand(w, c, c.b, columns)};`);
  multiply(w, c, sums, "a", "b");
  w.closeAll(c.k.length + 2);
  storeSums(w, c, sums, "rowTile", "columnTile");
  return module.build(w.lines, WORKGROUP, Math.ceil(count / WORKGROUP));
}
