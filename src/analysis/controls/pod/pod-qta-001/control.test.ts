import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { podQta001 } from './control.ts';
import { cpuText, memoryText, quantityOf } from './quantity.ts';

const object = (kind: string, spec: object, apiVersion = 'v1') =>
  `${JSON.stringify({ apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec })}\n---\n`;
const LIMITS = { limits: { memory: '128Mi' }, requests: { cpu: '100m' } };
const web = (resources: object = {}, spec: object = {}, kind = 'Deployment') =>
  object(
    kind,
    {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web', resources }], ...spec },
      },
    },
    'apps/v1',
  );
const quota = (hard: object, rest: object = {}) => object('ResourceQuota', { hard, ...rest });
const FULL = { 'limits.memory': '1Gi', 'services.loadbalancers': '0', 'services.nodeports': '0' };
const limitRange = (limit: object) => object('LimitRange', { limits: [limit] });

describe('a namespace', () => {
  test.each([
    ['nothing', web(), 'FAIL'],
    ['limits', web(LIMITS), 'WARN'],
    ['a quota', web() + quota(FULL), 'WARN'],
    ['both', web(LIMITS) + quota(FULL), 'PASS'],
    ['a quota without Services', web(LIMITS) + quota({ pods: '4' }), 'WARN'],
    ['a quota of some pods', web() + quota(FULL, { scopes: ['BestEffort'] }), 'FAIL'],
    ['a quota of ConfigMaps', web() + quota({ configmaps: '4' }), 'FAIL'],
    ['a default limit', web() + limitRange({ type: 'Container', default: { memory: '1Gi' } }), 'WARN'],
    [
      'a default limit and a quota',
      web() + limitRange({ type: 'Container', default: { memory: '1Gi' } }) + quota(FULL),
      'PASS',
    ],
    ['a limit of pods only', web() + limitRange({ type: 'Pod', max: { memory: '1Gi' } }), 'FAIL'],
    ['a limit of the pod', web({}, { resources: LIMITS }) + quota(FULL), 'PASS'],
    ['no workload', quota(FULL), 'NA'],
  ])('with %s', (_, manifests, state) => {
    expect(stateOf(podQta001, { manifests })).toBe(state);
  });

  test('that AKS manages', () => {
    const azure = [
      {
        id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks/managedNamespaces/shop',
        type: 'Microsoft.ContainerService/managedClusters/managedNamespaces',
        name: 'aks/shop',
        properties: { defaultResourceQuota: { memoryLimit: '1Gi' } },
      },
    ];
    expect(stateOf(podQta001, { manifests: web(LIMITS), azure })).toBe('PASS');
  });
});

test.each([
  [{ podPidsLimit: 100 }, 'PASS'],
  [{ podPidsLimit: -1 }, 'WARN'],
  [{}, 'WARN'],
])('processes: %j', (settings, state) => {
  const manifests = JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...settings,
  });
  expect(placesOf(assess(podQta001, { manifests }))).toEqual([`${state} KubeletConfiguration  processes`]);
});

describe('fix', () => {
  const fixOf = (manifests: string) => {
    const context = contextOf({ manifests });
    return podQta001.fix?.(context, podQta001.assess(context).places[0]!);
  };

  test('a quota of twice what is asked for', () => {
    expect(fixOf(web(LIMITS))).toMatchObject({
      automatic: true,
      changes: [
        {
          object: {
            kind: 'ResourceQuota',
            spec: {
              hard: {
                pods: '4',
                'limits.memory': '512Mi',
                'requests.cpu': '400m',
                'services.loadbalancers': '0',
                'services.nodeports': '0',
              },
            },
          },
        },
      ],
    });
  });

  test('a start where containers say nothing', () => {
    expect(fixOf(web())).toMatchObject({
      automatic: false,
      changes: [{ object: { kind: 'LimitRange' } }, { object: { kind: 'ResourceQuota' } }],
    });
  });

  test('as many pods as nodes cannot be counted', () => {
    expect(fixOf(web(LIMITS, {}, 'DaemonSet'))?.automatic).toBe(false);
  });
});

test.each([
  ['500m', 0.5],
  ['1Gi', 2 ** 30],
  ['1.5G', 1.5e9],
  ['1e3', 1000],
  [2, 2],
  ['', undefined],
  ['1Q', undefined],
  [null, undefined],
])('quantity %j is %j', (text, number) => {
  expect(quantityOf(text)).toBe(number);
});

test('quantities as text', () => {
  expect([memoryText(2 ** 20 + 1), cpuText(0.1)]).toEqual(['2Mi', '100m']);
});
