/**
 * Programs beside Deno that some tests need: PyTorch, Jupyter, a browser, Node. Where one is missing its tests are reported as ignored;
 * `TENSAUR_REQUIRE_PROGRAMS=1`, which continuous integration sets, makes its absence a failure.
 *
 * @module
 */

/** For each program, a command that succeeds where it is installed. */
const programs = {
  /** Python with PyTorch, as Debian's `python3-torch` installs it. */
  pytorch: ["/usr/bin/python3", "-c", "import torch"],
  /** Jupyter's executor of notebooks, Debian's `jupyter-nbconvert`. */
  jupyter: ["jupyter", "nbconvert", "--version"],
  /** Chromium, Debian's `chromium`. */
  chromium: ["chromium", "--version"],
  /** The oldest Node that the package runs in, through any Node's npx. */
  node: ["npx", "-y", "node@24", "--version"],
} as const;

/** Whether a program is installed. Throws where it is not and has to be. */
export function installed(program: keyof typeof programs): boolean {
  const [command, ...args] = programs[program];
  try {
    if (new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success) return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (Deno.env.get("TENSAUR_REQUIRE_PROGRAMS") !== "1") return false;
  throw new Error(`TENSAUR_REQUIRE_PROGRAMS is set, and ${program} is not installed`);
}
