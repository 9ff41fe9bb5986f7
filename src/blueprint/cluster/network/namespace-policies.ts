import { subnetPrefix } from '../../plan/address-plan.ts';
import type { Design } from '../../plan/design.ts';
import { metricsPort, PRIVATE_PORTS, wirePorts } from '../../plan/ports.ts';
import type { Space } from '../../plan/spaces.ts';
import { doorOf, WAY_IN, wayInSources } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { PUBLISHED } from '../labels.ts';
import { dnsPolicy } from './dns.ts';
import { addressesIn, networkPolicy, podsIn, tcp } from './kubernetes.ts';
import { outsidePolicies } from './outside.ts';
import { ISTIO, ISTIO_PORTS, LINKERD, LINKERD_PORTS, METRICS } from './platform.ts';

/** Everything that a namespace may do in the network: nothing, and then what the choices name. */
export function namespacePolicies(design: Design, space: Space): readonly Document[] {
  return [
    defaultDeny(space.name),
    dnsPolicy(design, space.name),
    ...metricsPolicy(design, space.name),
    ...meshPolicies(design, space.name),
    ...entryPolicy(design, space),
    ...callPolicies(design, space),
    ...privateServices(design, space),
    ...outsidePolicies(design, space),
  ];
}

export function defaultDeny(namespace: string): Document {
  return networkPolicy({
    name: 'default-deny',
    namespace,
    why: 'Nothing comes in and nothing goes out that no other policy names: pods that somebody adds tomorrow too.',
    ingress: [],
    egress: [],
  });
}

function metricsPolicy({ choices }: Design, namespace: string): readonly Document[] {
  if (choices.platform !== 'aks') return [];
  return [
    networkPolicy({
      name: 'metrics',
      namespace,
      why: 'The collector of Azure Monitor scrapes pods that say so.',
      ingress: [{ from: [podsIn(METRICS.namespace, METRICS.labels)], ports: tcp(metricsPort(choices)) }],
    }),
  ];
}

/** Proxies of a mesh take their identity and their rules from its control plane. */
export function meshPolicies({ choices }: Design, namespace: string): readonly Document[] {
  const peer =
    choices.mesh === 'istio'
      ? { to: podsIn(ISTIO.namespace, ISTIO.labels), ports: ISTIO_PORTS }
      : choices.mesh === 'linkerd'
        ? { to: podsIn(LINKERD.namespace, LINKERD.labels), ports: LINKERD_PORTS }
        : undefined;
  if (peer === undefined) return [];
  return [
    networkPolicy({
      name: 'mesh',
      namespace,
      why: 'Proxies of the mesh ask its control plane who they are, where others are, and who may call.',
      egress: [{ to: [peer.to], ports: tcp(...peer.ports) }],
    }),
  ];
}

function entryPolicy(design: Design, { name, isEntered }: Space): readonly Document[] {
  if (!isEntered) return [];
  const isInside = doorOf(design.choices) === 'gateway';
  return [
    networkPolicy({
      name: 'way-in',
      namespace: name,
      why: `Requests come from ${isInside ? 'the gateway of the cluster' : 'the subnets of the way in'} alone, and to pods that are labelled as published.`,
      pods: PUBLISHED,
      ingress: [
        {
          from: isInside ? [podsIn(WAY_IN)] : wayInSources(design).map((prefix) => addressesIn(prefix)),
          ports: tcp(...wirePorts(design.choices)),
        },
      ],
    }),
  ];
}

function callPolicies({ choices }: Design, { name, calls, callers }: Space): readonly Document[] {
  const ports = tcp(...wirePorts(choices));
  const out: Document[] = [];
  if (calls.length > 0)
    out.push(
      networkPolicy({
        name: 'calls',
        namespace: name,
        why: 'The namespaces that this one calls.',
        egress: [{ to: calls.map((other) => podsIn(other)), ports }],
      }),
    );
  if (callers.length > 0)
    out.push(
      networkPolicy({
        name: 'callers',
        namespace: name,
        why: 'The namespaces that call this one.',
        ingress: [{ from: callers.map((other) => podsIn(other)), ports }],
      }),
    );
  return out;
}

function privateServices({ addresses }: Design, { name, services }: Space): readonly Document[] {
  if (services.length === 0) return [];
  const ports = [...new Set(services.map((service) => PRIVATE_PORTS[service]))];
  return [
    networkPolicy({
      name: 'private-services',
      namespace: name,
      why: `${services.join(', ')}: reached by private endpoints, which are in this subnet.`,
      egress: [{ to: [addressesIn(subnetPrefix(addresses.spoke, 'snet-endpoints'))], ports: tcp(...ports) }],
    }),
  ];
}
