import type { ClusterObject, FieldPath } from '#model/object.ts';
import { listAt, type PlainValue, textsAt } from '#model/plain.ts';

/** One rule of a Role or ClusterRole. Either `resources` or `urls` says something. */
export interface RbacRule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly names: readonly string[];
  /** Paths of the API server that are no resources. */
  readonly urls: readonly string[];
  /** Where it stands; absent for rules that Kubernetes ships. */
  readonly written?: { readonly role: ClusterObject; readonly path: FieldPath };
}

/** `{ verb: 'create', group: '', resource: 'pods', subresource: 'exec' }` */
export interface Ask {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

/** The rules of a role, as it writes them. */
export function rulesWritten(role: ClusterObject): readonly RbacRule[] {
  return listAt(role.value, 'rules').map((rule, index) => ({
    ...ruleOf(rule),
    written: { role, path: ['rules', index] },
  }));
}

/** A rule in the words of the API. */
export function ruleOf(rule: PlainValue): RbacRule {
  return {
    verbs: textsAt(rule, 'verbs'),
    groups: textsAt(rule, 'apiGroups'),
    resources: textsAt(rule, 'resources'),
    names: textsAt(rule, 'resourceNames'),
    urls: textsAt(rule, 'nonResourceURLs'),
  };
}

/**
 * Whether a rule allows what is asked: `named` for some names only. Facts: Kubernetes' `RuleAllows`. A resource of a rule
 * is `*` (subresources too), `pods`, `pods/exec` or `*` + `/exec`; `pods/*` means nothing. What has no name yet (`create`,
 * `deletecollection`) is never allowed by a rule for names.
 */
export function allows(rule: RbacRule, ask: Ask): 'all' | 'named' | false {
  if (!has(rule.verbs, ask.verb) || !has(rule.groups, ask.group) || !hasResource(rule.resources, ask)) return false;
  if (rule.names.length === 0) return 'all';
  return ask.verb === 'create' || ask.verb === 'deletecollection' ? false : 'named';
}

function has(list: readonly string[], item: string): boolean {
  return list.includes('*') || list.includes(item);
}

function hasResource(list: readonly string[], { resource, subresource }: Ask): boolean {
  if (subresource === undefined) return has(list, resource);
  return has(list, `${resource}/${subresource}`) || list.includes(`*/${subresource}`);
}

/** Whether a rule allows a verb on a path that is no resource: `/metrics`, `/logs/*`. */
export function allowsUrl(rule: RbacRule, verb: string, url: string): boolean {
  if (!has(rule.verbs, verb)) return false;
  return rule.urls.some((own) => own === '*' || own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1))));
}

/** Whether nothing of the API is left out: every verb on every resource of every group. */
export function allowsEverything(rule: RbacRule): boolean {
  return [rule.verbs, rule.groups, rule.resources].every((list) => list.includes('*')) && rule.names.length === 0;
}
