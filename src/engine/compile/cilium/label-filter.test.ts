import { describe, expect, test } from 'vitest';
import { labelFilterOf } from './label-filter.ts';

describe('labelFilterOf', () => {
  test.each<[string, string, boolean]>([
    ['', 'app', true],
    ['', 'app.kubernetes.io/name', true],
    ['', 'io.kubernetes.pod.namespace', true],
    ['', 'io.cilium.k8s.namespace.labels.team', true],
    ['', 'pod-template-hash', false],
    ['', 'kubernetes.io/hostname', false],
    ['', 'node.kubernetes.io/x', true],
    ['', 'failure-domain.beta.kubernetes.io/zone', false],
    ['', 'annotations-of-mine', false],
    ['', 'statefulset.kubernetes.io/pod-name', false],
    // One entry for labels leaves out all that none is for; the built-in ones stay.
    ['k8s:app', 'app', true],
    ['k8s:app', 'application', true],
    ['k8s:app', 'tier', false],
    ['k8s:app', 'io.kubernetes.pod.namespace', true],
    ['k8s:!tier', 'tier', false],
    ['k8s:!tier', 'app', true],
    // The shortest against, the longest for.
    ['!foo foo.bar', 'foo.bar', true],
    ['!foo !foo.bar.baz foo.bar', 'foo.bar.baz', true],
    ['!foo, foo.bar', 'foo.baz', false],
    // From the start of the key only.
    ['!team', 'my-team', true],
    ['!.*team', 'my-team', false],
    ['k8s:^app$', 'app', true],
    // Another source is of no pod, and narrows all the same.
    ['other:app', 'app', false],
    ['!k8s:app', 'tier', false],
    ['!(', 'app', true],
  ])('%j: %s', (setting, key, kept) => expect(labelFilterOf(setting)(key)).toBe(kept));
});
