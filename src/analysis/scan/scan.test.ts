import { describe, expect, test } from 'vitest';
import type { ControlData, Judged } from '#model/control.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { assessmentOf, placeOf, plain } from '../controls/assessment.ts';
import type { Control } from '../controls/control.ts';
import { contextOf } from '../controls/controls.test-support.ts';
import { isMeant } from './acceptance.ts';
import { priorityOf } from './priority.ts';
import { scanOf } from './scan.ts';

const DATA: ControlData = {
  id: 'NET-POL-001',
  title: 'Everything is well',
  severity: 'high',
  rationale: 'r',
  evidence: 'e',
  states: [],
  remedy: 'mend it',
  mappings: [{ framework: 'cis-kubernetes', id: '5.3.2' }],
};

/** Fails for each Deployment. */
const DEPLOYMENTS: Control = {
  data: DATA,
  assess: ({ objects }) =>
    assessmentOf(
      objects
        .of('apps', 'Deployment')
        .map((object): Judged => ({ where: placeOf(object), state: 'FAIL', message: 'it is there', evidence: [] })),
      plain('NA', 'no Deployment'),
      (count) => `${count} are there`,
    ),
};
const BROKEN: Control = {
  data: { ...DATA, id: 'NET-POL-002' },
  assess: () => {
    throw new TypeError('a mistake');
  },
};
const deployment = (namespace: string, name: string, more = '', image = 'nginx') => `
apiVersion: apps/v1
kind: Deployment
metadata:
  namespace: ${namespace}
  name: ${name}
  ${more}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: ${image}, ports: [{containerPort: 80}]}]}
---
`;
const OPTIONS = { version: '1', taken: '2026-11-21T00:00:00.000Z' };

function scan(manifests: string, settings = {}, controls: readonly Control[] = [DEPLOYMENTS]) {
  return scanOf(contextOf({ manifests, settings }), { ...OPTIONS, controls });
}

describe('places that are told together', () => {
  const together = { key: 'open', before: 'nothing stops', after: '', fix: ['stop', ''] } as const;
  const alike: Control = {
    data: DATA,
    assess: (context) => {
      const { places, ...rest } = DEPLOYMENTS.assess(context);
      return { ...rest, places: places.map((place) => ({ ...place, together })) };
    },
    fix: (_, { where }) => ({
      summary: `stop ${where.name}`,
      automatic: where.name !== 'by-hand',
      changes: [],
      steps: ['look first', `stop ${where.name}`],
    }),
  };
  const told = (manifests: string) =>
    scan(manifests, {}, [alike])
      .findings.map(({ fingerprint, message, fix }) => [fingerprint, message, fix?.steps])
      .sort();
  const NAMESPACE = 'NET-POL-001 /Namespace//a open';

  test('those of one namespace, counted', () => {
    const all = deployment('a', 'one') + deployment('a', 'two') + deployment('b', 'one');
    expect(told(all)).toEqual([
      [NAMESPACE, 'nothing stops 2 workloads of namespace `a`', ['look first', 'stop one', 'stop two']],
      ['NET-POL-001 apps/Deployment/b/one', 'it is there', ['look first', 'stop one']],
    ]);
    expect(scan(all, {}, [alike]).controls[0]?.counts).toEqual({ FAIL: 3 });
  });

  test('not with those that a person mends, or that were accepted', () => {
    const accepted = 'annotations: {accept.ringfence.dev/NET-POL-001: "known; owner=ann"}';
    const all = deployment('a', 'one') + deployment('a', 'by-hand') + deployment('a', 'known', accepted);
    expect(told(all).map(([fingerprint]) => fingerprint)).toEqual([
      'NET-POL-001 apps/Deployment/a/by-hand',
      'NET-POL-001 apps/Deployment/a/known',
      'NET-POL-001 apps/Deployment/a/one',
    ]);
    const hands = deployment('a', 'one') + deployment('a', 'two') + deployment('a', 'by-hand');
    expect(told(hands).map(([fingerprint]) => fingerprint)).toEqual([
      NAMESPACE,
      'NET-POL-001 apps/Deployment/a/by-hand',
    ]);
  });
});

