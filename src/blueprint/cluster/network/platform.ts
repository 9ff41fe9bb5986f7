/** Pods of the platform that every namespace has to do with. Labels are those that AKS and the projects give. */
export interface PlatformPods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** CoreDNS of AKS keeps the label of its forerunner (AKS, customize CoreDNS). */
export const DNS: PlatformPods = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
/** The collector of Azure Monitor managed Prometheus (Azure Monitor, collection of metrics from AKS). */
export const METRICS: PlatformPods = { namespace: 'kube-system', labels: { rsName: 'ama-metrics' } };
/** The control plane of the Istio add-on, and of gateways of application routing (AKS, Istio add-on). */
export const ISTIO: PlatformPods = { namespace: 'aks-istio-system', labels: { app: 'istiod' } };
/** Of Linkerd: each part of its control plane is asked by proxies (Linkerd, "Architecture"). */
export const LINKERD: PlatformPods = {
  namespace: 'linkerd',
  labels: { 'linkerd.io/control-plane-ns': 'linkerd' },
};
/** Ports of the control plane that proxies ask. */
export const ISTIO_PORTS = [15_012] as const;
export const LINKERD_PORTS = [8080, 8086, 8090] as const;

/** Instance metadata, and what nodes ask of their host (Azure, 169.254.169.254 and 168.63.129.16). */
export const PLATFORM_ADDRESSES = ['169.254.169.254/32', '168.63.129.16/32'] as const;
/** Where they answer: metadata and the agent's host, the agent's plug-ins, DNS (Azure, what is 168.63.129.16). */
export const PLATFORM_PORTS: readonly { readonly protocol: 'TCP' | 'UDP'; readonly port: number }[] = [
  { protocol: 'TCP', port: 53 },
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 32_526 },
];
