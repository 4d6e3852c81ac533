/**
 * Our numbers against PyTorch's, on every device: a sample of the conformance corpus, all of it on the CPU and one case of each eighth
 * operation on WebGPU, where each new kernel takes its time to compile. What is known to fail is listed in `known_failures.json`, with its
 * reason; what is listed and passes is an error as well.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { defaultDevice, manualSeed, setDefaultDevice } from "../../mod.ts";
import { devices } from "../devices.ts";
import * as adapter from "./adapter.ts";
import { type Outcome, runCase, runRefusal } from "./cases.ts";
import type { Case, Operation } from "./corpus.ts";
import known from "./known_failures.json" with { type: "json" };

const folder = new URL("sample/", import.meta.url);
const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** What is known to fail, by the case's name, what of it fails, and the device: "pow/3 gradient on cpu". */
const listed = new Set(
  known.flatMap(({ cases, devices }) => cases.flatMap((name) => devices.map((device) => `${name} on ${device}`))),
);

/** Why an outcome is not what it should be; undefined if it is. */
function complaint(name: string, { what, error }: Outcome, device: string): string | undefined {
  const key = `${name} ${what} on ${device}`;
  if (listed.has(key)) return error === undefined ? `${key} passes, and is listed as a known failure` : undefined;
  if (error !== undefined) return `${key}: ${error instanceof Error ? error.message : error}`;
}

for (const device of devices) {
  const whole = device === "cpu";
  for (const file of files) {
    Deno.test(`PyTorch's numbers: ${file.replace(".json", "")} on ${device}`, async () => {
      const operations: Operation[] = JSON.parse(Deno.readTextFileSync(new URL(file, folder)));
      const complaints: (string | undefined)[] = [];
      const before = defaultDevice();
      manualSeed(0);
      const { float64 } = adapter.dtypeName;
      await adapter.setup({ setDefaultDevice }, device);
      try {
        for (const operation of operations.filter((_, i) => whole || i % 8 === 0)) {
          const note = (c: Case, outcomes: readonly Outcome[]) =>
            complaints.push(...outcomes.map((outcome) => complaint(c.id, outcome, device)));
          for (const c of operation.cases.slice(0, whole ? undefined : 1)) note(c, await runCase(operation, c, device));
          for (const c of whole ? operation.errors : []) note(c, await runRefusal(operation, c, device));
        }
      } finally {
        setDefaultDevice(before);
        if (float64 === undefined) delete adapter.dtypeName.float64;
      }
      assertEquals(complaints.filter((text) => text !== undefined), []);
    });
  }
}
