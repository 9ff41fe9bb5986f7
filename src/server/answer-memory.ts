import type { Question, Reply } from './worker/question.ts';

/** Characters and bytes of answers that are kept. */
const MOST = 64 * 1024 * 1024;

/** Answers of one revision, by question; those that are being made are shared. The oldest go first. */
export class AnswerMemory {
  readonly #kept = new Map<string, Promise<Reply>>();
  readonly #sizes = new Map<string, number>();
  #size = 0;

  of(revision: number, question: Question, make: () => Promise<Reply>): Promise<Reply> {
    const key = `${revision} ${JSON.stringify(question)}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (key.length > MOST_KEY) return made;
    this.#kept.set(key, made);
    made.then(
      (reply) => {
        // To be asked again with more, and answered then.
        if (reply.kind === 'problem' && reply.problem === 'wanting') this.#kept.delete(key);
        else this.#weigh(key, sizeOf(reply) + key.length);
      },
      () => this.#kept.delete(key),
    );
    return made;
  }

  clear(): void {
    this.#kept.clear();
    this.#sizes.clear();
    this.#size = 0;
  }

  #weigh(key: string, size: number): void {
    if (!this.#kept.has(key)) return;
    this.#sizes.set(key, size);
    this.#size += size;
    for (const [oldest, own] of this.#sizes) {
      if (this.#size <= MOST) return;
      this.#kept.delete(oldest);
      this.#sizes.delete(oldest);
      this.#size -= own;
    }
  }
}

/** Edited files and snapshots are asked about once. */
const MOST_KEY = 4096;

function sizeOf(reply: Reply): number {
  switch (reply.kind) {
    case 'json':
    case 'text':
      return reply.text.length;
    case 'bytes':
      return reply.bytes.length;
    case 'problem':
      return reply.message.length;
  }
}
