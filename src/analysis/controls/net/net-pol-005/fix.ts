import type { PolicyProblem } from '#model/answers.ts';
import type { Fix, Judged } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { objectOfPolicy } from '../policy-places.ts';
import { entriesIn, entryAt } from './assess.ts';

/** A rule that changes nothing is taken out; what is misspelt a person has to spell. */
export function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const entry = entryAt(context, judged.where.id);
  const problem = entry?.problems.find(
    (each) => judged.detail === (each.rule === '' ? each.problem : `${each.problem} ${each.rule}`),
  );
  if (entry === undefined || problem === undefined) return undefined;
  const object = objectOfPolicy(context, entry);
  const path = pathOf(problem.rule);
  const isIdle = problem.problem === 'redundant' || problem.problem === 'shadowed';
  if (isIdle && path !== undefined && object !== undefined) {
    // Of two rules that make each other idle only one may go.
    const mutual = problem.culprits.some(({ origin }) =>
      problemsAt(context, origin).some((other) => other !== problem),
    );
    return {
      summary: `remove ${problem.rule}, which changes nothing`,
      automatic: !mutual,
      changes: [{ kind: 'edit-object', object, edits: [{ op: 'remove', path }] }],
      steps: mutual ? ['another rule is idle because of this one: remove one of the two, and look again'] : [],
    };
  }
  return {
    summary: `make ${entry.kind} ${entry.name} mean what is there`,
    automatic: false,
    changes: [],
    steps: [stepOf(problem.problem, problem.why)],
  };
}

const BY_LINE = onceKey<ReadonlyMap<string, readonly PolicyProblem[]>>('problems of policies by line');

function problemsAt(context: ControlContext, origin: Origin): readonly PolicyProblem[] {
  const byLine = context.once(BY_LINE, () =>
    Map.groupBy(
      entriesIn(context).flatMap(({ problems }) => problems),
      (each) => lineKey(each.origin),
    ),
  );
  return byLine.get(lineKey(origin)) ?? [];
}

function lineKey({ file, line }: Origin): string {
  return `${line} ${file}`;
}

/** `spec.ingress[1]` as a path; undefined for other texts. */
function pathOf(rule: string): FieldPath | undefined {
  const match = /^spec\.(ingress|egress)\[(\d+)\]$/.exec(rule);
  return match === null ? undefined : ['spec', match[1]!, Number(match[2])];
}

function stepOf(problem: string, why: string): string {
  switch (problem) {
    case 'inert':
      return 'write it in a kind that the engine enforces, or install the engine that it was written for: see NET-CNI-001';
    case 'unsupported':
      return `write the rule without it: ${why}`;
    case 'selects-nothing':
      return `correct the selector or delete the policy: ${why}`;
    default:
      return `correct the rule or delete it: ${why}`;
  }
}
