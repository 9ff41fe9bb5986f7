import type { Design } from '../plan/design.ts';
import { ALLOWED_SERVICE_PORTS } from '../plan/ports.ts';
import { given, type Part, VERSIONS } from './resources.ts';
import type { Draft, ValueObject } from './value.ts';

/** What Azure Policy holds in place: the policies that the baselines name, and those that fit them. */
export const policy: Part = (design) => ASSIGNED.map((each) => assignmentOf(design, each));

interface Assigned {
  readonly key: string;
  readonly name: string;
  /** As Azure calls it. */
  readonly title: string;
  readonly kind: 'policyDefinitions' | 'policySetDefinitions';
  readonly id: string;
  readonly parameters?: (design: Design) => Readonly<Record<string, string | boolean | readonly (string | number)[]>>;
}

/** Versions and parameters: azure.md 8.1 and 8.3. Constraints of the cluster refuse; what stands in Azure is audited. */
const ASSIGNED: readonly Assigned[] = [
  {
    key: 'policyAuthorizedRanges',
    name: 'authorized-ranges',
    title: 'Authorized IP ranges should be defined on Kubernetes Services',
    kind: 'policyDefinitions',
    id: '0e246bcf-5f6f-4f87-bc6f-775d4712c7ea',
    parameters: () => ({ effect: 'Audit' }),
  },
  {
    key: 'policyHttps',
    name: 'https-only',
    title: 'Kubernetes clusters should be accessible only over HTTPS',
    kind: 'policyDefinitions',
    id: '1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d',
    parameters: () => ({ effect: 'deny' }),
  },
  {
    key: 'policyServicePorts',
    name: 'service-ports',
    title: 'Kubernetes cluster services should listen only on allowed ports',
    kind: 'policyDefinitions',
    id: '233a2a17-77ca-4fb1-9b6b-69223d272a44',
    parameters: () => ({ effect: 'deny', allowedServicePortsList: ALLOWED_SERVICE_PORTS.map(String) }),
  },
  {
    key: 'policyExternalIps',
    name: 'external-addresses',
    title: 'Kubernetes cluster services should only use allowed external IPs',
    kind: 'policyDefinitions',
    id: 'd46c275d-1680-448d-b2ec-e495a3b6cc89',
    parameters: () => ({ effect: 'Deny', allowedExternalIPs: [] }),
  },
  {
    key: 'policyHostNetwork',
    name: 'host-network',
    title: 'Kubernetes cluster pods should only use approved host network and port list',
    kind: 'policyDefinitions',
    id: '82985f06-dc18-4a48-bc1c-b9f4f0098cfe',
    parameters: () => ({ effect: 'Deny', allowHostNetwork: false, allowedHostPorts: [] }),
  },
  {
    key: 'policyPodSecurity',
    name: 'pod-security',
    title: 'Kubernetes cluster pod security restricted standards for Linux-based workloads',
    kind: 'policySetDefinitions',
    id: '42b8ef37-b724-4e24-bbc8-7a7708edfe00',
    parameters: () => ({ effect: 'Deny' }),
  },
  {
    key: 'policyBenchmark',
    name: 'cloud-benchmark',
    title: 'Microsoft cloud security benchmark',
    kind: 'policySetDefinitions',
    id: '1f3afdf9-d0c9-4c3d-847f-89da613e70a8',
  },
];

function assignmentOf(design: Design, { key, name, title, kind, id, parameters }: Assigned): Draft {
  const values: ValueObject = Object.fromEntries(
    Object.entries(parameters?.(design) ?? {}).map(([parameter, value]) => [parameter, { value }]),
  );
  return {
    key,
    module: 'policy',
    group: 'subscription',
    type: 'Microsoft.Authorization/policyAssignments',
    apiVersion: VERSIONS.policyAssignments,
    name: `${design.choices.name}-${design.choices.environment}-${name}`,
    body: given({
      properties: given({
        displayName: title,
        policyDefinitionId: `/providers/Microsoft.Authorization/${kind}/${id}`,
        enforcementMode: 'Default',
        parameters: Object.keys(values).length > 0 ? values : undefined,
      }),
    }),
  };
}
