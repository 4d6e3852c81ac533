/**
 * The modules of Node that the host has built in: Deno and Node have them, browsers do not.
 *
 * They are asked for when they are needed. In Deno the first look at `globalThis.process` loads its whole Node layer, some 25
 * milliseconds, which a short script never has to wait for.
 *
 * @module
 */

interface Process {
  getBuiltinModule?(name: string): unknown;
}

/** Whether the host has them. */
export const hasBuiltinModules: boolean = "Deno" in globalThis || processOf()?.getBuiltinModule !== undefined;

function processOf(): Process | undefined {
  return (globalThis as { process?: Process }).process;
}

/** A module such as `node:v8`. */
export function builtinModule<Module>(name: string): Module {
  return processOf()!.getBuiltinModule!(name) as Module;
}
