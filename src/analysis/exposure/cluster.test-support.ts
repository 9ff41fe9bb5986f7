import { buildEngine, type Engine } from '#engine/engine.ts';
import type { Exposure } from '#model/answers.ts';
import { PROFILES, type ProfileId } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { exposuresOf } from './expose.ts';
import { exposureCuts } from './exposing.ts';

/** A snapshot of small manifests. A fixture that is not valid is a broken test and throws. */
export function clusterOf(...documents: readonly string[]): Snapshot {
  const snapshot = snapshotOf([{ file: 'cluster.yaml', text: documents.join('\n---\n') }]);
  const wrong = snapshot.diagnostics.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new Error(wrong.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return snapshot;
}

export function engineOf(documents: readonly string[], profile: ProfileId = 'kube-network-policies'): Engine {
  const snapshot = clusterOf(...documents);
  return buildEngine(snapshot, { profile: PROFILES[profile], cuts: exposureCuts(snapshot) });
}

export function exposuresIn(documents: readonly string[], profile?: ProfileId): Exposure[] {
  return exposuresOf(engineOf(documents, profile));
}

/** The parts of an exposure that most tests look at: `internet 203.0.113.10:443 -> shop/Deployment/web:8080 allowed`. */
export function lineOf({ scope, at, to, targetPort, verdict }: Exposure): string {
  return `${scope} ${at} -> ${to}${targetPort === undefined ? '' : `:${targetPort}`} ${verdict}`;
}

/** A Deployment whose pods carry `app` and open one named port. */
export function deployment(place: string, { port = 'http:8080', labels = '', spec = '' } = {}): string {
  const [namespace, name] = place.split('/');
  const [portName, number] = port.split(':');
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}${labels}}}
    spec:
      containers: [{name: c, image: i, ports: [{name: ${portName}, containerPort: ${number}}]}]
      ${spec}`;
}

/** A Service on port 80 that leads to the port named http, with what `spec` adds. */
export function service(place: string, spec = '', annotations = ''): string {
  const [namespace, name] = place.split('/');
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}, annotations: {${annotations}}}
spec: {selector: {app: ${name}}, ports: [{port: 80, targetPort: http}]${spec === '' ? '' : `, ${spec}`}}`;
}

/** A NetworkPolicy for all pods of a namespace: `ingress: [...]`. */
export function policy(place: string, spec: string): string {
  const [namespace, name] = place.split('/');
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: {podSelector: {}, ${spec}}`;
}
