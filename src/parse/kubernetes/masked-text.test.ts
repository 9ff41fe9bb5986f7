import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot.ts';
import { NOT_SHOWN } from '../text/guarded-frame.ts';
import { maskedText } from './masked-text.ts';
import { withoutSecrets } from './without-secrets.ts';

const TEXT = `apiVersion: v1
kind: Secret
metadata: {name: a}
data:
  key: aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=
stringData:
  x: |
    hunter2

    more
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b} # password is hunter2
spec:
  selector: {matchLabels: {app: b}}
  template:
    metadata: {labels: {app: b}}
    spec:
      containers:
        - name: c
          image: nginx
          env:
            - {name: DB_PASSWORD, value: hunter22x}
            - name: DSN
              value: "postgres://app:hunter2@db/x
                y"
          args: [--token, abcdef123456hunter2, "a # token"]
`;

describe('masked text', () => {
  const masked = maskedText({ file: 'a.yaml', text: TEXT })!;

  test('has no secret in it, on as many lines', () => {
    expect(masked.text).not.toMatch(/hunter2|aGVsbG8/);
    expect(masked.text.split('\n')).toHaveLength(TEXT.split('\n').length);
    expect(masked.lines).toEqual([5, 8, 9, 10, 14, 24, 26, 27, 28]);
  });

  test('hides what is hidden where lines are shown', () => {
    const shown = withoutSecrets({ file: 'a.yaml', text: TEXT })!.text.split('\n');
    const own = masked.text.split('\n');
    const was = TEXT.split('\n');
    for (const [index, line] of shown.entries()) {
      // Of a mapping that is hidden whole, the keys may be seen.
      const isValue = /[^:|\s]/.test(was[index]!.replace(/^\s*[\w.-]+:/, ''));
      if (line.trim() === NOT_SHOWN && isValue) expect(own[index]).not.toBe(was[index]);
    }
  });

  test('reads as the text does', () => {
    const read = (text: string) => {
      const { objects, ...rest } = snapshotOf([{ file: 'a.yaml', text }], { objects: true });
      return { ...rest, objects: objects.map(({ value }) => value) };
    };
    expect(read(masked.text)).toEqual(read(TEXT));
  });

  test('keeps places', () => {
    const at = TEXT.indexOf('args');
    expect(masked.text.slice(masked.shifted(at))).toMatch(/^args/);
    expect(masked.shifted(0)).toBe(0);
  });

  test.each([
    ['what cannot be read', 'a: [hunter2'],
    ['templates', 'a: {{ .Values.password }}\nb: - {{ hunter2 }}'],
    ['programs', 'hunter2 is the password'],
  ])('is not made of %s', (_, text) => {
    expect(maskedText({ file: 'a.yaml', text })).toBeUndefined();
  });

  test('whatever stands around it, a secret is masked, and what is masked stays as it is', () => {
    const name = fc.constantFrom('DB_PASSWORD', 'apiKey', 'client_secret', 'REDIS_TOKEN');
    const form = fc.constantFrom<(key: string, value: string) => string>(
      (key, value) => `${key}: ${value}`,
      (key, value) => `a: {b: 1, ${key}: ${value}, c: [2]}`,
      (key, value) => `${key}: '${value}' # note`,
      (key, value) => `- name: ${key}\n  value: "${value}"`,
      (key, value) => `${key}: |-\n    ${value}\nz: 1`,
      (key, value) => `${key}: &a ${value}\nz: *a`,
      (key, value) => `# ${key} = ${value}\nz: 1`,
      (key, value) => JSON.stringify({ [key]: value }),
    );
    fc.assert(
      fc.property(name, form, fc.stringMatching(/^[a-z]{3}[0-9]{6}[A-Z]{6}$/), (key, write, value) => {
        const text = write(key, value);
        const once = maskedText({ file: 'a.yaml', text })!;
        expect(once.text).not.toContain(value);
        expect(maskedText({ file: 'a.yaml', text: once.text })!.text).toBe(once.text);
      }),
    );
  });
});
