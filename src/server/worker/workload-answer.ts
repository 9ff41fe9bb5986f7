import { podOwnersOf } from '#analysis/controls/pod-owners.ts';
import { nearest } from '#analysis/nearest.ts';
import { needsOf } from '#analysis/needs/needs-of.ts';
import { wholeOf, workloadFacts } from '#analysis/workload/workload.ts';
import { aboutWorkload } from '#analysis/workload/workload-about.ts';
import { needsOfWorkload } from '#analysis/workload/workload-needs.ts';
import { escapeControl } from '#base/escape.ts';
import type { EndpointEntry } from '#model/answers.ts';
import type { Finding } from '#model/scan.ts';
import { exposedOf } from './exposed.ts';
import { type Material, once } from './material.ts';
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
  const owner = once(material, 'pod owners', () => podOwnersOf(material.snapshot.objects)).find(
    ({ endpoint }) => endpoint === whole,
  );
  const needs = once(material, 'needs', () => needsOf(material.snapshot));
  return told({
    schema: 'ringfence.dev/workload/v1',
    id: whole,
    engine,
    ...(owner !== undefined && { about: aboutWorkload(owner) }),
    ...rest,
    needs: needsOfWorkload(material.analysis.engine, needs, whole),
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

/** With the ids that come near. */
export function unknownWorkload({ analysis }: Material, id: string): Refused {
  const ids = analysis.engine.world.owners.map((owner) => owner.id);
  return new Refused(
    'missing',
    `no workload \`${escapeControl(id)}\` in the input`,
    nearest(id, ids).map(escapeControl),
  );
}
