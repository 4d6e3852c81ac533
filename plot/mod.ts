/**
 * Pictures of tensors, of training and of models, in SVG and PNG. An entry point of its own, for it alone depends on packages, which lay out
 * axes and graphs and draw PNG files.
 *
 * ```ts
 * import { linspace } from "@tensaur/tensaur";
 * import * as plot from "@tensaur/tensaur/plot";
 *
 * const x = linspace(0, 6.28, 50);
 * const figure = plot.line({ sine: x.sin(), cosine: x.cos() }, { x, title: "Two waves" });
 * console.log(figure.svg.length > 1000); // true
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export { Figure, type FigureOptions, type PngOptions } from "./figure.ts";
export { grid, type GridOptions } from "./grid.ts";
export { type AxesOptions, type Curve, line, type LineOptions } from "./line.ts";
export type { Matrix, Numbers } from "./numbers.ts";
export { heatmap, type HeatmapOptions } from "./heatmap.ts";
export { histogram, type HistogramOptions } from "./histogram.ts";
export type { ColorScheme } from "./pixels.ts";
export { confusionMatrix, type ConfusionMatrixOptions } from "./confusion_matrix.ts";
export { image, type ImageOptions } from "./image.ts";
export { scatter, type ScatterOptions } from "./scatter.ts";
export { History, type HistoryOptions } from "./history.ts";
export { graph, type GraphOptions } from "./graph.ts";
export { kernels, type KernelsOptions } from "./kernels.ts";
