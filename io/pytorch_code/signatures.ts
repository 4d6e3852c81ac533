/**
 * The constructors of `torch.nn`: the names of their arguments, in order, and the defaults of those that have one.
 *
 * @module
 */

const inplace = "inplace=False";
const windows = "kernel_size, stride=None, padding=0";
const convolution = "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, " +
  'padding_mode="zeros"';
const transposed =
  "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1";
const batchNorm = "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True";
const instanceNorm = "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False";
const recurrent = "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0, bidirectional=False";
const layer =
  'd_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-05, batch_first=False, ' +
  "norm_first=False, bias=True";
const scaled = "size=None, scale_factor=None";
const reduced = 'reduction="mean"';

/** The signature of one class for each number of dimensions. */
function each(name: string, dimensions: readonly number[], signature: string): [string, string][] {
  return dimensions.map((n) => [`${name}${n}d`, signature]);
}

const entries: readonly (readonly [string, string])[] = [
  ["Identity", ""],
  ["Linear", "in_features, out_features, bias=True"],
  ["Bilinear", "in1_features, in2_features, out_features, bias=True"],
  [
    "Embedding",
    "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False",
  ],
  [
    "EmbeddingBag",
    'num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode="mean", include_last_offset=False, ' +
    "padding_idx=None",
  ],
  ...each("Conv", [1, 2, 3], convolution),
  ...each("ConvTranspose", [1, 2, 3], transposed),
  ["Flatten", "start_dim=1, end_dim=-1"],
  ["Unflatten", "dim, unflattened_size"],
  ["Fold", "output_size, kernel_size, dilation=1, padding=0, stride=1"],
  ["Unfold", "kernel_size, dilation=1, padding=0, stride=1"],

  ...each("BatchNorm", [1, 2, 3], batchNorm),
  ...each("InstanceNorm", [1, 2, 3], instanceNorm),
  ["LayerNorm", "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True"],
  ["RMSNorm", "normalized_shape, eps=None, elementwise_affine=True"],
  ["GroupNorm", "num_groups, num_channels, eps=1e-05, affine=True"],
  ["LocalResponseNorm", "size, alpha=0.0001, beta=0.75, k=1"],
  ["CrossMapLRN2d", "size, alpha=0.0001, beta=0.75, k=1"],

  ["RNN", `${recurrent}, nonlinearity="tanh"`],
  ["LSTM", `${recurrent}, proj_size=0`],
  ["GRU", recurrent],
  ["RNNCell", 'input_size, hidden_size, bias=True, nonlinearity="tanh"'],
  ["LSTMCell", "input_size, hidden_size, bias=True"],
  ["GRUCell", "input_size, hidden_size, bias=True"],

  [
    "MultiheadAttention",
    "embed_dim, num_heads, dropout=0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, batch_first=False",
  ],
  ["TransformerEncoderLayer", layer],
  ["TransformerDecoderLayer", layer],

  ["ReLU", inplace],
  ["ReLU6", inplace],
  ["SELU", inplace],
  ["SiLU", inplace],
  ["Mish", inplace],
  ["Hardsigmoid", inplace],
  ["Hardswish", inplace],
  ["ELU", `alpha=1.0, ${inplace}`],
  ["CELU", `alpha=1.0, ${inplace}`],
  ["LeakyReLU", `negative_slope=0.01, ${inplace}`],
  ["RReLU", `lower=0.125, upper=0.3333333333333333, ${inplace}`],
  ["Hardtanh", `min_val=-1.0, max_val=1.0, ${inplace}`],
  ["Threshold", `threshold, value, ${inplace}`],
  ["PReLU", "num_parameters=1"],
  ["GELU", 'approximate="none"'],
  ["GLU", "dim=-1"],
  ["Hardshrink", "lambd=0.5"],
  ["Softshrink", "lambd=0.5"],
  ["Softplus", "beta=1, threshold=20"],
  ["Softmax", "dim=None"],
  ["Softmin", "dim=None"],
  ["LogSoftmax", "dim=None"],
  ...["LogSigmoid", "Sigmoid", "Softmax2d", "Softsign", "Tanh", "Tanhshrink"].map((name) => [name, ""] as const),

  ["Dropout", `p=0.5, ${inplace}`],
  ...each("Dropout", [1, 2, 3], `p=0.5, ${inplace}`),
  ["AlphaDropout", `p=0.5, ${inplace}`],
  ["FeatureAlphaDropout", `p=0.5, ${inplace}`],

  ["AvgPool1d", `${windows}, ceil_mode=False, count_include_pad=True`],
  ...each("AvgPool", [2, 3], `${windows}, ceil_mode=False, count_include_pad=True, divisor_override=None`),
  ...each("MaxPool", [1, 2, 3], `${windows}, dilation=1, return_indices=False, ceil_mode=False`),
  ...each("MaxUnpool", [1, 2, 3], windows),
  ...each("LPPool", [1, 2, 3], "norm_type, kernel_size, stride=None, ceil_mode=False"),
  ...each("FractionalMaxPool", [2, 3], "kernel_size, output_size=None, output_ratio=None, return_indices=False"),
  ...each("AdaptiveAvgPool", [1, 2, 3], "output_size"),
  ...each("AdaptiveMaxPool", [1, 2, 3], "output_size, return_indices=False"),

  ...["Reflection", "Replication", "Circular", "Zero"].flatMap((kind) => each(`${kind}Pad`, [1, 2, 3], "padding")),
  ...each("ConstantPad", [1, 2, 3], "padding, value"),
  ["PixelShuffle", "upscale_factor"],
  ["PixelUnshuffle", "downscale_factor"],
  ["ChannelShuffle", "groups"],
  ["Upsample", `${scaled}, mode="nearest", align_corners=None, recompute_scale_factor=None`],
  ["UpsamplingNearest2d", scaled],
  ["UpsamplingBilinear2d", scaled],

  ["CosineSimilarity", "dim=1, eps=1e-08"],
  ["PairwiseDistance", "p=2, eps=1e-06, keepdim=False"],
  ["AdaptiveLogSoftmaxWithLoss", "in_features, n_classes, cutoffs, div_value=4, head_bias=False"],
  ...["L1Loss", "MSELoss", "SoftMarginLoss", "MultiLabelMarginLoss"].map((name) => [name, reduced] as const),
  ["BCELoss", `weight=None, ${reduced}`],
  ["BCEWithLogitsLoss", `weight=None, ${reduced}, pos_weight=None`],
  ["CrossEntropyLoss", `weight=None, ignore_index=-100, ${reduced}, label_smoothing=0`],
  ["NLLLoss", `weight=None, ignore_index=-100, ${reduced}`],
  ["CTCLoss", `blank=0, ${reduced}, zero_infinity=False`],
  ["CosineEmbeddingLoss", `margin=0, ${reduced}`],
  ["GaussianNLLLoss", `full=False, eps=1e-06, ${reduced}`],
  ["HingeEmbeddingLoss", `margin=1, ${reduced}`],
  ["HuberLoss", `${reduced}, delta=1`],
  ["KLDivLoss", `${reduced}, log_target=False`],
  ["MarginRankingLoss", `margin=0, ${reduced}`],
  ["MultiLabelSoftMarginLoss", `weight=None, ${reduced}`],
  ["MultiMarginLoss", `p=1, margin=1, weight=None, ${reduced}`],
  ["PoissonNLLLoss", `log_input=True, full=False, eps=1e-08, ${reduced}`],
  ["SmoothL1Loss", `${reduced}, beta=1`],
  ["TripletMarginLoss", `margin=1, p=2, eps=1e-06, swap=False, ${reduced}`],
];

/** An argument of a constructor; `fallback` is the source of its default. */
export interface Argument {
  /** PyTorch's name of it. */
  readonly name: string;
  /** The default as Python source; undefined where there is none. */
  readonly fallback: string | undefined;
}

/** The arguments of the constructors of `torch.nn`, by class. */
export const signatures: ReadonlyMap<string, readonly Argument[]> = new Map(
  entries.map(([name, signature]) => [
    name,
    signature.split(", ").filter((part) => part !== "").map((part) => {
      const [name = "", fallback] = part.split("=");
      return { name, fallback };
    }),
  ]),
);
