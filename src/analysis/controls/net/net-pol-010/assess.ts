import { escapeControl } from '#base/escape.ts';
import { matchesLabels } from '#engine/select.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Assessment, Judged } from '#model/control.ts';
import type { Service } from '#model/exposure.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import { labelsOf } from '../../../needs/book.ts';
import { placeOf, plain } from '../../assessment.ts';
import { managedClustersOf, placeOfResource, poolsOf } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { bypassesOf } from './bypasses.ts';

export function assess(context: ControlContext): Assessment {
  const owners = context.podOwners.filter(({ object }) => !isSystemNamespace(context, object.namespace));
  const places = [
    ...owners.flatMap((owner) => judge(context, owner)),
    ...context.snapshot.services.flatMap((service) => judgeService(context, service)),
    ...managedClustersOf(context).flatMap((cluster) => poolsOf(context, cluster).flatMap(judgePool)),
  ];
  const absent = plain('NA', 'the input has no workload outside of the platform');
  return assessed(places, absent, ['place', 'places']);
}

function judge(context: ControlContext, owner: PodOwner): Judged[] {
  const { object, endpoint } = owner;
  const name = `\`${escapeControl(object.name)}\``;
  const base = { where: placeOf(object), endpoints: [endpoint] };
  const found = bypassesOf(context, owner).map(({ detail, state, text, evidence }): Judged => {
    // Agents of nodes are mostly meant to be there.
    const isAgent = object.kind === 'DaemonSet' && detail === 'host network';
    const severity = state === 'WARN' || isAgent ? ({ severity: 'medium' } as const) : {};
    return { ...base, ...severity, state, detail, message: `${name} ${escapeControl(text)}`, evidence: [evidence] };
  });
  if (found.length > 0) return found;
  return [
    {
      ...base,
      state: 'PASS',
      message: `${name} does not get around policy`,
      evidence: [{ object: titleOf(object), origin: object.origin }],
    },
  ];
}

// ---------------------------------------------------------------- addresses of clients that are lost

/** Nodes put their own address in place of the client's, and a rule for addresses of clients then fits nobody, or everybody. */
function judgeService(context: ControlContext, service: Service): Judged[] {
  const isOpened = service.type === 'LoadBalancer' || service.type === 'NodePort';
  const { selector } = service;
  if (!isOpened || service.externalTrafficPolicy === 'Local' || selector === undefined) return [];
  const owners = context.podOwners.filter(({ object }) => object.namespace === service.namespace);
  const behind = owners.filter((owner) => matchesLabels(selector, labelsOf(owner)));
  const policy = context.snapshot.networkPolicies.find(
    (each) =>
      each.namespace === service.namespace &&
      namesAddresses(each) &&
      behind.some((owner) => matchesLabels(each.podSelector, labelsOf(owner))),
  );
  const object = context.objects.get({ group: '', kind: 'Service', namespace: service.namespace, name: service.name });
  if (policy === undefined || object === undefined) return [];
  return [
    {
      where: placeOf(object),
      state: 'WARN',
      severity: 'medium',
      detail: 'client addresses',
      message: `nodes hide the addresses of clients of \`${escapeControl(service.name)}\`, and \`${escapeControl(policy.name)}\` decides by them`,
      evidence: [
        {
          object: titleOf(object),
          field: 'spec.externalTrafficPolicy',
          value: service.externalTrafficPolicy,
          origin: object.originAt(['spec', 'externalTrafficPolicy']),
        },
        { object: titleOf(policy), origin: policy.origin },
      ],
      endpoints: behind.map(({ endpoint }) => endpoint),
    },
  ];
}

/** Some addresses, and not all of them. */
function namesAddresses({ ingress }: NetworkPolicy): boolean {
  return ingress.some(({ peers }) =>
    peers.some(
      (peer) => peer.kind === 'ipBlock' && (peer.except.length > 0 || peer.cidr.hi - peer.cidr.lo < 0xffffffffn),
    ),
  );
}

// ---------------------------------------------------------------- ports of nodes

function judgePool({ pool, resource }: ReturnType<typeof poolsOf>[number]): Judged[] {
  const ports = isUnsettled(pool.hostPorts) ? [] : (pool.hostPorts ?? []);
  if (ports.length === 0) return [];
  const texts = ports.map(
    ({ protocol, from, to }) => `${protocol.toUpperCase()} ${from === to ? from : `${from}–${to}`}`,
  );
  return [
    {
      where: placeOfResource(resource),
      state: 'WARN',
      severity: 'medium',
      detail: `host ports of pool ${pool.name}`,
      message: `nodes of pool \`${escapeControl(pool.name)}\` are open to the internet on ${texts.join(', ')}`,
      evidence: [{ object: pool.id, field: 'networkProfile.allowedHostPorts', value: texts, origin: pool.origin }],
    },
  ];
}