describe('findings', () => {
  test('have a fingerprint that lines do not move', () => {
    const prints = (text: string) => scan(text).findings.map(({ fingerprint }) => fingerprint);
    expect(prints(deployment('shop', 'web'))).toEqual(['NET-POL-001 apps/Deployment/shop/web']);
    expect(prints(`# more\n\n${deployment('shop', 'web')}`)).toEqual(prints(deployment('shop', 'web')));
  });

  test('tell what somebody who got in could reach', () => {
    const [first] = scan(deployment('shop', 'db', '', 'postgres:16') + deployment('shop', 'web')).findings;
    expect(first?.where.name).toBe('web');
    expect(first?.blastRadius).toMatchObject({
      reaches: 1,
      dataStores: ['shop/Deployment/db'],
      through: [],
      toInternet: true,
    });
  });

  test('lead to data step by step, through what lies between', () => {
    const policy = (name: string, from: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: ${name}}
spec: {podSelector: {matchLabels: {app: ${name}}}, ingress: [{from: [{podSelector: {matchLabels: {app: ${from}}}}]}]}
---
`;
    const all = ['web', 'api'].map((name) => deployment('shop', name)).join('');
    const chain = all + deployment('shop', 'db', '', 'redis') + policy('api', 'web') + policy('db', 'api');
    const web = scan(chain).findings.find(({ where }) => where.name === 'web');
    expect(web?.blastRadius).toMatchObject({
      reaches: 1,
      dataStores: ['shop/Deployment/db'],
      through: ['shop/Deployment/api'],
    });
  });

  test('from the internet come first', () => {
    const service = `
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---
`;
    const { findings } = scan(deployment('shop', 'api') + deployment('shop', 'web') + service);
    expect(findings.map(({ where }) => where.name)).toEqual(['web', 'api']);
    expect(findings[0]?.blastRadius?.fromInternet).toBe(true);
  });
});

test('a control that fails by our mistake is named and hides no other', () => {
  const answer = scan(deployment('shop', 'web'), {}, [BROKEN, DEPLOYMENTS]);
  expect(answer.internalErrors).toEqual([{ control: 'NET-POL-002', message: 'a mistake' }]);
  expect(answer.controls.map(({ state }) => state)).toEqual(['UNKNOWN', 'FAIL']);
});

test('views say what controls say, and what none says', () => {
  const view = scan(deployment('shop', 'web')).frameworks.find(({ framework }) => framework === 'cis-kubernetes');
  expect(view?.entries.find(({ id }) => id === '5.3.2')).toMatchObject({ state: 'FAIL', controls: ['NET-POL-001'] });
  expect(view?.entries.find(({ id }) => id === '5.1.1')).not.toHaveProperty('state');
});

describe('what is accepted', () => {
  const entry = { control: 'NET-POL-001', reason: 'r', owner: 'o', origin: NO_ORIGIN };
  const accepted = (more: object, manifests = deployment('shop', 'web')) => {
    const { findings, controls } = scan(manifests, { accepted: [{ ...entry, ...more }] });
    // Accepting changes nothing of what is so.
    expect(controls[0]?.state).toBe('FAIL');
    return findings[0]?.suppressed;
  };

  test.each<readonly [what: string, more: object, isAccepted: boolean]>([
    ['everywhere', {}, true],
    ['at this place', { where: 'shop/web' }, true],
    ['in this namespace', { where: 'shop' }, true],
    ['by its id', { where: 'apps/Deployment/shop/web' }, true],
    ['with a star', { where: 'shop/w*' }, true],
    ['elsewhere', { where: 'shop/api' }, false],
    ['until today', { until: '2026-11-21' }, true],
    ['no longer', { until: '2026-11-20' }, false],
    ['of another control', { control: 'NET-POL-002' }, false],
  ])('%s', (_what, more, isAccepted) => {
    expect(accepted(more) !== null).toBe(isAccepted);
  });

  test.each<readonly [text: string, isAccepted: boolean]>([
    ['known; owner=team', true],
    ['known; owner=team; until=2026-12-01', true],
    ['known; owner=team; until=2026-01-01', false],
    ['known', false],
    ['owner=team', false],
  ])('by an annotation: %s', (text, isAccepted) => {
    const annotations = `annotations: {accept.ringfence.dev/NET-POL-001: "${text}"}`;
    const [finding] = scan(deployment('shop', 'web', annotations)).findings;
    expect(finding?.suppressed !== null).toBe(isAccepted);
  });
});

test.each<readonly [pattern: string, isMatch: boolean]>([
  ['*', true],
  ['*/web', true],
  ['s*b', true],
  ['shop/web/*', false],
  ['**', true],
  ['SHOP/Web', true],
])('the pattern %s', (where, isMatch) => {
  expect(isMeant({ where }, { kind: 'Pod', namespace: 'shop', name: 'web', id: '/Pod/shop/web' })).toBe(isMatch);
});

test('no reach makes a finding more urgent than one that is two steps more severe', () => {
  const worst = {
    fromInternet: true,
    entrances: ['x'],
    reaches: 1e6,
    dataStores: ['a', 'b', 'c'],
    through: [],
    toInternet: true,
  } as const;
  expect(priorityOf('medium', 'FAIL', worst)).toBeLessThan(priorityOf('critical', 'FAIL', undefined));
  expect(priorityOf('critical', 'FAIL', worst)).toBeLessThanOrEqual(100);
});
