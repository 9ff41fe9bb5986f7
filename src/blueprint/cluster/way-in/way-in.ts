import type { Design } from '../../plan/design.ts';
import type { Space } from '../../plan/spaces.ts';
import { doorOf, WAY_IN, wayInSources } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import type { Folder } from '../folder.ts';
import { limitDocuments } from '../limits.ts';
import { platformNamespace } from '../namespaces.ts';
import { defaultDeny } from '../network/namespace-policies.ts';
import { backendTls } from './backend-tls.ts';
import { CERTIFICATE_VALUES, certificateDocuments, certificateReplacements } from './certificate.ts';
import { CONTAINERS_VALUES, containersDocuments, containersReplacements } from './containers.ts';
import { entryService, gatewayDocuments, routeDocuments } from './gateway.ts';
import { gatewayPolicies } from './gateway-policies.ts';
import { VALUES_FILE, valuesIntoObjects, valuesText } from './values.ts';

/** The folder of the door, where it has objects of its own in the cluster. */
export function wayInFolder(design: Design): Folder | undefined {
  const door = doorOf(design.choices);
  if (door !== 'gateway' && door !== 'containers') return undefined;
  const isInside = door === 'gateway';
  return {
    why: `The way in. \`${VALUES_FILE}\` has what only the deployment of Azure knows: fill it in once, from the outputs.`,
    files: [
      { name: 'namespace.yaml', documents: platformNamespace(design, WAY_IN) },
      { name: 'limits.yaml', documents: limitDocuments({ namespace: WAY_IN, cpu: 8, memory: 8, pods: 20 }) },
      { name: 'network.yaml', documents: isInside ? gatewayPolicies(design) : [defaultDeny(WAY_IN)] },
      { name: 'certificate.yaml', documents: certificateDocuments(design) },
      { name: 'gateway.yaml', documents: isInside ? gatewayDocuments(design) : containersDocuments(design) },
    ],
    kustomization: valuesIntoObjects([...certificateReplacements(), ...(isInside ? [] : containersReplacements())]),
    texts: [[VALUES_FILE, valuesText({ ...CERTIFICATE_VALUES, ...(isInside ? {} : CONTAINERS_VALUES) })]],
  };
}

/** What a published namespace has for the door. */
export function entryDocuments(design: Design, space: Space): readonly Document[] {
  if (!space.isEntered) return [];
  if (doorOf(design.choices) !== 'balancers') return [...routeDocuments(design, space), ...backendTls(design, space)];
  return [
    entryService(design, space.name, {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: wayInSources(design),
    }),
  ];
}
