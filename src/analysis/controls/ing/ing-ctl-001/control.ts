import { escapeControl } from '#base/escape.ts';
import type { Exposure } from '#model/answers.ts';
import type { Change, Fix, Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt, plainAt, textAt } from '#model/plain.ts';
import { placeOf, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import { isAksCluster } from '../../azure-signs.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { controllerWorkloads } from '../controllers.ts';
import { serviceAt, type WrittenService, writtenServices } from '../services.ts';
import { isLimitedToSources, reachedBy, waysThrough } from '../ways.ts';
import { formatList } from '../words.ts';

export const ingCtl001: Control = {
  data: {
    id: 'ING-CTL-001',
    title: 'What comes from outside comes through an approved way in',
    severity: 'high',
    rationale:
      'A workload with a load balancer or a public port of its own has none of what stands at the way in: no TLS, no firewall for requests, no common log. Each one is another door to guard.',
    evidence:
      'every way in that the input shows, what stands behind it, and the classes in `controls.ingressClasses` of the configuration',
    states: [
      {
        state: 'FAIL',
        when: 'a Service leads the internet to a workload that is no ingress controller or gateway, or a class is used that is not on the list',
      },
      {
        state: 'WARN',
        when: 'such a Service is limited to some sources, nothing answers behind it, or whether its node port is reachable from outside is not in the input',
      },
      { state: 'UNKNOWN', when: 'what is behind a public Service is not in the input' },
      { state: 'PASS', when: 'public ways in end at controllers and gateways, others are internal' },
      { state: 'NA', when: 'the input opens no way in' },
    ],
    remedy:
      'Put the workload behind the ingress controller or gateway and make its Service ClusterIP, or ask for an internal load balancer.',
    mappings: mappingsOf({
      'cis-aks': ['5.4.5'],
      'nist-800-190': ['4.3.3', '4.4.2'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K06'],
      'owasp-cheat-sheet': ['controlling-network-access-to-sensitive-ports'],
      mcsb: ['NS-1', 'NS-2'],
      'azure-policy': ['3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e'],
      attack: ['T1190', 'T1133'],
      'aks-network-baseline': ['L68', 'L110', 'L111', 'L112'],
      'kubernetes-network-practices': ['L13', 'L53'],
    }),
  },
  assess(context) {
    return assessed(
      [...writtenServices(context).flatMap((written) => judgedService(context, written)), ...judgedClasses(context)],
      plain('NA', 'the input opens no way in by a load balancer, a node port or an external address'),
      ['way in', 'ways in'],
    );
  },
  fix(context, { where }) {
    const written = where.kind === 'Service' ? serviceAt(context, where.namespace, where.name) : undefined;
    return written === undefined ? undefined : fixOf(context, written);
  },
};

function judgedService(context: ControlContext, { service, object }: WrittenService): Judged[] {
  const isOutward = service.type === 'LoadBalancer' || service.type === 'NodePort' || service.externalIPs.length > 0;
  if (!isOutward || service.type === 'ExternalName') return [];
  const where = placeOf(object);
  const evidence = [seenAt(object, ['spec', 'type'])];
  const ways = waysThrough(context, object);
  const reached = reachedBy(ways);
  // Where no workload of the namespace is in the input, its pods may well be somewhere else.
  if (reached === 'none' && context.kind === 'manifests' && !hasWorkloads(context, service.namespace)) {
    const message = 'it is open to the outside, and the workloads of its namespace are not in the input';
    return [{ where, state: 'UNKNOWN', message, evidence }];
  }
  if (reached === 'none') {
    const message = 'it is open to the outside, and nothing answers behind it now';
    return [{ where, state: 'WARN', severity: 'low', message, evidence }];
  }
  if (reached === 'network') return [judgedInternal(context, { service, object }, ways)];
  const open = ways.filter(({ scope, verdict }) => scope === 'internet' && verdict !== 'denied');
  return [{ where, evidence, ...judgedPublic(context, open) }];
}

function hasWorkloads({ podOwners }: ControlContext, namespace: string): boolean {
  return podOwners.some(({ object }) => object.namespace === namespace);
}

/** What the internet gets to by a Service: controllers and gateways, or workloads themselves. */
function judgedPublic(
  context: ControlContext,
  open: readonly Exposure[],
): Pick<Judged, 'state' | 'message' | 'endpoints'> {
  if (open.length === 0)
    return { state: 'PASS', message: 'it has a public address, and what stands before its pods lets nobody through' };
  const controllers = controllerWorkloads(context);
  const targets = [...new Set(open.map(({ to }) => to))];
  const bare = targets.filter((to) => !controllers.has(to));
  if (bare.length === 0) {
    const names = [...new Set(targets.map((to) => controllers.get(to)!))];
    return { state: 'PASS', message: `it leads to ${formatList(names)}` };
  }
  if (bare.every((to) => to.startsWith('svc:')))
    return { state: 'UNKNOWN', message: 'it is public, and which workload is behind it is not in the input' };
  const certain = open.filter(({ to, verdict }) => bare.includes(to) && verdict !== 'unknown');
  if (certain.length === 0)
    return { state: 'UNKNOWN', message: 'whether the internet reaches it is not settled by the input' };
  const at = formatList([...new Set(certain.map((way) => way.at))]);
  const isLimited = certain.every(isLimitedToSources);
  const limits = isLimited ? ', from a list of sources' : '';
  return {
    state: isLimited ? 'WARN' : 'FAIL',
    message: `the internet reaches \`${formatList(bare)}\` at ${at}${limits}, past any ingress controller`,
    endpoints: bare,
  };
}

/** Of node ports nothing says whether a firewall or a public address stands before the nodes, where those are not in the input. */
function judgedInternal(
  context: ControlContext,
  { service, object }: WrittenService,
  ways: readonly Exposure[],
): Judged {
  const where = placeOf(object);
  const evidence = [seenAt(object, ['spec', 'type'])];
  const isKnown = context.snapshot.nodes.length > 0 || context.snapshot.azure.clusters.length > 0;
  const isController = ways.every(({ to }) => controllerWorkloads(context).has(to));
  if (service.type !== 'NodePort' || isKnown || isController)
    return { where, state: 'PASS', message: 'it is reachable from connected networks only', evidence };
  const message = 'every node opens a port for it, and whether nodes are reachable from outside is not in the input';
  return { where, state: 'WARN', severity: 'medium', message, evidence };
}

// ---------------------------------------------------------------- classes

function judgedClasses(context: ControlContext): Judged[] {
  const list = context.settings.ingressClasses;
  if (list === undefined) return [];
  const ingresses = context.objects.of('networking.k8s.io', 'Ingress');
  const gateways = context.objects.of('gateway.networking.k8s.io', 'Gateway');
  return [...ingresses, ...gateways].map((object): Judged => {
    const path = CLASS_PATHS.find((each) => textAt(object.value, ...each) !== undefined);
    const name = path === undefined ? undefined : textAt(object.value, ...path);
    const where = placeOf(object);
    if (path === undefined || name === undefined) {
      const message = 'it names no class: the default of the cluster serves it';
      return { where, state: 'UNKNOWN', message, evidence: [seenAt(object, [])] };
    }
    const isAllowed = list.includes(name);
    const said = isAllowed ? 'is on the list' : 'is not on the list of approved ones';
    const message = `class \`${escapeControl(name)}\` ${said}`;
    return { where, state: isAllowed ? 'PASS' : 'FAIL', message, evidence: [seenAt(object, path)] };
  });
}

const CLASS_PATHS = [
  ['spec', 'gatewayClassName'],
  ['spec', 'ingressClassName'],
  ['metadata', 'annotations', 'kubernetes.io/ingress.class'],
] as const;

// ---------------------------------------------------------------- fix

const INTERNAL = 'service.beta.kubernetes.io/azure-load-balancer-internal';

/** What other ways lead to needs none of its own. */
function fixOf(context: ControlContext, { service, object }: WrittenService): Fix {
  const name = `\`${service.namespace}/${service.name}\``;
  const inside: Change = {
    kind: 'edit-object',
    object,
    edits: [{ op: 'set', path: ['spec', 'type'], value: 'ClusterIP' }, ...withoutBalancer(object)],
  };
  if (isRouted(context, service.namespace, service.name)) {
    return {
      summary: `keep Service ${name} inside the cluster: an ingress or a gateway leads to it already`,
      // The address goes at once, and with it whoever still uses it: that is for a person to time.
      automatic: false,
      changes: [inside],
      steps: ['move clients of the old address to the host of the ingress or gateway first'],
    };
  }
  const isAzure = service.type === 'LoadBalancer' && isAksCluster(context).state === 'aks';
  const path = ['metadata', 'annotations', INTERNAL];
  return {
    summary: `take the public address from Service ${name}`,
    automatic: false,
    changes: isAzure ? [{ kind: 'edit-object', object, edits: [{ op: 'set', path, value: 'true' }] }] : [inside],
    steps: ['write an Ingress or an HTTPRoute for it first, with TLS', 'move its clients there'],
  };
}

function isRouted({ snapshot }: ControlContext, namespace: string, name: string): boolean {
  const byIngress = snapshot.ingresses.some(
    (ingress) =>
      ingress.namespace === namespace &&
      [ingress.defaultBackend, ...ingress.rules.flatMap(({ paths }) => paths.map(({ backend }) => backend))].some(
        (backend) => backend?.service?.name === name,
      ),
  );
  return (
    byIngress ||
    snapshot.routes.some(({ rules }) =>
      rules.some(({ backends }) => backends.some((each) => each.namespace === namespace && each.name === name)),
    )
  );
}

/** Fields that the API refuses on a Service of type ClusterIP. */
function withoutBalancer(object: ClusterObject) {
  const fields = [
    'externalTrafficPolicy',
    'allocateLoadBalancerNodePorts',
    'loadBalancerClass',
    'loadBalancerIP',
    'loadBalancerSourceRanges',
    'healthCheckNodePort',
    'externalIPs',
  ];
  const own = fields
    .filter((field) => plainAt(object.value, 'spec', field) !== undefined)
    .map((field) => ['spec', field]);
  const ports = listAt(object.value, 'spec', 'ports').flatMap((port, index) =>
    plainAt(port, 'nodePort') === undefined ? [] : [['spec', 'ports', index, 'nodePort']],
  );
  return [...own, ...ports].map((path) => ({ op: 'remove' as const, path }));
}
