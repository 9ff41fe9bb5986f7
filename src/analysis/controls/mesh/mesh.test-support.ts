/** A namespace whose pods get a sidecar of Istio. */
export function injected(name: string): string {
  return `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { istio-injection: enabled } }\n`;
}

/** A namespace outside of the mesh. */
export function outside(name: string): string {
  return `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;
}

/** A workload on 8080 with an account of its own and a Service. */
export function workload(place: string, metadata = '', spec = ''): string {
  const [namespace, name] = place.split('/');
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} }${metadata} }
    spec: { serviceAccountName: ${name}, containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]${spec} }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
}

export function peers(namespace: string, mode: string): string {
  return `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: default, namespace: ${namespace} }\nspec: { mtls: { mode: ${mode} } }\n`;
}
