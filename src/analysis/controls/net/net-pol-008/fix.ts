import type { Change, Fix, Judged } from '#model/control.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import { listAt, plainAt, textAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { coverOfWorkload } from '../coverage.ts';
import { fixOfWorkload } from '../default-deny-fix.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadAt } from '../places.ts';
import { labelledAs } from '../selecting.ts';

const ADDRESSES = ['169.254.169.254/32', '168.63.129.16/32'];

/** Everything that a rule for everybody lets pass, but for the two addresses. */
const ALL_BUT: readonly PlainObject[] = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ADDRESSES } },
  { ipBlock: { cidr: '::/0' } },
  { namespaceSelector: {} },
];

export function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const workload = workloadAt(context, judged);
  const summary = `keep ${judged.where.name} from the addresses of its node's platform`;
  if (workload === undefined) return undefined;
  if (workload.hostNetwork)
    return {
      summary,
      automatic: false,
      changes: [],
      steps: ['take it off the network of its node, where it can do without: see NET-POL-010'],
    };
  if (context.analysis.profile.enforces.length === 0)
    return {
      summary,
      automatic: false,
      changes: [],
      steps: ['install a network policy engine first: see NET-CNI-001'],
    };
  const policy = policyFor(context, workload);
  if (policy?.refused !== undefined)
    return { summary, automatic: false, changes: [], steps: [policy.refused], refused: policy.refused };
  const changes = policy === undefined ? narrowed(context, judged) : policy.changes;
  return changes === undefined
    ? {
        summary,
        automatic: false,
        changes: [],
        steps: [`take ${ADDRESSES.join(' and ')} out of the rules that allow them`],
      }
    : {
        summary,
        automatic: true,
        changes,
        steps: [
          'where it needs an identity of Azure, give it a workload identity: tokens of those do not come from instance metadata',
        ],
      };
}

/** A policy for the workload; undefined where those that there are decide on what it sends. */
function policyFor(context: ControlContext, workload: NetWorkload): Pick<Fix, 'changes' | 'refused'> | undefined {
  if (context.analysis.profile.model === 'cilium') return { changes: [ciliumDeny(workload)] };
  return coverOfWorkload(netWorld(context), workload, 'egress') === 'open'
    ? fixOfWorkload(context, workload, ['egress'])
    : undefined;
}

/** A deny that isolates nothing: all else stays as it is. */
function ciliumDeny(workload: NetWorkload): Change {
  const { labels } = labelledAs(workload);
  return {
    kind: 'new-object',
    object: {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: `no-metadata-${workload.owner.name}`, namespace: workload.namespace },
      spec: {
        endpointSelector: { matchLabels: labels },
        enableDefaultDeny: { ingress: false, egress: false },
        egressDeny: [{ toCIDR: ADDRESSES }],
      },
    },
  };
}

/** The rules of NetworkPolicies that hold the addresses, without them; undefined where others hold them too. */
function narrowed({ objects }: ControlContext, { evidence }: Judged): readonly Change[] | undefined {
  const rules = evidence.filter(({ field }) => field !== undefined && /^spec\.egress/.test(field));
  const changes = rules.map(({ object, field }): Change | undefined => {
    const [, namespace, name] = /^NetworkPolicy ([^/]+)\/(.+)$/.exec(object) ?? [];
    const index = Number(/^spec\.egress\[(\d+)\]$/.exec(field ?? '')?.[1]);
    const policy =
      namespace === undefined || name === undefined
        ? undefined
        : objects.get({ group: 'networking.k8s.io', kind: 'NetworkPolicy', namespace, name });
    if (policy === undefined || Number.isNaN(index)) return undefined;
    const to = listAt(policy.value, 'spec', 'egress', index, 'to');
    const value: readonly PlainValue[] = to.length === 0 ? ALL_BUT : to.map(without);
    return {
      kind: 'edit-object',
      object: policy,
      edits: [{ op: 'set', path: ['spec', 'egress', index, 'to'], value }],
    };
  });
  const known = changes.filter((change) => change !== undefined);
  return known.length === 0 || known.length < changes.length ? undefined : known;
}

/** A block of addresses with the two taken out; only blocks that hold everything are sure to hold both. */
function without(peer: PlainValue): PlainValue {
  const block = plainAt(peer, 'ipBlock');
  if (textAt(block, 'cidr') !== '0.0.0.0/0') return peer;
  const except = [...new Set([...listAt(block, 'except').map(String), ...ADDRESSES])];
  return { ipBlock: { cidr: '0.0.0.0/0', except } };
}
