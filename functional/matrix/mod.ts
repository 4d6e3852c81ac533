/**
 * Linear algebra.
 *
 * @module
 */

export { addbmm, addmm, addmv, addr, baddbmm, type CombinationOptions } from "./combinations.ts";
export { chainMatmul } from "./chain.ts";
export { einsum } from "./einsum.ts";
export { bilinear, linear } from "./linear.ts";
export { bmm, dot, ger, inner, matmul, mm, mv, outer, vdot } from "./matmul.ts";
export { corrcoef, cov, type CovOptions } from "./statistics.ts";
export { cross, kron, tensordot, type TensordotDims, trace } from "./tensordot.ts";
export { vander, type VanderOptions } from "./vander.ts";
