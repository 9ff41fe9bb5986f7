import type { Diagnostic } from '#model/diagnostic.ts';
import type { FindingDecision } from '#store/store.ts';
import { AnswerMemory } from './answer-memory.ts';
import { type Lane, LaneError, type OpenLane } from './lane.ts';
import type { Plan } from './plan.ts';
import { type Watch, type Watching, watchPlan } from './watch.ts';
import type { Outcome, ReadOutcome, Request } from './worker/analyst.ts';
import type { Moment } from './worker/moment.ts';
import type { MomentAsked, Question, Reply } from './worker/question.ts';
import type { Texts } from './worker/texts.ts';

/**
 * - `loading`: nothing was read yet;
 * - `fresh`: answers are about what is there now;
 * - `stale`: what is there now cannot be taken, and answers are about the last that could;
 * - `failed`: nothing could be read, and there is nothing to answer about.
 */
export type EnvironmentState = 'loading' | 'fresh' | 'stale' | 'failed';

export interface Status {
  readonly state: EnvironmentState;
  /** 0 before the first. */
  readonly revision: number;
  /** When that revision was read, RFC 3339. */
  readonly taken?: string;
  /** When it was looked last. */
  readonly checked?: string;
  readonly watching: Watching;
  /** Of `stale` and `failed`. */
  readonly why?: string;
  readonly help?: string;
  readonly diagnostics: readonly Diagnostic[];
}

export type EnvironmentEvent =
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'progress'; readonly what: string };

/** Why a question got no answer, and it is not the asker's fault. */
export class Unanswered extends Error {
  readonly problem: 'not-ready' | 'too-slow' | 'busy' | 'bug';

  constructor(problem: Unanswered['problem'], message: string) {
    super(message);
    this.name = 'Unanswered';
    this.problem = problem;
  }
}

/** One analysed environment, kept current. */
export interface Environment {
  readonly status: () => Status;
  /** Rejects with `Unanswered`. */
  readonly ask: (question: Question) => Promise<Reply>;
  /** What history keeps of now. Rejects with `Unanswered`. */
  readonly moment: (asked: MomentAsked) => Promise<Moment>;
  /** Has findings count as accepted: a new revision of the same input, unless that is so already. */
  readonly decide: (decisions: readonly FindingDecision[]) => Promise<void>;
  /** Looks again. `accept` takes what is there, whatever is wrong with it. */
  readonly refresh: (options?: { readonly accept?: boolean }) => Promise<void>;
  readonly subscribe: (listener: (event: EnvironmentEvent) => void) => () => void;
  readonly close: () => Promise<void>;
}

export interface EnvironmentOptions {
  readonly openLane: OpenLane;
  /** Milliseconds that a question may take. */
  readonly quickMs?: number;
  readonly heavyMs?: number;
  readonly watch?: 'auto' | 'never';
  readonly quietMs?: number;
  readonly pollMs?: number;
  /** For tests: as if the system could not watch. */
  readonly cannotWatch?: boolean;
  /** What is our bug, for the log and not for who asked. */
  readonly onBug?: (message: string) => void;
}

/** Questions that may take seconds have a thread of their own, so that the others do not wait behind them. */
const HEAVY: ReadonlySet<Question['kind']> = new Set([
  'scan',
  'report',
  'rulebook',
  'baselines',
  'isolation',
  'workload',
  'expose',
  'policies',
  'egress',
  'diff',
  'drift',
  'finding',
  'changes',
  'drawing',
  'preview',
  'texts',
  'fix',
  'acceptance',
  'try',
  'snapshot',
]);

/** Waiting in one lane. */
const MOST_WAITING = 128;

/** Opens it and starts reading; `status` tells when there is something to ask. */
export function openEnvironment(plan: Plan, options: EnvironmentOptions): Environment {
  const live = new LiveEnvironment(plan, options);
  return {
    status: () => live.status(),
    ask: (question) => live.ask(question),
    moment: (asked) => live.moment(asked),
    decide: (decisions) => live.decide(decisions),
    refresh: (how) => live.refresh(how),
    subscribe: (listener) => live.subscribe(listener),
    close: () => live.close(),
  };
}

