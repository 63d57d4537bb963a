import { told } from "./tally.ts";

const redrawMs = 200;
const barWidth = 24;

/** Shows an import's progress on stderr: a bar on a terminal, otherwise a line for every 5 %. */
export class Progress {
  readonly #totalBytes: number;
  readonly #isTerminal = process.stderr.isTTY;
  readonly #started = performance.now();
  #drawn = 0;
  #twentieths = 0;

  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
  }

  /** `rows` counts what this run has processed, so that a resumed run shows its own rate. */
  show(bytes: number, rows: number): void {
    const part = this.#totalBytes === 0 ? 1 : Math.min(bytes / this.#totalBytes, 1);
    const now = performance.now();
    const seconds = (now - this.#started) / 1000;
    const left = part > 0 ? Math.ceil((seconds / part) * (1 - part)) : 0;
    const text = `${Math.floor(part * 100)} %  ${told(rows)} rows  ${told(Math.round(rows / seconds))} a second  ${left} s left`;
    if (this.#isTerminal) {
      if (now - this.#drawn < redrawMs && part < 1) return;
      this.#drawn = now;
      process.stderr.write(`\r\x1b[K${"█".repeat(part * barWidth).padEnd(barWidth, "░")}  ${text}`);
    } else if (Math.floor(part * 20) > this.#twentieths) {
      this.#twentieths = Math.floor(part * 20);
      process.stderr.write(`${text}\n`);
    }
  }

  /** Ends the bar's line. */
  end(): void {
    if (this.#isTerminal) process.stderr.write("\n");
  }
}
