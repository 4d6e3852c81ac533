/**
 * Operators that pick elements by position, or put them there.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { arange, type DeviceName, type Index, ShapeError, type Tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";
import { countOf, HostArray } from "../values.ts";

/** Positions that count from the end, counted from the start. */
function positions(index: Tensor, extent: number): Tensor {
  const whole = index.to("int32");
  return F.where(whole.lt(0), whole.add(extent), whole);
}

function gather(call: OperatorCall): Tensor {
  const x = call.tensor(0), axis = call.axis(call.int("axis", 0), x.ndim), index = call.value(1);
  if (index instanceof HostArray && index.shape.length === 0) {
    return x.select(axis, call.axis(index.data[0]!, x.shape[axis]!));
  }
  const before: Index[] = new Array(axis).fill(":");
  return x.index([...before, call.tensor(1).to("int32")]);
}

function gatherElements(call: OperatorCall): Tensor {
  const x = call.tensor(0), axis = call.axis(call.int("axis", 0), x.ndim);
  return F.gather(x, axis, positions(call.tensor(1), x.shape[axis]!));
}

const reductions = { add: "sum", mul: "prod", max: "amax", min: "amin" } as const;

/** Elements of `source` put at positions along an axis, or combined with those that are there. */
function scattered(call: OperatorCall, x: Tensor, axis: number, index: Tensor, source: Tensor): Tensor {
  const reduction = call.text("reduction", "none");
  if (reduction === "none") return F.scatter(x, axis, index, source);
  if (!Object.hasOwn(reductions, reduction)) call.fail(`has the reduction ${reduction}`);
  return F.scatterReduce(x, axis, index, source, reductions[reduction as keyof typeof reductions]);
}

function scatterElements(call: OperatorCall): Tensor {
  const x = call.tensor(0), axis = call.axis(call.int("axis", 0), x.ndim);
  return scattered(call, x, axis, positions(call.tensor(1), x.shape[axis]!), call.tensor(2));
}

/** The positions, in the leading axes of `shape` taken as one, that rows of indices name. */
function rowsAt(index: Tensor, shape: readonly number[]): Tensor {
  return shape.reduce<Tensor | undefined>((sum, extent, i) => {
    const at = positions(index.select(-1, i), extent);
    return sum === undefined ? at : sum.mul(extent).add(at);
  }, undefined) ?? index.sum(-1).to("int32");
}

/** How many axes a row of indices names, after those of batches. */
function depthOf(x: Tensor, index: Tensor, lead: number): number {
  const depth = index.shape.at(-1) ?? 0;
  if (lead >= 0 && lead < index.ndim && lead + depth <= x.ndim) return depth;
  throw new ShapeError(
    `it takes rows of ${depth} positions, after ${lead} axes of batches, from [${index.shape.join(", ")}] for [${
      x.shape.join(", ")
    }]`,
  );
}

/** [0, batches) along the first axis of a tensor of as many dimensions as an index has without its last. */
function batchNumbers(count: number, rank: number, device: DeviceName): Tensor {
  return arange(count, { dtype: "int32", device }).reshape([count, ...new Array(rank - 1).fill(1)]);
}

function gatherND(call: OperatorCall): Tensor {
  const x = call.tensor(0),
    index = call.tensor(1).to("int32"),
    lead = call.int("batch_dims", 0),
    depth = depthOf(x, index, lead);
  const batches = countOf(x.shape.slice(0, lead)),
    picked = x.shape.slice(lead, lead + depth),
    rest = x.shape.slice(lead + depth);
  const rows = rowsAt(index.reshape([batches, ...index.shape.slice(lead)]), picked);
  const first = batchNumbers(batches, rows.ndim, x.device).mul(countOf(picked));
  return x.reshape([batches * countOf(picked), ...rest]).index([rows.add(first)]).reshape([
    ...index.shape.slice(0, -1),
    ...rest,
  ]);
}

function scatterND(call: OperatorCall): Tensor {
  const x = call.tensor(0), index = call.tensor(1).to("int32"), depth = depthOf(x, index, 0);
  const rest = x.shape.slice(depth), width = countOf(rest);
  const rows = rowsAt(index, x.shape.slice(0, depth)).reshape([-1, 1]), count = rows.shape[0]!;
  const source = call.tensor(2).reshape([count, width]);
  return scattered(call, x.reshape([-1, width]), 0, rows.expand([count, width]), source).reshape(x.shape);
}

function oneHot(call: OperatorCall): Tensor {
  const index = call.tensor(0), depth = call.number(1), values = call.tensor(2), rank = index.ndim + 1;
  const axis = call.axis(call.int("axis", -1), rank);
  const classes = arange(depth, { dtype: "int32", device: index.device });
  const hot = positions(index, depth).unsqueeze(axis).eq(
    classes.reshape(Array.from({ length: rank }, (_, i) => i === axis ? depth : 1)),
  );
  return F.where(hot, values.select(0, 1), values.select(0, 0));
}

/** The slices where a condition holds; reads the condition. */
function compress(call: OperatorCall): Tensor {
  const given = call.attribute("axis"), x = given === undefined ? call.tensor(0).flatten() : call.tensor(0);
  const kept = call.numbers(1).flatMap((keep, i) => keep !== 0 ? [i] : []);
  return x.index([...new Array(given === undefined ? 0 : call.axis(call.int("axis"), x.ndim)).fill(":"), kept]);
}

/** The input, whose elements are read. */
function looked(call: OperatorCall): Tensor {
  const x = call.tensor(0);
  call.run.bounds.onHost(x.numel());
  return x;
}

/** The distinct elements, in order; reads the elements. */
function unique(call: OperatorCall): Result {
  call.only("sorted", 1);
  if (call.wants(1)) call.fail("is asked for first positions, which are not supported");
  const dim = call.attribute("axis") ? { dim: call.int("axis") } : {};
  const [values, inverse, counts] = F.unique(looked(call), { ...dim, returnInverse: true, returnCounts: true });
  return [values, undefined, inverse!.flatten(), counts];
}

/** Operators of ai.onnx by name. */
export const selection: Operators = {
  Compress: compress,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  NonZero: (call) => F.nonzero(looked(call)).T,
  OneHot: oneHot,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  Unique: unique,
};
