/**
 * Models in ONNX files.
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../../tensor/methods.ts";

export { exportOnnx, type ExportOptions } from "./export/export.ts";
export type { DynamicAxes } from "./export/dynamic.ts";
export type { Exportable } from "./export/prepare.ts";
export type { FileTarget } from "../content.ts";
export { importOnnx, type ImportOptions } from "./import/import.ts";
export type { NamedInputs } from "./import/inputs.ts";
export type { OnnxModel } from "./import/module.ts";
export type { FileSource } from "../../data/files.ts";
