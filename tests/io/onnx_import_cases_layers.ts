/**
 * Models of one operator that is a layer of networks.
 *
 * @module
 */

import { type Attribute, type Case, type Elements, floats, ints, of, op, some } from "./onnx_import_models.ts";

const row = some([1, 2, 7]), image = some([1, 2, 5, 6]), deep = some([1, 2, 3, 4, 5]);

/** Convolutions and pooling. */
export const windows: Readonly<Record<string, Case>> = {
  "Conv": op("Conv", [image, some([4, 2, 3, 3], 2), some([4], 3)], { pads: [1, 1, 1, 1], strides: [2, 1] }, {
    held: [1, 2],
  }),
  "Conv with groups": op("Conv", [image, some([4, 1, 3, 2], 2)], { group: 2, dilations: [1, 2], kernel_shape: [3, 2] }),
  "Conv with uneven pads": op("Conv", [image, some([3, 2, 3, 3], 2), some([3], 3)], { pads: [0, 1, 2, 0] }),
  "Conv of a row": op("Conv", [row, some([3, 2, 3], 2)], { pads: [1, 1] }),
  "Conv of a volume": op("Conv", [deep, some([2, 2, 2, 2, 2], 2)]),
  ...Object.fromEntries(
    ["SAME_UPPER", "SAME_LOWER", "VALID"].map((
      auto_pad,
    ): [string, Case] => [
      `Conv ${auto_pad}`,
      op("Conv", [image, some([2, 2, 4, 3], 2)], { auto_pad, strides: [2, 2] }),
    ]),
  ),
  "ConvTranspose": op("ConvTranspose", [image, some([2, 3, 3, 3], 2), some([3], 3)], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    output_padding: [1, 0],
  }),
  "ConvTranspose with uneven pads": op("ConvTranspose", [image, some([2, 3, 3, 3], 2), some([3], 3)], {
    strides: [2, 2],
    pads: [0, 1, 2, 0],
  }),
  "ConvTranspose of a shape": op("ConvTranspose", [image, some([2, 3, 3, 3], 2)], {
    strides: [2, 2],
    output_shape: [10, 12],
  }),
  "ConvTranspose with groups": op("ConvTranspose", [row, some([2, 2, 3], 2)], { group: 2, dilations: [2] }),
  "ConvTranspose SAME_UPPER": op("ConvTranspose", [image, some([2, 1, 3, 3], 2)], {
    strides: [2, 2],
    auto_pad: "SAME_UPPER",
  }),
  "MaxPool": op("MaxPool", [image], { kernel_shape: [3, 2], strides: [2, 2] }),
  "MaxPool with pads": op("MaxPool", [image], { kernel_shape: [3, 3], pads: [0, 1, 1, 1], dilations: [1, 2] }),
  "MaxPool that rounds up": op("MaxPool", [image], { kernel_shape: [2, 2], strides: [2, 3], ceil_mode: 1 }),
  "MaxPool with positions": op("MaxPool", [some([2, 2, 4, 4])], { kernel_shape: [2, 2], strides: [2, 2] }, {
    outputs: ["FLOAT", "INT64"],
  }),
  "MaxPool SAME_LOWER": op("MaxPool", [image], { kernel_shape: [2, 2], auto_pad: "SAME_LOWER" }),
  "MaxPool of a row": op("MaxPool", [row], { kernel_shape: [3], strides: [2] }, { opset: 8 }),
  "AveragePool": op("AveragePool", [image], { kernel_shape: [3, 3], pads: [1, 0, 1, 1] }),
  "AveragePool that counts pads": op("AveragePool", [image], {
    kernel_shape: [3, 3],
    pads: [1, 0, 1, 1],
    count_include_pad: 1,
  }),
  "AveragePool that rounds up": op("AveragePool", [image], { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 }),
  "AveragePool of a volume": op("AveragePool", [deep], { kernel_shape: [2, 2, 2] }),
  "AveragePool of version 7": op("AveragePool", [image], { kernel_shape: [2, 2], auto_pad: "SAME_UPPER" }, {
    opset: 7,
  }),
  "LpPool": op("LpPool", [image], { kernel_shape: [2, 2], p: 3 }),
  "GlobalAveragePool": op("GlobalAveragePool", [image]),
  "GlobalMaxPool": op("GlobalMaxPool", [deep]),
  "GlobalLpPool": op("GlobalLpPool", [image]),
};

