import { MAX_EVALUATION_DEPTH, MAX_STEPS } from '../limits.ts';
import { parseExpression } from './parse.ts';
import type { Parsed } from './syntax.ts';

/** What the evaluation of one template with all that it deploys has used up. It bounds time, and the stack. */
export class Meter {
  #steps = MAX_STEPS;
  #depth = 0;
  readonly #parsed = new Map<string, Parsed>();

  /** Begins an evaluation inside the one that runs; false where it must not. Each `true` is followed by `leave`. */
  enter(): boolean {
    if (this.#depth >= MAX_EVALUATION_DEPTH || !this.spend(1)) return false;
    this.#depth++;
    return true;
  }

  leave(): void {
    this.#depth--;
  }

  spend(steps: number): boolean {
    this.#steps -= steps;
    return this.#steps >= 0;
  }

  get spent(): number {
    return MAX_STEPS - this.#steps;
  }

  /** Loops and modules repeat the same few expressions. */
  parsed(text: string): Parsed {
    let parsed = this.#parsed.get(text);
    if (parsed === undefined) {
      parsed = parseExpression(text);
      this.#parsed.set(text, parsed);
    }
    return parsed;
  }
}
