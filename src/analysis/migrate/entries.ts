import type { Exposure } from '#model/answers.ts';
import type { MigrationCauseId, MigrationEntry } from '#model/migration.ts';
import { exposuresOf } from '../exposure/expose.ts';
import type { Step } from './changes.ts';

/** Ways in from outside whose verdict changes, with the steps at which it does. Engines must be cut by `exposureCuts`. */
export function changedEntries(steps: readonly Step[]): MigrationEntry[] {
  const told = [steps[0]!.before, ...steps.map(({ after }) => after)].map((engine) => byKey(exposuresOf(engine)));
  const [first, last] = [told[0]!, told.at(-1)!];
  const out: MigrationEntry[] = [];
  for (const [key, { through, at, to, verdict, origin }] of first) {
    const after = last.get(key)?.verdict;
    if (after === undefined || after === verdict) continue;
    const causes = steps.flatMap(({ cause }, index): MigrationCauseId[] =>
      told[index]!.get(key)?.verdict === told[index + 1]!.get(key)?.verdict ? [] : [cause],
    );
    out.push({ through, at, to, before: verdict, after, causes: [...new Set(causes)], origin });
  }
  return out;
}

function byKey(exposures: readonly Exposure[]): Map<string, Exposure> {
  return new Map(
    exposures.map((each) => [
      [each.scope, each.through, each.at, each.protocol, each.port, each.to, each.targetPort].join('\n'),
      each,
    ]),
  );
}