const channels = [some([3], 2), some([3], 3), some([3], 4), floats([0.5, 1, 2])];

/** Normalisations. */
export const norms: Readonly<Record<string, Case>> = {
  "BatchNormalization": op("BatchNormalization", [some([2, 3, 4]), ...channels], { epsilon: 0.01 }, {
    held: [1, 2, 3, 4],
  }),
  "BatchNormalization of version 7": op("BatchNormalization", [some([2, 3, 2, 2]), ...channels], {}, {
    opset: 7,
    held: [1, 2, 3, 4],
  }),
  "InstanceNormalization": op("InstanceNormalization", [some([2, 3, 4]), some([3], 2), some([3], 3)], {
    epsilon: 0.001,
  }),
  "LayerNormalization": op("LayerNormalization", [some([2, 3, 4]), some([4], 2), some([4], 3)], { epsilon: 0.001 }, {
    outputs: ["FLOAT", "FLOAT", "FLOAT"],
  }),
  "LayerNormalization of two axes": op("LayerNormalization", [some([2, 3, 4]), some([3, 4], 2)], { axis: 1 }),
  "GroupNormalization": op("GroupNormalization", [some([2, 4, 3]), some([4], 2), some([4], 3)], { num_groups: 2 }, {
    opset: 21,
  }),
  "LRN": op("LRN", [some([1, 6, 2, 2])], { size: 3, alpha: 0.1, bias: { float: 2 } }),
  "MeanVarianceNormalization": op("MeanVarianceNormalization", [some([2, 3, 2, 2])]),
  "LpNormalization": op("LpNormalization", [some([2, 3])]),
  "LpNormalization of absolute values": op("LpNormalization", [some([2, 3])], { p: 1, axis: 0 }),
  "RMSNormalization": op("RMSNormalization", [some([2, 3, 4]), some([4], 2)], {}, { opset: 23 }),
  "SimplifiedLayerNormalization": op("SimplifiedLayerNormalization", [some([2, 4]), some([4], 2)], { epsilon: 0.001 }),
  "ms.SkipLayerNormalization": op("ms.SkipLayerNormalization", [
    some([1, 2, 4]),
    some([1, 2, 4], 2),
    some([4], 3),
    some([4], 4),
    some([4], 5),
  ], { epsilon: 0.001 }),
  "ms.SkipSimplifiedLayerNormalization": op("ms.SkipSimplifiedLayerNormalization", [
    some([1, 2, 4]),
    some([1, 2, 4], 2),
    some([4], 3),
  ], { epsilon: 0.001 }),
  "ms.EmbedLayerNormalization": op(
    "ms.EmbedLayerNormalization",
    [
      of("INT32", [1, 3, 0, 2], [2, 2]),
      of("INT32", [0, 1, 1, 0], [2, 2]),
      some([5, 4]),
      some([3, 4], 2),
      some([2, 4], 3),
      some([4], 4),
      some([4], 5),
      of("INT32", [1, 1, 1, 0], [2, 2]),
    ],
    {},
    { held: [2, 3, 4, 5, 6], outputs: ["FLOAT", "INT32"] },
  ),
  "Dropout": op("Dropout", [some([2, 3])], {}, { outputs: ["FLOAT", "BOOL"] }),
  "Dropout of version 10": op("Dropout", [some([2, 3])], { ratio: 0.5 }, { opset: 10 }),
};

const picture = some([1, 1, 3, 4]), none = floats([], [0]);

function resized(
  sizes: readonly number[] | null,
  scales: readonly number[] | null,
  attributes: Record<string, Attribute>,
  opset = 18,
): Case {
  return op(
    "Resize",
    [picture, none, scales === null ? none : floats(scales), ...(sizes === null ? [] : [ints(sizes)])],
    attributes,
    { opset, held: [1, 2, 3] },
  );
}

