import fc from 'fast-check';
import { clusterPieces, type Draft, draftManifests, pickOne } from './generate-cluster.ts';
import type { Manifest } from './manifests.ts';

/** Clusters under policies of Calico that mostly have words in other APIs too: the whole grammar is mostly refused. */
export function sayableCalico(): fc.Arbitrary<Manifest[]> {
  return clustersWith(
    fc.tuple(
      pickOne('n0', 'n0', 'n1'),
      calicoSelectors(),
      pickOne('Ingress', 'Egress'),
      calicoRules(),
      pickOne(5, 1000),
    ),
    ([namespace, selector, type, rules, order]) => ({
      apiVersion: 'projectcalico.org/v3',
      kind: 'NetworkPolicy',
      namespace,
      body: {
        spec: {
          order,
          selector,
          types: [type],
          [type.toLowerCase()]: rules.map(({ far, ...rule }) => calicoRule(rule, type === 'Ingress', far)),
        },
      },
    }),
  );
}

/** The same for Cilium. */
export function sayableCilium(): fc.Arbitrary<Manifest[]> {
  return clustersWith(
    fc.tuple(pickOne('n0', 'n0', 'n1'), identities(), pickOne('ingress', 'egress'), ciliumEntries(), ciliumDenials()),
    ([namespace, endpointSelector, direction, entries, denials]) => {
      const side = direction === 'ingress' ? 'from' : 'to';
      const sided = (list: readonly Manifest[]) => list.map((entry) => withSide(entry, side));
      return {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        namespace,
        body: {
          spec: {
            endpointSelector,
            [direction]: sided(entries),
            ...(denials.length > 0 && { [`${direction}Deny`]: sided(denials) }),
          },
        },
      };
    },
  );
}

function clustersWith<T>(parts: fc.Arbitrary<T>, draft: (part: T) => Draft): fc.Arbitrary<Manifest[]> {
  const policies = fc.array(parts.map(draft), { minLength: 1, maxLength: 3, size: 'max' });
  return fc
    .tuple(clusterPieces({ clusterPolicies: 0 }), policies)
    .map(([pieces, own]) => [...pieces, ...draftManifests(own, 'p')]);
}

// ---------------------------------------------------------------- Calico

function calicoSelectors(): fc.Arbitrary<string> {
  return pickOne(
    'all()',
    "app == 'a'",
    "app != 'a'",
    "app in {'a', 'b'} && !has(tier)",
    "has(tier) && projectcalico.org/orchestrator == 'k8s'",
  );
}

interface CalicoParts {
  readonly action: string;
  readonly traffic: Manifest;
  readonly ports: Manifest;
  readonly far: Manifest;
}

function calicoRules(): fc.Arbitrary<CalicoParts[]> {
  const far = pickOne<Manifest>(
    {},
    { selector: "app == 'a' || tier == 'x'" },
    { selector: "!(app in {'a', 'b'})" },
    { notSelector: "app == 'b'" },
    { namespaceSelector: "team == 'red'" },
    { namespaceSelector: 'all()', selector: "app == 'b'" },
    { namespaceSelector: "projectcalico.org/name != 'n1'" },
    { nets: ['10.0.0.0/8'], notNets: ['10.0.0.0/30'] },
    { nets: ['198.18.0.0/15'] },
    { notNets: ['10.0.0.0/8'] },
  );
  const some = fc.record({
    action: pickOne('Allow', 'Allow', 'Allow', 'Allow', 'Log', 'Deny'),
    traffic: pickOne<Manifest>({}, { protocol: 'TCP' }, { protocol: 'UDP' }),
    ports: pickOne<Manifest>({}, { ports: [80] }, { ports: ['80:443'] }, { ports: ['http'] }, { notPorts: [81] }),
    far,
  });
  return fc.array(some, { maxLength: 3, size: 'max' });
}

/** Ports stand beside a protocol. */
function calicoRule({ action, traffic, ports }: Omit<CalicoParts, 'far'>, isIngress: boolean, far: Manifest): Manifest {
  const near = Object.keys(traffic).length > 0 ? ports : {};
  const destination = isIngress ? near : { ...far, ...near };
  return {
    action,
    ...traffic,
    ...(isIngress && Object.keys(far).length > 0 && { source: far }),
    ...(Object.keys(destination).length > 0 && { destination }),
  };
}

// ---------------------------------------------------------------- Cilium

function identities(): fc.Arbitrary<Manifest> {
  return pickOne<Manifest>(
    {},
    { matchLabels: { app: 'a' } },
    { matchLabels: { 'k8s:tier': 'x' } },
    { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['b'] }] },
    { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
  );
}

/** `Endpoints` and the like, to be written behind `from` or `to`. */
function ciliumEntries(): fc.Arbitrary<Manifest[]> {
  const spaces = pickOne<Manifest>(
    { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'n1' } },
    { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'red', app: 'a' } },
    { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] },
  );
  const peers = fc.oneof(
    fc
      .array(fc.oneof(identities(), spaces), { minLength: 1, maxLength: 2 })
      .map((list): Manifest => ({ Endpoints: list })),
    pickOne<Manifest>(
      {},
      { Entities: ['all'] },
      { Entities: ['world'] },
      { CIDR: ['198.18.0.0/15'] },
      { CIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.0.0.0/30'] }] },
    ),
  );
  const ports = pickOne<Manifest>(
    {},
    {},
    { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] },
    {
      toPorts: [
        {
          ports: [
            { port: '53', protocol: 'UDP' },
            { port: '0', protocol: 'TCP' },
          ],
        },
      ],
    },
    { toPorts: [{ ports: [{ port: '80' }] }] },
  );
  return fc.array(
    fc.tuple(peers, ports).map(([who, what]) => ({ ...who, ...what })),
    { minLength: 1, maxLength: 3, size: 'max' },
  );
}

function ciliumDenials(): fc.Arbitrary<Manifest[]> {
  return pickOne<Manifest[]>([], [], [], [{ Endpoints: [{ matchLabels: { app: 'b' } }] }]);
}

function withSide(entry: Manifest, side: 'from' | 'to'): Manifest {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key === 'toPorts' ? key : `${side}${key}`, value]),
  );
}
