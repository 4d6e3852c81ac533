/**
 * Starting values of parameters. Each function fills a tensor in place, draws from the default generator (or a `generator` of one's
 * own) as PyTorch does, number for number, and returns the tensor. Nothing is recorded for differentiation.
 *
 * @module
 */

export * from "./init/fans.ts";
export * from "./init/fill.ts";
export * from "./init/gain.ts";
export * from "./init/structure.ts";
