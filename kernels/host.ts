/**
 * What hosts have beyond a browser: the modules that Node has built in, and the environment.
 *
 * The modules are asked for when they are needed. In Deno the first look at `globalThis.process` loads its whole Node layer, some 25
 * milliseconds, which a short script never has to wait for.
 *
 * @module
 */

interface Process {
  readonly env?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: string): unknown;
}

interface Deno {
  readonly permissions: { querySync(permission: { name: "env"; variable: string }): { state: string } };
  readonly env: { get(name: string): string | undefined };
}

const { Deno: deno } = globalThis as { Deno?: Deno };

/** Whether the host is Deno. */
export const isDeno: boolean = deno !== undefined;

/** Whether the host has the modules of Node. */
export const hasBuiltinModules: boolean = isDeno || processOf()?.getBuiltinModule !== undefined;

function processOf(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** A module such as `node:v8`. */
export function builtinModule<Module>(name: string): Module {
  return processOf()!.getBuiltinModule!(name) as Module;
}

/** A variable of the environment, where reading it needs no prompt. */
export function environment(variable: string): string | undefined {
  if (deno === undefined) return processOf()?.env?.[variable];
  return deno.permissions.querySync({ name: "env", variable }).state === "granted" ? deno.env.get(variable) : undefined;
}
