import { assert, assertEquals } from "@std/assert";
import { io, manualSeed, type nn, optim, tensor } from "../../../mod.ts";
import { installed } from "../../programs.ts";
import { type Case, cases, optimizers } from "./models.ts";

/** Runs Python; what it prints. */
async function python(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("/usr/bin/python3", {
    args,
    env: { OMP_NUM_THREADS: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** A step of training; the loss before it. */
function step({ model, inputs, target, loss, optimizer, scheduler }: Case): number {
  const value = loss(model(...inputs as never[]) as never, target);
  optimizer.zeroGrad();
  value.backward();
  optimizer.step();
  const number = value.item();
  if (scheduler instanceof optim.lrScheduler.ReduceLROnPlateau) scheduler.step(number);
  else scheduler?.step();
  return number;
}

/** A state dict's tensors, copied, under names with a prefix. */
function copied(prefix: string, state: nn.StateDict): nn.StateDict {
  return Object.fromEntries(Object.entries(state).map(([name, x]) => [prefix + name, x.clone()]));
}

/** Exports a case after two steps, then takes two more and writes what came out. */
function handOver(folder: string, name: string, given: Case): void {
  const { model, inputs, target, loss, optimizer, scheduler } = given;
  step(given);
  step(given);
  const before = copied("", model.stateDict()), modes = model.modules().map((module) => module.training);
  io.exportPyTorch(model, `${folder}/${name}.py`, {
    exampleInputs: inputs,
    optimizer,
    loss,
    ...(scheduler && { scheduler }),
  });
  for (const [key, x] of Object.entries(model.stateDict())) assertEquals(x.tolist(), before[key]!.tolist(), key);
  assertEquals(model.modules().map((module) => module.training), modes);

  const expected: nn.StateDict = { target };
  inputs.forEach((x, i) => expected[`input.${i}`] = x);
  model.eval();
  expected.output = (model(...inputs as never[]) as never as typeof target).detach();
  model.modules().forEach((module, i) => module.training = modes[i]!);
  for (const n of [1, 2]) {
    expected[`loss.${n}`] = tensor(step(given), { dtype: "float32" });
    Object.assign(expected, copied(`after.${n}.`, model.stateDict()));
  }
  expected.lr = tensor(optimizer.paramGroups.map(({ lr }) => lr), { dtype: "float32" });
  io.writeSafetensors(`${folder}/${name}.expected.safetensors`, expected);
}

Deno.test({
  name: "exported models compute the same in PyTorch, and go on training with the same steps",
  ignore: !installed("pytorch"),
  async fn() {
    manualSeed(0);
    const folder = Deno.makeTempDirSync(),
      all = { ...cases(), ...optimizers() },
      script = new URL("compare.py", import.meta.url).pathname;
    for (const [name, given] of Object.entries(all)) handOver(folder, name, given);
    const results = JSON.parse(await python(script, folder, ...Object.keys(all)));
    for (const [name, { model }] of Object.entries(all)) {
      const { printed, frozen, modes, ...differences } = results[name];
      assertEquals(printed.replaceAll(/Residual\d/g, "Residual"), `${model}`, name);
      assertEquals(modes, model.modules().map((module) => module.training), name);
      assertEquals(frozen, model.namedParameters().filter(([, x]) => !x.requiresGrad).map(([key]) => key), name);
      for (const [kind, difference] of Object.entries(differences)) {
        assert(typeof difference === "number" && difference < 2e-5, `${kind} of ${name} differ by ${difference}`);
      }
    }
    Deno.removeSync(folder, { recursive: true });
  },
});
