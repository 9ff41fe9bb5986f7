import { escapeControl } from '#base/escape.ts';
import { matchesLabels } from '#engine/select.ts';
import type { ClusterObject } from '#model/object.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { isPlainObject, listAt, numberAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { LabelRequirement, LabelSelector } from '#model/resource.ts';
import type { PodOwner } from '../controls/pod-owners.ts';
import { containerPorts, labelsOf, type NeedBook, namedPort, nameOf, portsBehind, workloadEnd } from './book.ts';
import type { NeedEnd, NeededPort } from './needs.ts';
import { bindsAccount } from './subjects.ts';

/** What workloads need of the platform, and it of them: metrics, the API server, identities, peers, a mesh. */
export function addPlatform(book: NeedBook): void {
  addMetrics(book);
  for (const owner of book.owners) {
    addApi(book, owner);
    addIdentity(book, owner);
    addMesh(book, owner);
    addPeers(book, owner);
  }
}

// ---------------------------------------------------------------- metrics

function addMetrics(book: NeedBook): void {
  const from = scrapersIn(book);
  for (const owner of book.owners) {
    const port = annotatedPort(owner);
    if (port !== undefined)
      addScraped(book, owner, { from, ports: port, why: `annotations of ${nameOf(owner)} ask for metrics` });
  }
  for (const service of book.snapshot.services) {
    if (service.annotations.get('prometheus.io/scrape') !== 'true') continue;
    const asked = Number(service.annotations.get('prometheus.io/port'));
    for (const owner of book.behind(service)) {
      const ports: readonly NeededPort[] = asked > 0 ? [{ protocol: 'TCP', port: asked }] : portsBehind(service, owner);
      addScraped(book, owner, {
        from,
        ports,
        why: `annotations of Service ${service.namespace}/${service.name} ask for metrics`,
      });
    }
  }
  for (const group of ['monitoring.coreos.com', 'azmonitoring.coreos.com']) addMonitors(book, from, group);
}

interface Scraped {
  readonly from: readonly NeedEnd[];
  readonly ports: readonly NeededPort[];
  readonly why: string;
}

function addScraped(book: NeedBook, owner: PodOwner, { from, ports, why }: Scraped): void {
  for (const end of from)
    book.edges.push({
      from: end,
      to: workloadEnd(owner),
      ports,
      cause: 'metrics',
      why,
      origin: owner.object.originAt(owner.path),
    });
}

function annotatedPort(owner: PodOwner): readonly NeededPort[] | undefined {
  if (textAt(owner.metadata, 'annotations', 'prometheus.io/scrape') !== 'true') return undefined;
  const port = Number(textAt(owner.metadata, 'annotations', 'prometheus.io/port'));
  return port > 0
    ? [{ protocol: 'TCP', port }]
    : containerPorts(owner).map(({ protocol, port: own }) => ({ protocol, port: own }));
}

/** Servers of metrics of the input; else they may be pods of any namespace. */
function scrapersIn(book: NeedBook): readonly NeedEnd[] {
  const found = book.owners.filter((owner) => {
    const name = labelsOf(owner).get('app.kubernetes.io/name') ?? labelsOf(owner).get('app');
    return (
      name === 'prometheus' ||
      owner.containers.some(({ value }) =>
        /(?:^|\/)(?:prometheus\/prometheus|prom\/prometheus|grafana\/agent|grafana\/alloy)(?::|@|$)/.test(
          textAt(value, 'image') ?? '',
        ),
      )
    );
  });
  const resources = book.objects.of('monitoring.coreos.com', 'Prometheus');
  const made = resources.map(
    ({ namespace }): NeedEnd => ({ kind: 'pods', namespace, labels: { 'app.kubernetes.io/name': 'prometheus' } }),
  );
  const all = [...found.map(workloadEnd), ...made];
  return all.length > 0 ? all : [{ kind: 'pods', labels: {} }];
}

function addMonitors(book: NeedBook, from: readonly NeedEnd[], group: string): void {
  for (const monitor of book.objects.of(group, 'PodMonitor')) {
    for (const owner of book.owners) {
      if (!isMonitored(monitor, owner.object.namespace) || !matches(monitor, labelsOf(owner))) continue;
      const ports = listAt(monitor.value, 'spec', 'podMetricsEndpoints').flatMap((endpoint) =>
        portAsked(owner, endpoint),
      );
      addScraped(book, owner, { from, ports, why: `PodMonitor ${monitor.namespace}/${monitor.name} asks for metrics` });
    }
  }
  for (const monitor of book.objects.of(group, 'ServiceMonitor')) addServiceMonitor(book, from, monitor);
}

