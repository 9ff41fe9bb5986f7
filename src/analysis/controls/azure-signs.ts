import type { Evidence } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { entriesAt, textAt } from '#model/plain.ts';
import { type ControlContext, onceKey, titleOf } from './context.ts';

/** Whether manifests show that the cluster is one of AKS, without any resource of Azure. */
export interface AksSigns {
  readonly state: 'aks' | 'arc' | 'other' | 'open';
  /** By what it is known. */
  readonly why: string;
  readonly evidence: readonly Evidence[];
}

/**
 * `aks`: nodes carry its labels or ids, or objects ask for what only it has; `arc`: agents of Azure Arc run in it; `other`:
 * nodes are of another provider; `open`: nothing says.
 */
export function isAksCluster(context: ControlContext): AksSigns {
  return context.once(SIGNS, signsOf);
}

const SIGNS = onceKey<AksSigns>('signs of AKS');

function signsOf({ objects }: ControlContext): AksSigns {
  const nodes = objects.of('', 'Node');
  for (const node of nodes) {
    const sign = signOfNode(node);
    if (sign !== undefined) return sign;
  }
  const agents = objects.inNamespace('azure-arc')[0] ?? objects.of('arc.azure.com', 'ConnectedCluster')[0];
  if (agents !== undefined) return signOf('arc', agents, ['metadata', 'namespace']);
  for (const object of objects.all) {
    const sign = signOfObject(object);
    if (sign !== undefined) return sign;
  }
  const [node] = nodes;
  return node === undefined ? OPEN : signOfOther(node);
}

const OPEN: AksSigns = { state: 'open', why: 'nothing says which provider the cluster is of', evidence: [] };

function signOfNode(node: ClusterObject): AksSigns | undefined {
  if (textAt(node.value, 'metadata', 'labels', 'kubernetes.azure.com/cluster') !== undefined)
    return signOf('aks', node, ['metadata', 'labels', 'kubernetes.azure.com/cluster']);
  if (entriesAt(node.value, 'metadata', 'labels').some(([key]) => key === 'kubernetes.azure.com/agentpool'))
    return signOf('aks', node, ['metadata', 'labels', 'kubernetes.azure.com/agentpool']);
  // A cluster that somebody runs on machines of Azure has ids of that provider too; the names of nodes tell.
  const isAzure = /^azure:\/\//.test(textAt(node.value, 'spec', 'providerID') ?? '');
  return isAzure && /^aks-/.test(node.name) ? signOf('aks', node, ['spec', 'providerID']) : undefined;
}

const ANNOTATION = /^service\.beta\.kubernetes\.io\/azure-|^appgw\.ingress\.kubernetes\.io\//;
const CLASSES =
  /^(?:webapprouting\.kubernetes\.azure\.com|azure-application-gateway|azure\/application-gateway|azure-alb-external)$/;

/** Annotations that only the cloud provider of Azure reads, and classes that only add-ons of AKS serve. */
function signOfObject(object: ClusterObject): AksSigns | undefined {
  const annotation = entriesAt(object.value, 'metadata', 'annotations').find(([key]) => ANNOTATION.test(key));
  if (annotation !== undefined) return signOf('aks', object, ['metadata', 'annotations', annotation[0]]);
  const field = object.kind === 'Gateway' ? 'gatewayClassName' : 'ingressClassName';
  return CLASSES.test(textAt(object.value, 'spec', field) ?? '') ? signOf('aks', object, ['spec', field]) : undefined;
}

function signOfOther(node: ClusterObject): AksSigns {
  const id = textAt(node.value, 'spec', 'providerID') ?? '';
  return /^(?:aws|gce|kind|k3s|openstack|vsphere|ibm|oci|digitalocean|hcloud):\/\//.test(id)
    ? signOf('other', node, ['spec', 'providerID'])
    : OPEN;
}

function signOf(state: AksSigns['state'], object: ClusterObject, path: readonly string[]): AksSigns {
  const value = textAt(object.value, ...path);
  const field = path.join('.');
  const evidence: Evidence = {
    object: titleOf(object),
    field,
    ...(value === undefined ? { absent: true } : { value }),
    origin: object.originAt(path),
  };
  return { state, why: `${titleOf(object)} has \`${field}\``, evidence: [evidence] };
}
