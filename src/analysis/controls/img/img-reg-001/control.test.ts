import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { DIGEST, web } from '../img.test-support.ts';
import { imgReg001 } from './control.ts';

const trusted = (...trustedRegistries: string[]) => ({ settings: { trustedRegistries } });

describe('with a list', () => {
  test.each([
    [`r.example.com/web@${DIGEST}`, ['r.example.com'], 'PASS'],
    [`r.example.com/team/web:1@${DIGEST}`, ['r.example.com/team'], 'PASS'],
    [`r.example.com/teamwork/web@${DIGEST}`, ['r.example.com/team'], 'FAIL'],
    [`shop.azurecr.io/web@${DIGEST}`, ['*.azurecr.io'], 'PASS'],
    [`azurecr.io.evil.example/web@${DIGEST}`, ['*.azurecr.io'], 'FAIL'],
    [`nginx@${DIGEST}`, ['docker.io/library'], 'PASS'],
    ['nginx:1', ['r.example.com'], 'FAIL'],
    ['r.example.com/web:1', ['r.example.com'], 'WARN'],
    ['r.example.com/web:latest', ['r.example.com'], 'WARN'],
    ['r.example.com/web', ['r.example.com'], 'WARN'],
  ])('%s of %j', (image, list, state) => {
    expect(stateOf(imgReg001, { manifests: web([image]), ...trusted(...list) })).toBe(state);
  });
});

const acr = (properties: object) => [
  {
    id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/shop',
    type: 'Microsoft.ContainerRegistry/registries',
    name: 'shop',
    properties,
  },
];
const SHUT = { publicNetworkAccess: 'Disabled' };

describe('without one', () => {
  test('each registry is asked about once', () => {
    expect(placesOf(assess(imgReg001, { manifests: web([`nginx@${DIGEST}`, `redis@${DIGEST}`]) }))).toEqual([
      'PASS Deployment shop/web',
      'UNKNOWN registry docker.io',
    ]);
  });

  test('registries of the input are known', () => {
    const manifests = web([`shop.azurecr.io/web@${DIGEST}`]);
    expect(stateOf(imgReg001, { manifests, azure: acr(SHUT) })).toBe('PASS');
  });

  test('nothing runs', () => {
    expect(stateOf(imgReg001, {})).toBe('NA');
  });
});

test.each([
  [SHUT, 'PASS'],
  [{}, 'WARN'],
  [{ networkRuleSet: { defaultAction: 'Deny' } }, 'PASS'],
  [{ ...SHUT, adminUserEnabled: true }, 'FAIL'],
  [{ ...SHUT, anonymousPullEnabled: true }, 'FAIL'],
])('a registry with %j', (properties, state) => {
  expect(stateOf(imgReg001, { azure: acr(properties) })).toBe(state);
});

test.each([
  [web(['nginx:1']), 'name the images of `web` by their digests'],
  [web(['nginx:1'], { namespace: 'other' }), 'name the images of `web` by their digests'],
])('fix of a tag', (manifests, summary) => {
  const context = contextOf({ manifests });
  expect(imgReg001.fix?.(context, imgReg001.assess(context).places[0]!)?.summary).toBe(summary);
});

test('fix of a foreign image', () => {
  const context = contextOf({ manifests: web(['nginx:1']), ...trusted('r.example.com', '*.azurecr.io') });
  const fix = imgReg001.fix?.(context, imgReg001.assess(context).places[0]!);
  expect(JSON.stringify(fix?.changes)).toContain(
    "c.image.startsWith('r.example.com/') || c.image.split('/')[0].endsWith('.azurecr.io')",
  );
});
