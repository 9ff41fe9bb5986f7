import { textAt, textsAt } from '#model/plain.ts';
import type { PodOwner } from '../pod-owners.ts';

/** Names of images that do nothing without the API server: controllers, operators, and what watches a cluster. */
const CLIENTS = new RegExp(
  [
    'ingress-?nginx|nginx-ingress|nginx-kubernetes|traefik|haproxy-ingress|contour|envoy-gateway|kong(?:-|/)|emissary|apisix-ingress',
    'application-gateway-kubernetes|alb-controller|load-balancer-controller|external-dns|cert-manager|external-secrets|sealed-secrets',
    'prometheus|kube-state-metrics|metrics-server|node-problem-detector|kube-events|eventrouter|event-exporter|k8s-sidecar|kiali|falco',
    'fluent-?bit|fluentd|promtail|alloy|grafana/agent|opentelemetry-collector|otelcol|datadog|newrelic|dynatrace|filebeat|metricbeat|vector:',
    'operator|controller|provisioner|csi-|autoscaler|descheduler|scheduler|kured|reloader|velero|keda|dapr|argocd|argoproj|flux(?:cd|-)',
    'tekton|jenkins|gitlab-runner|actions-runner|kubectl|k8s-wait-for|kubernetes-dashboard|headlamp|kyverno|gatekeeper|trivy-operator',
    'istio/pilot|istiod|linkerd|cilium|calico|tigera|coredns|kube-bench|kubeshark|spark|airflow|argo-?workflows|vault-k8s|consul-k8s',
  ].join('|'),
  'i',
);
const WORDS = /kubernetes\.default|\bin-?cluster\b|--kubeconfig|--leader-elect|--election-id|kubernetes_sd/i;

/** Whether a workload is of a kind that is known to ask the API server, or says so: it needs its token wherever its rights stand. */
export function isApiClient({ containers }: PodOwner): boolean {
  return containers.some(({ value }) => {
    const words = [...textsAt(value, 'command'), ...textsAt(value, 'args')].join(' ');
    return CLIENTS.test(textAt(value, 'image') ?? '') || WORDS.test(words);
  });
}
