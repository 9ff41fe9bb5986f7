import { nearest } from '#analysis/nearest.ts';
import { wholeOf, workloadFacts } from '#analysis/workload/workload.ts';
import { escapeControl } from '#base/escape.ts';
import type { EndpointEntry } from '#model/answers.ts';
import type { Finding } from '#model/scan.ts';
import { exposedOf } from './exposed.ts';
import type { Material } from './material.ts';
import { type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';
import { wholeScan } from './scan-answer.ts';

type WorkloadAsked = Extract<Question, { readonly kind: 'workload' }>;

/** Everything about one workload or node. */
export function workloadAnswer(
  material: Material,
  { id, today }: WorkloadAsked,
  onProgress: (what: string) => void,
): Reply {
  const facts = workloadFacts(material.analysis, id);
  if (facts === undefined) throw unknownWorkload(material, id);
  const whole = wholeOf(id);
  const { engine, assumptions, diagnostics, ...rest } = facts;
  const { findings } = wholeScan(material, today, onProgress);
  return told({
    schema: 'ringfence.dev/workload/v1',
    id: whole,
    engine,
    ...rest,
    exposures: exposedOf(material).exposures.filter(({ to }) => wholeOf(to) === whole),
    findings: findings.filter((finding) => isAbout(finding, facts.endpoints[0]!)),
    assumptions,
    diagnostics,
  });
}

function isAbout({ where }: Finding, { kind, namespace, name, workload }: EndpointEntry): boolean {
  if (where.name !== name) return false;
  return kind === 'node' ? where.kind === 'Node' : where.kind === workload && where.namespace === namespace;
}

function unknownWorkload({ analysis }: Material, id: string): Refused {
  const ids = analysis.engine.world.owners.map((owner) => owner.id);
  return new Refused(
    'missing',
    `no workload \`${escapeControl(id)}\` in the input`,
    nearest(id, ids).map(escapeControl),
  );
}
