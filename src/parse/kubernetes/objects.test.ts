import { describe, expect, test } from 'vitest';
import { DROPPED, TOO_LONG } from '#model/object.ts';
import type { PlainValue } from '#model/plain.ts';
import { readDocuments } from '../text/read-documents.ts';
import { readObjects } from './objects.ts';

describe('what is kept of values of applications', () => {
  const pod = (container: object, namespace = 'shop') => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec: { containers: [container] },
  });
  const map = (name: string, value: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { a: value },
  });
  const env = (value: string) => pod({ env: [{ name: 'HOST', value }] });
  const SECRET = 'postgres://app:S3cretS3cret@db/shop';
  const MARKED = 'postgres://app:[secret: connection-string]@db/shop';
  const pipeline = { on: { push: {} }, jobs: { scan: { steps: [{ uses: 'docker://a', with: { args: 'scan .' } }] } } };
  const table: readonly (readonly [what: string, given: object, withValues: object, without: object])[] = [
    ['a variable', env('db'), env('db'), env(DROPPED)],
    ['arguments', pod({ args: ['-v'] }), pod({ args: ['-v'] }), pod({ args: [DROPPED] })],
    ['a command', pod({ command: ['a', 'b'] }), pod({ command: ['a', 'b'] }), pod({ command: [DROPPED, DROPPED] })],
    ['a ConfigMap', map('web', 'x'), map('web', 'x'), map('web', DROPPED)],
    ['that nothing stands there', env(''), env(''), env('')],
    ['a mark of a secret, and what stands around it', env(SECRET), env(MARKED), env(MARKED)],
    [
      'what the control plane is told',
      pod({ args: ['-v'] }, 'kube-system'),
      pod({ args: ['-v'] }, 'kube-system'),
      pod({ args: ['-v'] }, 'kube-system'),
    ],
    ['what an engine is set to', map('cilium-config', 'x'), map('cilium-config', 'x'), map('cilium-config', 'x')],
    ['what no setting is as long as', map('web', 'x'.repeat(100_001)), map('web', TOO_LONG), map('web', TOO_LONG)],
    ['what a pipeline runs', pipeline, pipeline, pipeline],
  ];
  test.each(table)('%s', (_, given, withValues, without) => {
    expect([read(given, true), read(given, false)]).toEqual([withValues, without]);
  });

  test.each(table)('%s, read again', (_, given, withValues, without) => {
    const again = (values: boolean) => read(read(given, values), true);
    expect([again(true), again(false)]).toEqual([withValues, without]);
  });
});

function read(value: PlainValue | object | undefined, values: boolean): PlainValue | undefined {
  const { documents } = readDocuments({ file: 'a.json', text: JSON.stringify(value) });
  return documents.flatMap(({ source, root }) => [...readObjects(source, root, { values })])[0]?.value;
}