function addServiceMonitor(book: NeedBook, from: readonly NeedEnd[], monitor: ClusterObject): void {
  for (const service of book.snapshot.services) {
    if (!isMonitored(monitor, service.namespace) || !matches(monitor, service.labels)) continue;
    for (const owner of book.behind(service)) {
      const ports = listAt(monitor.value, 'spec', 'endpoints').flatMap((endpoint) => {
        const name = textAt(endpoint, 'port');
        return name === undefined ? portAsked(owner, endpoint) : portsBehind(service, owner, name);
      });
      addScraped(book, owner, {
        from,
        ports,
        why: `ServiceMonitor ${monitor.namespace}/${monitor.name} asks for metrics`,
      });
    }
  }
}

function portAsked(owner: PodOwner, endpoint: PlainValue): readonly NeededPort[] {
  const asked = plainAt(endpoint, 'port') ?? plainAt(endpoint, 'targetPort') ?? plainAt(endpoint, 'portNumber');
  if (typeof asked === 'number') return [{ protocol: 'TCP', port: asked }];
  const found = typeof asked === 'string' ? namedPort(owner, asked) : undefined;
  return found === undefined ? [] : [{ protocol: found.protocol, port: found.port }];
}

function isMonitored(monitor: ClusterObject, namespace: string): boolean {
  if (plainAt(monitor.value, 'spec', 'namespaceSelector', 'any') === true) return true;
  const names = listAt(monitor.value, 'spec', 'namespaceSelector', 'matchNames');
  return names.length === 0 ? monitor.namespace === namespace : names.includes(namespace);
}

function matches(monitor: ClusterObject, labels: ReadonlyMap<string, string>): boolean {
  return matchesLabels(selectorOf(plainAt(monitor.value, 'spec', 'selector')), labels);
}

function selectorOf(value: PlainValue | undefined): LabelSelector {
  const equal = plainAt(value, 'matchLabels');
  const pairs = isPlainObject(equal) ? Object.entries(equal) : [];
  const requirements: LabelRequirement[] = pairs.map(([key, own]) => ({ key, operator: 'In', values: [String(own)] }));
  for (const item of listAt(value, 'matchExpressions')) {
    const operator = textAt(item, 'operator');
    if (operator !== 'In' && operator !== 'NotIn' && operator !== 'Exists' && operator !== 'DoesNotExist') continue;
    requirements.push({ key: textAt(item, 'key') ?? '', operator, values: listAt(item, 'values').map(String) });
  }
  return { requirements, origin: NO_ORIGIN };
}

// ---------------------------------------------------------------- the API server, identities, a mesh

/** A service account that somebody gave rights to, with its token in the pod, is there to be used; so is known software. */
function addApi(book: NeedBook, owner: PodOwner): void {
  if (!hasToken(book, owner)) return;
  const binding = bindingOf(book, owner);
  const image = binding === undefined ? imageOfApiUser(owner) : undefined;
  if (binding === undefined && image === undefined) return;
  const why =
    binding === undefined
      ? `${nameOf(owner)} runs ${escapeControl(image ?? '')}, which is known to use the Kubernetes API`
      : `${binding.kind} ${binding.name} gives rights to the service account of ${nameOf(owner)}`;
  const origin = binding?.origin ?? owner.object.originAt([...owner.path, 'spec', 'containers']);
  book.edges.push({
    from: workloadEnd(owner),
    to: { kind: 'api-server' },
    ports: [],
    cause: 'api-access',
    why,
    origin,
  });
}

/** Images of controllers, of what collects from pods, and of tools that install into clusters. */
const API_USERS =
  /(?:^|[/_.-])(?:[a-z0-9-]*(?:operator|controller|autoscaler|provisioner|descheduler)[a-z0-9-]*|ingress-nginx|traefik|contour|envoy-gateway|kong|haproxy-ingress|kube-state-metrics|metrics-server|prometheus|alloy|grafana-agent|promtail|fluent-bit|fluentd|cert-manager[a-z-]*|external-dns|external-secrets|keda[a-z-]*|argocd|argoexec|velero|kyverno[a-z-]*|gatekeeper|falco|tetragon|trivy-operator|reloader|kubectl|helm|k8s-sidecar|coredns|pilot|kubernetes-dashboard|dashboard-api)(?::|@|$)/;

function imageOfApiUser({ containers }: PodOwner): string | undefined {
  return containers
    .map(({ value }) => textAt(value, 'image') ?? '')
    .find((image) => API_USERS.test(image.replace(/@.*$/, '')));
}

