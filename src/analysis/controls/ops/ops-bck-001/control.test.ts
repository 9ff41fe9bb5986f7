import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { opsBck001 } from './control.ts';

const DATA = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: db, namespace: shop }
spec: { resources: { requests: { storage: 1Gi } } }`;
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: web }] }`;
const RESTORE = `
apiVersion: velero.io/v1
kind: Restore
metadata: { name: try, namespace: velero }
status: { phase: Completed }`;

function schedule(template: string, more = ''): string {
  return `
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: daily, namespace: velero }
spec: { schedule: "0 2 * * *", template: ${template}${more} }`;
}

const ALL = schedule('{}');
const join = (...parts: readonly string[]) => parts.join('\n---\n');

describe('volumes', () => {
  test.each<[string, string, 'live' | 'manifests', readonly string[]]>([
    ['backed up and tried', join(DATA, ALL, RESTORE), 'live', ['PASS Namespace shop']],
    ['backed up', join(DATA, ALL), 'live', ['WARN Namespace shop']],
    ['not backed up', DATA, 'live', ['FAIL Namespace shop']],
    ['of a part of a cluster', DATA, 'manifests', ['UNKNOWN Namespace shop']],
    ['left out', join(DATA, schedule('{ excludedNamespaces: ["sh*"] }')), 'manifests', ['FAIL Namespace shop']],
    [
      'with a schedule that is paused',
      join(DATA, schedule('{}', ', paused: true')),
      'live',
      ['FAIL Namespace shop', 'WARN Schedule velero/daily paused'],
    ],
    [
      'without policies',
      join(DATA, schedule('{ includedResources: [persistentvolumeclaims] }')),
      'live',
      ['WARN Namespace shop', 'WARN Schedule velero/daily network'],
    ],
  ])('%s', (_, manifests, kind, expected) =>
    expect(placesOf(assess(opsBck001, { manifests, kind }))).toEqual(expected),
  );

  test('an answer counts as a try', () => {
    const answers = new Map([['OPS-BCK-001', { answer: 'yes', by: 'jo', on: '2026-10-01' } as const]]);
    expect(stateOf(opsBck001, { manifests: join(DATA, ALL), settings: { answers } })).toBe('PASS');
  });

  test('a backup of long ago', () => {
    const manifests = `${join(DATA, ALL)}\nstatus: { lastBackup: "2026-11-01T02:00:00Z" }`;
    expect(placesOf(assess(opsBck001, { manifests, kind: 'live' }))).toContain('FAIL Schedule velero/daily last');
  });

  test('a schedule that is paused is let run', () => {
    const context = contextOf({ manifests: join(DATA, schedule('{}', ', paused: true')), kind: 'live' });
    const [, place] = opsBck001.assess(context).places;
    expect(opsBck001.fix?.(context, place!)?.changes).toMatchObject([
      { edits: [{ path: ['spec', 'paused'], value: false }] },
    ]);
  });
});

test('by Azure', () => {
  const cluster = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';
  const vault = '/subscriptions/s/resourceGroups/g/providers/Microsoft.DataProtection/backupVaults/v/backupInstances/i';
  const azure = [
    { id: cluster, name: 'aks', type: 'Microsoft.ContainerService/managedClusters', properties: {} },
    {
      id: vault,
      name: 'i',
      type: 'Microsoft.DataProtection/backupVaults/backupInstances',
      properties: { dataSourceInfo: { resourceID: cluster } },
    },
  ];
  expect(stateOf(opsBck001, { azure, manifests: DATA })).toBe('WARN');
});

test('without data', () => {
  expect(stateOf(opsBck001, { manifests: POD })).toBe('NA');
  expect(stateOf(opsBck001, { manifests: POD, kind: 'live' })).toBe('WARN');
  expect(stateOf(opsBck001, {})).toBe('UNKNOWN');
});
