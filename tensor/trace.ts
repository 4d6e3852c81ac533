/**
 * Recording without running, for the layers above.
 *
 * @module
 */

export { trace } from "../kernels/mod.ts";
