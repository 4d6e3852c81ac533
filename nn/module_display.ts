/**
 * Modules as trees, for notebooks.
 *
 * @module
 */

import { escapeHtml } from "../tensor/table.ts";
import type { Module } from "./module.ts";
import { isLazy } from "./uninitialized.ts";

/** A tree that opens and closes: classes with their options, parameters with their shapes, and how many there are below. */
export function moduleHtml(module: Module, name = ""): string {
  const children = module.namedChildren(), own = module.namedParameters({ recurse: false });
  const options = module.extraRepr().replaceAll("\n", ", ");
  const known = module.parameters().filter((parameter) => !isLazy(parameter));
  const count = known.reduce((sum, parameter) => sum + parameter.numel(), 0);
  const title = `${name && `(${name}): `}<b>${escapeHtml(module.constructor.name)}</b>(${escapeHtml(options)})` +
    (count > 0 ? ` <small>${amount(count)}</small>` : "");
  const style = 'style="margin-left:1.5em"';
  if (children.length + own.length === 0) return `<div ${style}>${title}</div>`;
  const parameters = own.map(([key, parameter]) => {
    const shape = isLazy(parameter) ? "of a shape to come" : `<code>[${parameter.shape.join(", ")}]</code>`;
    return `<div ${style}>${escapeHtml(key)} ${shape} ${parameter.dtype}${
      parameter.requiresGrad ? "" : ", frozen"
    }</div>`;
  });
  const below = children.map(([key, child]) => moduleHtml(child, escapeHtml(key)));
  // Of a long list of layers, the reader opens what is of interest.
  const open = children.length > 0 ? " open" : "";
  return `<details ${style}${open}><summary>${title}</summary>${[...parameters, ...below].join("")}</details>`;
}

function amount(parameters: number): string {
  return `${parameters.toLocaleString("en-US")} parameter${parameters === 1 ? "" : "s"}`;
}
