/**
 * The names under which states of optimizers and schedules are saved, which are PyTorch's.
 *
 * @module
 */

import { pythonName, scriptName } from "../tensor/python_format.ts";

/** The name that PyTorch saves a field under: `expAvg` is "exp_avg", `TMax` is "T_max", `HDiag` is "H_diag". */
export function savedName(field: string): string {
  const [, letter, rest] = field.match(/^([A-Z])([A-Z0-9].*)$/) ?? [];
  return letter === undefined ? pythonName(field) : `${letter}_${pythonName(rest![0]!.toLowerCase() + rest!.slice(1))}`;
}

/** The field that is saved under a name. */
export function fieldName(saved: string): string {
  const [, letter, rest] = saved.match(/^([A-Z])_([a-z0-9].*)$/) ?? [];
  return letter === undefined ? scriptName(saved) : letter + scriptName(rest![0]!.toUpperCase() + rest!.slice(1));
}

/** The fields of `record` under other names. */
export function renamed<T>(
  record: { readonly [key: string]: T } | object,
  name: (key: string) => string,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value as T]));
}
