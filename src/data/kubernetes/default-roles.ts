/** One rule as a Role has it; absent lists are empty. */
export interface DefaultRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Where the rules are: Kubernetes 1.34, `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go`. */
export const DEFAULT_ROLES_SOURCE = 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const VIEW: readonly DefaultRule[] = [
  {
    verbs: READ,
    apiGroups: [''],
    resources: [
      ...['configmaps', 'endpoints', 'persistentvolumeclaims', 'persistentvolumeclaims/status', 'pods', 'pods/log'],
      ...['pods/status', 'replicationcontrollers', 'replicationcontrollers/scale', 'serviceaccounts', 'services'],
      ...['services/status', 'bindings', 'events', 'limitranges', 'namespaces/status', 'resourcequotas', 'namespaces'],
    ],
  },
  { verbs: READ, apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  {
    verbs: READ,
    apiGroups: ['apps'],
    resources: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  },
  { verbs: READ, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { verbs: READ, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  { verbs: READ, apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
  { verbs: READ, apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
];

const EDIT: readonly DefaultRule[] = [
  {
    verbs: READ,
    apiGroups: [''],
    resources: ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'],
  },
  { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'] },
  {
    verbs: WRITE,
    apiGroups: [''],
    resources: [
      ...['pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'configmaps'],
      ...['persistentvolumeclaims', 'replicationcontrollers', 'replicationcontrollers/scale', 'secrets'],
      ...['serviceaccounts', 'services', 'services/proxy', 'events'],
    ],
  },
  { verbs: ['create'], apiGroups: [''], resources: ['pods/eviction', 'serviceaccounts/token'] },
  {
    verbs: WRITE,
    apiGroups: ['apps'],
    resources: ['daemonsets', 'deployments', 'deployments/rollback', 'replicasets', 'statefulsets'],
  },
  { verbs: WRITE, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { verbs: WRITE, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  { verbs: WRITE, apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
  { verbs: WRITE, apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
];

const ADMIN: readonly DefaultRule[] = [
  { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] },
  { verbs: [...READ, ...WRITE], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'] },
];

const EVERYTHING: readonly DefaultRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** ClusterRoles that every cluster has and that are bound by name, with what they allow. */
export const DEFAULT_ROLES: ReadonlyMap<string, readonly DefaultRule[]> = new Map([
  ['cluster-admin', EVERYTHING],
  ['admin', [...ADMIN, ...EDIT, ...VIEW]],
  ['edit', [...EDIT, ...VIEW]],
  ['view', VIEW],
  [
    'system:auth-delegator',
    [
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'] },
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
    ],
  ],
  ['system:discovery', [{ verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/version'] }]],
  ['system:public-info-viewer', [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version'] }]],
  [
    'system:basic-user',
    [
      {
        verbs: ['create'],
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      },
    ],
  ],
  [
    'system:persistent-volume-provisioner',
    [
      { verbs: [...READ, 'create', 'delete'], apiGroups: [''], resources: ['persistentvolumes'] },
      { verbs: [...READ, 'update'], apiGroups: [''], resources: ['persistentvolumeclaims'] },
      { verbs: READ, apiGroups: ['storage.k8s.io'], resources: ['storageclasses'] },
    ],
  ],
  [
    'system:volume-scheduler',
    [
      { verbs: [...READ, 'patch', 'update'], apiGroups: [''], resources: ['persistentvolumes'] },
      { verbs: READ, apiGroups: ['storage.k8s.io'], resources: ['storageclasses'] },
    ],
  ],
  [
    'system:node-proxier',
    [
      { verbs: ['list', 'watch'], apiGroups: [''], resources: ['services', 'endpoints', 'nodes'] },
      { verbs: ['list', 'watch'], apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
    ],
  ],
  ['system:monitoring', [{ verbs: ['get'], nonResourceURLs: ['/metrics', '/metrics/slis', '/healthz', '/livez'] }]],
]);

/** To which of them ClusterRoles of others add by label: `rbac.authorization.k8s.io/aggregate-to-edit: "true"`. */
export const AGGREGATED_DEFAULTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['view', ['view']],
  ['edit', ['edit', 'view']],
  ['admin', ['admin', 'edit', 'view']],
]);

/** Roles of kube-system that every cluster has and that servers of the API are bound to: no rule of theirs leads to more. */
export const DEFAULT_SYSTEM_ROLES: ReadonlySet<string> = new Set(['extension-apiserver-authentication-reader']);
