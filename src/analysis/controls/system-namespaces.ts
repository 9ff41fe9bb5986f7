import type { ControlContext } from './context.ts';

/** Namespaces that Kubernetes, AKS and common platforms make for themselves. */
const SYSTEM =
  /^(?:kube-(?:system|public|node-lease)|aks-.+|gatekeeper-system|calico-(?:system|apiserver)|tigera-operator|cilium(?:-.+)?|istio-system|linkerd(?:-.+)?|flux-system|azure-arc(?:-.+)?|azure-extensions-usage-system|app-routing-system|dapr-system|cert-manager|openshift(?:-.+)?|dataprotection-microsoft|azure-alb-system)$/;

/** Whether a namespace is the platform's: what fails there is for its maker to mend. */
export function isSystemNamespace({ settings }: Pick<ControlContext, 'settings'>, namespace: string): boolean {
  return SYSTEM.test(namespace) || settings.systemNamespaces.includes(namespace);
}
