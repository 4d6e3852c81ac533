/**
 * Names of parameters and modules as PyTorch writes them.
 *
 * @module
 */

/** A field's name as Python spells it: `runningMean` is "running_mean". Names that begin with a capital stay. */
export function snakeCase(name: string): string {
  if (!/^[a-z]/.test(name)) return name;
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z])([A-Z][a-z])/g, "$1_$2").toLowerCase();
}

/** `prefix.name`, or `name` alone. */
export function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
