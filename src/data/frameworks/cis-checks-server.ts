import type { CisCheck, Component, Condition, Expectation } from './cis-check.ts';

const SET: Expectation = { be: 'set' };
const ADMISSION = 'enable-admission-plugins';

/** Suites with forward secrecy and authenticated encryption. Those of TLS 1.3 cannot be chosen, and may be named. */
export const STRONG_CIPHERS: readonly string[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
];

/** Sections 1.2 and 3.2: kube-apiserver. Defaults: kube-apiserver 1.36, of its reference. */
export const API_SERVER_CHECKS: readonly CisCheck[] = [
  {
    ...apiServer('1.2.1', 'CP-CFG-001', {
      flag: 'anonymous-auth',
      must: { be: 'equal', to: 'false' },
      otherwise: 'true',
      movedBy: ['authentication-config'],
    }),
    // Probes of the control plane and joining nodes ask without proof, and RBAC gives them little else.
    unmet: 'WARN',
    severity: 'low',
  },
  { ...apiServer('1.2.2', 'CP-CFG-001', { flag: 'token-auth-file', must: { be: 'unset' } }), severity: 'high' },
  {
    ...apiServer('1.2.3', 'CP-CFG-001', { flag: ADMISSION, must: { be: 'with', item: 'DenyServiceExternalIPs' } }),
    severity: 'low',
  },
  apiServer(
    '1.2.4',
    'CP-TLS-001',
    { flag: 'kubelet-client-certificate', must: SET },
    { flag: 'kubelet-client-key', must: SET },
  ),
  {
    ...apiServer('1.2.5', 'CP-TLS-001', { flag: 'kubelet-certificate-authority', must: SET }),
    severity: 'medium',
  },
  { ...apiServer('1.2.6', 'CP-CFG-001', authorization({ be: 'without', item: 'AlwaysAllow' })), severity: 'critical' },
  apiServer('1.2.7', 'CP-CFG-001', authorization({ be: 'with', item: 'Node' })),
  { ...apiServer('1.2.8', 'CP-CFG-001', authorization({ be: 'with', item: 'RBAC' })), severity: 'high' },
  { ...apiServer('1.2.9', 'CP-CFG-001', plugin('EventRateLimit')), unmet: 'WARN', severity: 'low' },
  {
    ...apiServer('1.2.10', 'CP-CFG-001', { flag: ADMISSION, must: { be: 'without', item: 'AlwaysAdmit' } }),
    severity: 'low',
  },
  { ...apiServer('1.2.11', 'CP-CFG-001', plugin('AlwaysPullImages')), unmet: 'WARN', severity: 'low' },
  apiServer('1.2.12', 'CP-CFG-001', notDisabled('ServiceAccount')),
  apiServer('1.2.13', 'CP-CFG-001', notDisabled('NamespaceLifecycle')),
  { ...apiServer('1.2.14', 'CP-CFG-001', plugin('NodeRestriction')), severity: 'high' },
  {
    ...apiServer('1.2.15', 'CP-CFG-001', profiling()),
    severity: 'low',
    safe: { flag: 'profiling', value: 'false' },
  },
  apiServer('1.2.16', 'MON-LOG-002', { flag: 'audit-log-path', must: SET }),
  apiServer('1.2.17', 'MON-LOG-002', { flag: 'audit-log-maxage', must: { be: 'at-least', number: 30 } }),
  apiServer('1.2.18', 'MON-LOG-002', { flag: 'audit-log-maxbackup', must: { be: 'at-least', number: 10 } }),
  apiServer('1.2.19', 'MON-LOG-002', { flag: 'audit-log-maxsize', must: { be: 'at-least', number: 100 } }),
  {
    ...apiServer('1.2.20', 'CP-CFG-001', {
      flag: 'request-timeout',
      must: { be: 'within', seconds: 300 },
      otherwise: '1m0s',
    }),
    unmet: 'WARN',
    severity: 'low',
  },
  {
    ...apiServer('1.2.21', 'CP-CFG-001', {
      flag: 'service-account-lookup',
      must: { be: 'equal', to: 'true' },
      otherwise: 'true',
    }),
    safe: { flag: 'service-account-lookup', value: 'true' },
  },
  apiServer('1.2.22', 'CP-CFG-001', { flag: 'service-account-key-file', must: SET }),
  apiServer('1.2.23', 'CP-TLS-001', { flag: 'etcd-certfile', must: SET }, { flag: 'etcd-keyfile', must: SET }),
  apiServer('1.2.24', 'CP-TLS-001', { flag: 'tls-cert-file', must: SET }, { flag: 'tls-private-key-file', must: SET }),
  apiServer('1.2.25', 'CP-TLS-001', { flag: 'client-ca-file', must: SET, movedBy: ['authentication-config'] }),
  apiServer('1.2.26', 'CP-TLS-001', { flag: 'etcd-cafile', must: SET }),
  apiServer('1.2.27', 'CFG-SEC-001', { flag: 'encryption-provider-config', must: SET }),
  {
    kubernetes: '1.2.29',
    control: 'CP-TLS-001',
    test: {
      kind: 'component',
      component: 'kube-apiserver',
      // From TLS 1.3 on, suites cannot be chosen, and all of them are strong.
      anyOf: [
        [{ flag: 'tls-cipher-suites', must: { be: 'among', items: STRONG_CIPHERS } }],
        [{ flag: 'tls-min-version', must: { be: 'equal', to: 'VersionTLS13' } }],
      ],
    },
    unmet: 'WARN',
    severity: 'low',
  },
  {
    ...apiServer('1.2.30', 'CP-CFG-001', {
      flag: 'service-account-extend-token-expiration',
      must: { be: 'equal', to: 'false' },
      otherwise: 'true',
    }),
    severity: 'low',
  },
  apiServer('3.2.1', 'MON-LOG-002', { flag: 'audit-policy-file', must: SET }),
];

