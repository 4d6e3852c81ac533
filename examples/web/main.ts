/**
 * A page that trains the classifier of `examples/cross_entropy.ts`: bundle it, and open `dist/web` through any static server.
 *
 *     deno bundle --platform browser --outdir dist/web examples/web/index.html
 *     npx -y http-server dist/web
 *
 * @module
 */

/// <reference lib="dom" />

import * as torch from "../../mod.ts";
import { functional as F } from "../../mod.ts";
import { onehotLoss, threeForms, train } from "./model.ts";

const EPOCHS = 12;

/** The element of the page with this id. */
const find = (id: string): HTMLElement => document.getElementById(id)!;

/** Fills the body of a table. */
function showRows(id: string, rows: readonly (readonly string[])[]): void {
  find(id).replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    for (const cell of cells) row.insertCell().textContent = cell;
    return row;
  }));
}

/** Draws the losses of each step, the one-hot curve upon the other. */
function draw(crossEntropy: readonly number[], onehot: readonly number[], steps: number): void {
  const left = 32, right = 716, top = 10, bottom = 272;
  const most = Math.ceil(Math.max(1, ...crossEntropy, ...onehot));
  const x = (step: number) => left + step * (right - left) / (steps - 1);
  const y = (loss: number) => bottom - loss * (bottom - top) / most;
  const points = (losses: readonly number[]) =>
    losses.map((loss, i) => `${x(i).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
  const levels = Array.from({ length: most + 1 }, (_, i) => i);
  find("chart").innerHTML = [
    ...levels.map((n) => `<path class="grid" d="M${left} ${y(n)}H${right}"/><text x="8" y="${y(n) + 4}">${n}</text>`),
    `<polyline class="curve wide" points="${points(crossEntropy)}"/>`,
    `<polyline class="curve thin" points="${points(onehot)}"/>`,
    `<text x="${left}" y="294">step 1</text><text x="${right}" y="294" text-anchor="end">step ${steps}</text>`,
  ].join("");
}

/** Computes and trains on a device, and shows it as it goes. */
async function run(device: torch.DeviceName): Promise<void> {
  torch.setDefaultDevice(device);
  find("device").textContent = torch.describeDevice(device);
  showRows("forms", Object.entries(await threeForms()).map(([name, loss]) => [name, `${loss}`]));

  const start = performance.now();
  const crossEntropy: number[][] = [], onehot: number[][] = [];
  for (const [losses, criterion] of [[crossEntropy, F.crossEntropy], [onehot, onehotLoss]] as const) {
    for await (const epoch of train(criterion, EPOCHS)) {
      losses.push(epoch);
      draw(crossEntropy.flat(), onehot.flat(), EPOCHS * epoch.length);
      await new Promise(requestAnimationFrame);
    }
  }
  const steps = onehot.flat().length * 2;
  find("time").textContent = `${steps} steps in ${Math.round(performance.now() - start)} ms, drawing included`;
  const last = (losses: readonly number[]) => losses.at(-1)!.toFixed(6);
  showRows("epochs", onehot.map((losses, epoch) => [`${epoch}`, last(losses), last(crossEntropy[epoch]!)]));
}

/** Runs on a device, with the buttons out of reach meanwhile. */
async function start(device: torch.DeviceName): Promise<void> {
  const buttons = [...find("devices").querySelectorAll("button")];
  for (const button of buttons) {
    button.disabled = true;
    button.ariaPressed = `${button.textContent === device}`;
  }
  document.body.dataset.state = "running";
  find("problem").textContent = "";
  try {
    await run(device);
    document.body.dataset.state = "done";
  } catch (error) {
    find("problem").textContent = String(error);
    document.body.dataset.state = "failed";
    throw error;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

find("devices").append(
  ...torch.availableDevices().map((device) => {
    const button = document.createElement("button");
    button.textContent = device;
    button.addEventListener("click", () => start(device));
    return button;
  }),
);
await start(torch.defaultDevice());
