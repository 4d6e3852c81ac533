/**
 * Gradients of the base operations.
 *
 * @module
 */

import { functional as F, type Tensor, tensor } from "../../mod.ts";
import { operands, type Operation, slopes } from "./slopes.ts";

const elementwise: Record<string, readonly [number, number]> = {
  reciprocal: [0.5, 2],
  sqrt: [0.5, 2],
  rsqrt: [0.5, 2],
  log: [0.5, 3],
  log2: [0.5, 3],
  log10: [0.5, 3],
  log1p: [-0.5, 3],
  tan: [-1, 1],
  asin: [-0.9, 0.9],
  acos: [-0.9, 0.9],
  acosh: [1.2, 3],
  atanh: [-0.8, 0.8],
  logit: [0.1, 0.9],
  erfinv: [-0.8, 0.8],
  lgamma: [0.5, 4],
  digamma: [0.5, 4],
};
const unary =
  "neg reciprocal square sqrt rsqrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh " +
  "sigmoid logit erf erfc erfinv lgamma digamma sinc abs relu relu6 leakyRelu elu celu selu gelu silu mish softplus logsigmoid hardswish " +
  "hardsigmoid hardtanh softsign tanhshrink softshrink hardshrink frac floor glu";
for (const name of unary.split(" ")) {
  const f = F[name as "exp"];
  slopes(name, (x) => f(x!), operands([[2, 4]], ...(elementwise[name] ?? [-2, 2])));
}
slopes("gelu with tanh", (x) => F.gelu(x!, { approximate: "tanh" }), operands([[5]]));

for (const name of "add sub mul div atan2 hypot maximum minimum logaddexp logaddexp2 fmax fmin copysign".split(" ")) {
  const f = F[name as "mul"];
  slopes(name, (a, b) => f(a!, b!), operands([[2, 3], [3]]));
}
slopes("pow", (a, b) => F.pow(a!, b!), operands([[2, 3], [3]], 0.5, 2));
slopes("pow of a number", (a) => F.pow(2, a!), operands([[4]]));
slopes("pow by a number", (a) => [F.pow(a!, 3), F.pow(a!, 2.5), F.pow(a!, -1), F.pow(a!, 0)], operands([[4]], 0.5, 2));
slopes("xlogy", (a, b) => F.xlogy(a!, b!), operands([[3], [3]], 0.5, 2));
slopes("remainder", (a, b) => F.remainder(a!, b!), operands([[3], [3]], 0.6, 0.9), 1);
slopes("lerp", (a, b, w) => F.lerp(a!, b!, w!), operands([[3], [3], [2, 3]]));
slopes("addcmul", (a, b, c) => F.addcmul(a!, b!, c!, { value: 0.3 }), operands([[3], [3], [2, 3]]));
slopes("addcdiv", (a, b, c) => F.addcdiv(a!, b!, c!, { value: 0.3 }), operands([[3], [3], [2, 3]], 0.5, 2));
slopes("clamp", (x, low, high) => F.clamp(x!, F.sub(low!, 2), F.add(high!, 0.5)), operands([[6], [6], [6]]));
slopes("where", (a, b) => F.where(F.gt(a!, 0), a!, b!), operands([[2, 3], [3]]));
slopes("prelu", (x, w) => F.prelu(x!, w!), operands([[2, 3], [3]]));

for (
  const name
    of "sum mean prod amax amin var std logsumexp softmax logSoftmax softmin max min median cumsum cumprod cummax cummin sort"
      .split(" ")
) {
  const f = F[name as "max"] as (x: Tensor, dim: number) => Tensor | Tensor[];
  slopes(`${name} over a dimension`, (x) => f(x!, 1), operands([[3, 4]]));
}
for (const name of "sum mean prod amax amin var std max min median".split(" ")) {
  slopes(`${name} of all`, (x) => F[name as "sum"](x!), operands([[3, 4]]));
}
for (const p of [1, 1.5, 2, 3, Infinity]) slopes(`norm ${p}`, (x) => F.norm(x!, p, 1), operands([[3, 4]]));
slopes("quantile", (x) => F.quantile(x!, 0.3), operands([[7]]));

const zeros = tensor([[0, 1, 1], [0, 0, 1]], { dtype: "float64" });
slopes("prod with zeros", (x) => F.prod(F.mul(x!, zeros), 1), operands([[2, 3]]), 1);
slopes("cumprod with zeros", (x) => F.cumprod(F.mul(x!, zeros), 1), operands([[2, 3]]), 1);

