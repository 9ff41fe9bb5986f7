import { describe, expect, test } from 'vitest';
import { AZURE_CLOUDS, ENDPOINT_ROWS } from './endpoints.ts';
import { RETIREMENTS, RETIREMENTS_AS_OF } from './retirements.ts';

describe('endpoints', () => {
  test.each(AZURE_CLOUDS)('%s has the registry and the API of Azure', (cloud) => {
    const names = ENDPOINT_ROWS.filter((row) => row.cloud === cloud && row.feature === 'cluster').map(
      ({ name }) => name,
    );
    expect(names).toContain('mcr.microsoft.com');
    expect(names.some((name) => name?.startsWith('management.'))).toBe(true);
  });

  test.each(ENDPOINT_ROWS.map((row) => [`${row.cloud} ${row.feature} ${row.name ?? row.to}`, row] as const))(
    '%s is whole',
    (_text, row) => {
      expect(row.port).toBeGreaterThan(0);
      expect(row.source).toMatch(/^MicrosoftDocs\//);
      expect(row.name === undefined).toBe(row.to === 'api-server' || row.to === 'dns-servers');
      expect(row.name ?? '').toMatch(/^[a-z0-9.*<>-]*$|^AzureMonitor$/);
    },
  );
});

describe('retirements', () => {
  test('every id is there once', () => {
    expect(new Set(RETIREMENTS.map(({ id }) => id)).size).toBe(RETIREMENTS.length);
  });

  test.each(RETIREMENTS.map((each) => [each.id, each] as const))(
    '%s has a date that fits its state',
    (_id, { state, date, source }) => {
      expect(source).toMatch(/\(|\s/);
      if (state === 'retired') expect((date ?? '') <= RETIREMENTS_AS_OF).toBe(true);
      if (state === 'retiring') expect((date ?? '') > RETIREMENTS_AS_OF).toBe(true);
      if (state === 'deprecated') expect(date).toBeUndefined();
    },
  );
});
