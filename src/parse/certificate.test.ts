import { describe, expect, test } from 'vitest';
import { CA, LEAF } from './certificate.test-support.ts';
import { readCertificates } from './certificate.ts';

describe('certificates', () => {
  test('of a server', () => {
    expect(readCertificates(LEAF)).toEqual([
      {
        notBefore: '2026-08-01T00:00:00Z',
        notAfter: '2026-12-31T00:00:00Z',
        names: ['shop.example.com', '*.shop.example.com'],
        isAuthority: false,
        isSelfIssued: false,
      },
    ]);
  });

  test('of an authority, whose end is after 2050', () => {
    expect(readCertificates(CA)).toMatchObject([
      { notBefore: '2020-01-01T00:00:00Z', notAfter: '2060-01-01T00:00:00Z', isAuthority: true, isSelfIssued: true },
    ]);
  });

  test('chains, and in base64 as Secrets hold them', () => {
    expect(readCertificates(btoa(`${LEAF}\n${CA}\n`))).toHaveLength(2);
  });

  test.each([
    '',
    '[dropped]',
    'AAAA',
    '-----BEGIN CERTIFICATE-----',
    `${LEAF.slice(0, 200)}\n-----END CERTIFICATE-----`,
  ])('nothing is read of %j', (text) => {
    expect(readCertificates(text)).toEqual([]);
  });

  test('any cut of one is refused or read, and never throws', () => {
    const body = LEAF.split('\n').slice(1, -1).join('');
    for (let length = 0; length < body.length; length += 7)
      expect(() =>
        readCertificates(`-----BEGIN CERTIFICATE-----${body.slice(0, length)}-----END CERTIFICATE-----`),
      ).not.toThrow();
  });
});
