/**
 * Pooling, resizing, sampling and borders as operators of ONNX.
 *
 * @module
 */

import type { Windows } from "../../../kernels/mod.ts";
import { TensorType } from "../model.ts";
import { constantOf } from "./extents.ts";
import { dynamicError, rankOf, type Value } from "./graph.ts";
import { asBatch, node, type Rule } from "./step.ts";
import { elementTypes, type Option } from "./writer.ts";

interface Pooling {
  readonly unbatched: boolean;
  readonly windows: readonly Windows[];
  readonly padding: readonly number[];
  /** With ceilMode, what makes every window fit: added at both ends of each axis. */
  readonly borders: readonly (readonly [before: number, after: number])[] | null;
}

/** What poolings have in common. */
function pooling({ windows, padding, borders }: Pooling): Record<string, Option> {
  // What the last window reaches past the padding is part of the border.
  const after = padding.map((pad, i) => Math.max(pad, borders === null ? 0 : borders[2 + i]![1]));
  return {
    kernel_shape: { ints: windows.map(({ size }) => size) },
    strides: { ints: windows.map(({ stride }) => stride) },
    pads: { ints: [...padding, ...after] },
  };
}

const maxPool: Rule = ({ inputs: [x], outputs, attributes }) => {
  const given = attributes as unknown as Pooling, { unbatched, windows, padding, borders } = given;
  const dropped = borders !== null && borders.slice(2).some(([, after], i) => after < 0 && padding[i]! > 0);
  // Runtimes take no border as wide as a window.
  if (dropped || borders?.some(([, after], i) => i > 1 && after >= windows[i - 2]!.size)) return undefined;
  const options = { ...pooling(given), dilations: { ints: windows.map(({ dilation }) => dilation) } };
  if (outputs.length === 1) return asBatch(unbatched, node("MaxPool", [x], options));
  const plane = x!.extents.slice(-windows.length).map(constantOf).reduce((a, b) => a && b && a * b, 1);
  if (plane === undefined) return undefined;
  return asBatch(unbatched, {
    inputs: [x],
    outputs,
    write([x], w) {
      const [values, indices] = w.ops("MaxPool", [x!], options, 2);
      // They count through all planes; here each one begins anew.
      const within = w.op("Mod", [indices!, w.integers([plane])]);
      return [values!, w.op("Cast", [within], { to: { i: elementTypes.int32 } })];
    },
  });
};

const avgPool: Rule = ({ inputs: [x], attributes }, value) => {
  const given = attributes as unknown as Pooling & { countIncludePad: boolean; divisorOverride?: number | null };
  const { unbatched, padding, borders, countIncludePad, divisorOverride } = given;
  const past = borders !== null && borders.slice(2).some(([, after], i) => after !== padding[i]);
  if (divisorOverride != null || past || value.dtype === "float64") return undefined;
  return asBatch(
    unbatched,
    node("AveragePool", [x], { ...pooling(given), count_include_pad: { i: countIncludePad ? 1 : 0 } }),
  );
};

const adaptiveAvgPool: Rule = ({ inputs: [x], attributes }) => {
  const { unbatched, sizes } = attributes as { unbatched: boolean; sizes: readonly number[] };
  if (sizes.every((size) => size === 1)) return asBatch(unbatched, node("GlobalAveragePool", [x]));
  const windows = x!.extents.slice(-sizes.length).map((extent, i) => (constantOf(extent) ?? NaN) / sizes[i]!);
  if (!windows.every(Number.isInteger)) return undefined;
  return asBatch(unbatched, node("AveragePool", [x], { kernel_shape: { ints: windows }, strides: { ints: windows } }));
};

const modes: Readonly<Record<string, string>> = {
  linear: "linear",
  bilinear: "linear",
  trilinear: "linear",
  bicubic: "cubic",
};

const interpolate: Rule = ({ inputs: [x], attributes }, value) => {
  const { mode, antialias, alignCorners, scales } = attributes as {
    mode: string;
    antialias: boolean;
    alignCorners: boolean;
    scales?: number | readonly number[] | null;
  };
  // Runtimes smooth otherwise, and round otherwise where the nearest element is between two.
  if (antialias || (modes[mode] === undefined && !isEvenlySpaced(x!, value))) return undefined;
  const axes = x!.extents.slice(2).map((_, i) => 2 + i);
  const coordinates = alignCorners ? "align_corners" : mode === "nearest" ? "asymmetric" : "half_pixel";
  const options = {
    mode: { s: modes[mode] ?? "nearest" },
    coordinate_transformation_mode: { s: coordinates },
    nearest_mode: modes[mode] === undefined ? { s: mode === "nearest" ? "floor" : "round_prefer_ceil" } : undefined,
    axes: { ints: axes },
  };
  return {
    inputs: [x],
    write([x], w) {
      if (scales == null) {
        const sizes = w.shape(value.extents.slice(2));
        if (sizes === undefined) throw dynamicError(value, "it resizes its input");
        return w.op("Resize", [x!, "", "", sizes], options);
      }
      const factors = typeof scales === "number" ? axes.map(() => scales) : scales;
      const name = w.initializer("scales", Float32Array.from(factors), [axes.length], TensorType.FLOAT);
      return w.op("Resize", [x!, "", name], options);
    },
  };
};

/** Whether each axis becomes a whole multiple or part of what it was; where extents are not known, it may. */
function isEvenlySpaced(x: Value, y: Value): boolean {
  return x.extents.slice(2).every((extent, i) => {
    const from = constantOf(extent), to = constantOf(y.extents[2 + i]!);
    return from === undefined || to === undefined || from % to === 0 || to % from === 0;
  });
}

const gridSample: Rule = ({ inputs, attributes }, _value, { opset }) => {
  const { mode, paddingMode, alignCorners } = attributes as {
    mode: string;
    paddingMode: string;
    alignCorners: boolean;
  };
  if (opset < 20 && rankOf(inputs[0]!) > 4) return undefined;
  const renamed: Record<string, string> = { bilinear: "linear", bicubic: "cubic" };
  return node("GridSample", inputs, {
    mode: { s: opset < 20 ? mode : renamed[mode] ?? mode },
    padding_mode: { s: paddingMode },
    align_corners: { i: alignCorners ? 1 : 0 },
  });
};

const borderModes: Readonly<Record<string, string>> = { reflect: "reflect", replicate: "edge", circular: "wrap" };

const pad: Rule = ({ inputs: [x], attributes }, _value, { opset }) => {
  const { mode, pad } = attributes as { mode: string; pad: readonly number[] };
  if (pad.some((amount) => amount < 0) || (mode === "circular" && opset < 19)) return undefined;
  const lead = new Array<number>(rankOf(x!) - pad.length / 2).fill(0);
  const side = (which: number) => [...lead, ...pad.filter((_, i) => i % 2 === which).reverse()];
  return {
    inputs: [x],
    write: ([x], w) => w.op("Pad", [x!, w.integers([...side(0), ...side(1)])], { mode: { s: borderModes[mode]! } }),
  };
};

/** Rules by the operation's name. */
export const images: Readonly<Record<string, Rule>> = {
  maxPool,
  avgPool,
  adaptiveAvgPool,
  interpolate,
  gridSample,
  pad,
};