/** Sections 1.3 and 1.4. Defaults: kube-controller-manager and kube-scheduler 1.36, of their references. */
export const CONTROLLER_CHECKS: readonly CisCheck[] = [
  {
    ...check('1.3.1', 'CP-CFG-001', 'kube-controller-manager', {
      flag: 'terminated-pod-gc-threshold',
      must: SET,
      otherwise: '12500',
    }),
    unmet: 'WARN',
    severity: 'low',
  },
  {
    ...check('1.3.2', 'CP-CFG-001', 'kube-controller-manager', profiling()),
    severity: 'low',
    safe: { flag: 'profiling', value: 'false' },
  },
  check('1.3.3', 'CP-CFG-001', 'kube-controller-manager', {
    flag: 'use-service-account-credentials',
    must: { be: 'equal', to: 'true' },
    otherwise: 'false',
  }),
  check('1.3.4', 'CP-CFG-001', 'kube-controller-manager', { flag: 'service-account-private-key-file', must: SET }),
  check('1.3.5', 'CP-CFG-001', 'kube-controller-manager', { flag: 'root-ca-file', must: SET }),
  check('1.3.6', 'TLS-CRT-002', 'kube-controller-manager', {
    flag: 'feature-gates',
    must: { be: 'without', item: 'RotateKubeletServerCertificate=false' },
  }),
  { ...check('1.3.7', 'CP-CFG-001', 'kube-controller-manager', onLoopback()), unset: 'WARN' },
  {
    ...check('1.4.1', 'CP-CFG-001', 'kube-scheduler', profiling()),
    severity: 'low',
    safe: { flag: 'profiling', value: 'false' },
  },
  { ...check('1.4.2', 'CP-CFG-001', 'kube-scheduler', onLoopback()), unset: 'WARN' },
];

/** Section 2. Defaults: etcd 3.6, of its reference. */
export const ETCD_CHECKS: readonly CisCheck[] = [
  check('2.1', 'CP-TLS-002', 'etcd', { flag: 'cert-file', must: SET }, { flag: 'key-file', must: SET }),
  check('2.2', 'CP-TLS-002', 'etcd', {
    flag: 'client-cert-auth',
    must: { be: 'equal', to: 'true' },
    otherwise: 'false',
  }),
  {
    ...check('2.3', 'CP-TLS-002', 'etcd', { flag: 'auto-tls', must: { be: 'equal', to: 'false' }, otherwise: 'false' }),
    severity: 'high',
  },
  {
    ...check('2.4', 'CP-TLS-002', 'etcd', { flag: 'peer-cert-file', must: SET }, { flag: 'peer-key-file', must: SET }),
    severity: 'high',
  },
  {
    ...check('2.5', 'CP-TLS-002', 'etcd', {
      flag: 'peer-client-cert-auth',
      must: { be: 'equal', to: 'true' },
      otherwise: 'false',
    }),
    severity: 'high',
  },
  {
    ...check('2.6', 'CP-TLS-002', 'etcd', {
      flag: 'peer-auto-tls',
      must: { be: 'equal', to: 'false' },
      otherwise: 'false',
    }),
    severity: 'high',
  },
  { ...check('2.7', 'CP-TLS-002', 'etcd', { flag: 'trusted-ca-file', must: SET }), severity: 'high' },
];

// biome-ignore lint/complexity/useMaxParams: one row of a table
function check(kubernetes: string, control: string, component: Component, ...all: readonly Condition[]): CisCheck {
  return { kubernetes, control, test: { kind: 'component', component, anyOf: [all] }, unmet: 'FAIL' };
}

function apiServer(kubernetes: string, control: string, ...all: readonly Condition[]): CisCheck {
  return check(kubernetes, control, 'kube-apiserver', ...all);
}

function authorization(must: Expectation): Condition {
  return { flag: 'authorization-mode', must, otherwise: 'AlwaysAllow', movedBy: ['authorization-config'] };
}

function plugin(item: string): Condition {
  return { flag: ADMISSION, must: { be: 'with', item } };
}

function notDisabled(item: string): Condition {
  return { flag: 'disable-admission-plugins', must: { be: 'without', item } };
}

function profiling(): Condition {
  return { flag: 'profiling', must: { be: 'equal', to: 'false' }, otherwise: 'true' };
}

/** Since 1.20 the ports without TLS are gone, and the address is that of the port with TLS, `0.0.0.0` unless set. */
function onLoopback(): Condition {
  return { flag: 'bind-address', must: { be: 'at', address: '127.0.0.1' }, otherwise: '0.0.0.0' };
}
