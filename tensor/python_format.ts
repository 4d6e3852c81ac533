/**
 * Numbers as Python writes them, so that printed tensors and modules read as PyTorch's do.
 *
 * @module
 */

/** `repr(value)` of a Python float: the shortest digits that give the number back, "1.0", "1e-05", "inf". */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits, power] = Math.abs(value).toExponential().split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return sign + digits + pythonExponent(exponent);
  const text = exponent < 0
    ? Math.abs(value).toFixed(digits.replace(".", "").length - 1 - exponent)
    : String(Math.abs(value));
  return sign + (text.includes(".") ? text : text + ".0");
}

/** `"{:.<digits>f}".format(value)` */
export function pythonFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits > 0 ? "." + "0".repeat(digits) : ""}`;
  const text = size.toFixed(digits);
  // JavaScript rounds a tie up, Python to even.
  const tie = Math.abs(size * 2 ** (digits + 1) % 2) === 1;
  return sign + (tie && isOdd(text) ? below(size).toFixed(digits) : text);
}

/** `"{:.<digits>e}".format(value)` */
export function pythonExponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  let [mantissa, power] = size.toExponential(digits).split("e") as [string, string];
  const rest = size.toExponential(100).split("e")[0]!.slice(2 + digits);
  if (/^50*$/.test(rest) && isOdd(mantissa)) {
    [mantissa, power] = below(size).toExponential(digits).split("e") as [string, string];
  }
  return sign + mantissa + pythonExponent(Number(power));
}

/** Python's words for options: True, False, None, numbers, quoted strings, tuples. `float` writes 1 as "1.0". */
export function pythonValue(value: unknown, float = false): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (typeof value === "number") return float || !Number.isInteger(value) ? pythonFloat(value) : String(value);
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) {
    const items = value.map((item) => pythonValue(item, float));
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  return String(value);
}

/** A name as Python spells it: `runningMean` is "running_mean". Names that begin with a capital stay. */
export function pythonName(name: string): string {
  if (!/^_?[a-z]/.test(name)) return name;
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z])([A-Z][a-z])/g, "$1_$2").toLowerCase();
}

/** A name as JavaScript spells it: "running_mean" is `runningMean`. */
export function scriptName(name: string): string {
  return name.replace(/([a-z0-9])_([a-z0-9])/g, (_, before: string, after: string) => before + after.toUpperCase());
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

function pythonExponent(power: number): string {
  return `e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function isOdd(digits: string): boolean {
  return Number(digits.at(-1)) % 2 === 1;
}

/** A number a little smaller: no longer a tie. */
function below(size: number): number {
  return size * (1 - Number.EPSILON);
}
