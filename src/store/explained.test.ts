import { describe, expect, test } from 'vitest';
import { explained } from './explained.ts';
import { StoreError } from './store-error.ts';

function failure(code: string | undefined, message = 'it failed'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('what a database throws', () => {
  test.each([
    ['XX001', 'damaged'],
    ['57014', 'too-slow'],
    ['53100', 'full'],
    ['ENOSPC', 'full'],
    ['28P01', 'unreachable'],
    ['3D000', 'unreachable'],
    ['42501', 'unreachable'],
    ['53300', 'unreachable'],
    ['57P03', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['EACCES', 'unreachable'],
  ])('%s is told as %s', async (code, problem) => {
    await expect(explained(() => Promise.reject(failure(code)))).rejects.toMatchObject({ name: 'StoreError', problem });
  });

  test.each([
    ['Connection terminated unexpectedly', 'unreachable'],
    ['timeout exceeded when trying to connect', 'unreachable'],
    ['Query read timeout', 'too-slow'],
  ])('`%s` is told as %s', async (message, problem) => {
    await expect(explained(() => Promise.reject(failure(undefined, message)))).rejects.toMatchObject({ problem });
  });

  test('our own mistakes are not explained away', async () => {
    for (const code of ['42601', '23505', undefined]) {
      const error = failure(code);
      await expect(explained(() => Promise.reject(error))).rejects.toBe(error);
    }
  });

  test('what is explained already stays as it is', async () => {
    const error = new StoreError('busy', 'taken');
    await expect(explained(() => Promise.reject(error))).rejects.toBe(error);
  });

  test('of several addresses each is told', async () => {
    const error = Object.assign(new AggregateError([failure('ECONNREFUSED', 'one'), failure('ECONNREFUSED', 'two')]), {
      code: 'ECONNREFUSED',
    });
    await expect(explained(() => Promise.reject(error))).rejects.toThrow('one; two');
  });
});
