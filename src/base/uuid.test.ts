import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hexOf, sha1, uuidIn } from './uuid.ts';

describe('a UUID of a name', () => {
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

  test('is that of RFC 9562, appendix A.4', () => {
    expect(uuidIn(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  test('stays the same, and differs for other names', () => {
    expect(uuidIn(dns, 'a')).toBe(uuidIn(dns, 'a'));
    expect(uuidIn(dns, 'a')).not.toBe(uuidIn(dns, 'b'));
    expect(uuidIn(dns, 'ä€😀')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

test('sha1 is that of the platform, at every border of a block', () => {
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const message = new Uint8Array(length).map((_, index) => (index * 31) % 251);
    expect(hexOf(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
  }
});
