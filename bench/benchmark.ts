/** `full` for figures; `smoke` for a tiny run that shows that everything still works. */
export type Scale = 'full' | 'smoke';

/** One question about cost, asked of several cases in the same run, so that ratios mean something. */
export interface Benchmark {
  readonly name: string;
  /** What is measured, in one line for people. */
  readonly title: string;
  readonly cases: (scale: Scale) => readonly Case[];
}

/** One thing to time. Each round of it runs in a process of its own, so that memory and compiled code are its own. */
export interface Case {
  /** `ringfence 1000 workloads` */
  readonly name: string;
  /** The name of the case that this one is compared with. */
  readonly against?: string;
  /** Processes; the rounds of all cases of a benchmark are interleaved. */
  readonly rounds: number;
  /** Timed runs in each process, after one untimed run where there is more than one. */
  readonly repeats: number;
  /** Makes the input, untimed. Throws `NotMeasured` where the case cannot run here. */
  readonly prepare: () => Run | Promise<Run>;
}

/** The timed part. */
export type Run = () => Outcome | Promise<Outcome>;

export interface Outcome {
  /** What came out, as `pairs: 6626`: printed, and a check that the work was done. */
  readonly facts: Readonly<Record<string, number | string>>;
  /** Operations in the run where it is many small ones; figures are then for one. */
  readonly operations?: number;
  /** Where the case is a process of its own: its time and memory instead of ours. */
  readonly outside?: { readonly milliseconds: number; readonly peakMb?: number };
  /** What is wrong with the answers. Any entry fails the whole run. */
  readonly failures?: readonly string[];
}

/** What a child process reports of one round. */
export type Round =
  | {
      readonly state: 'measured';
      readonly milliseconds: readonly number[];
      readonly peakMb?: number;
      readonly inputMb: number;
      readonly outcome: Omit<Outcome, 'outside'>;
    }
  | { readonly state: 'not-measured'; readonly why: string };
