import type { IstioTargetRef } from '#model/istio.ts';
import type { LabelSelector } from '#model/resource.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { requirementsOf } from '../kubernetes/selector.ts';

/** Selector and targets of a policy: the CRD takes one of the three. */
export function readTargets(spec: Reader): { selector?: LabelSelector; targetRefs: readonly IstioTargetRef[] } {
  const given = spec.present(['selector', 'targetRef', 'targetRefs']);
  if (given.length > 1) {
    spec.refuse('RF2009', given[1], 'cannot be given beside another one of `selector`, `targetRef` and `targetRefs`');
  }
  spec.bounded('targetRefs', 0, 16);
  const single = spec.child('targetRef');
  const targetRefs = [...(single === undefined ? [] : [single]), ...spec.children('targetRefs')].map(readTarget);
  const selector = readWorkloadSelector(spec, 'selector', 'matchLabels');
  return { ...(selector !== undefined && { selector }), targetRefs };
}

/** Labels that a pod must have; absent where the field is. Without labels it selects every pod. */
export function readWorkloadSelector(spec: Reader, key: string, labels: string): LabelSelector | undefined {
  const selector = spec.child(key);
  if (selector === undefined) return undefined;
  return { requirements: requirementsOf(selector, labels), origin: selector.origin };
}

function readTarget(reader: Reader): IstioTargetRef {
  if ((reader.text('namespace') ?? '') !== '') {
    reader.refuse('RF2009', 'namespace', 'must be empty: a policy targets objects of its own namespace');
  }
  return {
    group: reader.text('group') ?? '',
    kind: reader.requiredText('kind'),
    name: reader.requiredText('name'),
    path: reader.path,
    origin: reader.origin,
  };
}
