import { expect, test } from 'vitest';
import type { PathNormalization } from '#model/istio.ts';
import type { AskedRequest } from '#model/request.ts';
import { type RequestCondition, requestOf } from './request.ts';

type Row = readonly [Partial<RequestCondition>, Partial<AskedRequest>, 'yes' | 'no' | 'perhaps', PathNormalization?];

const ROWS: readonly Row[] = [
  [{ kind: 'method', values: ['GET', 'POST'] }, { method: 'GET' }, 'yes'],
  [{ kind: 'method', values: ['GET'] }, { method: 'PUT' }, 'no'],
  [{ kind: 'method', values: ['GET'] }, {}, 'perhaps'],
  [{ kind: 'method', not: ['GET'] }, { method: 'PUT' }, 'yes'],
  [{ kind: 'method', values: ['*'], not: ['P*'] }, { method: 'PUT' }, 'no'],
  [{ kind: 'path', values: ['/a*'] }, { path: '/abc/d' }, 'yes'],
  [{ kind: 'path', values: ['*/d'] }, { path: '/abc/d' }, 'yes'],
  [{ kind: 'path', values: ['/a'] }, { path: '/A' }, 'no'],
  [{ kind: 'path', values: ['/a/{*}/c'] }, { path: '/a/b/c' }, 'yes'],
  [{ kind: 'path', values: ['/a/{*}/c'] }, { path: '/a/b/b/c' }, 'no'],
  [{ kind: 'path', values: ['/a/{*}'] }, { path: '/a/' }, 'no'],
  [{ kind: 'path', values: ['/a/{**}'] }, { path: '/a/b/c' }, 'yes'],
  [{ kind: 'path', values: ['/a/{**}'] }, { path: '/a/' }, 'yes'],
  [{ kind: 'path', values: ['/a/{**}'] }, { path: '/a' }, 'no'],
  [{ kind: 'path', values: ['/{*}/b/{**}/e'] }, { path: '/a/b/c/d/e' }, 'yes'],
  [{ kind: 'path', values: ['/{*}/b/{**}/e'] }, { path: '/a/b/e' }, 'no'],
  [{ kind: 'path', values: ['/admin'] }, { path: '/x/../admin' }, 'yes'],
  [{ kind: 'path', values: ['/admin'] }, { path: '/%61dmin' }, 'yes'],
  [{ kind: 'path', values: ['/admin'] }, { path: '/%61dmin' }, 'no', 'NONE'],
  [{ kind: 'path', values: ['/admin'] }, { path: '//admin' }, 'no'],
  [{ kind: 'path', values: ['/admin'] }, { path: '//admin' }, 'yes', 'MERGE_SLASHES'],
  [{ kind: 'path', values: ['/a/admin'] }, { path: '/a%2fadmin' }, 'no', 'MERGE_SLASHES'],
  [{ kind: 'path', values: ['/a/admin'] }, { path: '/a%2F/admin' }, 'yes', 'DECODE_AND_MERGE_SLASHES'],
  [{ kind: 'host', values: ['*.Example.com'] }, { host: 'web.example.COM' }, 'yes'],
  [{ kind: 'header', name: 'X-Team', values: ['a'] }, { headers: new Map([['x-team', 'a']]) }, 'yes'],
  [{ kind: 'header', name: 'X-Team', values: ['a'] }, {}, 'perhaps'],
  [{ kind: 'opaque', name: 'request.auth.principal', values: ['*'] }, { method: 'GET' }, 'perhaps'],
  [{ kind: 'method', values: ['GET'] }, { kind: 'dns' }, 'perhaps'],
];

const CASES = ROWS.map(([condition, asked, answer, normalization]) => ({ condition, asked, answer, normalization }));

test.each(CASES)('$condition of $asked is $answer', ({ condition, asked, answer, normalization = 'BASE' }) => {
  const match = requestOf([{ kind: 'method', name: '', values: [], not: [], ...condition }], normalization);
  expect(match?.matches({ kind: 'http', headers: new Map(), ...asked })).toBe(answer);
});

test('no condition is no match: every request', () => {
  expect(requestOf([], 'BASE')).toBeUndefined();
});

test('the text says what it means', () => {
  const match = requestOf(
    [
      { kind: 'method', name: '', values: ['GET', 'POST'], not: [] },
      { kind: 'header', name: 'x', values: [], not: ['1'] },
    ],
    'BASE',
  );
  expect(match?.text).toBe('method GET or POST, header x not 1');
});
