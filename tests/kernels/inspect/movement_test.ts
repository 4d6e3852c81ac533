import { assert, assertEquals } from "@std/assert";
import { type Movement, movementOf } from "../../../kernels/inspect/movement.ts";
import { interpret } from "../../../kernels/lower/interpreter.ts";
import type { Node } from "../../../kernels/ir/node.ts";
import { expand, pad, permute, reshape, slice, unslice, unwindow, window } from "../../../kernels/ir/views.ts";
import { leaf } from "../graphs.ts";

/** What the view `node` does. */
function of(node: Node): Movement {
  const { attributes, inputs: [source, ...parameters], shape } = node;
  assert(attributes.op === "view");
  const { index, mask } = attributes;
  return movementOf({ index, mask, from: source!.shape, to: shape, parameters: parameters.map(({ value }) => value) });
}

/** [start, step, output] for each axis of the input. */
const walks = (node: Node): unknown => {
  const movement = of(node);
  assert(movement.kind === "walk");
  return movement.axes.map(({ start, step, output }) => [start, step, output]);
};

Deno.test("movementOf() reads views that walk along axes", () => {
  const x = leaf(2, 3, 4);
  assertEquals(walks(permute(x, [2, 0, 1])), [[0, 1, 1], [0, 1, 2], [0, 1, 0]]);
  assertEquals(walks(expand(leaf(3, 1), [2, 3, 4])), [[0, 1, 1], [0, 1, undefined]]);
  const part = [{ start: 1, size: 1, step: 1 }, { start: 2, size: 3, step: -1 }, { start: 1, size: 2, step: 2 }];
  assertEquals(walks(slice(x, part)), [[1, 1, undefined], [2, -1, 1], [1, 2, 2]]);
  assertEquals(walks(reshape(x, [2, 1, 3, 1, 4])), [[0, 1, 0], [0, 1, 2], [0, 1, 4]]);
});

Deno.test("movementOf() reads reshapes and borders", () => {
  assertEquals(of(reshape(leaf(2, 3, 4), [6, 4])), { kind: "reshape" });
  assertEquals(of(reshape(leaf(24), [2, 3, 4])), { kind: "reshape" });
  assertEquals(of(pad(leaf(2, 3), [[0, 1], [2, 0]])), { kind: "pad", amounts: [[-0, 1], [2, 0]] });
  const placed = unslice(leaf(2, 3), [{ start: 1, size: 2, step: 1 }, { start: 0, size: 3, step: 1 }], [4, 3]);
  assertEquals(of(placed), { kind: "pad", amounts: [[1, 1], [-0, 0]] });
});

Deno.test("movementOf() gives positions for all else, but for axes that are walked whole", () => {
  const windows = [{ size: 2, stride: 1, dilation: 1 }];
  const cases: [Node, through: number[][]][] = [
    [window(leaf(2, 4), windows), [[0, 0]]],
    [unwindow(leaf(2, 3, 2), windows, [4]), [[0, 0]]],
    [unslice(leaf(2, 3), [{ start: 0, size: 2, step: 1 }, { start: 1, size: 3, step: 2 }], [2, 7]), [[0, 0]]],
  ];
  for (const [node, through] of cases) {
    const movement = of(node);
    assert(movement.kind === "positions");
    assertEquals(movement.through.map(([output, input]) => [output, input]), through);
    const [source] = node.inputs as [Node], elements = interpret(source), positions = movement.positions();
    const outer = [...node.shape.keys()].filter((axis) => !movement.through.some(([output]) => output === axis));
    const inner = [...source.shape.keys()].filter((axis) => !movement.through.some(([, input]) => input === axis));
    const flat = (at: number[], shape: readonly number[]) => at.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
    const expected = interpret(node);
    expected.forEach((value, k) => {
      const at = node.shape.map((extent, axis) =>
        Math.floor(k / node.shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % extent
      );
      const position = positions[flat(outer.map((axis) => at[axis]!), outer.map((axis) => node.shape[axis]!))]!;
      const from = source.shape.map(() => 0);
      for (const [output, input] of movement.through) from[input] = at[output]!;
      let rest = position;
      for (const axis of inner.toReversed()) {
        from[axis] = rest % source.shape[axis]!;
        rest = Math.floor(rest / source.shape[axis]!);
      }
      assertEquals(position < 0 ? 0 : elements[flat(from, source.shape)], value);
    });
  }
});
