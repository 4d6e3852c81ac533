/**
 * Running notebooks: with Jupyter and this very Deno as kernel. As a program, runs those of `examples/notebooks/` and keeps their outputs.
 *
 * @module
 */

import { root } from "./run.ts";

const folder = new URL("examples/notebooks/", root);

/** What a cell shows: text under types of content, or lines of `console.log`. */
export interface Output {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

/** A cell of a notebook. */
interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly Output[];
  metadata: unknown;
}

/** A notebook, as its file has it. */
export interface Notebook {
  readonly cells: Cell[];
  readonly metadata: { readonly language_info: { version: string } };
}

/** The names of the notebooks. */
export const notebooks: readonly string[] = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".ipynb")).sort();

/** A notebook as it is committed. */
export function committed(name: string): Notebook {
  return JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
}

/** Runs a notebook from above to below and returns it with what its cells show. Throws what Jupyter says if a cell fails. */
export async function executed(name: string, device: string): Promise<Notebook> {
  const scratch = Deno.makeTempDirSync();
  try {
    const kernel = {
      argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
    };
    Deno.mkdirSync(`${scratch}/kernels/deno`, { recursive: true });
    Deno.writeTextFileSync(`${scratch}/kernels/deno/kernel.json`, JSON.stringify(kernel));
    const { code, stderr } = await new Deno.Command("/usr/bin/python3", {
      args: ["tests/examples/execute_notebook.py", `examples/notebooks/${name}`, `${scratch}/executed.ipynb`],
      cwd: root,
      env: {
        JUPYTER_PATH: scratch,
        JUPYTER_RUNTIME_DIR: scratch,
        NO_COLOR: "1",
        TENSAUR_DEVICE: device,
        XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp",
      },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (code !== 0) throw new Error(`${name} failed:\n${new TextDecoder().decode(stderr)}`);
    return JSON.parse(Deno.readTextFileSync(`${scratch}/executed.ipynb`));
  } finally {
    Deno.removeSync(scratch, { recursive: true });
  }
}

/** All outputs of a notebook. */
export function outputsOf({ cells }: Notebook): Output[] {
  return cells.flatMap(({ outputs }) => outputs ?? []);
}

/** What the cells show under a type of content, or wrote with `console.log`. */
export function shownAs(notebook: Notebook, type: string): string[] {
  const joined = (text: string | readonly string[]) => typeof text === "string" ? text : text.join("");
  return outputsOf(notebook).flatMap(({ text, data }) =>
    type === "console"
      ? text === undefined ? [] : [joined(text)]
      : data?.[type] === undefined
      ? []
      : [joined(data[type])]
  );
}

if (import.meta.main) {
  for (const name of notebooks) {
    const notebook = await executed(name, "cpu");
    // When it ran, and with which Deno, is no part of it.
    for (const cell of notebook.cells) cell.metadata = {};
    notebook.metadata.language_info.version = "";
    Deno.writeTextFileSync(new URL(name, folder), JSON.stringify(notebook, undefined, 1));
    console.log(`${name}: ${outputsOf(notebook).length} outputs`);
  }
}
