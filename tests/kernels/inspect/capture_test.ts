import { assertEquals, assertThrows } from "@std/assert";
import { capture, placeholder } from "../../../kernels/inspect/capture.ts";
import { fromHost, reduce } from "../../../kernels/ir/build.ts";
import { type Node, numel } from "../../../kernels/ir/node.ts";
import { frontier, recording } from "../../../kernels/ir/pending.ts";
import { deviceStats } from "../../../kernels/runtime/devices.ts";
import { read } from "../../../kernels/runtime/engine.ts";
import { add, leaf } from "../graphs.ts";

Deno.test("capture() tells of nodes, runs none, and leaves none pending", () => {
  const made: Node[] = [], before = [...frontier], { launched } = deviceStats("cpu"), { count } = recording;
  const x = placeholder([2, 3], "float32", "cpu");
  const sum = capture(() => {
    let sum = x;
    // More than the queue holds.
    for (let i = 0; i < 5000; i++) sum = add(sum, x);
    return sum;
  }, { made: (node) => made.push(node) });
  assertEquals([made.length, made.at(-1)], [5000, sum]);
  assertEquals([...frontier], before);
  assertEquals([deviceStats("cpu").launched, recording.count], [launched, count]);
});

Deno.test("capture() keeps long reductions whole where that is asked for", () => {
  const count = (whole: boolean) => {
    let nodes = 0;
    capture(() => reduce("sum", placeholder([2 ** 20], "float32", "cpu"), [0]), { made: () => nodes++, whole });
    return nodes;
  };
  assertEquals([count(true), count(false) > 1], [1, true]);
});

Deno.test("capture() tells of reads, which may be refused", () => {
  const asked: number[] = [];
  const values = capture(() => read(add(fromHost(Float32Array.of(1, 2), [2], "float32", "cpu"), leaf(1))), {
    made: () => {},
    read: ({ shape }) => asked.push(numel(shape)),
  });
  assertEquals([asked, values.length], [[2], 2]);
  const refusing = () =>
    capture(() => read(add(leaf(2), leaf(2))), {
      made: () => {},
      read() {
        throw new RangeError("no");
      },
    });
  assertThrows(refusing, RangeError, "no");
  // And all is as before.
  assertEquals(read(add(leaf(2), leaf(2))).length, 2);
});
