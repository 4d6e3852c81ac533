/**
 * Operators that run graphs: branches and loops.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { type Tensor, zeros } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";
import { dtypeOf } from "../tensors.ts";
import { HostArray, hostOf, tensorOf, type Value } from "../values.ts";
import type { Graph } from "../graph.ts";

/** Runs one of two graphs; reads the condition. */
function branch(call: OperatorCall): Result {
  return call.run.graph(call.graph(call.number(0) !== 0 ? "then_branch" : "else_branch"), []);
}

const isTrue = (value: Value): boolean => hostOf(value).data[0] !== 0;
const number = (value: number, dtype: "int32" | "bool") => new HostArray([], dtype, [value]);

/** Values of all rounds, one after the other along `axis`. */
function gathered(call: OperatorCall, values: readonly Value[], axis: number, graph: Graph, output: number): Value {
  if (values.length > 0) {
    const { device } = call.run;
    return F.stack(values.map((value) => value instanceof HostArray ? tensorOf(value, device) : value), axis);
  }
  const told = graph.outputs[output]?.type?.tensorType, { device } = call.run;
  const shape = (told?.shape ?? []).map((extent) => typeof extent === "number" ? extent : 0);
  return zeros([...shape.slice(0, axis), 0, ...shape.slice(axis)], {
    dtype: dtypeOf(told?.elemType ?? 1, device),
    device,
  });
}

/** Runs a graph again and again, as often as is told and while its condition holds; reads the condition each time. */
function loop(call: OperatorCall): Result {
  const body = call.graph("body"), limit = call.has(0) ? call.number(0) : Infinity, carried = body.inputs.length - 2;
  let state = call.inputs.slice(2).map((_, i) => call.value(2 + i)), going = !call.has(1) || call.number(1) !== 0;
  const scanned: Value[][] = Array.from({ length: body.outputs.length - 1 - carried }, () => []);
  if (state.length !== carried) call.fail(`starts with ${state.length} values, and its body takes ${carried}`);
  for (let i = 0; i < limit && going; i++) {
    const [condition, ...results] = call.run.graph(body, [number(i, "int32"), number(1, "bool"), ...state]);
    state = results.slice(0, carried);
    if (scanned.length > 0) call.run.bounds.together(i + 1);
    scanned.forEach((list, k) => list.push(results[carried + k]!));
    going = isTrue(condition!);
  }
  return [...state, ...scanned.map((list, k) => gathered(call, list, 0, body, 1 + carried + k))];
}

/** Runs a graph over slices of its inputs. */
function scan(call: OperatorCall): Result {
  if (call.version < 9) call.fail("is of a version before 9, which is not supported");
  const body = call.graph("body"), count = call.int("num_scan_inputs"), carried = call.inputs.length - count;
  const directions = call.ints("scan_input_directions") ?? [], axes = call.ints("scan_input_axes") ?? [];
  if (count < 1 || carried < 0) call.fail(`scans ${count} of ${call.inputs.length} inputs`);
  const inputs = Array.from({ length: count }, (_, k): Tensor[] => {
    const x = call.tensor(carried + k), slices = F.unbind(x, call.axis(axes[k] ?? 0, x.ndim));
    return directions[k] === 1 ? slices.reverse() : slices;
  });
  let state = Array.from({ length: carried }, (_, i) => call.value(i));
  const outputs: Value[][] = Array.from({ length: body.outputs.length - carried }, () => []);
  for (let i = 0; i < inputs[0]!.length; i++) {
    const results = call.run.graph(body, [...state, ...inputs.map((slices) => slices[i]!)]);
    state = results.slice(0, carried);
    if (outputs.length > 0) call.run.bounds.together(i + 1);
    outputs.forEach((list, k) => list.push(results[carried + k]!));
  }
  const outputDirections = call.ints("scan_output_directions") ?? [], outputAxes = call.ints("scan_output_axes") ?? [];
  return [
    ...state,
    ...outputs.map((list, k) =>
      gathered(call, outputDirections[k] === 1 ? list.reverse() : list, outputAxes[k] ?? 0, body, carried + k)
    ),
  ];
}

/** Operators of ai.onnx by name. */
export const control: Operators = { If: branch, Loop: loop, Scan: scan };
