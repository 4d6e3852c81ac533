/**
 * What runs around making and loading a module's state dict.
 *
 * @module
 */

import type { Module } from "./module.ts";
import type { LoadResult, StateDict } from "./module_state.ts";

/** Called before a module's state dict is made. */
export type StatePreHook<M extends Module> = (module: M, prefix: string, keepVars: boolean) => void;

/** Called with the state dict that a module and those below it have filled, to change it. */
export type StatePostHook<M extends Module> = (module: M, state: StateDict, prefix: string) => void;

/**
 * Called before a module takes what is its own out of a state dict, whose names begin with `prefix`, to change it, or to add to what will be
 * reported.
 */
export type LoadPreHook<M extends Module> = (module: M, state: StateDict, prefix: string, report: LoadReport) => void;

/** Called when a module and those below it are loaded; it may take names out of what will be reported. */
export type LoadPostHook<M extends Module> = (module: M, result: LoadResult) => void;

/** What loading has found so far. */
export interface LoadReport {
  /** Whether every name must be in both. */
  readonly strict: boolean;
  /** Names that the module has and the state lacks. */
  readonly missingKeys: string[];
  /** Names that the state has and the module lacks. */
  readonly unexpectedKeys: string[];
  /** What is an error in any case. */
  readonly errorMsgs: string[];
}
