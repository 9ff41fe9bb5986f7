import { escapeControl } from '#base/escape.ts';
import { matchesLabels } from '#engine/select.ts';
import type { Judged } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import type { LabelSelector, NetworkPolicy, PodPeer } from '#model/resource.ts';
import { textsOf } from '../../../rbac/roles.ts';
import { allows } from '../../../rbac/rule.ts';
import { type Subject, subjectText } from '../../../rbac/subject.ts';
import { placeOf } from '../../assessment.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { accessIn, audienceOfOne } from '../accounts.ts';
import { subjectsText } from '../grant-words.ts';
import { trustedByOthers } from './trusted-by-engines.ts';

/** A rule that lets in pods by a label, whatever namespace they are in. */
export interface TrustedLabel {
  readonly policy: ClusterObject;
  /** `['spec', 'ingress', 0, 'from', 1]` */
  readonly path: FieldPath;
  /** As the policy says it: `app=web`. */
  readonly labels: string;
  /** Of NetworkPolicy, whose peer can be bound to namespaces. */
  readonly selector?: LabelSelector;
}

/** The label of a namespace that the API server keeps: nobody can set it. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Whoever starts pods anywhere sets their labels: a label without a namespace is trusted in everybody's hands. */
export function trustedLabels({ snapshot, objects }: ControlContext): readonly TrustedLabel[] {
  const own = snapshot.networkPolicies.flatMap((policy) => {
    const { namespace, name } = policy;
    const object = objects.get({ group: 'networking.k8s.io', kind: 'NetworkPolicy', namespace, name });
    return object === undefined ? [] : trustedIn(policy).map((found) => ({ policy: object, ...found }));
  });
  return [...own, ...trustedByOthers(objects)];
}

function trustedIn({ ingress }: NetworkPolicy): readonly Omit<TrustedLabel, 'policy'>[] {
  return ingress.flatMap(({ peers }, rule) =>
    peers.flatMap((peer, index) => {
      if (peer.kind !== 'pods' || !isEveryNamespace(peer)) return [];
      const { podSelector: selector } = peer;
      if (selector === undefined || selector.requirements.length === 0) return [];
      const labels = selector.requirements.map(({ key, values }) => [key, ...values].join('=')).join(',');
      return [{ path: ['spec', 'ingress', rule, 'from', index], labels, selector }];
    }),
  );
}

function isEveryNamespace({ namespaceSelector }: PodPeer): boolean {
  return namespaceSelector !== undefined && namespaceSelector.requirements.length === 0;
}

export function judgeTrusted(context: ControlContext, { policy, path, labels }: TrustedLabel): readonly Judged[] {
  const holders = strangersTo(context, policy.namespace);
  if (holders.length === 0 || isSystemNamespace(context, policy.namespace)) return [];
  return [
    {
      where: placeOf(policy),
      state: 'WARN',
      severity: 'medium',
      message: `it lets in pods with \`${escapeControl(labels)}\` of any namespace: ${subjectsText(holders)} may start such pods elsewhere`,
      evidence: [seenAt(policy, path), ...bindingsOf(context, holders)],
      detail: `label ${labels}`,
    },
  ];
}

interface Starters {
  readonly scope: string;
  readonly subjects: readonly Subject[];
}

const STARTERS = onceKey<readonly Starters[]>('who may start pods in a namespace');

/** Who may start pods in another namespace, and not in this one. */
function strangersTo(context: ControlContext, namespace: string): readonly Subject[] {
  const starters = context.once(STARTERS, startersIn);
  const inside = new Set(
    starters.filter(({ scope }) => scope === namespace).flatMap(({ subjects }) => subjects.map(subjectText)),
  );
  return starters.flatMap(({ scope, subjects }) =>
    scope === namespace ? [] : subjects.filter((subject) => !inside.has(subjectText(subject))),
  );
}

function startersIn(context: ControlContext): readonly Starters[] {
  const ask = { verb: 'create', group: '', resource: 'pods' };
  return accessIn(context).grants.flatMap(({ scope, role, subjects, isShipped }) => {
    if (isShipped || scope === '' || role?.rules.some((rule) => allows(rule, ask) === 'all') !== true) return [];
    return [{ scope, subjects: subjects.filter((subject) => audienceOfOne(context, subject) !== 'platform') }];
  });
}

function bindingsOf(context: ControlContext, holders: readonly Subject[]) {
  return accessIn(context)
    .grants.filter(({ subjects }) => subjects.some((subject) => holders.includes(subject)))
    .slice(0, 3)
    .map(({ binding }) => seenAt(binding, ['roleRef', 'name']));
}

/** The namespaces whose workloads carry the labels now. */
export function namespacesWith({ podOwners }: ControlContext, selector: LabelSelector): readonly string[] {
  const matching = podOwners.filter(({ metadata }) => matchesLabels(selector, textsOf(metadata['labels'])));
  return [...new Set(matching.map(({ object }) => object.namespace))].sort();
}

/** Labels of namespaces that policies of the input choose by, and that somebody can set. */
export function namespaceLabelsTrusted({ snapshot }: ControlContext): readonly string[] {
  const keys = snapshot.networkPolicies.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ peers }) =>
      peers.flatMap((peer) =>
        peer.kind === 'pods' ? (peer.namespaceSelector?.requirements ?? []).map(({ key }) => key) : [],
      ),
    ),
  );
  return [...new Set(keys)].filter((key) => key !== NAME_LABEL).sort();
}
