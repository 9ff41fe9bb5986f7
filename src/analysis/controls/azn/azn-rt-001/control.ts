import { formatRange, isWithin } from '#base/address.ts';
import { hasGateway, PRIVATE } from '#engine/compile/azure/address-items.ts';
import { networkModeOf } from '#engine/compile/azure/network-mode.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Route, RouteTable, Subnet } from '#model/azure/network.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { nodeSubnets } from '../../../azure/aks-flows.ts';
import { applianceRoute, clusterSubnets } from '../../../azure/bypasses.ts';
import { plain } from '../../assessment.ts';
import { azGroup, azWord } from '../../az-command.ts';
import { evidenceOfResource, resourceOf, withoutCluster } from '../../azure-facts.ts';
import {
  assessed,
  egressFor,
  judgedFact,
  placeOf,
  placeOfEntity,
  quoted,
  unreadSubnets,
  viewFor,
} from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const data: ControlData = {
  id: 'AZN-RT-001',
  title: 'Route tables match the network plugin and do not create gaps',
  severity: 'medium',
  rationale:
    'The longest prefix wins: one route to the internet, one service endpoint or one learned route takes traffic past the firewall that the default route leads to, and nothing fails that would tell.',
  evidence:
    'Routes and service endpoints of the subnets of the cluster, routes learned from gateways, public Services beside a default route to a firewall, and what the network plugin needs.',
  states: [
    {
      state: 'PASS',
      when: 'no route leads around the default route, between nodes or pods, or answers of public Services astray',
    },
    {
      state: 'FAIL',
      when: 'a route or a service endpoint goes past the firewall, takes traffic between nodes or pods away, or answers leave by another way than requests came',
    },
    { state: 'WARN', when: 'routes learned from a gateway may go past the firewall' },
    { state: 'UNKNOWN', when: 'a route table is not in the input' },
    { state: 'NA', when: 'no subnet of the cluster has a route table' },
  ],
  remedy:
    'Remove routes that are more specific than the default route, stop learning routes where a firewall has to see all, and publish Services through the firewall.',
  mappings: mappingsOf({
    'nist-800-190': ['4.3.3'],
    'nsa-cisa': ['network-separation-and-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-1', 'NS-3'],
    'azure-policy': ['88c0b9da-ce96-4b03-9635-f29a937e2900'],
    attack: ['T1557'],
    'aks-network-baseline': ['L33', 'L35'],
  }),
};

const FACTS: ReadonlySet<string> = new Set(['route-inside-cluster', 'load-balancer-answers-through-firewall']);

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'its route tables');
  const { flows, bypasses } = egressFor(context);
  const subnets = clusterSubnets(view);
  const facts = [
    ...flows.filter(({ id, state }) => FACTS.has(id) && state !== 'PASS'),
    ...bypasses.filter(({ id }) => id === 'service-endpoint-passes-firewall'),
  ];
  const found = [
    ...facts.map((fact) => judgedFact(context, fact)),
    ...subnets.flatMap((subnet) => [
      ...pastFirewall(context, view, subnet),
      ...learned(view, subnet),
      ...unread(view, subnet),
    ]),
    ...kubenet(context, view),
  ];
  const touched = new Set(found.map(({ where }) => where.id));
  const passed = subnets.flatMap((subnet) => passing(view, subnet, touched));
  return assessed(
    unique([...found, ...passed, ...unreadSubnets(view)]),
    plain('NA', 'no subnet of the cluster has a route table'),
    ['route or subnet', 'routes or subnets'],
  );
}

function tableOf({ routeTables }: AzureView, { routeTable }: Subnet): RouteTable | undefined {
  return isKey(routeTable) ? routeTables.get(routeTable) : undefined;
}

