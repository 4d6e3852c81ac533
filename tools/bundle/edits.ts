/**
 * Changes to a text, given by their places in the original.
 *
 * @module
 */

/** The characters from `start` to `end` become `text`. Edits may touch, or lie in one another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The edits in the order of the text, without those of what another takes away. What closes at a place comes before what opens there. */
export function sorted(edits: readonly Edit[]): Edit[] {
  const opens = ({ text }: Edit): number => text === "(" ? 1 : 0;
  let end = 0;
  return edits.toSorted((a, b) => a.start - b.start || opens(a) - opens(b) || a.end - b.end).filter((edit) => {
    if (edit.start < end) return false;
    end = edit.end;
    return true;
  });
}

/** The characters from `start` to `end` with these sorted edits, all of which lie within. */
export function edited(source: string, start: number, end: number, edits: readonly Edit[]): string {
  let result = "", at = start;
  for (const edit of edits) {
    result += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + source.slice(at, end);
}
