/**
 * What notebooks show: a little HTML.
 *
 * @module
 */

/** Text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** What a notebook makes of a table. */
export interface TableParts {
  /** Above the table; text. */
  readonly caption?: string;
  /** The names of the columns; text. */
  readonly head: readonly string[];
  /** Cells, row by row; text. The first `left` of a row stand at the left, the others, which are numbers, at the right. */
  readonly rows: readonly (readonly string[])[];
  /** How many columns are text. Default 1. */
  readonly left?: number;
}

/** A table in HTML. */
export function htmlTable({ caption, head, rows, left = 1 }: TableParts): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell, i) =>
      `<${tag} style="text-align:${i < left ? "left" : "right"};white-space:pre">${escapeHtml(cell)}</${tag}>`
    ).join("");
  const title = caption === undefined
    ? ""
    : `<caption style="text-align:left;white-space:pre-line">${escapeHtml(caption)}</caption>`;
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("");
  return `<table>${title}<thead><tr>${cells("th", head)}</tr></thead><tbody>${body}</tbody></table>`;
}

/** A table in a terminal: the first `left` columns at the left, the others at the right, a line below the head. */
export function textTable({ head, rows, left = 1 }: TableParts): string[] {
  const widths = head.map((name, i) => rows.reduce((width, row) => Math.max(width, row[i]!.length), name.length));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ").trimEnd();
  const rule = "=".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [rule, line(head), rule, ...rows.map(line), rule];
}
