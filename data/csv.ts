/**
 * Text of comma-separated values (RFC 4180).
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";

/** A field: its text, and whether it was quoted. */
export interface Field {
  /** The text, without quotes. */
  readonly text: string;
  /** Whether it stood in quotes: then it is text, whatever it looks like. */
  readonly quoted: boolean;
}

/** A line of fields, with the number of the line it begins on. */
export interface Row {
  /** From 1. */
  readonly line: number;
  /** In order. */
  readonly fields: readonly Field[];
}

/** The rows of `text`; empty lines are left out. */
export function* csvRows(text: string, separator: string): Generator<Row> {
  const end = text.length;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let line = 1;
  /** The field that begins at `at`, which moves to what ends it. */
  const field = (): Field => {
    if (text[at] !== '"') {
      const start = at;
      while (at < end && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
      return { text: text.slice(start, at), quoted: false };
    }
    const opened = line;
    let content = "";
    for (;;) {
      const close = text.indexOf('"', at + 1);
      if (close < 0) throw new ValueError(`Cannot read CSV: the quote opened on line ${opened} never closes`);
      const piece = text.slice(at + 1, close);
      line += piece.split("\n").length - 1;
      content += piece;
      at = close + 1;
      if (text[at] !== '"') break;
      content += '"';
    }
    if (at < end && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") {
      throw new ValueError(`Cannot read CSV: on line ${line}, ${text[at]} follows a closing quote`);
    }
    return { text: content, quoted: true };
  };
  while (at < end) {
    const start = line;
    const fields = [field()];
    while (text[at] === separator) {
      at++;
      fields.push(field());
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (fields.length > 1 || fields[0]!.quoted || fields[0]!.text !== "") yield { line: start, fields };
  }
}
