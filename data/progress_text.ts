/**
 * How a progress bar reads.
 *
 * @module
 */

/** What a progress bar tells. */
export interface ProgressState {
  /** Steps done. */
  readonly done: number;
  /** Steps in all, where known. */
  readonly total: number | undefined;
  /** Seconds so far. */
  readonly seconds: number;
  /** What stands before. */
  readonly description: string;
  /** What stands behind. */
  readonly postfix: string;
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds), two = (value: number) => String(value).padStart(2, "0");
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}

function speed(rate: number): string {
  if (!(rate > 0 && Number.isFinite(rate))) return "?it/s";
  return rate < 1 ? `${(1 / rate).toFixed(2)}s/it` : `${rate.toFixed(2)}it/s`;
}

const eighths = [..." ▏▎▍▌▋▊▉"];

function bar(share: number, width: number): string {
  const filled = Math.floor(share * width * 8), whole = Math.floor(filled / 8);
  return "█".repeat(whole) + (whole < width ? eighths[filled % 8] : "") + " ".repeat(Math.max(0, width - whole - 1));
}

/** The line of a progress bar as tqdm writes it, `columns` wide where a bar is part of it, and never wider. */
export function progressText({ done, total, seconds, description, postfix }: ProgressState, columns: number): string {
  const before = description === "" ? "" : `${description}: `;
  const after = postfix === "" ? "" : `, ${postfix}`;
  const rate = done / seconds;
  if (total === undefined || total < done) {
    return `${before}${done}it [${clock(seconds)}, ${speed(rate)}${after}]`.slice(0, columns);
  }
  const share = total === 0 ? 1 : done / total;
  const left = done === 0 ? "?" : clock((total - done) / rate);
  const percent = `${before}${String(Math.floor(100 * share)).padStart(3)}%|`;
  const counts = `| ${done}/${total} [${clock(seconds)}<${left}, ${speed(rate)}${after}]`;
  return (percent + bar(share, Math.max(0, columns - percent.length - counts.length)) + counts).slice(0, columns);
}
