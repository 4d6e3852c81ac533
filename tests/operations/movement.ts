/**
 * Operations that move elements.
 *
 * @module
 */

import { functional as F, type Tensor } from "../../mod.ts";
import { fixed, op, type Operation, real } from "./table.ts";

const moved = { rows: "the rows move" };

/** What each does to [2, 3, 4]. */
const cube: Record<string, (x: Tensor) => unknown> = {
  "reshape": (x) => F.reshape(x, [4, -1]),
  "view": (x) => F.view(x.contiguous(), [6, 4]),
  "flatten": (x) => [F.flatten(x), F.flatten(x, 1)],
  "ravel": F.ravel,
  "unflatten": (x) => F.unflatten(x, 2, [2, -1]),
  "squeeze": (x) => F.squeeze(F.unsqueeze(x, 1)),
  "squeeze dim": (x) => F.squeeze(F.unsqueeze(x, 1), 1),
  "unsqueeze": (x) => F.unsqueeze(x, -1),
  "permute": (x) => F.permute(x, [2, 0, 1]),
  "transpose": (x) => F.transpose(x, 0, 2),
  "swapaxes": (x) => F.swapaxes(x, 0, 2),
  "swapdims": (x) => F.swapdims(x, 0, 2),
  "movedim": (x) => F.movedim(x, 0, 2),
  "moveaxis": (x) => F.moveaxis(x, [0, 1], [2, 0]),
  "mT": F.mT,
  "t": (x) => F.t(F.select(x, 0, 1)),
  "expand": (x) => F.expand(x, [3, 2, 3, 4]),
  "broadcastTo": (x) => F.broadcastTo(x, [3, 2, 3, 4]),
  "sumToSize": (x) => F.sumToSize(x, [3, 1]),
  "repeat": (x) => F.repeat(x, [2, 1, 3]),
  "tile": (x) => F.tile(x, [2, 1]),
  "repeatInterleave": (x) => F.repeatInterleave(x, 2, 1),
  "flip": (x) => F.flip(x, [0, 2]),
  "fliplr": F.fliplr,
  "flipud": F.flipud,
  "roll": (x) => [F.roll(x, [1, -2], [0, 2]), F.roll(x, 5)],
  "rot90": (x) => [F.rot90(x, 1, [1, 2]), F.rot90(x, 3, [0, 1])],
  "split": (x) => F.split(x, 3, 2),
  "splitWithSizes": (x) => F.splitWithSizes(x, [1, 3], 2),
  "chunk": (x) => F.chunk(x, 2, 2),
  "tensorSplit": (x) => [F.tensorSplit(x, 3, 2), F.tensorSplit(x, [1, 2], 1)],
  "hsplit": (x) => F.hsplit(x, 3),
  "vsplit": (x) => F.vsplit(x, 2),
  "dsplit": (x) => F.dsplit(x, [1, 3]),
  "unbind": (x) => F.unbind(x, 1),
  "narrow": (x) => F.narrow(x, 1, 1, 2),
  "narrowCopy": (x) => F.narrowCopy(x, 1, 1, 2),
  "asStrided": (x) => F.asStrided(x, [2, 3], [3, 2], 1),
  "select": (x) => F.select(x, 1, -1),
  "unfold": (x) => [x.unfold(2, 3, 1), x.unfold(0, 2, 1)],
  "diagonal": (x) => F.diagonal(x, 1, 1, 2),
  "diagEmbed": (x) => F.diagEmbed(x, { offset: -1 }),
  "diag": (x) => [F.diag(F.select(x, 0, 0)), F.diag(F.select(F.select(x, 0, 0), 0, 1), 1)],
  "diagflat": (x) => F.diagflat(x),
  "tril": (x) => F.tril(x, 1),
  "triu": (x) => F.triu(x, -1),
  "constantPadNd": (x) => F.constantPadNd(x, [1, 2, -1, 1], 3),
  "pad": (x) => F.pad(x, [1, 2, -1, 1]),
  "atleast1d": (x) => F.atleast1d(F.sum(x)),
  "atleast2d": (x) => F.atleast2d(F.sum(x)),
  "atleast3d": (x) => F.atleast3d(F.select(x, 0, 0)),
  "cat": (x) => F.cat([x, F.exp(x), x], 1),
  "concat": (x) => F.concat([x, F.exp(x)], -1),
  "stack": (x) => F.stack([x, F.exp(x)], 2),
  "hstack": (x) => F.hstack([x, F.exp(x)]),
  "vstack": (x) => F.vstack([x, F.exp(x)]),
  "dstack": (x) => F.dstack([x, F.exp(x)]),
  "columnStack": (x) => F.columnStack([F.select(x, 0, 0), F.select(F.select(x, 0, 1), 1, 0)]),
  "blockDiag": (x) => F.blockDiag(F.select(x, 0, 0), F.select(x, 0, 1)),
  "combinations": (x) => F.combinations(F.select(F.select(x, 0, 0), 0, 1)),
};

/** Modes of padding, of [2, 2, 4, 4]. */
const paddings = (["reflect", "replicate", "circular"] as const).map((mode) =>
  op(`pad ${mode}`, (x) => F.pad(x, [2, 1, -1, 2], { mode }), [real([2, 1, 4, 4])])
);

/** Operations that move elements. */
export const movements: readonly Operation[] = [
  ...Object.entries(cube).map(([name, call]) => op(name, call, [real([2, 3, 4])], moved)),
  ...paddings,
  op("viewAs", (x, y) => F.viewAs(x.contiguous(), y), [real([2, 6]), real([3, 4])], moved),
  op("reshapeAs", F.reshapeAs, [real([2, 6]), real([3, 4])], moved),
  op("expandAs", F.expandAs, [real([3, 1]), real([3, 4])], moved),
  op("broadcastTensors", (x, y) => F.broadcastTensors(x, y), [real([3, 1]), real([4])], moved),
  op("repeatInterleave each", (x, times) => F.repeatInterleave(x, times, 1), [real([2, 3]), fixed([1, 0, 2])], moved),
  op("narrow from-a-tensor", (x, start) => F.narrow(x, 1, start, 2), [real([2, 3]), fixed([1], [])], moved),
  op("meshgrid", (x, y) => F.meshgrid(x, y), [real([3]), real([2])], moved),
  op("cartesianProd", (x, y) => F.cartesianProd(x, y), [real([3]), real([2])], moved),
  op("diagonalScatter", (x, y) => F.diagonalScatter(x, y, { offset: 1 }), [real([3, 3]), real([2])], moved),
  op("selectScatter", (x, y) => F.selectScatter(x, y, 0, 1), [real([3, 3]), real([3])], moved),
  op("asStridedScatter", (x, y) => F.asStridedScatter(x, y, [2, 2], [4, 1], 1), [real([3, 4]), real([2, 2])], moved),
  op("sliceScatter", (x, y) => F.sliceScatter(x, y, { start: 1, end: 3 }), [real([4, 3]), real([2, 3])], moved),
];
