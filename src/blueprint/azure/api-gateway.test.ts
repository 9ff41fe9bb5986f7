import { describe, expect, test } from 'vitest';
import { asked, at, estateWith } from './estate.test-support.ts';

describe('the API gateway', () => {
  const estate = estateWith({ apiGateway: true });

  test('is internal, and old protocols are off', () => {
    expect(at(estate, 'apiGateway', 'properties.virtualNetworkType')).toBe('Internal');
    const toggles = at(estate, 'apiGateway', 'properties.customProperties');
    expect(new Set(Object.values(toggles as object))).toEqual(new Set(['false']));
  });

  test('asks every caller for a token and limits calls, by parameters', () => {
    const { body } = estate.byKey.get('apiPolicy')!;
    expect(asked(body)).toEqual(['apiAudience', 'apiCallsPerMinute']);
    expect(JSON.stringify(body)).toMatch(/validate-azure-ad-token.*rate-limit-by-key/);
  });

  test('has its name in the network, and no other name of its suffix', () => {
    expect(estate.byKey.get('apiName')).toMatchObject({ name: '@', parent: 'zoneApimshopprod' });
    expect(estate.byKey.get('zoneApimshopprod')).toMatchObject({ name: 'apim-shop-prod.azure-api.net' });
  });

  test('is left out where it was not chosen', () => {
    expect(estateWith({}).byKey.has('apiGateway')).toBe(false);
  });
});