function passing(view: AzureView, subnet: Subnet, touched: ReadonlySet<string>): Judged[] {
  const table = tableOf(view, subnet);
  if (table === undefined || touched.has(subnet.key) || table.routes.some(({ id }) => touched.has(id.toLowerCase())))
    return [];
  const message = `routes of ${quoted(table.name)} leave no gap`;
  return [{ where: placeOfEntity(subnet), state: 'PASS', message, evidence: [evidenceOfResource(table)] }];
}

function unread(view: AzureView, subnet: Subnet): Judged[] {
  if (subnet.routeTable === undefined || tableOf(view, subnet) !== undefined) return [];
  const message = 'the route table of the subnet is not in the input';
  return [{ where: placeOfEntity(subnet), state: 'UNKNOWN', message, evidence: [evidenceOfResource(subnet)] }];
}

/** Beside a default route to an appliance: routes for public addresses that lead straight out. */
function pastFirewall(context: ControlContext, view: AzureView, subnet: Subnet): Judged[] {
  const table = tableOf(view, subnet);
  const route = applianceRoute(view, subnet);
  if (table === undefined || route === undefined) return [];
  return table.routes.flatMap((each): Judged[] => {
    if (each === route || each.nextHop !== 'internet' || isAnswer(view, each)) return [];
    const { prefix } = each;
    if (prefix.kind === 'range' && PRIVATE.some((range) => isWithin(prefix.range, range))) return [];
    const text =
      prefix.kind === 'range' ? formatRange(prefix.range).join(', ') : prefix.kind === 'tag' ? prefix.tag : '';
    if (text === '') return [];
    const message = `route ${quoted(each.name)} of ${quoted(table.name)} takes ${quoted(text)} past the appliance of the default route`;
    const evidence = [
      { object: each.id, field: each.path, origin: each.origin },
      { object: route.id, field: route.path, origin: route.origin },
    ];
    return [
      { where: placeOf(context, each.id, each.origin), state: 'FAIL', message, evidence, detail: 'past firewall' },
    ];
  });
}

/** "A route for the firewall's own public address": what comes in through it must be answered straight. */
function isAnswer({ firewalls, publicIps }: AzureView, { prefix }: Route): boolean {
  if (prefix.kind !== 'range' || prefix.range.lo !== prefix.range.hi) return false;
  const refs = firewalls.flatMap((firewall) => firewall.publicIps);
  const known = rangesOf(refs.flatMap((ref) => (isKey(ref) ? (publicIps.get(ref)?.address ?? []) : [])));
  return known.length < refs.length || refs.length === 0 || known.some((own) => isWithin(prefix.range, own));
}

/** "Routes learned from gateways are longer than the default route." */
function learned(view: AzureView, subnet: Subnet): Judged[] {
  const table = tableOf(view, subnet);
  if (table === undefined || applianceRoute(view, subnet) === undefined || !hasGateway(view, [subnet.network]))
    return [];
  if (table.ignoresGateways === true) return [];
  const field = 'properties.disableBgpRoutePropagation';
  const value = isUnsettled(table.ignoresGateways) ? table.ignoresGateways.expression : false;
  const evidence = [{ object: table.id, field, value, origin: table.origin }];
  const place = { where: placeOfEntity(table), evidence, detail: 'learned routes' };
  if (isUnsettled(table.ignoresGateways))
    return [
      {
        ...place,
        state: 'UNKNOWN',
        message: 'whether routes of gateways are learned is an expression that the input does not settle',
      },
    ];
  const message = `${quoted(table.name)} learns routes of a gateway, which go past the appliance of the default route`;
  return [{ ...place, state: 'WARN', message }];
}