const movement: Record<string, Operation> = {
  reshape: (x) => F.reshape(x!, [4, -1]),
  permute: (x) => F.permute(x!, [2, 0, 1]),
  expand: (x) => F.expand(x!, [3, 2, 3, 4]),
  repeat: (x) => F.repeat(x!, [2, 1, 3]),
  repeatInterleave: (x) => [F.repeatInterleave(x!, 2, 1), F.repeatInterleave(x!, tensor([1, 0, 2]), 1)],
  flip: (x) => F.flip(x!, [0, 2]),
  roll: (x) => [F.roll(x!, [1, -2], [0, 2]), F.roll(x!, 5)],
  split: (x) => [...F.split(x!, 3, 2), ...F.tensorSplit(x!, 3, 2), ...F.unbind(x!, 1)],
  cat: (x) => F.cat([x!, F.exp(x!), x!], 1),
  stack: (x) => F.stack([x!, F.exp(x!)], 2),
  unfold: (x) => [x!.unfold(2, 3, 1), x!.unfold(0, 2, 1)],
  diagonal: (x) => F.diagonal(x!, 1, 1, 2),
  diagEmbed: (x) => F.diagEmbed(x!, { offset: -1 }),
  tril: (x) => [F.tril(x!, 1), F.triu(x!, -1)],
  rot90: (x) => [F.rot90(x!, 1, [1, 2]), F.rot90(x!, 3, [0, 1])],
  constantPadNd: (x) => F.constantPadNd(x!, [1, 2, -1, 1], 3),
  gather: (x) => F.gather(x!, 1, tensor([[[0, 2], [1, 1]]])),
  indexSelect: (x) => F.indexSelect(x!, 2, tensor([3, 0, 0])),
  take: (x) => F.take(x!, tensor([1, -1, 5])),
  maskedSelect: (x) => F.maskedSelect(x!, F.gt(x!, 0)),
  topk: (x) => F.topk(x!, 2),
};
for (const [name, f] of Object.entries(movement)) slopes(name, f, operands([[2, 3, 4]]));

const index = tensor([[0, 1, 1], [2, 2, 0]]);
slopes("scatter", (a, b) => F.scatter(a!, 0, tensor([[0, 1], [2, 0]]), b!), operands([[3, 3], [2, 2]]));
slopes("scatterAdd", (a, b) => F.scatterAdd(a!, 0, index, b!), operands([[3, 3], [2, 3]]));
for (const reduce of ["sum", "prod", "mean", "amax", "amin"] as const) {
  for (const includeSelf of [true, false]) {
    const f: Operation = (a, b) => F.scatterReduce(a!, 0, index, b!, reduce, { includeSelf });
    slopes(
      `scatterReduce ${reduce} ${includeSelf ? "with" : "without"} self`,
      f,
      operands([[3, 3], [2, 3]], 0.5, 2),
      1,
    );
  }
}
slopes("indexAdd", (a, b) => F.indexAdd(a!, 1, tensor([0, 0, 2]), b!, { alpha: 2 }), operands([[2, 3], [2, 3]]));
slopes("indexCopy", (a, b) => F.indexCopy(a!, 1, tensor([0, 2]), b!), operands([[2, 3], [2, 2]]));

const pairs: [number[], number[]][] = [
  [[3], [3]],
  [[2, 3], [3]],
  [[3], [3, 2]],
  [[2, 3], [3, 4]],
  [[5, 2, 3], [3, 4]],
  [[2, 3], [2, 3, 4]],
  [[3], [2, 3, 4]],
  [[2, 1, 2, 3], [2, 3, 2]],
];
for (const [a, b] of pairs) slopes(`matmul of [${a}] and [${b}]`, (x, y) => F.matmul(x!, y!), operands([a, b]));
slopes("linear", (x, w, b) => F.linear(x!, w!, b!), operands([[2, 2, 3], [4, 3], [4]]));
slopes("bilinear", (a, b, w) => F.bilinear(a!, b!, w!), operands([[2, 3], [2, 4], [5, 3, 4]]));
slopes("einsum", (a, b, c) => F.einsum("bij,bjk,kl->bil", a!, b!, c!), operands([[2, 2, 3], [2, 3, 2], [2, 3]]));
slopes("einsum of a diagonal", (a) => F.einsum("iij->j", a!), operands([[3, 3, 2]]));
slopes("tensordot", (a, b) => F.tensordot(a!, b!, [[1, 2], [1, 0]]), operands([[2, 3, 4], [4, 3, 2]]));
slopes("kron", (a, b) => F.kron(a!, b!), operands([[2, 2], [3]]));
slopes("cross", (a, b) => F.cross(a!, b!), operands([[2, 3], [2, 3]]));
