/** The static pod of one component, as kubeadm writes it, with the flags that are given. */
export function staticPod(component: string, flags: readonly string[]): string {
  const lines = [component, ...flags.map((flag) => `--${flag}`)].map((word) => `        - ${JSON.stringify(word)}`);
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${component}
  namespace: kube-system
  labels: { component: ${component}, tier: control-plane }
spec:
  hostNetwork: true
  containers:
    - name: ${component}
      image: registry.k8s.io/${component}:v1.36.0
      command:
${lines.join('\n')}
`;
}

export const API_SERVER_TLS: readonly string[] = [
  'client-ca-file=/etc/kubernetes/pki/ca.crt',
  'etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt',
  'etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt',
  'etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key',
  'kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt',
  'kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt',
  'kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key',
  'tls-cert-file=/etc/kubernetes/pki/apiserver.crt',
  'tls-private-key-file=/etc/kubernetes/pki/apiserver.key',
  'tls-min-version=VersionTLS13',
];

export const ETCD_TLS: readonly string[] = [
  'cert-file=/etc/kubernetes/pki/etcd/server.crt',
  'key-file=/etc/kubernetes/pki/etcd/server.key',
  'client-cert-auth=true',
  'trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt',
  'peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt',
  'peer-key-file=/etc/kubernetes/pki/etcd/peer.key',
  'peer-client-cert-auth=true',
  'listen-client-urls=https://127.0.0.1:2379',
  'listen-peer-urls=https://127.0.0.1:2380',
];

export const AKS_NODE = `
apiVersion: v1
kind: Node
metadata:
  name: aks-system-1
  labels: { kubernetes.azure.com/cluster: MC_shop }
`;

export const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: nginx }] }
`;
