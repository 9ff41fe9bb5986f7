import type { Diagnostic } from '#model/diagnostic.ts';
import type { FindingDecision } from '#store/store.ts';
import type { Plan } from '../plan.ts';
import { replyTo } from './answer.ts';
import { type Material, materialOf, newErrors, resourcesOf } from './material.ts';
import { type Moment, momentOf } from './moment.ts';
import type { MomentAsked, Question, Reply } from './question.ts';
import { readTexts, type Texts } from './texts.ts';

/** What a lane is told. */
export type Request =
  | {
      readonly kind: 'read';
      readonly plan: Plan;
      readonly revision: number;
      readonly taken: string;
      /** Take what was read even where it has new errors. */
      readonly accept: boolean;
      readonly decisions: readonly FindingDecision[];
    }
  | {
      readonly kind: 'take';
      readonly plan: Plan;
      readonly texts: Texts;
      readonly revision: number;
      readonly taken: string;
      readonly decisions: readonly FindingDecision[];
    }
  /** The same input, and what people accepted of it. */
  | { readonly kind: 'decide'; readonly decisions: readonly FindingDecision[]; readonly revision: number }
  | { readonly kind: 'moment'; readonly asked: MomentAsked }
  | { readonly kind: 'ask'; readonly question: Question };

/** What came of a reading. Only `new` changes what is answered about. */
export type ReadOutcome =
  | { readonly kind: 'new'; readonly texts: Texts; readonly errors: number }
  | { readonly kind: 'same' }
  /** Errors that were not there before, or nothing at all any more. */
  | { readonly kind: 'broken'; readonly why: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unreachable'; readonly message: string; readonly hint: string };

export type Outcome =
  | { readonly kind: 'read'; readonly outcome: ReadOutcome }
  | { readonly kind: 'taken' }
  | { readonly kind: 'moment'; readonly moment: Moment }
  | { readonly kind: 'reply'; readonly reply: Reply };

export interface Analyst {
  readonly handle: (request: Request) => Promise<Outcome>;
}

/** Holds one revision and answers about it. Lives in a thread of its own, or, for tests, does not. */
export function newAnalyst(onProgress: (what: string) => void): Analyst {
  let current: Material | undefined;
  return {
    handle: async (request) => {
      switch (request.kind) {
        case 'read': {
          const { outcome, material } = await readAnew(request, current, onProgress);
          current = material ?? current;
          return { kind: 'read', outcome };
        }
        case 'take':
          current = materialOf({ ...request, onProgress });
          return { kind: 'taken' };
        case 'decide':
          current = current && decided(current, request);
          return { kind: 'taken' };
        case 'moment':
          return { kind: 'moment', moment: momentOf(known(current), request.asked, onProgress) };
        case 'ask':
          return { kind: 'reply', reply: await replyTo(known(current), request.question, onProgress) };
      }
    },
  };
}

function known(current: Material | undefined): Material {
  if (current === undefined) throw new Error('asked before anything was read');
  return current;
}

/** What was judged before the decision is judged anew; all else stays as it was computed. */
function decided(current: Material, { decisions, revision }: Extract<Request, { readonly kind: 'decide' }>): Material {
  const made = new Map([...current.made].filter(([name]) => !/^(?:scan|drift|baselines|rulebook):/.test(name)));
  return { ...current, decisions, revision, made };
}

interface Reread {
  readonly outcome: ReadOutcome;
  /** Where it is to be answered about from now on. */
  readonly material?: Material;
}

async function readAnew(
  { plan, revision, taken, accept, decisions }: Extract<Request, { readonly kind: 'read' }>,
  current: Material | undefined,
  onProgress: (what: string) => void,
): Promise<Reread> {
  const reading = await readTexts(plan, onProgress);
  if (reading.kind === 'unreachable') return { outcome: reading };
  const { texts } = reading;
  if (current !== undefined && areSame(current.texts, texts)) return { outcome: { kind: 'same' } };
  const material = materialOf({ plan, texts, revision, taken, decisions, onProgress });
  const { diagnostics } = material.analysis;
  const errors = newErrors(current?.analysis.diagnostics ?? diagnostics, diagnostics);
  if (isNothing(material) && (current === undefined || !accept))
    return { outcome: { kind: 'broken', why: 'nothing that decides about traffic was read', diagnostics } };
  if (errors.length > 0 && !accept) return { outcome: { kind: 'broken', why: whyOf(errors), diagnostics: errors } };
  const count = diagnostics.filter(({ severity }) => severity === 'error').length;
  return { outcome: { kind: 'new', texts, errors: count }, material };
}

function isNothing({ snapshot }: Material): boolean {
  return resourcesOf(snapshot) + snapshot.objects.length + snapshot.documents.length === 0;
}

function whyOf(errors: readonly Diagnostic[]): string {
  const files = new Set(errors.map(({ origin }) => origin?.file ?? 'the input'));
  const [first] = files;
  return files.size === 1
    ? `\`${first}\` has an error that was not there before`
    : `${files.size} files have new errors`;
}

/** Diagnostics of reading count too: a file that cannot be opened any more changes them and no text. */
function areSame(a: Texts, b: Texts): boolean {
  const lists = ['files', 'azure', 'invariants'] as const;
  return (
    lists.every(
      (name) =>
        a[name].length === b[name].length &&
        a[name].every((each, index) => each.file === b[name][index]!.file && each.text === b[name][index]!.text),
    ) && JSON.stringify(a.problems) === JSON.stringify(b.problems)
  );
}
