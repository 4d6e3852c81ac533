/**
 * Convolution, its transpose, and the blocks that it looks at.
 *
 * @module
 */

export { conv1d, conv2d, conv3d, type ConvolutionOptions, convTbc } from "./convolution.ts";
export { fold, type FoldOptions, unfold } from "./fold.ts";
export { convTranspose1d, convTranspose2d, convTranspose3d, type ConvTransposeOptions } from "./transposed.ts";
