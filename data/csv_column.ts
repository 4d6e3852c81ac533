/**
 * The values of a table's column.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import type { Field } from "./csv.ts";
import type { Column } from "./table.ts";

/** What a column of a table may hold; a category is the number of its text among the column's different texts. */
export type ColumnType = "int32" | "float32" | "string" | "category";

/** A field and where it stands. */
export interface PlacedField extends Field {
  /** The line, from 1. */
  readonly line: number;
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i, INFINITE = /^\s*([+-]?)inf(inity)?\s*$/i;

function number(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const infinite = INFINITE.exec(text);
  return infinite === null ? undefined : infinite[1] === "-" ? -Infinity : Infinity;
}

const whole = (text: string): boolean => /^\s*[+-]?\d+\s*$/.test(text) && Math.abs(Number(text)) < 2 ** 31;

/** The values of a column's fields, of the given type or of that which they look like. */
export function column(
  name: string,
  fields: readonly PlacedField[],
  missing: ReadonlySet<string>,
  type?: ColumnType,
): Column {
  const absent = ({ text, quoted }: Field): boolean => !quoted && missing.has(text);
  const text = (field: Field): string => absent(field) ? "" : field.text;
  switch (type ?? suggested(fields, absent)) {
    case "string":
      return { values: fields.map(text), categories: [] };
    case "category": {
      const categories = [...new Set(fields.map(text))].sort();
      const codes = new Map(categories.map((category, i) => [category, i]));
      return { values: Int32Array.from(fields, (field) => codes.get(text(field))!), categories };
    }
    case "int32":
      return {
        values: Int32Array.from(fields, (field) => {
          if (!absent(field) && whole(field.text)) return Number(field.text);
          throw refusal(
            name,
            field,
            absent(field) ? "a whole number, and it is missing: use float32" : "a whole number",
          );
        }),
        categories: [],
      };
    case "float32":
      return {
        values: Float32Array.from(fields, (field) => {
          const value = absent(field) ? NaN : number(field.text);
          if (value !== undefined) return value;
          throw refusal(name, field, "a number");
        }),
        categories: [],
      };
  }
}

function suggested(fields: readonly PlacedField[], absent: (field: Field) => boolean): ColumnType {
  const present = fields.filter((field) => !absent(field));
  if (present.some(({ text, quoted }) => quoted || number(text) === undefined)) return "string";
  // A column with nothing in it is one of missing numbers.
  return present.length === fields.length && present.every(({ text }) => whole(text)) ? "int32" : "float32";
}

function refusal(name: string, { text, line }: PlacedField, wanted: string): ValueError {
  return new ValueError(
    `Cannot read column ${name} on line ${line}: expected ${wanted}, found ${JSON.stringify(text)}`,
  );
}
