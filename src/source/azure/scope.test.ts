import { expect, test } from 'vitest';
import { azCommands, GRAPH_QUERIES } from './queries.ts';
import { azureScopeOf } from './scope.ts';

const ID = '11111111-aaaa-4111-8111-111111111111';

test.each([
  [ID, { kind: 'subscription', name: ID }],
  [ID.toUpperCase(), { kind: 'subscription', name: ID }],
  [`sub:${ID.toUpperCase()}`, { kind: 'subscription', name: ID }],
  ['sub:Pay-as-you-go', { kind: 'subscription', name: 'Pay-as-you-go' }],
  ['SUB:x', { kind: 'subscription', name: 'x' }],
  ['mg:corp', { kind: 'management-group', name: 'corp' }],
  ['infra', undefined],
  ['./sub:x', undefined],
  [`./${ID}`, undefined],
  ['sub:', undefined],
  ['', undefined],
])('%j', (text, scope) => {
  expect(azureScopeOf(text)).toEqual(scope);
});

test('every query keeps the id and orders by it, which paging rests on', () => {
  for (const { text, table } of GRAPH_QUERIES) {
    expect(text.startsWith(`${table} | where `)).toBe(true);
    expect(text).toMatch(/ \| project id, [^|]+ \| order by id asc$/);
    expect(text).not.toContain("'");
  }
});

test('the Azure CLI takes subscriptions and management groups apart', () => {
  const [query] = GRAPH_QUERIES;
  const commands = azCommands(query!, [
    { kind: 'subscription', name: ID },
    { kind: 'management-group', name: "it's" },
    { kind: 'subscription', name: 'b' },
  ]);
  expect(commands).toEqual([
    expect.stringMatching(new RegExp(`^az graph query -q '[^']+' --first 1000 -o json --subscriptions ${ID} b$`)),
    expect.stringMatching(/ --management-groups 'it'\\''s'$/),
  ]);
  expect(azCommands(query!, [])).toHaveLength(1);
});
