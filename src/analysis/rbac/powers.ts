import type { ControlSeverity } from '#model/control.ts';
import type { RbacRole } from './roles.ts';
import { type Ask, allows, allowsEverything, type RbacRule } from './rule.ts';

/** Something that lets who may do it take more than was given, by an item of CIS Kubernetes 5.1. */
export interface Power {
  readonly id: PowerId;
  readonly cis: string;
  /** After `may`: `read Secrets`. */
  readonly words: string;
  /** What comes of it, after a colon. */
  readonly risk: string;
  readonly asks: readonly Ask[];
  /** `cluster`: about what is in no namespace, so that a RoleBinding does not give it. */
  readonly reach: 'namespace' | 'cluster';
  /** How bad it is for the whole cluster. */
  readonly severity: ControlSeverity;
  /** Names for which a rule for some names gives it too. */
  readonly names?: RegExp;
}

export const POWER_IDS = [
  'secrets',
  'pods',
  'exec',
  'tokens',
  'escalate',
  'impersonate',
  'volumes',
  'nodes-proxy',
  'csr',
  'webhooks',
] as const;
export type PowerId = (typeof POWER_IDS)[number];

function asks(verbs: string, group: string, resources: string): readonly Ask[] {
  return verbs.split(' ').flatMap((verb) =>
    resources.split(' ').map((each): Ask => {
      const [resource = '', subresource] = each.split('/');
      return { verb, group, resource, ...(subresource !== undefined && { subresource }) };
    }),
  );
}

const RBAC = 'rbac.authorization.k8s.io';
const WRITE = 'create update patch';

export const POWERS: readonly Power[] = [
  {
    id: 'secrets',
    cis: '5.1.2',
    words: 'read Secrets',
    risk: 'the passwords, keys and tokens in them are theirs',
    asks: asks('get list watch', '', 'secrets'),
    reach: 'namespace',
    severity: 'high',
  },
  {
    id: 'pods',
    cis: '5.1.4',
    words: 'start pods',
    risk: 'a pod runs as any service account of its namespace and mounts any Secret there',
    asks: [
      ...asks(WRITE, '', 'pods replicationcontrollers'),
      ...asks(WRITE, 'apps', 'deployments daemonsets statefulsets replicasets'),
      ...asks(WRITE, 'batch', 'jobs cronjobs'),
    ],
    reach: 'namespace',
    severity: 'high',
  },
  {
    id: 'exec',
    cis: '5.1.4',
    words: 'run commands in pods',
    risk: 'whatever the pod may do, they may do',
    asks: [...asks('create get', '', 'pods/exec pods/attach'), ...asks('update patch', '', 'pods/ephemeralcontainers')],
    reach: 'namespace',
    severity: 'high',
  },
  {
    id: 'tokens',
    cis: '5.1.13',
    words: 'make tokens of service accounts',
    risk: 'they can be any service account there',
    asks: asks('create', '', 'serviceaccounts/token'),
    reach: 'namespace',
    severity: 'high',
  },
  {
    id: 'escalate',
    cis: '5.1.8',
    words: 'give themselves any right (`bind`, `escalate`)',
    risk: 'the API server does not check that they hold what they give',
    asks: asks('bind escalate', RBAC, 'roles clusterroles'),
    reach: 'namespace',
    severity: 'critical',
    names: /^(?:cluster-admin|admin|edit|system:masters)$/,
  },
  {
    id: 'impersonate',
    cis: '5.1.8',
    words: 'act as somebody else (`impersonate`)',
    risk: 'they hold whatever those hold whom they may act as',
    asks: asks('impersonate', '', 'users groups serviceaccounts'),
    reach: 'namespace',
    severity: 'critical',
    names: /^system:(?:masters|kube-|node|serviceaccount)/,
  },
  {
    id: 'volumes',
    cis: '5.1.9',
    words: 'make PersistentVolumes',
    risk: 'a volume of kind hostPath opens the files of nodes, whatever pod security says',
    asks: asks('create', '', 'persistentvolumes'),
    reach: 'cluster',
    severity: 'medium',
  },
  {
    id: 'nodes-proxy',
    cis: '5.1.10',
    words: 'ask the kubelet of nodes directly (`nodes/proxy`)',
    risk: 'it runs commands in every pod of the node, past admission and the audit log',
    asks: asks('get create', '', 'nodes/proxy'),
    reach: 'cluster',
    severity: 'high',
  },
  {
    id: 'csr',
    cis: '5.1.11',
    words: 'approve certificate requests',
    risk: 'they can sign in as any user or group with a certificate of their own',
    asks: asks('update patch', 'certificates.k8s.io', 'certificatesigningrequests/approval'),
    reach: 'cluster',
    severity: 'high',
  },
  {
    id: 'webhooks',
    cis: '5.1.12',
    words: 'change admission webhooks',
    risk: 'they can read, change and refuse every object that is written',
    asks: asks(
      `${WRITE} delete`,
      'admissionregistration.k8s.io',
      'validatingwebhookconfigurations mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings',
    ),
    reach: 'cluster',
    severity: 'high',
  },
];

/** A power with the rule that gives it. */
export interface HeldPower {
  readonly power: Power;
  readonly rule: RbacRule;
}

/** What of `POWERS` a role gives in a scope (a namespace, or the empty text: the cluster), by the first rule that does. */
export function powersOf({ rules }: Pick<RbacRole, 'rules'>, scope: string): readonly HeldPower[] {
  return POWERS.flatMap((power) => {
    if (power.reach === 'cluster' && scope !== '') return [];
    const rule = rules.find((each) => givesPower(each, power, scope));
    if (rule === undefined || (power.id === 'csr' && !mayApproveForApi(rules))) return [];
    return [{ power, rule }];
  });
}

export function givesPower(rule: RbacRule, power: Power, scope: string): boolean {
  return power.asks.some((ask) => {
    // Users and groups are in no namespace: a RoleBinding gives service accounts only.
    if (scope !== '' && (ask.resource === 'users' || ask.resource === 'groups')) return false;
    const how = allows(rule, ask);
    return how === 'all' || (how === 'named' && rule.names.some((name) => power.names?.test(name) === true));
  });
}

/** A request is approved by who may `approve` for its signer: only those of Kubernetes make users of the API. */
function mayApproveForApi(rules: readonly RbacRule[]): boolean {
  const ask: Ask = { verb: 'approve', group: 'certificates.k8s.io', resource: 'signers' };
  return rules.some((rule) => {
    const how = allows(rule, ask);
    return how === 'all' || (how === 'named' && rule.names.some((name) => /^(?:kubernetes\.io\/|\*$)/.test(name)));
  });
}

/** Groups of the API that hold what a cluster is run by; wildcards on groups of an operator's own are its own affair. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  ...['', '*', 'apps', 'batch', 'autoscaling', 'policy', 'networking.k8s.io', RBAC, 'certificates.k8s.io'],
  ...['admissionregistration.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'authentication.k8s.io'],
  ...['storage.k8s.io', 'node.k8s.io', 'coordination.k8s.io', 'discovery.k8s.io', 'gateway.networking.k8s.io'],
]);

/** Whether a rule takes every resource of a group that Kubernetes is run by. */
export function isWild({ groups, resources, names }: RbacRule): boolean {
  return resources.includes('*') && names.length === 0 && groups.some((group) => OWN_GROUPS.has(group));
}

/** Whether a role leaves nothing out, as `cluster-admin` does. */
export function isWhole({ rules }: Pick<RbacRole, 'rules'>): boolean {
  return rules.some(allowsEverything);
}
