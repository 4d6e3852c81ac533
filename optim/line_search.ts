/**
 * Line search: how far to go in a direction.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";

/** A point on the line. */
export interface LinePoint {
  /** How far along the direction. */
  readonly t: number;
  /** The objective there. */
  readonly loss: number;
  /** Its gradient there. */
  readonly grad: Tensor;
  /** The gradient's part along the direction. */
  readonly slope: number;
}

/** The lowest point between two, or between bounds, of the cubic that has their heights and slopes. */
function lowestOfCubic(a: LinePoint, b: LinePoint, bounds?: readonly [number, number]): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const [least, most] = bounds ?? [left.t, right.t];
  const d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t);
  const square = d1 ** 2 - left.slope * right.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(square);
  const t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return Math.min(Math.max(t, least), most);
}

/**
 * A point that satisfies the strong Wolfe conditions, f(t) ≤ f(0) + c₁·t·f′(0) and |f′(t)| ≤ c₂·|f′(0)|, or the lowest found in 25
 * evaluations; and how many there were. `size` is the direction's largest component: shorter brackets than 1e-9 are not cut.
 *
 * @see Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6
 */
export function strongWolfe(
  evaluate: (t: number) => LinePoint,
  start: LinePoint,
  firstStep: number,
  size: number,
): { point: LinePoint; evaluations: number } {
  const tooHigh = ({ t, loss }: LinePoint) => loss > start.loss + 1e-4 * t * start.slope;
  const flat = ({ slope }: LinePoint) => Math.abs(slope) <= -0.9 * start.slope;
  const most = 25;
  let previous = start, point = evaluate(firstStep), searched = 0;
  let bracket: [LinePoint, LinePoint] | undefined;

  // Go on until a minimum lies between the last two points.
  while (searched < most) {
    if (tooHigh(point) || searched > 1 && point.loss >= previous.loss) bracket = [previous, point];
    else if (flat(point)) return { point, evaluations: searched + 1 };
    else if (point.slope >= 0) bracket = [previous, point];
    if (bracket !== undefined) break;
    const { t } = point;
    const next = lowestOfCubic(previous, point, [t + 0.01 * (t - previous.t), t * 10]);
    previous = point;
    point = evaluate(next);
    searched++;
  }
  bracket ??= [start, point];

  // Narrow it down.
  const lower = () => bracket[0].loss <= bracket[1].loss ? 0 : 1;
  let low: 0 | 1 = lower(), stuck = false, done = false;
  while (!done && searched < most) {
    const [a, b] = bracket, left = Math.min(a.t, b.t), right = Math.max(a.t, b.t);
    if ((right - left) * size < 1e-9) break;
    let t = lowestOfCubic(a, b);
    const margin = 0.1 * (right - left);
    const near = Math.min(right - t, t - left) < margin;
    const away: boolean = near && (stuck || t >= right || t <= left);
    // Twice beside an end of the bracket, or at it: try a tenth further in.
    if (away) t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
    stuck = near && !away;
    const tried = evaluate(t), high = low === 0 ? 1 : 0;
    searched++;
    if (tooHigh(tried) || tried.loss >= bracket[low].loss) {
      bracket[high] = tried;
      low = lower();
    } else {
      if (flat(tried)) done = true;
      else if (tried.slope * (bracket[high].t - bracket[low].t) >= 0) bracket[high] = bracket[low];
      bracket[low] = tried;
    }
  }
  return { point: bracket[low], evaluations: searched + 1 };
}
