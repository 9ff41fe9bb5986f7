import { escapeControl } from '#base/escape.ts';
import type { Assessment, Evidence, Fix, Judged } from '#model/control.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import type { NeededEdge } from '../../../needs/needs.ts';
import { touchesInternet } from '../../../outside.ts';
import { answeredOr, placeOf, plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import { evidenceOf, isOn, managedClustersOf, settingAt, wordOf } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import type { Control } from '../../control.ts';
import { withheldWorkloads } from '../../withheld.ts';
import { needsIn } from '../context-needs.ts';
import { mapped } from '../mapped.ts';
import { objectOfPolicy } from '../policy-places.ts';

const ID = 'NET-CNI-004';

export const netCni004: Control = {
  data: {
    id: ID,
    title: 'Advanced (L7, FQDN, identity-aware) policy capability is available where needed',
    severity: 'low',
    rationale:
      'A host behind a name changes its addresses; a rule for the addresses of yesterday lets somebody else in, or nobody. Where workloads reach hosts by name or serve APIs, rules for names, requests and identities say what is meant.',
    evidence:
      'hosts outside that workloads are configured with, rules that pin addresses of the internet, policies for names, requests and identities (of Cilium, Calico, Istio and Linkerd), and advanced networking of the cluster',
    states: [
      { state: 'PASS', when: 'policies for names, requests or identities are in use' },
      { state: 'WARN', when: 'rules pin single addresses of the internet while workloads reach hosts by name' },
      {
        state: 'MANUAL',
        when: 'hosts are reached by name, and whether plain policies are enough is for a person to say',
      },
      {
        state: 'NA',
        when: 'no workload is configured with a host outside, or the engine cannot do it (see NET-CNI-002)',
      },
      { state: 'UNKNOWN', when: 'the settings of the cluster are expressions' },
    ],
    remedy:
      'Switch on advanced network policies of AKS, or use Cilium, Calico or a mesh, and write rules for names in place of addresses.',
    mappings: mapped({
      'cis-aks': ['5.4.4'],
      'nist-800-190': ['4.4.2', '4.3.3'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['providing-extra-security-with-a-service-mesh'],
      mcsb: ['NS-1', 'NS-4'],
      attack: ['T1071', 'T1567'],
      'azure-security-book': ['L6'],
      'kubernetes-network-practices': ['L59', 'L61', 'L63', 'L65'],
    }),
    question: 'Are rules for addresses and ports enough for the hosts outside that workloads of this cluster reach?',
  },
  assess,
  fix,
  // One host that is seen decides as many do.
  readsValues: {
    of: (context) => (hostsIn(context).length === 0 ? withheldWorkloads(context) : []),
    doubts: () => false,
    adds: true,
  },
};

function hostsIn(context: ControlContext): readonly NeededEdge[] {
  return needsIn(context).edges.filter(({ to }) => to.kind === 'host');
}

function assess(context: ControlContext): Assessment {
  const hosts = hostsIn(context);
  const told = hosts.slice(0, 3).map(({ why, origin }): Evidence => ({ object: 'the input', why, origin }));
  const used = advancedIn(context);
  const pinned = context.snapshot.networkPolicies.flatMap((policy) => judgePinned(context, policy, hosts.length > 0));
  if (hosts.length === 0 && used.length === 0)
    return plain('NA', 'no workload of the input is configured with a host outside of the cluster');
  if (pinned.length > 0) return assessed(pinned, plain('NA', ''), ['policy', 'policies']);
  if (used.length > 0) return plain('PASS', 'policies for names, requests or identities are in use', used.slice(0, 5));
  const limited = limitOf(context);
  if (limited !== undefined) return limited;
  const answered = answeredOr(
    context,
    ID,
    'workloads reach hosts by name, and no policy of the input speaks about names, requests or identities',
  );
  return { ...answered, evidence: [...answered.evidence, ...told] };
}

/** Policies that say more than addresses and ports. */
function advancedIn({ snapshot, objects }: ControlContext): readonly Evidence[] {
  const cilium = objects.all.filter(
    ({ group, value }) => group === 'cilium.io' && /"(?:toFQDNs|http|kafka|serverNames)"/.test(JSON.stringify(value)),
  );
  const calico = objects.all.filter(
    ({ group, value }) =>
      /projectcalico\.org$/.test(group) && /"(?:http|domains|serviceAccounts)"/.test(JSON.stringify(value)),
  );
  const identities = [...snapshot.istioAuthorizations, ...snapshot.linkerdAuthorizations];
  const named = snapshot.clusterPolicies.filter(({ egress }) =>
    egress.some(({ peers }) => peers.some(({ kind }) => kind === 'domains')),
  );
  return [...cilium, ...calico, ...identities, ...named].map((each) => ({
    object: titleOf(each),
    origin: each.origin,
  }));
}

/** Single addresses of the internet, or few of them. */
function judgePinned(context: ControlContext, policy: NetworkPolicy, hasHosts: boolean): Judged[] {
  const object = objectOfPolicy(context, policy);
  if (!hasHosts || object === undefined) return [];
  const peers = policy.egress.flatMap(({ peers: own }) => own).filter((peer) => peer.kind === 'ipBlock');
  const [pin] = peers.filter(({ cidr }) => cidr.family === 4 && cidr.hi - cidr.lo < 8n && touchesInternet(cidr));
  if (pin === undefined) return [];
  return [
    {
      where: placeOf(object),
      state: 'WARN',
      detail: pin.path,
      message: `\`${escapeControl(policy.name)}\` pins addresses of the internet, while workloads reach hosts by names that may move`,
      evidence: [{ object: titleOf(policy), field: pin.path, origin: pin.origin }],
    },
  ];
}

/** What the cluster of the input can and cannot do. */
function limitOf(context: ControlContext): Assessment | undefined {
  for (const { resource } of managedClustersOf(context)) {
    const at = (...path: readonly string[]) => settingAt(resource, 'properties', 'networkProfile', ...path);
    const [plugin, policy] = [at('networkPlugin'), at('networkPolicy')];
    if (wordOf(plugin, '') === 'kubenet' || wordOf(policy, '') === 'azure')
      return plain('NA', 'plug-in and engine of the cluster know addresses and ports only: see NET-CNI-002', [
        evidenceOf(resource, plugin),
        evidenceOf(resource, policy),
      ]);
    const advanced = at('advancedNetworking', 'enabled');
    if (isOn(advanced, false) === 'unsettled')
      return plain('UNKNOWN', 'whether advanced networking is on is an expression that the input does not settle', [
        evidenceOf(resource, advanced),
      ]);
  }
  return undefined;
}

function fix(context: ControlContext, judged: Judged): Fix {
  const [written] = managedClustersOf(context);
  const step =
    'write the rule for names: `toFQDNs` of Cilium, `domains` of Calico Enterprise, or a ServiceEntry of Istio with REGISTRY_ONLY';
  const summary = `name hosts in place of addresses in ${judged.where.name}`;
  if (written === undefined) return { summary, automatic: false, changes: [], steps: [step] };
  const { cluster, resource } = written;
  const security = ['properties', 'networkProfile', 'advancedNetworking'];
  return {
    summary,
    automatic: false,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [
          { op: 'set', path: [...security, 'enabled'], value: true },
          { op: 'set', path: [...security, 'security', 'enabled'], value: true },
          { op: 'set', path: [...security, 'security', 'advancedNetworkPolicies'], value: 'FQDN' },
        ],
        command: `aks update ${azTarget(cluster.id)} --enable-acns --acns-advanced-networkpolicies FQDN`,
      },
    ],
    steps: [step],
  };
}
