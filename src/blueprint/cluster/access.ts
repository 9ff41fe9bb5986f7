import type { PlainValue } from '#model/plain.ts';
import type { Design } from '../plan/design.ts';
import type { Space } from '../plan/spaces.ts';
import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const READ = ['get', 'list', 'watch'] as const;

/** What a team may do in its namespace: look. What changes it comes by the pipeline. */
export function teamAccess({ name, team }: Space): readonly Document[] {
  return [
    objectOf({
      api: RBAC,
      kind: 'Role',
      name: 'team',
      namespace: name,
      why: 'The team looks at what runs, what fences it in and what happened. Changes come by the pipeline; Secrets are read by nobody.',
      body: {
        rules: [
          rule('', ['configmaps', 'endpoints', 'events', 'limitranges', 'persistentvolumeclaims', 'pods', 'pods/log']),
          rule('', ['replicationcontrollers', 'resourcequotas', 'serviceaccounts', 'services']),
          rule('apps', ['daemonsets', 'deployments', 'replicasets', 'statefulsets']),
          rule('autoscaling', ['horizontalpodautoscalers']),
          rule('batch', ['cronjobs', 'jobs']),
          rule('cilium.io', ['ciliumnetworkpolicies']),
          rule('discovery.k8s.io', ['endpointslices']),
          rule('gateway.networking.k8s.io', ['backendtlspolicies', 'gateways', 'httproutes']),
          rule('networking.k8s.io', ['networkpolicies']),
          rule('policy', ['poddisruptionbudgets']),
        ],
      },
    }),
    objectOf({
      api: RBAC,
      kind: 'RoleBinding',
      name: 'team',
      namespace: name,
      why: `The group of the team ${team.name} in Microsoft Entra ID.`,
      body: bound('Role', 'team', team.group),
    }),
  ];
}

/** The only people who may change what fences workloads in. */
export function networkAdmins({ choices }: Design): readonly Document[] {
  const write = ['create', 'delete', 'patch', 'update', ...READ];
  return [
    objectOf({
      api: RBAC,
      kind: 'ClusterRole',
      name: 'network-admin',
      why: 'Policies, of the engine that runs and of Kubernetes: whoever may change them may lift every fence of the cluster.',
      body: {
        rules: [
          rule('networking.k8s.io', ['networkpolicies'], write),
          choices.engine === 'cilium'
            ? rule('cilium.io', ['ciliumclusterwidenetworkpolicies', 'ciliumnetworkpolicies'], write)
            : rule('crd.projectcalico.org', ['globalnetworkpolicies', 'networkpolicies'], write),
        ],
      },
    }),
    objectOf({
      api: RBAC,
      kind: 'ClusterRoleBinding',
      name: 'network-admins',
      why: 'The group of the network admins in Microsoft Entra ID. Let people enter it for hours, by Privileged Identity Management.',
      body: bound('ClusterRole', 'network-admin', choices.groups.networkAdmins),
    }),
  ];
}

function rule(group: string, resources: readonly string[], verbs: readonly string[] = READ): PlainValue {
  return { apiGroups: [group], resources, verbs };
}

function bound(kind: string, name: string, group: string): { readonly [field: string]: PlainValue } {
  return {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
  };
}