class LiveEnvironment {
  readonly #plan: Plan;
  readonly #options: EnvironmentOptions;
  readonly #listeners = new Set<(event: EnvironmentEvent) => void>();
  readonly #memory = new AnswerMemory();
  readonly #watch: Watch | undefined;
  #quick: Lane;
  #heavy: Lane | undefined;
  readonly #waiting = { quick: 0, heavy: 0 };
  /** Settles when the last question of a lane was answered. */
  readonly #turns: Record<'quick' | 'heavy', Promise<unknown>> = { quick: Promise.resolve(), heavy: Promise.resolve() };
  #texts: Texts | undefined;
  #decisions: readonly FindingDecision[] = [];
  #status: Omit<Status, 'watching'> = { state: 'loading', revision: 0, diagnostics: [] };
  /** The last reading, and the one that waits for it. */
  #tail: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #accept = false;
  #closed = false;

  constructor(plan: Plan, options: EnvironmentOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#quick = this.#openLane();
    const { watch, ...rest } = options;
    if (watch !== 'never') this.#watch = watchPlan(plan, { ...rest, onChange: () => void this.refresh() });
    void this.refresh();
  }

  status(): Status {
    return { ...this.#status, watching: this.#watch?.mode() ?? 'none' };
  }

  subscribe(listener: (event: EnvironmentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async ask(question: Question): Promise<Reply> {
    const { revision } = this.#status;
    if (revision === 0) throw new Unanswered('not-ready', 'nothing was read yet');
    return this.#memory.of(revision, question, () => this.#answer(question));
  }

  async moment(asked: MomentAsked): Promise<Moment> {
    if (this.#status.revision === 0) throw new Unanswered('not-ready', 'nothing was read yet');
    const outcome = await this.#outcome('heavy', { kind: 'moment', asked });
    if (outcome.kind !== 'moment') throw new Unanswered('bug', 'a moment was not told');
    return outcome.moment;
  }

  /** In turn with readings, whose revision it would otherwise take. */
  decide(decisions: readonly FindingDecision[]): Promise<void> {
    const turn = this.#tail.then(() => {
      if (this.#closed || JSON.stringify(decisions) === JSON.stringify(this.#decisions)) return;
      this.#decisions = decisions;
      if (this.#status.revision === 0) return;
      const revision = this.#status.revision + 1;
      for (const lane of [this.#quick, this.#heavy])
        lane?.send({ kind: 'decide', decisions, revision }).catch((error: unknown) => this.#failed(error));
      this.#memory.clear();
      this.#set({ ...this.#status, revision });
    });
    this.#tail = turn;
    return turn;
  }

  /** One at a time; changes that come while one runs make one more. */
  refresh({ accept = false }: { readonly accept?: boolean } = {}): Promise<void> {
    this.#accept ||= accept;
    this.#queued ??= this.#tail.then(() => {
      const isAccepted = this.#accept;
      this.#queued = undefined;
      this.#accept = false;
      return this.#closed ? undefined : this.#read(isAccepted);
    });
    this.#tail = this.#queued;
    return this.#queued;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    this.#listeners.clear();
    await Promise.all([this.#quick.end(), this.#heavy?.end()]);
  }

  async #answer(question: Question): Promise<Reply> {
    const outcome = await this.#outcome(HEAVY.has(question.kind) ? 'heavy' : 'quick', { kind: 'ask', question });
    if (outcome.kind !== 'reply') throw new Unanswered('bug', 'a question got no answer');
    return outcome.reply;
  }

  async #outcome(which: 'quick' | 'heavy', request: Request): Promise<Outcome> {
    if (this.#waiting[which] >= MOST_WAITING) throw new Unanswered('busy', 'too many questions are waiting');
    this.#waiting[which]++;
    try {
      return await this.#within(which, request);
    } catch (error) {
      throw this.#unanswered(error);
    } finally {
      this.#waiting[which]--;
    }
  }

  #unanswered(error: unknown): Unanswered {
    if (error instanceof Unanswered) return error;
    if (error instanceof LaneError && error.problem === 'ended')
      return new Unanswered('busy', 'the thread that answers was started anew');
    this.#options.onBug?.(error instanceof Error ? error.message : `${error}`);
    return new Unanswered('bug', 'this is a bug in ringfence (RF9001); your input is not at fault');
  }

  /**
   * What takes longer than its limit is ended with its thread: nothing else stops a computation. Time begins with a
   * question's own turn, so that a long one before it is not ended for it.
   */
  async #within(which: 'quick' | 'heavy', request: Request): Promise<Outcome> {
    const lane = which === 'quick' ? this.#quick : this.#heavyLane();
    const limit = which === 'quick' ? (this.#options.quickMs ?? 30_000) : (this.#options.heavyMs ?? 180_000);
    const before = this.#turns[which];
    const answer = lane.send(request);
    this.#turns[which] = answer.catch(() => undefined);
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      void before.then(() => {
        if (isOver) return;
        timer = setTimeout(() => {
          reject(new Unanswered('too-slow', `no answer within ${Math.round(limit / 1000)} seconds`));
          this.#restart(which, lane);
        }, limit);
      });
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      if (error instanceof LaneError && error.problem === 'ended') this.#restart(which, lane);
      throw error;
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  }

  #restart(which: 'quick' | 'heavy', lane: Lane): void {
    const isCurrent = (which === 'quick' ? this.#quick : this.#heavy) === lane;
    if (!isCurrent || this.#closed) return;
    void lane.end();
    if (which === 'heavy') this.#heavy = undefined;
    else {
      this.#quick = this.#openLane();
      this.#give(this.#quick);
    }
  }

  #heavyLane(): Lane {
    if (this.#heavy === undefined) {
      this.#heavy = this.#openLane();
      this.#give(this.#heavy);
    }
    return this.#heavy;
  }

  /** The lane handles requests in order: what is asked after this is about these texts. */
  #give(lane: Lane): void {
    const { revision, taken } = this.#status;
    if (this.#texts === undefined || taken === undefined) return;
    const about = { plan: this.#plan, texts: this.#texts, decisions: this.#decisions, revision, taken };
    lane.send({ kind: 'take', ...about }).catch((error: unknown) => this.#failed(error));
  }

  async #read(accept: boolean): Promise<void> {
    const checked = new Date().toISOString();
    const revision = this.#status.revision + 1;
    try {
      const lane = this.#quick;
      const outcome = await lane.send({
        kind: 'read',
        plan: this.#plan,
        decisions: this.#decisions,
        revision,
        taken: checked,
        accept,
      });
      if (outcome.kind === 'read') this.#taken(outcome.outcome, checked);
    } catch (error) {
      if (this.#closed) return;
      if (error instanceof LaneError && error.problem === 'bug') this.#options.onBug?.(error.message);
      else this.#restart('quick', this.#quick);
      this.#keep('this is a bug in ringfence (RF9001); your input is not at fault', checked);
    }
  }

  #taken(outcome: ReadOutcome, checked: string): void {
    switch (outcome.kind) {
      case 'new':
        this.#texts = outcome.texts;
        this.#memory.clear();
        this.#set({ state: 'fresh', revision: this.#status.revision + 1, taken: checked, checked, diagnostics: [] });
        if (this.#heavy !== undefined) this.#give(this.#heavy);
        return;
      case 'same': {
        const { revision, taken } = this.#status;
        this.#set({ state: 'fresh', revision, ...(taken !== undefined && { taken }), checked, diagnostics: [] });
        return;
      }
      case 'broken':
        this.#keep(outcome.why, checked, { diagnostics: outcome.diagnostics });
        return;
      case 'unreachable':
        this.#keep(outcome.message, checked, { help: outcome.hint });
    }
  }

  /** What was answered about before is answered about still. */
  #keep(why: string, checked: string, more: Partial<Pick<Status, 'diagnostics' | 'help'>> = {}): void {
    const { revision, taken } = this.#status;
    const state = revision === 0 ? 'failed' : 'stale';
    this.#set({ state, revision, ...(taken !== undefined && { taken }), checked, why, diagnostics: [], ...more });
  }

  #set(status: Omit<Status, 'watching'>): void {
    const isNews = JSON.stringify({ ...status, checked: '' }) !== JSON.stringify({ ...this.#status, checked: '' });
    this.#status = status;
    if (isNews) this.#tell({ kind: 'status', status: this.status() });
  }

  #failed(error: unknown): void {
    // A thread that was ended is given everything anew.
    if (error instanceof LaneError && error.problem === 'ended') return;
    this.#options.onBug?.(`${error}`);
  }

  #tell(event: EnvironmentEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #openLane(): Lane {
    return this.#options.openLane((what) => this.#tell({ kind: 'progress', what }));
  }
}
