import type { CalicoPolicy, CalicoPolicyKind } from '#model/calico.ts';
import type { Direction, Gap } from '#model/resource.ts';
import { oneOf, quote } from '../kubernetes/draft.ts';
import type { Meta } from '../kubernetes/meta.ts';
import { readNetworkPolicy } from '../kubernetes/network-policy.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { type Form, formOf, refuseAsked, refuseOrDoubt } from './form.ts';
import { readRules } from './rule.ts';
import { mixesGlobal, readSelector, readSubject } from './selector.ts';

const DEFAULT_TIER = 'default';

/** The tier stands in front of the name in the storage form, and in some versions of the other: `default.web` is `web`. */
export function withoutTier(object: Reader, meta: Meta): Meta {
  const tier = object.childOrEmpty('spec').text('tier') || DEFAULT_TIER;
  return meta.name.startsWith(`${tier}.`) ? { ...meta, name: meta.name.slice(tier.length + 1) } : meta;
}

export function policyOf(kind: Exclude<CalicoPolicyKind, 'StagedKubernetesNetworkPolicy'>) {
  return (object: Reader, meta: Meta): CalicoPolicy => {
    const spec = object.childOrEmpty('spec');
    const namespaceSelector = readSelector(spec, 'namespaceSelector');
    const serviceAccountSelector = readSelector(spec, 'serviceAccountSelector');
    const order = spec.number('order');
    const form = formOf(meta);
    const policy: CalicoPolicy = {
      ...meta,
      kind,
      tier: spec.text('tier') || DEFAULT_TIER,
      ...(order !== undefined && { order }),
      selector: readSubject(spec, 'selector'),
      ...(namespaceSelector !== undefined && { namespaceSelector }),
      ...(serviceAccountSelector !== undefined && { serviceAccountSelector }),
      types: readTypes(spec, form),
      ingress: readRules(spec, 'ingress', form),
      egress: readRules(spec, 'egress', form),
      preDnat: spec.boolean('preDNAT') ?? false,
      doNotTrack: spec.boolean('doNotTrack') ?? false,
      applyOnForward: spec.boolean('applyOnForward') ?? false,
      ...stagedAction(spec, kind),
      gaps: gapsOf(object, spec),
    };
    checkPolicy(spec, policy, form);
    return form.doubts.length === 0 ? policy : { ...policy, gaps: [...policy.gaps, ...form.doubts] };
  };
}

export function readStagedKubernetesPolicy(object: Reader, meta: Meta): CalicoPolicy {
  const spec = object.childOrEmpty('spec');
  const kubernetes = readNetworkPolicy(object, { ...meta, apiVersion: 'networking.k8s.io/v1' });
  return {
    ...meta,
    kind: 'StagedKubernetesNetworkPolicy',
    tier: DEFAULT_TIER,
    order: 1000,
    selector: { text: '', node: { kind: 'all' }, origin: meta.origin },
    types: kubernetes.policyTypes,
    ingress: [],
    egress: [],
    preDnat: false,
    doNotTrack: false,
    applyOnForward: false,
    ...stagedAction(spec, 'StagedKubernetesNetworkPolicy'),
    kubernetes,
    gaps: kubernetes.gaps,
  };
}

function gapsOf(object: Reader, spec: Reader): Gap[] {
  return [...object.unread('spec'), ...spec.unread('ingress', 'egress')];
}

function stagedAction(spec: Reader, kind: CalicoPolicyKind): Pick<CalicoPolicy, 'stagedAction'> {
  if (!kind.startsWith('Staged')) return {};
  const action = spec.choice('stagedAction', ['Set', 'Delete', 'Learn', 'Ignore']);
  return { stagedAction: action === 'Delete' ? 'Delete' : 'Set' };
}

/**
 * `types` where it is absent. The v3 API server fills it from the rules: both directions only where both have rules,
 * egress alone for egress rules alone, else ingress (api/pkg/defaults). An object that was written past it, in the
 * storage form, acts on both.
 */
function readTypes(spec: Reader, form: Form): Direction[] {
  const texts = spec.texts('types');
  if (texts.length === 0) {
    if (form.stored) return ['ingress', 'egress'];
    const [ingress, egress] = [spec.length('ingress') > 0, spec.length('egress') > 0];
    if (egress) return ingress ? ['ingress', 'egress'] : ['egress'];
    return ['ingress'];
  }
  const types = new Set<Direction>();
  for (const placed of texts) {
    if (placed.text === 'Ingress') types.add('ingress');
    else if (placed.text === 'Egress') types.add('egress');
    else spec.draft.refuse('RF2004', placed, `is ${quote(placed.text)}; must be ${oneOf(['Ingress', 'Egress'])}`);
  }
  if (types.size < texts.length) refuseAsked(form, spec, { at: 'types', text: 'names a direction twice' });
  return [...types];
}

/** What Calico's validator refuses of a whole policy (validateNetworkPolicySpec, validateGlobalNetworkPolicySpec). */
function checkPolicy(spec: Reader, policy: CalicoPolicy, form: Form): void {
  const { preDnat, doNotTrack, applyOnForward, types } = policy;
  for (const at of ['selector', 'namespaceSelector', 'serviceAccountSelector'] as const) {
    const selector = policy[at];
    if (selector !== undefined && (selector.node.kind === 'global' || mixesGlobal(selector)))
      refuseOrDoubt(form, spec, { at, text: 'asks for `global()`, which is for rules only' });
  }
  if (preDnat && doNotTrack) refuseOrDoubt(form, spec, { at: 'preDNAT', text: 'excludes `doNotTrack`' });
  if ((preDnat || doNotTrack) && !applyOnForward)
    refuseOrDoubt(form, spec, { at: preDnat ? 'preDNAT' : 'doNotTrack', text: 'needs `applyOnForward: true`' });
  if (preDnat && (policy.egress.length > 0 || (types.includes('egress') && spec.has('types'))))
    refuseOrDoubt(form, spec, { at: 'preDNAT', text: 'is for ingress only' });
}
