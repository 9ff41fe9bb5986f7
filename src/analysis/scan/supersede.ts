import type { Assessment } from '#model/control.ts';
import { plain } from '../controls/assessment.ts';

type Assessments = ReadonlyMap<string, Assessment>;

/** A control that another one makes moot, so that a report never asks for both. */
interface Superseding {
  readonly by: string;
  readonly moot: string;
  readonly why: string;
}

const SUPERSEDING: readonly Superseding[] = [
  {
    by: 'API-NET-001',
    moot: 'API-NET-002',
    why: 'the API server is not on the internet, so that no range of addresses has to be authorised',
  },
];

/** The assessments without those that contradict one another. */
export function withoutContradictions(assessments: Assessments): Assessments {
  const out = new Map(assessments);
  for (const { by, moot, why } of SUPERSEDING) {
    const first = assessments.get(by);
    if (first?.state === 'PASS' && assessments.has(moot)) out.set(moot, plain('NA', `${why} (${by})`, first.evidence));
  }
  return out;
}
