import type { CisCheck, Condition, FileTest } from './cis-check.ts';
import { STRONG_CIPHERS } from './cis-checks-server.ts';

/** Section 4.2, and 3.2 of the benchmark for AKS. Defaults: KubeletConfiguration v1beta1, of its reference. */
export const KUBELET_CHECKS: readonly CisCheck[] = [
  {
    ...kubelet(['4.2.1', '3.2.1'], {
      flag: 'anonymous-auth',
      field: 'authentication.anonymous.enabled',
      must: { be: 'equal', to: 'false' },
      otherwise: 'false',
    }),
    severity: 'critical',
  },
  {
    ...kubelet(['4.2.2', '3.2.2'], {
      flag: 'authorization-mode',
      field: 'authorization.mode',
      must: { be: 'other-than', than: 'AlwaysAllow' },
      otherwise: 'Webhook',
    }),
    severity: 'critical',
  },
  kubelet(['4.2.3', '3.2.3'], {
    flag: 'client-ca-file',
    field: 'authentication.x509.clientCAFile',
    must: { be: 'set' },
  }),
  kubelet(['4.2.4', '3.2.4'], {
    flag: 'read-only-port',
    field: 'readOnlyPort',
    must: { be: 'equal', to: '0' },
    otherwise: '0',
  }),
  {
    ...kubelet(['4.2.5', '3.2.5'], {
      flag: 'streaming-connection-idle-timeout',
      field: 'streamingConnectionIdleTimeout',
      must: { be: 'above-zero' },
      otherwise: '4h0m0s',
    }),
    severity: 'low',
    safe: { flag: 'streaming-connection-idle-timeout', value: '4h0m0s' },
  },
  {
    ...kubelet(['4.2.6', '3.2.6'], {
      flag: 'make-iptables-util-chains',
      field: 'makeIPTablesUtilChains',
      must: { be: 'equal', to: 'true' },
      otherwise: 'true',
    }),
    severity: 'low',
  },
  {
    // Providers of clouds set it, so that nodes have the names that they know.
    ...kubelet(['4.2.7'], { flag: 'hostname-override', must: { be: 'unset' } }),
    unmet: 'WARN',
    severity: 'low',
  },
  {
    ...kubelet(['4.2.8', '3.2.7'], {
      flag: 'event-qps',
      field: 'eventRecordQPS',
      must: { be: 'at-least', number: 0 },
      otherwise: '50',
    }),
    severity: 'low',
  },
  {
    kubernetes: '4.2.9',
    control: 'CP-TLS-003',
    test: {
      kind: 'component',
      component: 'kubelet',
      // A kubelet that asks the cluster for its certificate has one of a CA too.
      anyOf: [
        [
          { flag: 'tls-cert-file', field: 'tlsCertFile', must: { be: 'set' } },
          { flag: 'tls-private-key-file', field: 'tlsPrivateKeyFile', must: { be: 'set' } },
        ],
        [{ flag: 'rotate-server-certificates', field: 'serverTLSBootstrap', must: { be: 'equal', to: 'true' } }],
      ],
    },
    unmet: 'WARN',
  },
  {
    ...kubelet(['4.2.10', '3.2.8'], {
      flag: 'rotate-certificates',
      field: 'rotateCertificates',
      must: { be: 'equal', to: 'true' },
      otherwise: 'false',
    }),
    // The benchmark takes it for on where it is not set.
    unset: 'WARN',
    severity: 'medium',
    safe: { flag: 'rotate-certificates', value: 'true' },
  },
  {
    ...kubelet(['4.2.11', '3.2.9'], {
      flag: 'feature-gates',
      field: 'featureGates.RotateKubeletServerCertificate',
      must: { be: 'equal', to: 'true' },
      otherwise: 'true',
    }),
    severity: 'medium',
  },
  {
    kubernetes: '4.2.12',
    control: 'CP-TLS-003',
    test: {
      kind: 'component',
      component: 'kubelet',
      anyOf: [
        [
          {
            flag: 'tls-cipher-suites',
            field: 'tlsCipherSuites',
            must: {
              be: 'among',
              items: [...STRONG_CIPHERS, 'TLS_RSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
            },
          },
        ],
        [{ flag: 'tls-min-version', field: 'tlsMinVersion', must: { be: 'equal', to: 'VersionTLS13' } }],
      ],
    },
    unmet: 'WARN',
    severity: 'low',
  },
  {
    ...kubelet(['4.2.13'], {
      flag: 'pod-max-pids',
      field: 'podPidsLimit',
      must: { be: 'at-least', number: 1 },
      otherwise: '-1',
    }),
    control: 'POD-QTA-001',
  },
  {
    ...kubelet(['4.2.14'], {
      flag: 'seccomp-default',
      field: 'seccompDefault',
      must: { be: 'equal', to: 'true' },
      otherwise: 'false',
    }),
    control: 'POD-CTX-001',
  },
];

/** Section 4.3. Default: KubeProxyConfiguration v1alpha1, of its reference. */
export const PROXY_CHECKS: readonly CisCheck[] = [
  {
    kubernetes: '4.3.1',
    control: 'CP-CFG-002',
    test: {
      kind: 'component',
      component: 'kube-proxy',
      anyOf: [
        [
          {
            flag: 'metrics-bind-address',
            field: 'metricsBindAddress',
            must: { be: 'at', address: '127.0.0.1' },
            otherwise: '127.0.0.1:10249',
          },
        ],
        [{ flag: 'metrics-bind-address', field: 'metricsBindAddress', must: { be: 'at', address: '[::1]' } }],
        [{ flag: 'metrics-bind-address', field: 'metricsBindAddress', must: { be: 'at', address: 'localhost' } }],
      ],
    },
    unmet: 'FAIL',
  },
];

/** Section 1.1. Keys are those of aquasecurity/k8s-node-collector. */
export const SERVER_FILE_CHECKS: readonly CisCheck[] = [
  ...modeAndOwner(['1.1.1', '1.1.2'], 'the manifest of the API server', 'kubeAPIServerSpecFile'),
  ...modeAndOwner(['1.1.3', '1.1.4'], 'the manifest of the controller manager', 'kubeControllerManagerSpecFile'),
  ...modeAndOwner(['1.1.5', '1.1.6'], 'the manifest of the scheduler', 'kubeSchedulerSpecFile'),
  ...modeAndOwner(['1.1.7', '1.1.8'], 'the manifest of etcd', 'kubeEtcdSpecFile'),
  // The collector looks at the folders of network plug-ins and of their programs: what is too open may be a program.
  ...modeAndOwner(['1.1.9', '1.1.10'], 'the configuration of the network plug-in', 'containerNetworkInterfaceFile').map(
    (check): CisCheck => ({ ...check, unmet: 'UNKNOWN' }),
  ),
  serverFile('1.1.11', { file: 'the data of etcd', key: 'etcdDataDirectoryPermissions', must: { mode: 0o700 } }),
  {
    // With kubeadm etcd runs as root, and its data is root's.
    ...serverFile('1.1.12', {
      file: 'the data of etcd',
      key: 'etcdDataDirectoryOwnership',
      must: { owner: 'etcd:etcd' },
    }),
    unmet: 'WARN',
    severity: 'low',
  },
  ...modeAndOwner(['1.1.13', '1.1.14'], 'the kubeconfig of the administrator', 'adminConfFile'),
  ...modeAndOwner(['1.1.15', '1.1.16'], 'the kubeconfig of the scheduler', 'schedulerConfFile'),
  ...modeAndOwner(['1.1.17', '1.1.18'], 'the kubeconfig of the controller manager', 'controllerManagerConfFile'),
  serverFile('1.1.19', {
    file: 'a key or certificate of the control plane',
    key: 'kubePKIDirectoryFileOwnership',
    must: { owner: 'root:root' },
  }),
  serverFile('1.1.20', {
    file: 'a certificate of the control plane',
    key: 'kubernetesPKICertificateFilePermissions',
    must: { mode: 0o644 },
  }),
  serverFile('1.1.21', {
    file: 'a key of the control plane',
    key: 'kubePKIKeyFilePermissions',
    must: { mode: 0o600 },
  }),
];

/** Section 4.1. On AKS the provider makes these files, and its benchmark asks for other ones. */
export const NODE_FILE_CHECKS: readonly CisCheck[] = [
  ...nodeFiles(['4.1.1', '4.1.2'], 'the service file of the kubelet', 'kubeletServiceFile'),
  ...nodeFiles(['4.1.3', '4.1.4'], 'the kubeconfig of kube-proxy', 'kubeconfigFileExists'),
  ...nodeFiles(['4.1.5', '4.1.6'], 'the kubeconfig of the kubelet', 'kubeletConfFile'),
  nodeFile('4.1.7', 'the CA of the kubelet', 'certificateAuthoritiesFilePermissions', { mode: 0o644 }),
  nodeFile('4.1.8', 'the CA of the kubelet', 'certificateAuthoritiesFileOwnership', { owner: 'root:root' }),
  ...nodeFiles(['4.1.9', '4.1.10'], 'the configuration of the kubelet', 'kubeletConfigYamlConfigurationFile'),
];

/** Section 3.1 of the benchmark for AKS. */
export const AKS_FILE_CHECKS: readonly CisCheck[] = [
  aksFile('3.1.1', 'the kubeconfig of the kubelet', { mode: 0o644 }, 'kubeletConfFilePermissions'),
  aksFile('3.1.2', 'the kubeconfig of the kubelet', { owner: 'root:root' }, 'kubeletConfFileOwnership'),
  aksFile('3.1.3', '`azure.json`', { mode: 0o644 }),
  aksFile('3.1.4', '`azure.json`', { owner: 'root:root' }),
];

function kubelet([kubernetes, aks]: readonly [string, string?], ...all: readonly Condition[]): CisCheck {
  return {
    kubernetes,
    ...(aks !== undefined && { aks }),
    control: 'CP-TLS-003',
    test: { kind: 'component', component: 'kubelet', anyOf: [all] },
    unmet: 'FAIL',
  };
}

function serverFile(kubernetes: string, test: Omit<FileTest, 'kind' | 'on'>): CisCheck {
  return {
    kubernetes,
    control: 'CP-CFG-001',
    test: { ...test, kind: 'file', on: 'control-plane' },
    unmet: 'FAIL',
  };
}

/** Of manifests, the collector names modes `…Permission`; of all others, `…Permissions`. */
function modeAndOwner([mode, owner]: readonly [string, string], file: string, key: string): readonly CisCheck[] {
  return [
    serverFile(mode, { file, key: `${key}Permissions`, must: { mode: 0o600 } }),
    serverFile(owner, { file, key: `${key}Ownership`, must: { owner: 'root:root' } }),
  ];
}

// biome-ignore lint/complexity/useMaxParams: one row of a table
function nodeFile(kubernetes: string, file: string, key: string, must: FileTest['must']): CisCheck {
  return { kubernetes, control: 'CP-CFG-002', test: { kind: 'file', file, key, must, on: 'node' }, unmet: 'FAIL' };
}

function nodeFiles([mode, owner]: readonly [string, string], file: string, key: string): readonly CisCheck[] {
  return [
    nodeFile(mode, file, `${key}Permissions`, { mode: 0o600 }),
    nodeFile(owner, file, `${key}Ownership`, { owner: 'root:root' }),
  ];
}

// biome-ignore lint/complexity/useMaxParams: one row of a table
function aksFile(aks: string, file: string, must: FileTest['must'], key?: string): CisCheck {
  const test: FileTest = { kind: 'file', file, ...(key !== undefined && { key }), must, on: 'node' };
  return { aks, control: 'CP-CFG-002', test, unmet: 'WARN', severity: 'low' };
}
