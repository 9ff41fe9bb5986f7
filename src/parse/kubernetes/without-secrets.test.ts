import { describe, expect, test } from 'vitest';
import { NOT_SHOWN } from '../text/guarded-frame.ts';
import { withoutSecrets } from './without-secrets.ts';

const PEM = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', '-----END RSA PRIVATE KEY-----'];

describe('no line shows a secret', () => {
  const table: readonly (readonly [why: string, lines: readonly string[], hidden: readonly number[]])[] = [
    [
      'a variable that is called a password',
      ['kind: Pod', 'env:', '- name: DB_PASSWORD', '  value: hunter2', '- name: MODE', '  value: fast'],
      [3],
    ],
    ['a value before its name', ['env:', '- value: hunter2', '  name: DB_PASSWORD'], [1]],
    ['a value in one line with its name', ['env:', '- {name: DB_PASSWORD, value: hunter2}'], [1]],
    ['a number as password', ['password: 123456'], [0]],
    ['what a Secret holds', ['kind: Secret', 'stringData:', '  any: thing', 'type: Opaque'], [1, 2]],
    ['what a Secret of a list holds', ['kind: List', 'items:', '- kind: Secret', '  data: {a: Yg==}'], [3]],
    ['what a Secret of a typed list holds', ['kind: SecretList', 'items:', '- data:', '    a: Yg=='], [2, 3]],
    ['a block scalar, every line of it', ['data:', '  tls.key: |', ...PEM.map((line) => `    ${line}`)], [2, 3, 4]],
    ['a quoted text over several lines', ['a: 1', `k: "${PEM.join('\n  ')}"`, 'b: 2'], [1, 2, 3]],
    ['an argument after its flag', ['args:', '- --password', '- hunter2', '- --fast'], [2]],
    ['an argument with its flag', ['args: [--fast, --db-password=hunter2]'], [0]],
    ['an address with a password', ['url: postgres://app:hunter2xy@db/shop'], [0]],
    ['a comment that talks of one', ['a: 1 # password is hunter2', '# token hunter2', 'b: 2 # two'], [0, 1]],
    ['a list that is called so', ['passwords: [a]', 'password:', '- hunter2', '- hunter3'], [2, 3]],
    ['a long key without a name', ['a: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'], [0]],
    [
      'the manifest that kubectl keeps',
      ['metadata:', '  annotations:', '    kubectl.kubernetes.io/last-applied-configuration: |', '      {"a": 1}'],
      [2, 3],
    ],
    ['nothing in what only leads to one', ['valueFrom:', '  secretKeyRef: {name: db, key: password}'], []],
    ['nothing in a digest', [`image: a@sha256:${'0123456789abcdef'.repeat(4)}`], []],
  ];
  test.each(table)('%s', (_why, lines, hidden) => {
    const text = lines.join('\n');
    const shown = withoutSecrets({ file: 'a.yaml', text })!.text.split('\n');
    const want = text
      .split('\n')
      .map((line, at) => (hidden.includes(at) ? `${/^ */.exec(line)![0]}${NOT_SHOWN}` : line));
    expect(shown).toEqual(want);
  });
});

describe('nothing is shown at all', () => {
  test('of what cannot be read whole', () => {
    expect(withoutSecrets({ file: 'a.yaml', text: 'a: [' })).toBeUndefined();
  });

  test('of what is no YAML or JSON', () => {
    expect(withoutSecrets({ file: 'main.tf', text: 'resource "a" "b" {\n  password = "x"\n}\n' })).toBeUndefined();
  });

  test('of a text that was made from another one', () => {
    const originAt = () => ({ file: 'b.yaml', line: 1, column: 1 });
    expect(withoutSecrets({ file: 'a.yaml', text: 'a: 1', originAt })).toBeUndefined();
  });
});
