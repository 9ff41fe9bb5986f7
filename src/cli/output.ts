import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { NO_PAINT, type Paint, TERMINAL_PAINT } from '#report/paint.ts';
import { errorCode } from '#source/session.ts';
import { Refusal } from './refusal.ts';

export type ColorChoice = 'auto' | 'always' | 'never';
export const COLOR_CHOICES: readonly ColorChoice[] = ['auto', 'always', 'never'];

type Environment = Readonly<Record<string, string | undefined>>;

type Stream = NodeJS.WriteStream & { readonly fd: number };

/** One of the two streams of a run. A reader that has gone away (EPIPE) is no error: the rest is not written. */
export class Output {
  readonly #stream: Stream;
  #gone = false;
  #failure: unknown;

  constructor(stream: Stream) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#gone = true;
      if (errorCode(error) !== 'EPIPE') this.#failure = error;
    });
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get isFile(): boolean {
    return fstatSync(this.#stream.fd).isFile();
  }

  /** Columns, where a person looks on; pipes get unbroken lines. */
  get width(): number | undefined {
    return this.isTerminal ? this.#stream.columns : undefined;
  }

  /** For short text; waits for nothing. */
  say(text: string): void {
    if (!this.#gone) this.#stream.write(text);
  }

  /** Pieces in order, as fast as the reader takes them. */
  async write(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
    let waiting = '';
    for await (const piece of pieces) {
      waiting += piece;
      if (waiting.length < CHUNK) continue;
      await this.#flush(waiting);
      waiting = '';
      if (this.#gone) return;
    }
    await this.#flush(waiting);
  }

  async #flush(text: string): Promise<void> {
    if (text === '' || this.#gone) return;
    await new Promise<void>((resolve) => {
      this.#stream.write(text, () => resolve());
    });
    // The error event comes after the callback of the write that failed.
    if (this.#stream.errored !== null && !this.#gone) await once(this.#stream, 'error').catch(() => undefined);
    if (this.#failure !== undefined) throw new Refusal(`the output cannot be written: ${errorCode(this.#failure)}`);
  }

  paint(choice: ColorChoice, environment: Environment): Paint {
    return this.isColored(choice, environment) ? TERMINAL_PAINT : NO_PAINT;
  }

  /** https://no-color.org and https://force-color.org; the option wins over both, and NO_COLOR over FORCE_COLOR. */
  isColored(choice: ColorChoice, environment: Environment): boolean {
    if (choice !== 'auto') return choice === 'always';
    if ((environment['NO_COLOR'] ?? '') !== '') return false;
    const force = environment['FORCE_COLOR'] ?? environment['CLICOLOR_FORCE'] ?? '';
    if (force !== '') return force !== '0' && force !== 'false';
    return this.isTerminal && environment['TERM'] !== 'dumb';
  }
}

/** Characters that are written at a time. */
const CHUNK = 1 << 16;
