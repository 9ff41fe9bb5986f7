import type { Change, Fix, Judged } from '#model/control.ts';
import type { PlainObject } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { dnsRules } from '../allow-rules.ts';
import { decidingPolicies, grantOf } from '../isolation.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadAt } from '../places.ts';
import { labelledAs } from '../selecting.ts';
import { type DeniedNeed, deniedNeeds } from './denied-needs.ts';

/** A rule on each side that denies. Where a rule denies, and not the lack of one, a person has to decide. */
export function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const workload = workloadAt(context, judged);
  if (workload === undefined) return undefined;
  if (judged.detail === 'dns') return dnsFix(context, workload);
  const need = deniedNeeds(context, workload).find(({ to }) => judged.detail === `to ${to.id}`);
  if (need === undefined) return undefined;
  const summary = `allow ${workload.owner.name} to reach ${need.to.owner.name}`;
  if (!isByLack(context, need))
    return {
      summary,
      automatic: false,
      changes: [],
      steps: ['a rule denies it: decide whether the connection or the rule is right'],
    };
  return {
    summary,
    automatic: true,
    changes: need.by.map((side) => (side === 'egress' ? egressOf(need) : ingressOf(need))),
    steps: [],
  };
}

/** Whether it is denied because nothing allows it. */
function isByLack(context: ControlContext, { from, to, by }: DeniedNeed): boolean {
  const net = netWorld(context);
  return by.every((direction) => {
    const [subject, peer] =
      direction === 'egress' ? [from.points[0]!, to.points[0]!] : [to.points[0]!, from.points[0]!];
    const asked = { direction, subject, peer };
    return decidingPolicies(net, asked, grantOf(net, asked)).every(
      ({ object, field }) => field === undefined && /NetworkPolicy /.test(object),
    );
  });
}

function egressOf({ edge, from, to }: DeniedNeed): Change {
  const rule = {
    to: [peerOf(to, from.namespace)],
    ports: edge.ports.map(({ protocol, port }) => ({ protocol, port })),
  };
  return policy(from, `allow-${from.owner.name}-to-${to.owner.name}`, { policyTypes: ['Egress'], egress: [rule] });
}

function ingressOf({ edge, from, to }: DeniedNeed): Change {
  const rule = {
    from: [peerOf(from, to.namespace)],
    ports: edge.ports.map(({ protocol, port }) => ({ protocol, port })),
  };
  return policy(to, `allow-${to.owner.name}-from-${from.owner.name}`, { policyTypes: ['Ingress'], ingress: [rule] });
}

function dnsFix(context: ControlContext, workload: NetWorkload): Fix {
  const change = policy(workload, `allow-dns-${workload.owner.name}`, {
    policyTypes: ['Egress'],
    egress: dnsRules(context).rules,
  });
  return { summary: `allow ${workload.owner.name} to ask DNS`, automatic: true, changes: [change], steps: [] };
}

function peerOf(workload: NetWorkload, home: string): PlainObject {
  const podSelector = { matchLabels: labelledAs(workload).labels };
  if (workload.namespace === home) return { podSelector };
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': workload.namespace } }, podSelector };
}

function policy(workload: NetWorkload, name: string, spec: PlainObject): Change {
  return {
    kind: 'new-object',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: name.slice(0, 250), namespace: workload.namespace },
      spec: { podSelector: { matchLabels: labelledAs(workload).labels }, ...spec },
    },
  };
}
