import type { Assessment, Evidence } from '#model/control.ts';
import { entriesAt, textAt } from '#model/plain.ts';
import { plain } from '../../assessment.ts';
import { isAksCluster } from '../../azure-signs.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';

/** Who runs the control plane of the cluster, where it is not its user. */
export interface Provider {
  readonly name: 'AKS' | 'EKS' | 'GKE';
  /** What the provider says of it. */
  readonly statement: string;
  readonly evidence: readonly Evidence[];
}

const STATEMENTS: Readonly<Record<Provider['name'], readonly [string, string]>> = {
  AKS: [
    'Microsoft runs the control plane and holds it to the CIS benchmark; its users set none of it',
    'https://learn.microsoft.com/en-us/azure/aks/cis-kubernetes',
  ],
  EKS: [
    'Amazon runs the control plane; its users set none of its flags',
    'https://docs.aws.amazon.com/eks/latest/best-practices/security.html',
  ],
  GKE: [
    'Google runs the control plane; its users set none of its flags',
    'https://cloud.google.com/kubernetes-engine/docs/concepts/cis-benchmarks',
  ],
};

/** By the cluster of the Azure input, by labels of nodes, by what only AKS reads. */
export function providerOf(context: ControlContext): Provider | undefined {
  const { snapshot, objects } = context;
  const cluster = snapshot.azure.clusters[0];
  if (cluster !== undefined) return providerNamed('AKS', [{ object: cluster.id, origin: cluster.origin }]);
  const signs = isAksCluster(context);
  if (signs.state === 'aks') return providerNamed('AKS', signs.evidence);
  for (const node of objects.of('', 'Node')) {
    for (const [key] of entriesAt(node.value, 'metadata', 'labels')) {
      const name = /^eks\.amazonaws\.com\//.test(key)
        ? 'EKS'
        : /^cloud\.google\.com\/gke-/.test(key)
          ? 'GKE'
          : undefined;
      if (name !== undefined) return providerNamed(name, [seenAt(node, ['metadata', 'labels', key])]);
    }
    const version = textAt(node.value, 'status', 'nodeInfo', 'kubeletVersion') ?? '';
    const name = /-eks-/.test(version) ? 'EKS' : /-gke\./.test(version) ? 'GKE' : undefined;
    if (name !== undefined) return providerNamed(name, [seenAt(node, ['status', 'nodeInfo', 'kubeletVersion'])]);
  }
  return undefined;
}

function providerNamed(name: Provider['name'], evidence: readonly Evidence[]): Provider {
  const [statement, source] = STATEMENTS[name];
  return { name, statement, evidence: [...evidence, { object: name, field: source, why: statement }] };
}

/** What a control of the control plane says where a provider runs it. */
export function byProvider({ name, statement, evidence }: Provider): Assessment {
  return plain('NA-PROVIDER', `the cluster is one of ${name}: ${statement}`, evidence);
}
