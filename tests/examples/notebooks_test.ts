/**
 * The notebooks run from above to below, on every device, and show what they are about; those committed have outputs that are small.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { devices } from "../devices.ts";
import { installed } from "../programs.ts";
import { root } from "./run.ts";
import { committed, executed, type Notebook, notebooks, outputsOf, shownAs } from "./notebooks.ts";

/** What each shows: words of the console, of the text of values, and of pictures. */
const telling: Record<string, Partial<Record<"console" | "text/plain" | "image/svg+xml", readonly RegExp[]>>> = {
  "cross_entropy.ipynb": {
    "console": [
      /crossEntropy +3\.005390167236328\nlogSoftmax, nllLoss 3\.005390167236328\none-hot labels +3\.005390167236328/,
    ],
    "text/plain": [/^tensor\(\[\[-1\.7419, {2}1\.4327/, /^true$/, /2 kernels on/],
    "image/svg+xml": [/>Probabilities</, />LogSoftmaxBackward0</, />kernel 0: max; sum of sub, exp \[64, 10\]</],
  },
  "training.ipynb": {
    "console": [/trainLoss +█.*▁ /],
    "text/plain": [/a confusion matrix of 120 predictions, (9\d\.\d|100\.0)% right/],
    // Two pictures, each with its axis, and a curve of 30 points in each.
    "image/svg+xml": [/>trainLoss<.*stroke="#1f77b4"[^>]*><path d="M(?:[^L"]+L){29}[^L"]+".*>accuracy<.*>epoch</s],
  },
  "inside_a_model.ipynb": {
    "console": [/kernels on/],
    "text/plain": [/^Sequential\(\n {2}\(0\): Conv2d\(1, 8/, /Conv2d \(0\): 1-1 .* 208/, /^=+\nKernel .*Share/],
    "image/svg+xml": [/>horizontal</, /data:image\/png;base64,/, />ConvolutionBackward0</, />kernel 0: contract/],
  },
};

function check(name: string, notebook: Notebook): void {
  for (const [type, patterns] of Object.entries(telling[name]!)) {
    const shown = shownAs(notebook, type);
    for (const pattern of patterns) assert(shown.some((text) => pattern.test(text)), `${name} shows no ${pattern}`);
  }
}

Deno.test("each notebook has something telling", () => assertEquals(notebooks, Object.keys(telling).sort()));

Deno.test("notebooks have no type errors", async () => {
  const folder = Deno.makeTempDirSync();
  const files = notebooks.map((name) => {
    const code = committed(name).cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) =>
      source.join("")
    );
    const script = `${code.join("\n")}\nexport {};\n`
      .replaceAll('"@tensaur/tensaur"', `"${new URL("mod.ts", root)}"`)
      .replaceAll('"@tensaur/tensaur/plot"', `"${new URL("plot/mod.ts", root)}"`);
    Deno.writeTextFileSync(`${folder}/${name}.ts`, script);
    return `${folder}/${name}.ts`;
  });
  const command = new Deno.Command(Deno.execPath(), { args: ["check", "--config", "deno.json", ...files], cwd: root });
  const { success, stderr } = await command.output();
  Deno.removeSync(folder, { recursive: true });
  assert(success, new TextDecoder().decode(stderr));
});

for (const name of notebooks) {
  Deno.test(`${name} is committed with small outputs`, () => {
    check(name, committed(name));
    const large = outputsOf(committed(name)).map((output) => JSON.stringify(output).length).filter((n) => n > 100_000);
    assertEquals(large, []);
  });

  for (const device of devices) {
    Deno.test({
      name: `${name} runs in Jupyter (${device})`,
      ignore: !installed("jupyter"),
      async fn() {
        const notebook = await executed(name, device);
        assertEquals(outputsOf(notebook).filter(({ output_type }) => output_type === "error"), []);
        check(name, notebook);
        const kinds = ({ cells }: Notebook) => cells.map(({ outputs }) => outputs?.map((output) => output.output_type));
        assertEquals(kinds(notebook), kinds(committed(name)));
      },
    });
  }
}
