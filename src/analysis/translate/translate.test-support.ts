import { namespace, node, pod } from '#engine/ask.test-support.ts';
import type { TranslateAnswer } from '#model/answers.ts';
import type { ProfileId } from '#model/profile.ts';
import type { TranslationTarget } from '#model/translation.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { documentText } from './prove.ts';
import { translateOf } from './translate.ts';

/** A small cluster: three namespaces, pods with and without what selectors ask for, two nodes. */
export const CLUSTER: readonly string[] = [
  namespace('shop', 'team: a'),
  namespace('data', 'team: b'),
  namespace('other'),
  node('n1', ['172.16.0.1']),
  node('n2', ['172.16.0.2']),
  pod('shop/web', { labels: 'app: web, tier: front', ips: ['10.1.0.1'], node: 'n1', ports: ['http:8080'] }),
  pod('shop/api', { labels: 'app: api', ips: ['10.1.0.2'], node: 'n2', ports: ['http:8081', 'dns:53:UDP'] }),
  pod('data/db', { labels: 'app: db', ips: ['10.2.0.1'], node: 'n1', ports: ['http:80'] }),
  pod('other/web', { labels: 'app: web', ips: ['10.3.0.1'], node: 'n2' }),
];

export interface Translating {
  readonly engine?: ProfileId;
  readonly namespaces?: readonly string[];
  /** Documents instead of the small cluster. */
  readonly cluster?: readonly string[];
}

export function translated(
  to: TranslationTarget,
  documents: readonly string[],
  { engine, namespaces, cluster = CLUSTER }: Translating = {},
): TranslateAnswer {
  const snapshot = snapshotOf([{ file: 'cluster.yaml', text: [...cluster, ...documents].join('\n---\n') }]);
  const wrong = snapshot.diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'RF2013');
  if (wrong.length > 0) throw new Error(wrong.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const result = translateOf(snapshot, {
    to,
    ...(namespaces !== undefined && { namespaces }),
    ...(engine !== undefined && { analysis: { engine } }),
  });
  if (result.kind === 'problem') throw new Error(result.message);
  return result.answer;
}

/** The documents of an answer as they are printed. */
export function printed({ translated: entries }: TranslateAnswer): string {
  return entries.flatMap(({ documents }) => documents.map(documentText)).join('---\n');
}

/** `reason path` of what was refused. */
export function refusals({ refused }: TranslateAnswer): string[] {
  return refused.map(({ reason, path }) => `${reason} ${path}`);
}

export function calicoPolicy(spec: string, place = 'shop/p'): string {
  const [space, name] = place.split('/');
  return `{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {namespace: ${space}, name: ${name}}, spec: {${spec}}}`;
}

export function globalPolicy(spec: string, name = 'g'): string {
  return `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
}

export function ciliumPolicy(spec: string, place = 'shop/p'): string {
  const [space, name] = place.split('/');
  return `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: ${space}, name: ${name}}, spec: {${spec}}}`;
}

export function clusterwide(spec: string, name = 'c'): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
}

export function admin(spec: string, name = 'a'): string {
  return `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
}

export function baseline(spec: string): string {
  return `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, metadata: {name: default}, spec: {${spec}}}`;
}
