import { expect, test } from 'vitest';
import type { DrawingAnswer } from '../../api/answers.ts';
import { askUrl, endOf, firstPort, lineText } from './line.ts';

const spot = { x: 0, y: 0, width: 1, height: 1 };
const ANSWER: DrawingAnswer = {
  folded: false,
  counts: { endpoints: 2, connections: 1, islands: 0, left: 0, undrawn: 0 },
  width: 10,
  height: 10,
  groups: [
    { id: 'group shop', label: 'shop', notes: [], outside: false, spot },
    { id: 'group outside the cluster', label: 'outside the cluster', notes: [], outside: true, spot },
  ],
  nodes: [
    { id: 'shop/Deployment/web', group: 'group shop', label: 'web', lines: [], spot, ask: 'shop/Deployment/web' },
    { id: 'external:1', group: 'group outside the cluster', label: 'external:1', lines: [], spot, ask: '10.0.0.0/8' },
  ],
  edges: [],
};
const line = { label: 'TCP 80,443 · mtls-required', tone: 'allowed', path: '' } as const;

test.each([
  ['TCP 80,443', '80/TCP'],
  ['UDP 53; TCP 53', '53/UDP'],
  ['TCP 8000-8080', undefined],
  ['all', undefined],
])('the first port of %s', (label, port) => expect(firstPort(label)).toBe(port));

test('ends are named as people read them and as questions take them', () => {
  expect(endOf(ANSWER, 'shop/Deployment/web')).toEqual({ text: 'shop/web', ask: 'shop/Deployment/web' });
  expect(endOf(ANSWER, 'group shop')).toEqual({ text: 'all of shop', ask: 'ns:shop' });
  expect(endOf(ANSWER, 'external:1')).toEqual({ text: 'external:1', ask: '10.0.0.0/8' });
});

test('a line leads to its question, or to the matrix where there is none', () => {
  const asked = { ...line, from: 'external:1', to: 'shop/Deployment/web' };
  expect(askUrl(ANSWER, asked)).toBe('/ask?from=10.0.0.0%2F8&to=shop%2FDeployment%2Fweb&port=80%2FTCP');
  expect(askUrl(ANSWER, { ...asked, from: 'group outside the cluster' })).toBe('/reach');
  expect(lineText(ANSWER, asked)).toBe('external:1 to shop/web: TCP 80,443 · mtls-required, allowed');
});
