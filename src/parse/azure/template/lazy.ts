/** A value that is worked out when it is first wanted. What wants it meanwhile, on the way, gets `cyclic` instead. */
export class Lazy<T> {
  readonly #compute: () => T;
  readonly #cyclic: () => T;
  #state: 'new' | 'busy' | 'done' = 'new';
  #value: T | undefined;

  constructor(compute: () => T, cyclic: () => T) {
    this.#compute = compute;
    this.#cyclic = cyclic;
  }

  get(): T {
    if (this.#state === 'done') return this.#value as T;
    if (this.#state === 'busy') return this.#cyclic();
    this.#state = 'busy';
    this.#value = this.#compute();
    this.#state = 'done';
    return this.#value;
  }

  /** Whether it is being worked out at this moment. */
  get busy(): boolean {
    return this.#state === 'busy';
  }
}
