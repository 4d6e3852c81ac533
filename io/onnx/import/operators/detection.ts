/**
 * What detectors end with: boxes that overlap a better one are left out.
 *
 * @module
 */

import { ShapeError, tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";
import { countOf, hostOf } from "../values.ts";

/** Corners of a box. */
type Box = readonly [y1: number, x1: number, y2: number, x2: number];

/** The box in four numbers: two opposite corners, or the center and the extents. */
function boxOf(data: readonly number[], at: number, centered: boolean): Box {
  const [a, b, c, d] = data.slice(at, at + 4) as [number, number, number, number];
  if (centered) return [b - d / 2, a - c / 2, b + d / 2, a + c / 2];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

const area = ([y1, x1, y2, x2]: Box): number => (y2 - y1) * (x2 - x1);

/** The area that two boxes share, as a part of that which they cover. */
function overlap(a: Box, b: Box): number {
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]), width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (height <= 0 || width <= 0) return 0;
  return height * width / (area(a) + area(b) - height * width);
}

/** The boxes that stay, for each image and class by falling score. Boxes [N, B, 4] and scores [N, C, B] are read from their device. */
function nonMaxSuppression(call: OperatorCall): Result {
  [0, 1].forEach((i) => call.run.bounds.onHost(countOf(call.value(i).shape)));
  const boxes = hostOf(call.value(0)), scores = hostOf(call.value(1)), centered = call.int("center_point_box", 0) === 1;
  const [images, classes, count] = scores.shape as readonly [number, number, number];
  if (scores.shape.length !== 3 || boxes.shape.join() !== [images, count, 4].join()) {
    throw new ShapeError(
      `it takes boxes [N, B, 4] and scores [N, C, B], and is given [${boxes.shape.join(", ")}] and [${
        scores.shape.join(", ")
      }]`,
    );
  }
  const most = call.has(2) ? call.number(2) : 0, limit = call.has(3) ? call.number(3) : 0;
  const least = call.has(4) ? call.number(4) : -Infinity, found: number[] = [];
  for (let image = 0; image < images; image++) {
    for (let kind = 0; kind < classes; kind++) {
      const score = (i: number): number => scores.data[(image * classes + kind) * count + i]!, kept: Box[] = [];
      const order = Array.from({ length: count }, (_, i) => i).filter((i) => score(i) > least).sort((a, b) =>
        score(b) - score(a)
      );
      for (const i of order) {
        if (kept.length >= most) break;
        call.run.bounds.onHost(1 + kept.length);
        const box = boxOf(boxes.data, (image * count + i) * 4, centered);
        if (kept.some((other) => overlap(box, other) > limit)) continue;
        kept.push(box);
        found.push(image, kind, i);
      }
    }
  }
  return tensor(Int32Array.from(found), { shape: [found.length / 3, 3], device: call.run.device });
}

/** Operators of ai.onnx by name. */
export const detection: Operators = { NonMaxSuppression: nonMaxSuppression };
