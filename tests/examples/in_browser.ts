/**
 * What `web_test.ts` has a browser run, beside the page of `examples/web/`.
 *
 * @module
 */

import { describeDevice, functional as F, ones, setDefaultDevice, tensor } from "../../mod.ts";

/** The first words of the error that `action` ends with. */
async function failure(action: () => unknown): Promise<string> {
  try {
    return `no error, but ${await action()}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message.split(/[:;]/)[0]}`;
  }
}

const checks = {
  /** Products long enough for threads, and memory that has to grow. */
  async cpu(): Promise<unknown> {
    setDefaultDevice("cpu");
    const x = ones([600, 600]), found = [];
    for (let i = 0; i < 8; i++) {
      found.push(x.matmul(x).add(i).at(3, 4).item());
      // Threads start while the page rests.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { device: describeDevice("cpu"), found, grown: ones([2e7]).mul(2).sum().item() };
  },
  /** Reads, and checks of data, which arrive with reads. */
  async webgpu(): Promise<unknown> {
    setDefaultDevice("webgpu");
    const scores = ones([2, 4]), good = tensor([1, 2]).add(0), bad = tensor([3, 4]).add(0);
    const atOnce = await failure(() => scores.mul(2).sum().item());
    const first = F.crossEntropy(scores, good).data(), second = F.crossEntropy(scores.mul(0), good);
    const between = [(await first)[0], (await second.data())[0], second.item()];
    const spoilt = await failure(() => F.crossEntropy(scores, bad).data());
    return { atOnce, between, spoilt };
  },
};

(globalThis as { checks?: typeof checks }).checks = checks;