/** "With kubenet AKS keeps a route for the pods of each node in the table of the subnet." */
function kubenet(context: ControlContext, view: AzureView): Judged[] {
  if (networkModeOf(view.cluster) !== 'kubenet') return [];
  const isLive = (id: string) =>
    /^(?:export|resource-graph|terraform-state)$/.test(resourceOf(context, id)?.source ?? '');
  if (!isLive(view.cluster.id)) return [];
  return nodeSubnets(view).flatMap((subnet): Judged[] => {
    if (subnet.routeTable !== undefined) {
      const table = tableOf(view, subnet);
      const pods = rangesOf(view.cluster.podCidrs);
      const has = table?.routes.some(
        ({ prefix }) => prefix.kind === 'range' && pods.some((own) => isWithin(prefix.range, own)),
      );
      if (table === undefined || has === true || pods.length === 0) return [];
    }
    const message = 'with kubenet the subnet needs routes for the pods of each node, and has none';
    return [
      {
        where: placeOfEntity(subnet),
        state: 'FAIL',
        message,
        evidence: [evidenceOfResource(subnet)],
        severity: 'high',
        detail: 'kubenet',
      },
    ];
  });
}

function unique(places: readonly Judged[]): Judged[] {
  const byKey = new Map(places.map((place) => [`${place.where.id} ${place.state} ${place.detail ?? ''}`, place]));
  return [...byKey.values()];
}

// ---------------------------------------------------------------- fix

/** A firewall that has seen nothing of it denies by default: what went past it has to be allowed first. */
function fix(context: ControlContext, { where, detail = '' }: Judged): Fix | undefined {
  const view = viewFor(context);
  if (view === undefined) return undefined;
  const table = view.routeTables.get(where.id);
  if (detail === 'learned routes' && table !== undefined) {
    const edits = [{ op: 'set', path: ['properties', 'disableBgpRoutePropagation'], value: true }] as const;
    const command = `network route-table update --resource-group ${azGroup(table.id)} --name ${azWord(table.name)} --disable-bgp-route-propagation true`;
    const changes = [{ kind: 'edit-azure', resource: table.id, edits, command }] as const;
    return {
      summary: `learn no routes of gateways in ${quoted(table.name)}`,
      automatic: false,
      changes,
      steps: ['let the firewall route to the other networks first'],
    };
  }
  if (detail === 'past firewall') return routeFix(context, view, where.id);
  if (detail.startsWith('service-endpoint-passes-firewall'))
    return {
      summary: 'send what is for the service by a private endpoint',
      automatic: false,
      changes: [],
      steps: [
        'make a private endpoint for each account that the cluster uses',
        'take the service endpoint from the subnet',
      ],
    };
  if (detail.startsWith('load-balancer-answers-through-firewall'))
    return {
      summary: 'publish the Service through the firewall that its answers leave by',
      automatic: false,
      changes: [],
      steps: [
        'make the Service internal: `service.beta.kubernetes.io/azure-load-balancer-internal: "true"`',
        'give the firewall a DNAT rule from its public address to the internal one, and point DNS there',
      ],
    };
  if (detail.startsWith('route-inside-cluster'))
    return {
      summary: 'leave what nodes and pods send each other to the network itself',
      automatic: false,
      changes: [],
      steps: [`take the route for addresses of the cluster out of the table (${quoted(where.name)})`],
    };
  return undefined;
}

function routeFix(context: ControlContext, { routeTables }: AzureView, id: string): Fix | undefined {
  for (const table of routeTables.values()) {
    const route = table.routes.find((each) => each.id.toLowerCase() === id);
    if (route === undefined) continue;
    const index = Number(/\[(\d+)\]$/.exec(route.path)?.[1] ?? Number.NaN);
    const command = `network route-table route delete --resource-group ${azGroup(table.id)} --route-table-name ${azWord(table.name)} --name ${azWord(route.name)}`;
    const path: FieldPath = ['properties', 'routes', index];
    const isInside = resourceOf(context, route.id) === undefined && Number.isInteger(index);
    const changes = isInside
      ? [{ kind: 'edit-azure', resource: table.id, edits: [{ op: 'remove', path }], command } as const]
      : [];
    return {
      summary: `remove route ${quoted(route.name)}`,
      automatic: false,
      changes,
      steps: ['allow in the firewall what goes there first', ...(isInside ? [] : [`\`${command}\``])],
    };
  }
  return undefined;
}

export const aznRt001: Control = { data, assess, fix };
