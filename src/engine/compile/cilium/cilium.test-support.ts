import type { Verdict } from '#model/verdict.ts';
import { type AskerOptions, asker, axis, namespace, node, pod } from '../../ask.test-support.ts';
import { verdictBetween } from '../../reach.ts';

/** Two namespaces on two nodes, with an agent on its node's network. */
export const CLUSTER: readonly string[] = [
  namespace('shop', 'team: a'),
  namespace('other', 'team: b'),
  node('n1', ['10.9.0.1'], 'zone: a'),
  node('n2', ['10.9.0.2'], 'zone: b'),
  pod('shop/web', { ips: ['10.1.0.1'], node: 'n1', ports: ['http:8080', 'dns:53:UDP'] }),
  pod('shop/api', { ips: ['10.1.0.2'], node: 'n2', ports: ['http:9090'] }),
  pod('other/web', { ips: ['10.2.0.1'], node: 'n2' }),
  pod('other/agent', { ips: ['10.9.0.2'], node: 'n2', hostNetwork: true }),
];
export const OUTSIDE = '203.0.113.7';
export const ALL = 'endpointSelector: {}';
export const FROM_ALL = 'fromEntities: [all]';
export const DNS_RULE =
  '{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system}}], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}';

/** One question, asked of the cluster with these documents besides; under Cilium 1.18 unless told otherwise. */
export type Row = readonly [
  title: string,
  documents: readonly string[],
  from: string,
  to: string,
  traffic: string,
  verdict: Verdict,
  options?: AskerOptions,
];

export function answerOf([, documents, from, to, traffic, , options]: Row): Verdict {
  const asked = asker([...CLUSTER, ...documents], { profile: 'cilium-1.18', ...options });
  const { world, reach } = asked.engine;
  const domain = world.domains.get(to)?.[0];
  if (domain === undefined) return asked.verdict(from, to, traffic);
  return verdictBetween(reach, asked.points(from)[0]!, domain, axis(traffic));
}

/** CiliumNetworkPolicy where the name has a namespace, else its clusterwide kind. */
export function cilium(name: string, spec: string): string {
  const [space, own] = name.includes('/') ? name.split('/') : [undefined, name];
  const kind = space === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy';
  const meta = space === undefined ? `{name: ${own}}` : `{namespace: ${space}, name: ${own}}`;
  return `{apiVersion: cilium.io/v2, kind: ${kind}, metadata: ${meta}, spec: {${spec}}}`;
}

/** ConfigMap `cilium-config`: `enable-policy: never`. */
export function config(...settings: readonly string[]): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: cilium-config, namespace: kube-system}, data: {${settings.join(', ')}}}`;
}

export function service(name: string, spec: string): string {
  const [space, own] = name.split('/');
  return `{apiVersion: v1, kind: Service, metadata: {name: ${own}, namespace: ${space}}, spec: {ports: [{port: 80}]${spec === '' ? '' : `, ${spec}`}}}`;
}

export function slice(name: string, address: string): string {
  const [space, own] = name.split('/');
  return `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${own}-1, namespace: ${space}, labels: {kubernetes.io/service-name: ${own}}}, addressType: IPv4, ports: [{port: 80}], endpoints: [{addresses: [${address}]}]}`;
}

export function group(name: string, cidr: string): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: ${name}}, spec: {externalCIDRs: [${cidr}]}}`;
}

export function redirect(name: string, spec: string): string {
  const [space, own] = name.split('/');
  return `{apiVersion: cilium.io/v2, kind: CiliumLocalRedirectPolicy, metadata: {name: ${own}, namespace: ${space}}, spec: {${spec}}}`;
}

export function gateway(name: string, spec: string): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumEgressGatewayPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
}