/** The binding that gives rights to the service account of a pod. */
export function bindingOf({ objects }: Pick<NeedBook, 'objects'>, owner: PodOwner): ClusterObject | undefined {
  const account = textAt(owner.spec, 'serviceAccountName') ?? textAt(owner.spec, 'serviceAccount') ?? 'default';
  const group = 'rbac.authorization.k8s.io';
  return [...objects.of(group, 'RoleBinding'), ...objects.of(group, 'ClusterRoleBinding')].find((binding) =>
    bindsAccount(binding, { namespace: owner.object.namespace, account }),
  );
}

/** Whether the token of its service account is put into the pod: by default it is. */
export function hasToken({ objects }: Pick<NeedBook, 'objects'>, { object, spec }: PodOwner): boolean {
  const own = plainAt(spec, 'automountServiceAccountToken');
  if (typeof own === 'boolean') return own;
  const name = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount') ?? 'default';
  const account = objects.get({ group: '', kind: 'ServiceAccount', namespace: object.namespace, name });
  return plainAt(account?.value, 'automountServiceAccountToken') !== false;
}

function addIdentity(book: NeedBook, owner: PodOwner): void {
  if (labelsOf(owner).get('azure.workload.identity/use') !== 'true') return;
  book.edges.push({
    from: workloadEnd(owner),
    to: { kind: 'host', name: 'login.microsoftonline.com' },
    ports: [{ protocol: 'TCP', port: 443 }],
    cause: 'identity',
    why: `${nameOf(owner)} uses a workload identity, whose tokens come from Microsoft Entra`,
    origin: owner.object.originAt([...owner.path, 'metadata', 'labels']),
  });
}

/** A proxy beside the workload asks the control plane of its mesh. */
function addMesh(book: NeedBook, owner: PodOwner): void {
  const mesh = meshOf(book, owner);
  if (mesh === undefined) return;
  const to: NeedEnd =
    mesh === 'istio' ? { kind: 'pods', labels: { app: 'istiod' } } : { kind: 'pods', namespace: 'linkerd', labels: {} };
  const ports: readonly NeededPort[] = mesh === 'istio' ? [{ protocol: 'TCP', port: 15012 }] : [];
  const why = `the proxy of ${nameOf(owner)} asks the control plane of ${mesh === 'istio' ? 'Istio' : 'Linkerd'}`;
  book.edges.push({
    from: workloadEnd(owner),
    to,
    ports,
    cause: 'mesh',
    why,
    origin: owner.object.originAt(owner.path),
  });
}

export function meshOf({ objects }: Pick<NeedBook, 'objects'>, owner: PodOwner): 'istio' | 'linkerd' | undefined {
  const { namespace } = owner.object;
  const space = objects.get({ group: '', kind: 'Namespace', namespace: '', name: namespace });
  const hasContainer = (name: string) => owner.containers.some((container) => container.name === name);
  const own =
    labelsOf(owner).get('sidecar.istio.io/inject') ?? textAt(owner.metadata, 'annotations', 'sidecar.istio.io/inject');
  const byNamespace =
    textAt(space?.value, 'metadata', 'labels', 'istio-injection') === 'enabled' ||
    textAt(space?.value, 'metadata', 'labels', 'istio.io/rev') !== undefined;
  if (hasContainer('istio-proxy') || own === 'true' || (byNamespace && own !== 'false')) return 'istio';
  const inject = textAt(owner.metadata, 'annotations', 'linkerd.io/inject');
  const linkerd = inject ?? textAt(space?.value, 'metadata', 'annotations', 'linkerd.io/inject');
  return hasContainer('linkerd-proxy') || linkerd === 'enabled' || linkerd === 'ingress' ? 'linkerd' : undefined;
}

/** Pods of a StatefulSet find each other by its Service. */
function addPeers(book: NeedBook, owner: PodOwner): void {
  const { object } = owner;
  if (object.kind !== 'StatefulSet' || (numberAt(object.value, 'spec', 'replicas') ?? 1) < 2) return;
  const service = book.services.get(`${object.namespace}/${textAt(object.value, 'spec', 'serviceName') ?? ''}`);
  if (service === undefined || !book.behind(service).includes(owner)) return;
  book.edges.push({
    from: workloadEnd(owner),
    to: workloadEnd(owner),
    ports: portsBehind(service, owner),
    cause: 'peers',
    why: `pods of ${nameOf(owner)} find each other by Service ${service.namespace}/${service.name}`,
    origin: object.originAt(['spec', 'serviceName']),
  });
}
