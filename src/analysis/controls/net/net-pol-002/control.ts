import { escapeControl } from '#base/escape.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { dataStoresIn } from '../../../scan/data-stores.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { neededOutOf } from '../context-needs.ts';
import { assessDefaultDeny } from '../default-deny.ts';
import { defaultDenyFix } from '../default-deny-fix.ts';
import { dnsOf } from '../dns.ts';
import { mapped } from '../mapped.ts';
import { type NetWorld, netWorld } from '../net-world.ts';
import { type NetWorkload, namespacesIn } from '../places.ts';

export const netPol002: Control = {
  data: {
    id: 'NET-POL-002',
    title: 'Every workload namespace denies egress by default',
    severity: 'high',
    rationale:
      'A pod that may send anywhere can fetch tools, call home and carry data out. Where a namespace denies egress by default each destination was thought of, and names can still be looked up, so that nobody takes the policy away again.',
    evidence:
      'a pod without any known label, put into each namespace that has workloads, and what the engine says of connections from it to the internet, to a pod of another namespace, and to the DNS of the cluster',
    states: [
      {
        state: 'PASS',
        when: 'a new pod reaches nothing that no rule has in mind, and it, or every workload there that asks others, can ask DNS',
      },
      {
        state: 'WARN',
        when: 'a workload there cannot ask DNS, or a new pod still reaches other pods, or the namespace belongs to the platform',
      },
      { state: 'FAIL', when: 'a new pod reaches any address of the internet' },
      { state: 'UNKNOWN', when: 'policy only perhaps stops it, or perhaps lets it ask DNS' },
      { state: 'NA', when: 'no namespace of the input has workloads on the pod network' },
    ],
    remedy:
      'Add a policy to the namespace that selects every pod, lists Egress and allows DNS, together with rules for what the workloads there are known to need.',
    mappings: mapped({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['4.4.2'],
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['network-policies'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['use-kubernetes-network-policies-to-control-traffic-between-pods-and-clusters'],
      mcsb: ['NS-1', 'NS-2'],
      attack: ['T1048', 'T1567', 'T1071'],
      'azure-security-book': ['L6', 'L10'],
      'aks-network-baseline': ['L53'],
      'kubernetes-network-practices': ['L53'],
      'azure-security-book-2024': ['L7', 'L10'],
    }),
  },
  assess: (context) => withDns(context, assessDefaultDeny(context, 'egress')),
  fix: (context, judged) => defaultDenyFix(context, judged, 'egress'),
};

function withDns(context: ControlContext, assessment: Assessment): Assessment {
  const absent = plain('NA', assessment.why);
  const places = assessment.places.map((place) => (place.state === 'PASS' ? judgeDns(context, place) : place));
  return assessed(places, absent, ['namespace', 'namespaces']);
}

function judgeDns(context: ControlContext, place: Judged): Judged {
  const net = netWorld(context);
  const subject = net.freshIn.get(place.where.name)!;
  if (dnsOf(net, subject) === 'kept') return place;
  const asking = askingIn(context, place.where.name).map((workload) => ({ workload, dns: worstDns(net, workload) }));
  const lost = asking.filter(({ dns }) => dns === 'lost').map(({ workload }) => workload);
  switch (worstOf(asking.map(({ dns }) => dns))) {
    case 'kept':
      return place;
    case 'lost':
      return {
        ...place,
        state: 'WARN',
        severity: 'low',
        message: `${place.message}, and ${namesOf(lost)} cannot ask the DNS of the cluster`,
        endpoints: lost.map(({ id }) => id),
      };
    case 'unknown':
      return {
        ...place,
        state: 'UNKNOWN',
        message: `${place.message}, and whether its workloads can ask DNS is not known: what DNS runs as is not in the input`,
      };
  }
}

/** Workloads that ask others: those that keep data are asked, and ask nobody, unless the input shows that they do. */
function askingIn(context: ControlContext, namespace: string): readonly NetWorkload[] {
  const stores = new Set(dataStoresIn(context));
  const space = namespacesIn(context).find(({ name }) => name === namespace);
  return (space?.workloads ?? []).filter(({ id }) => !stores.has(id) || neededOutOf(context, id).length > 0);
}

type Dns = ReturnType<typeof dnsOf>;

function worstDns(net: NetWorld, { points }: NetWorkload): Dns {
  return worstOf(points.map((point) => dnsOf(net, point)));
}

function worstOf(all: readonly Dns[]): Dns {
  return (['lost', 'unknown'] as const).find((each) => all.includes(each)) ?? 'kept';
}

function namesOf(workloads: readonly NetWorkload[]): string {
  const names = workloads.slice(0, 3).map(({ owner }) => `\`${escapeControl(owner.name)}\``);
  return `${names.join(', ')}${workloads.length > 3 ? ` and ${workloads.length - 3} more` : ''}`;
}
