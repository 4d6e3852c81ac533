/**
 * Confusion matrices.
 *
 * @module
 */

import { ShapeError, ValueError } from "../tensor/mod.ts";
import { textTable } from "../tensor/table.ts";
import { classesOf, countOf, namesOf, wholeNumbers } from "./classes.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { heatmapPanel } from "./heatmap.ts";
import { grouped, type Numbers, short } from "./numbers.ts";
import { framed } from "./panel.ts";

/** Options of `confusionMatrix`. */
export interface ConfusionMatrixOptions extends FigureOptions {
  /** Names of the classes. Default their numbers. */
  readonly names?: readonly string[];
  /** What counts are divided by: those of the class, of the prediction, or of all. Default nothing. */
  readonly normalize?: "true" | "pred" | "all";
}

/**
 * How often each class was taken for each: a row for each true class, a column for each prediction. `console.log` shows it as a table.
 *
 * @example
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const target = tensor([0, 0, 1, 1, 1]), scores = tensor([[2, 1], [0.5, 1], [0, 3], [1, 2], [2, 3]]);
 * console.log(plot.confusionMatrix(target, scores, { names: ["cat", "dog"] }));
 * // Figure 480x420: a confusion matrix of 5 predictions, 80.0% right
 * // =============
 * //      cat  dog
 * // =============
 * // cat    1    1
 * // dog    0    3
 * // =============
 * ```
 *
 * @param target The true classes.
 * @param prediction The predicted classes, or scores [N, C], of which the largest decides.
 * @throws {ShapeError} where there are not as many predictions as targets
 * @see {@link https://scikit-learn.org/stable/modules/generated/sklearn.metrics.ConfusionMatrixDisplay.html}
 */
export function confusionMatrix(target: Numbers, prediction: Numbers, options: ConfusionMatrixOptions = {}): Figure {
  const { normalize, width = 480, height = 420 } = options;
  if (normalize !== undefined && !["true", "pred", "all"].includes(normalize)) {
    throw new ValueError(`Cannot normalize a confusion matrix by "${normalize}": pass "true", "pred" or "all"`);
  }
  const truth = wholeNumbers(target, "the targets of a confusion matrix");
  const guesses = classesOf(prediction, "the predictions of a confusion matrix");
  if (truth.length !== guesses.length) {
    throw new ShapeError(`Cannot draw a confusion matrix of ${truth.length} targets and ${guesses.length} predictions`);
  }
  const count = Math.max(countOf(truth), countOf(guesses));
  const names = namesOf(options.names, count, "a confusion matrix"), size = names.length;
  const counts = names.map(() => new Float64Array(size));
  truth.forEach((row, i) => counts[row]![guesses[i]!]!++);
  const total = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);
  const columns = names.map((_, j) => total(counts.map((row) => row[j]!)));
  const shares = counts.map((row) => {
    if (normalize === undefined) return row;
    return row.map((value, j) => {
      const whole = normalize === "true" ? total(row) : normalize === "pred" ? columns[j]! : truth.length;
      return whole === 0 ? 0 : value / whole;
    });
  });
  const right = total(counts.map((row, i) => row[i]!)) / truth.length;
  const most = Math.max(0, ...shares.map((row) => Math.max(...row)));
  const panel = heatmapPanel(shares, {
    range: [0, most || 1],
    colors: "blues",
    rows: names,
    columns: names,
    xLabel: "predicted",
    yLabel: "true",
  });
  const rows = shares.map((row, i) => [names[i]!, ...Array.from(row, (value) => short(value))]);
  return framed({
    ...panel,
    text: `a confusion matrix of ${grouped(truth.length)} predictions` +
      (truth.length === 0 ? "" : `, ${(100 * right).toFixed(1)}% right`),
    table: textTable({ head: ["", ...names], rows }).join("\n"),
  }, { ...options, width, height });
}
