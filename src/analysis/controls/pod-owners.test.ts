import { describe, expect, test } from 'vitest';
import { contextOf } from './controls.test-support.ts';

function pod(name: string, controller = '', labels = ''): string {
  const owner =
    controller === ''
      ? ''
      : `, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ${controller}, controller: true}]`;
  return `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: web${labels}}${owner}}\nspec: {containers: [{name: c, image: i}]}\n`;
}
const told = (manifests: string) =>
  contextOf({ manifests }).podOwners.map(({ endpoint, siblings }) => [endpoint, ...siblings]);

describe('pods whose controller is not in the input', () => {
  test.each([
    ['of one controller', pod('a', 'web-1') + pod('b', 'web-1'), [['shop/Pod/a', 'shop/Pod/b']]],
    ['of two', pod('a', 'web-1') + pod('b', 'web-2'), [['shop/Pod/a'], ['shop/Pod/b']]],
    ['of none', pod('a') + pod('b'), [['shop/Pod/a'], ['shop/Pod/b']]],
    [
      'of two revisions',
      pod('a', 'web', ', controller-revision-hash: r1') + pod('b', 'web', ', controller-revision-hash: r2'),
      [['shop/Pod/a'], ['shop/Pod/b']],
    ],
  ])('%s', (_, manifests, owners) => {
    expect(told(manifests)).toEqual(owners);
  });
});