/** Images brought to another size. */
export const resizes: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"].flatMap((coordinate_transformation_mode) => [
      [
        `linear, ${coordinate_transformation_mode}`,
        resized([1, 1, 5, 3], null, { mode: "linear", coordinate_transformation_mode }),
      ],
      [
        `nearest, ${coordinate_transformation_mode}`,
        resized(null, [1, 1, 2, 1.5], { mode: "nearest", coordinate_transformation_mode }),
      ],
      [
        `cubic, ${coordinate_transformation_mode}`,
        resized(null, [1, 1, 2, 2], { mode: "cubic", coordinate_transformation_mode }),
      ],
    ]),
  ),
  ...Object.fromEntries(["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"].map((nearest_mode) => [
    `nearest, ${nearest_mode}`,
    resized([1, 1, 6, 5], null, { mode: "nearest", nearest_mode }),
  ])),
  "cubic without what is outside": resized([1, 1, 6, 5], null, {
    mode: "cubic",
    exclude_outside: 1,
    cubic_coeff_a: -0.5,
  }),
  "linear, smoothed": resized([1, 1, 2, 2], null, { mode: "linear", antialias: 1 }),
  "cubic, smoothed": resized([1, 1, 2, 3], null, { mode: "cubic", antialias: 1 }),
  "of two axes": op("Resize", [picture, none, none, ints([6, 6])], { mode: "linear", axes: [2, 3] }, {
    opset: 18,
    held: [1, 2, 3],
  }),
  "of a kept aspect": op("Resize", [picture, none, none, ints([6, 6])], {
    mode: "linear",
    axes: [2, 3],
    keep_aspect_ratio_policy: "not_larger",
  }, { opset: 18, held: [1, 2, 3] }),
  "of a part": op("Resize", [picture, floats([0, 0, 0.2, -0.2, 1, 1, 0.9, 1.1]), none, ints([1, 1, 4, 3])], {
    mode: "linear",
    coordinate_transformation_mode: "tf_crop_and_resize",
    extrapolation_value: 9.5,
  }, { opset: 13, held: [1, 2, 3] }),
  "of version 10": op("Resize", [picture, floats([1, 1, 2, 2])], { mode: "nearest" }, { opset: 10, held: [1] }),
  "Upsample": op("Upsample", [picture, floats([1, 1, 2, 3])], { mode: "linear" }, { opset: 9, held: [1] }),
  "Upsample of version 7": op("Upsample", [picture], { mode: "nearest", scales: [1.0001, 1.0001, 2.0001, 2.0001] }, {
    opset: 7,
  }),
  "GridSample": op("GridSample", [picture, some([1, 2, 3, 2], 2)], { mode: "bilinear", padding_mode: "border" }, {
    opset: 16,
  }),
  "GridSample of version 20": op("GridSample", [picture, some([1, 2, 3, 2], 2)], { mode: "cubic", align_corners: 1 }, {
    opset: 20,
  }),
  "AffineGrid": op("AffineGrid", [some([1, 2, 3]), ints([1, 1, 2, 3])], {}, { opset: 20, held: [1] }),
};

const boxes = floats([0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 1, 11.1, 0, 10.1, 0, 100, 1, 101], [
  1,
  6,
  4,
]);
const scores = floats([0.9, 0.75, 0.6, 0.95, 0.5, 0.3, 0.2, 0.8, 0.1, 0.4, 0.7, 0.65], [1, 2, 6]);

function suppressed(attributes: Record<string, Attribute>, ...limits: readonly (Elements | null)[]): Case {
  return op("NonMaxSuppression", [boxes, scores, ...limits], attributes, { outputs: ["INT64"] });
}

/** Boxes that overlap. */
export const detection: Readonly<Record<string, Case>> = {
  "NonMaxSuppression": suppressed({}, ints([3], []), floats([0.5], []), floats([0.35], [])),
  "NonMaxSuppression of centers": suppressed({ center_point_box: 1 }, ints([4], [1]), floats([0.3], [1])),
  "NonMaxSuppression of none": suppressed({}),
};
