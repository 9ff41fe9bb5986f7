import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { diffOf } from '#analysis/diff/diff.ts';
import { scopeOf } from '#analysis/scope.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { EXAMPLE } from '../choices/example.ts';
import { readChoices } from '../choices/read-choices.ts';
import { clusterFiles } from '../cluster/cluster-files.ts';
import { designOf } from '../plan/design.ts';
import { isStandIns, standIns } from '../proof/stand-ins.ts';
import { designFor } from './design-for.ts';

const design = designOf(readChoices({ file: 'blueprint.yaml', text: EXAMPLE }).choices!);
const CLUSTER = [...clusterFiles(design)]
  .filter(([file]) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
  .map(([, text]) => text)
  .join('---\n');
const designed = snapshotOf([{ file: 'cluster.yaml', text: CLUSTER }], { objects: true });
/** Other workloads than the stand-ins, and the same policies unless a text says otherwise. */
const WORKLOADS = standIns(design).replaceAll('stand-in', 'web');

function differences(change: (cluster: string) => string, more = '') {
  const live = snapshotOf([{ file: 'live.yaml', text: `${change(CLUSTER)}---\n${WORKLOADS}${more}` }], {
    objects: true,
  });
  const sides = [designFor(designed, live), live].map((each) => analyseSnapshot(each, { engine: 'cilium-aks' }));
  const answer = diffOf(sides[0]!, sides[1]!, { scope: scopeOf([])!, invariants: [] });
  const said = ({ from, to, opened, closed }: (typeof answer.changes)[number]) =>
    `${opened.length > 0 ? '+' : closed.length > 0 ? '-' : '?'} ${from} ${to}`;
  return { changes: answer.changes.map(said), endpoints: answer.endpoints };
}

describe('a blueprint against what runs', () => {
  test('other workloads under the same policies are no difference', () => {
    expect(differences((text) => text)).toEqual({ changes: [], endpoints: { added: [], removed: [] } });
  });

  test('a policy that is gone: what it let through is closed', () => {
    const changed = differences((text) =>
      text
        .split('---\n')
        .filter((each) => !(each.includes('name: callers') && each.includes('namespace: shop-backend')))
        .join('---\n'),
    );
    expect(changed.changes).toEqual(['- shop-frontend/Deployment/web shop-backend/Deployment/web']);
  });

  test('a policy that was not designed: what it lets through is open', () => {
    const admit = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: by-hand, namespace: shop-payments}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 9999}]}]}
`;
    const { changes } = differences((text) => text, admit);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.every((line) => line.startsWith('+ ') && line.endsWith(' shop-payments/Deployment/web'))).toBe(true);
  });

  test('a Service that opens the cluster is not designed', () => {
    const service = `---
apiVersion: v1
kind: Service
metadata: {name: open, namespace: shop-backend}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`;
    const live = snapshotOf([{ file: 'live.yaml', text: `${WORKLOADS}${service}` }], { objects: true });
    const names = (each: { readonly services: readonly { readonly name: string }[] }) =>
      each.services.map(({ name }) => name);
    expect(names(live)).toContain('open');
    expect(names(designFor(designed, live))).not.toContain('open');
    const objects = designFor(designed, live).objects.filter(({ kind }) => kind === 'Service');
    expect(objects.map(({ name }) => name)).not.toContain('open');
  });
});

test('stand-ins are known in whatever folder they lie', () => {
  expect(isStandIns({ file: 'a/b/proof/stand-ins.yaml', text: standIns(design) })).toBe(true);
  expect(isStandIns({ file: 'a/b/proof/stand-ins.yaml', text: 'kind: List' })).toBe(false);
  expect(isStandIns({ file: 'other.yaml', text: standIns(design) })).toBe(false);
});
