import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { cfgSec001 } from './control.ts';

const web = (container: object, spec: object = {}, namespace = 'shop') =>
  `${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'web', ...container }], ...spec },
      },
    },
  })}\n---\n`;
const env = (name: string, value: string) => ({ env: [{ name, value }] });
const VARIABLE = { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }] };
const SECRET = { name: 'p', secret: { secretName: 'db' } };
const FROM_SECRET = { volumes: [SECRET] };
const object = (apiVersion: string, kind: string, rest: object) =>
  `${JSON.stringify({ apiVersion, kind, metadata: { name: 'db', namespace: 'shop' }, ...rest })}\n---\n`;
const DRIVER = { volumes: [SECRET, { name: 's', csi: { driver: 'secrets-store.csi.k8s.io' } }] };

describe('in plain sight', () => {
  test.each([
    [web(env('DB_PASSWORD', 'hunter2')), ['FAIL Deployment shop/web']],
    [web({ args: ['--token=a8Fk2Lq09XzPw'] }), ['FAIL Deployment shop/web']],
    [web({ args: ['--password', 'hunter2'] }), ['FAIL Deployment shop/web']],
    [web({ args: ['--password-file', 'hunter2'] }), []],
    [web(env('DB_PASSWORD', 'hunter2'), {}, 'kube-system'), ['WARN Deployment kube-system/web']],
    [web(env('DB_HOST', 'db')), []],
    [object('v1', 'ConfigMap', { data: { 'app.conf': 'password=hunter2' } }), ['FAIL ConfigMap shop/db']],
    [object('v1', 'Secret', { stringData: { p: 'hunter2' } }), ['FAIL Secret shop/db', 'UNKNOWN cluster cluster']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what tools of deployment fill in
    [object('v1', 'Secret', { stringData: { p: '${P}' } }), ['UNKNOWN cluster cluster']],
    [object('v1', 'Secret', { data: { p: 'ENC[a]' }, sops: { version: '3' } }), ['UNKNOWN cluster cluster']],
  ])('%s', (manifests, places) => {
    expect(placesOf(assess(cfgSec001, { manifests }))).toEqual(places);
  });

  test('the secret is nowhere in what is said', () => {
    const answer = assess(cfgSec001, { manifests: web(env('DB_PASSWORD', 'hunter2')) });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(answer.places[0]?.evidence[0]).toMatchObject({
      field: 'spec.template.spec.containers[0].env[0].value',
      value: '[secret: password]',
    });
  });
});

const aks = (properties: object) => [
  {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks',
    type: 'Microsoft.ContainerService/managedClusters',
    name: 'aks',
    properties,
  },
];
const ADDON = { addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } } };

describe('as variables', () => {
  test.each([
    [VARIABLE, ['WARN Deployment shop/web variables', 'UNKNOWN cluster cluster']],
    [{ envFrom: [{ secretRef: { name: 'db' } }] }, ['WARN Deployment shop/web variables', 'UNKNOWN cluster cluster']],
    [{ envFrom: [{ configMapRef: { name: 'db' } }] }, []],
  ])('%j', (container, places) => {
    expect(placesOf(assess(cfgSec001, { manifests: web(container) }))).toEqual(places);
  });
});

describe('where they are kept', () => {
  test.each([
    ['nothing known', web({}, FROM_SECRET), undefined, 'UNKNOWN'],
    ['no secrets', web({}), undefined, 'NA'],
    ['no secrets, with Azure', web({}), aks({}), 'NA'],
    ['the driver used', web({}, DRIVER), undefined, 'PASS'],
    [
      'an external secret',
      web({}, FROM_SECRET) + object('external-secrets.io/v1', 'ExternalSecret', {}),
      undefined,
      'PASS',
    ],
    ['AKS as it is', web({}, FROM_SECRET), aks({}), 'WARN'],
    ['AKS with the driver, unused', web({}, FROM_SECRET), aks(ADDON), 'WARN'],
    ['AKS with the driver, used', web({}, DRIVER), aks(ADDON), 'PASS'],
    ['AKS with KMS', web({}, FROM_SECRET), aks({ securityProfile: { azureKeyVaultKms: { enabled: true } } }), 'PASS'],
  ])('%s', (_, manifests, azure, state) => {
    expect(stateOf(cfgSec001, { manifests, ...(azure !== undefined && { azure }) })).toBe(state);
  });

  test.each([
    [[{ secretbox: {} }, { identity: {} }], 'PASS'],
    [[{ identity: {} }, { secretbox: {} }], 'FAIL'],
  ])('providers %j', (providers, state) => {
    const configuration = object('apiserver.config.k8s.io/v1', 'EncryptionConfiguration', {
      resources: [{ resources: ['secrets'], providers }],
    });
    expect(stateOf(cfgSec001, { manifests: web({}, FROM_SECRET) + configuration })).toBe(state);
  });
});

test('a variable becomes a reference to a Secret', () => {
  const context = contextOf({ manifests: web(env('DB_PASSWORD', 'hunter2')) });
  const [place] = cfgSec001.assess(context).places;
  const base = ['spec', 'template', 'spec', 'containers', 0, 'env', 0];
  expect(cfgSec001.fix?.(context, place!)?.changes).toMatchObject([
    {
      edits: [
        { op: 'remove', path: [...base, 'value'] },
        {
          op: 'set',
          path: [...base, 'valueFrom'],
          value: { secretKeyRef: { name: 'web-secrets', key: 'db-password' } },
        },
      ],
    },
  ]);
});
