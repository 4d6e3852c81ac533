/**
 * How the result of a contraction is cut into tiles: big ones, because each packs its own operands, but enough of them to keep all
 * cores busy until the end.
 *
 * @module
 */

/** Most rows and columns of a tile: its sums and packed operands have to stay in the caches. */
const MOST_ROWS = 384, MOST_COLUMNS = 512;

/** Estimated nanoseconds to multiply and add, to pack an element, and to store one. */
const MULTIPLY = 0.035, PACK = 0.4, STORE = 0.5;

/** Cores that may share a contraction. */
export const CORES: number = globalThis.navigator?.hardwareConcurrency ?? 1;

/** Below this many nanoseconds a contraction is not worth sharing. */
const SHARE = 20_000;

/** Extents of a contraction, and the rows and columns of a register tile. */
export interface Extents {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly panelRows: number;
  readonly panelColumns: number;
}

/** Size of a tile, in whole panels, and how many there are along each side. */
export interface Tiles {
  readonly rows: number;
  readonly columns: number;
  readonly rowTiles: number;
  readonly columnTiles: number;
}

/** The tiles that are estimated to take the least time. */
export function chooseTiles(extents: Extents): Tiles {
  const alone = cost(extents, cut(extents, 0, 0), 1);
  const cores = alone < SHARE ? 1 : Math.min(16, CORES);
  let best = cut(extents, 0, 0), least = cost(extents, best, cores);
  for (let i = 0; i <= cores; i++) {
    for (let j = 0; j <= cores; j++) {
      const tiles = cut(extents, i, j), time = cost(extents, tiles, cores);
      if (time < 0.99 * least) [best, least] = [tiles, time];
    }
  }
  return best;
}

/** The smallest number of tiles along each side plus some more. */
function cut({ rows, columns, panelRows, panelColumns }: Extents, moreRows: number, moreColumns: number): Tiles {
  const [height, rowTiles] = split(rows, panelRows, MOST_ROWS, moreRows);
  const [width, columnTiles] = split(columns, panelColumns, MOST_COLUMNS, moreColumns);
  return { rows: height, columns: width, rowTiles, columnTiles };
}

function split(extent: number, panel: number, most: number, more: number): [size: number, count: number] {
  const panels = Math.max(1, Math.ceil(extent / panel));
  const size = Math.ceil(panels / (Math.ceil(panels * panel / most) + more));
  return [size * panel, Math.ceil(panels / size)];
}

function cost({ batch, depth }: Extents, { rows, columns, rowTiles, columnTiles }: Tiles, cores: number): number {
  const tile = rows * columns * (depth * MULTIPLY + STORE) + (rows + columns) * depth * PACK;
  return tile * Math.ceil(batch * rowTiles * columnTiles / cores);
}
