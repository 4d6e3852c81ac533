/**
 * Tools for attention.
 *
 * @module
 */

export * as bias from "./bias.ts";
