import type { Assumption, EndpointEntry, EngineEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';

/** What the server answers beyond what the verbs do. All else is the JSON of the verbs, with the types of `model`. */

/** RFC 9457 */
export interface ProblemBody {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
}

/** The environment that every answer is about, and how current it is. */
export interface EnvironmentAnswer {
  /** Grows by one whenever the input changed and was analysed again. */
  readonly revision: number;
  /** `stale`: the input changed and cannot be read; answers are those of the last time that it could. */
  readonly state: 'fresh' | 'stale' | 'failed';
  /** When it was analysed: RFC 3339, UTC. */
  readonly analysed: string;
  readonly input: readonly string[];
  readonly engine: EngineEntry;
  readonly version: string;
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface EndpointsAnswer {
  readonly endpoints: readonly EndpointEntry[];
}

/** Lines of a file that was read. */
export interface SourceAnswer {
  readonly file: string;
  /** Of the first of `lines`. */
  readonly first: number;
  readonly lines: readonly string[];
}
