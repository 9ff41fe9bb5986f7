import { describe, expect, test } from 'vitest';
import { portTraffic, protocolTraffic } from '#model/traffic.ts';
import { readInvariants } from './invariants.ts';

function document(entries: string): string {
  return `apiVersion: ringfence.dev/v1\nkind: Invariants\nmetadata: {name: shop}\ninvariants:\n${entries}\n`;
}

function read(text: string) {
  return readInvariants([{ file: 'i.yaml', text }]);
}

describe('what is read', () => {
  test('every kind, with its origin, among manifests', () => {
    const { invariants, diagnostics } = read(
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n${document(
        [
          '- {name: one, never: {from: internet, to: "ns:data"}}',
          '- {name: two, always: {from: a/b, to: [a/c, a/d], ports: ["8080", "53/udp", "8000-8999/TCP"]}}',
          '- {name: three, onlyThese: {from: [a/b], to: a/c, ports: [SCTP], nodes: true}}',
          '- {name: four, isolated: {endpoints: "ns:data", directions: [ingress]}}',
          '- {isolated: {endpoints: "ns:data"}}',
        ].join('\n'),
      )}`,
    );
    expect(diagnostics).toEqual([]);
    expect(invariants.map(({ origin, ...rest }) => rest)).toEqual([
      { kind: 'never', name: 'one', from: ['internet'], to: ['ns:data'] },
      { kind: 'always', name: 'two', from: ['a/b'], to: ['a/c', 'a/d'], traffic: [8000, 8999, 65589, 65589] },
      { kind: 'onlyThese', name: 'three', from: ['a/b'], to: ['a/c'], traffic: protocolTraffic('SCTP'), nodes: true },
      { kind: 'isolated', name: 'four', endpoints: ['ns:data'], directions: ['ingress'] },
      { kind: 'isolated', name: 'shop[4]', endpoints: ['ns:data'], directions: ['ingress', 'egress'] },
    ]);
    expect(invariants[0]!.origin).toEqual({ file: 'i.yaml', line: 9, column: 3 });
    expect(portTraffic('UDP', 53)).toEqual([65589, 65589]);
  });

  test('ICMP is that of both families', () => {
    const [invariant] = read(document('- {name: ping, never: {from: a/b, to: a/c, ports: [icmp]}}')).invariants;
    expect(invariant).toMatchObject({
      traffic: [...protocolTraffic('ICMP').slice(0, 1), ...protocolTraffic('ICMPv6').slice(1)],
    });
  });

  test('nothing of other kinds, and nothing of another project', () => {
    expect(read('apiVersion: example.com/v1\nkind: Invariants\n# ringfence\nx: 1\n')).toEqual({
      invariants: [],
      diagnostics: [],
    });
  });
});

describe('what is refused is there as invalid', () => {
  const table: readonly (readonly [why: string, entry: string, message: string, help?: string])[] = [
    ['no statement', '- {name: x}', 'must have one of'],
    ['two statements', '- {name: x, never: {from: a/b, to: a/c}, always: {from: a/b, to: a/c}}', 'and only one'],
    [
      'no such statement',
      '- {name: x, nevr: {from: a/b, to: a/c}}',
      '`invariants[0].nevr` is not a field',
      'did you mean `never`?',
    ],
    [
      'a field that is not known',
      '- {name: x, never: {from: a/b, to: a/c, port: ["80"]}}',
      '`invariants[0].never.port` is not a field',
      'did you mean `ports`?',
    ],
    ['no target', '- {name: x, never: {from: a/b}}', '`invariants[0].never.to` is missing'],
    ['no names', '- {name: x, never: {from: [], to: a/c}}', 'must be text'],
    ['a port that is none', '- {name: x, never: {from: a/b, to: a/c, ports: ["80/TPC"]}}', 'which is not a port'],
    ['port 0', '- {name: x, never: {from: a/b, to: a/c, ports: ["0"]}}', 'which is not a port'],
    [
      'a port range the wrong way round',
      '- {name: x, never: {from: a/b, to: a/c, ports: ["90-80"]}}',
      'which is not a port',
    ],
    [
      'a port that is a number',
      '- {name: x, never: {from: a/b, to: a/c, ports: [80]}}',
      'must be text',
      'put quotes around the value',
    ],
    ['no ports', '- {name: x, never: {from: a/b, to: a/c, ports: []}}', 'leave it out to mean every port'],
    ['one port without a list', '- {name: x, never: {from: a/b, to: a/c, ports: "80"}}', 'must be a list'],
    [
      'a direction that is none',
      '- {name: x, isolated: {endpoints: a/b, directions: [out]}}',
      'must be `ingress` or `egress`',
    ],
    ['no direction', '- {name: x, isolated: {endpoints: a/b, directions: []}}', 'names no direction'],
    ['a field of another statement', '- {name: x, isolated: {endpoints: a/b, ports: ["80"]}}', 'is not a field'],
  ];
  test.each(table)('%s', (_why, entry, message, help) => {
    const { invariants, diagnostics } = read(document(`${entry}\n- {name: good, never: {from: a/b, to: a/c}}`));
    expect(invariants.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['x invalid', 'good never']);
    expect(diagnostics[0]).toMatchObject({
      code: 'RF5001',
      severity: 'error',
      object: 'Invariants shop',
      ...(help !== undefined && { help }),
    });
    expect(diagnostics[0]!.message).toContain(message);
  });

  test.each([
    ['another version', document('- {name: x, never: {from: a/b, to: a/c}}').replace('dev/v1', 'dev/v9'), 2],
    ['no list', 'apiVersion: ringfence.dev/v1\nkind: Invariants\nmetadata: {name: shop}\n', 1],
    ['a field of the document', `${document('- {name: x, never: {from: a/b, to: a/c}}')}spec: {}\n`, 2],
  ])('a document with %s', (_why, text, count) => {
    const { invariants, diagnostics } = read(text);
    expect(invariants).toHaveLength(count);
    expect(invariants[0]).toMatchObject({ kind: 'invalid', name: 'Invariants shop' });
    expect(diagnostics.map(({ code }) => code)).toEqual(['RF5001']);
  });
});
