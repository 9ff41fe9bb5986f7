import type { Design } from '../plan/design.ts';
import { type Space, spacesOf } from '../plan/spaces.ts';
import { doorOf, WAY_IN } from '../plan/way-in.ts';
import { networkAdmins, teamAccess } from './access.ts';
import { accountDocuments, accountValues } from './accounts.ts';
import { backups } from './backup.ts';
import { type Folder, folderTexts } from './folder.ts';
import { limitDocuments } from './limits.ts';
import { istioOf } from './mesh/istio.ts';
import { linkerdOf } from './mesh/linkerd.ts';
import { meshOfCluster } from './mesh/mesh.ts';
import { namespaceDocuments } from './namespaces.ts';
import { baseline } from './network/baseline.ts';
import { namespacePolicies } from './network/namespace-policies.ts';
import { storageClasses } from './storage.ts';
import { VALUES_FILE, valuesIntoObjects, valuesText } from './values.ts';
import { visibility } from './visibility.ts';
import { entryDocuments, wayInFolder, wayInValues } from './way-in/way-in.ts';

/** The configuration of the cluster, for kustomize, by paths in the folder of the blueprint: `cluster/…`. */
export function clusterFiles(design: Design): ReadonlyMap<string, string> {
  const wayIn = wayInFolder(design);
  const values = [...wayInValues(design), ...accountValues(design)];
  const whole: Folder = {
    why: `Everything in the cluster that is not a workload: kubectl apply --kustomize cluster${values.length === 0 ? '' : `\nFill in ${VALUES_FILE} first, from what the deployment of Azure made.`}`,
    files: [],
    folders: [
      ['platform', platformFolder(design)],
      ...(wayIn === undefined ? [] : [[WAY_IN, wayIn] as const]),
      [
        'namespaces',
        {
          why: 'A folder for each namespace of a team.',
          files: [],
          folders: spacesOf(design.choices).map((space) => [space.name, namespaceFolder(design, space)] as const),
        },
      ],
    ],
    ...(values.length > 0 && {
      kustomization: valuesIntoObjects(values),
      texts: [[VALUES_FILE, valuesText(values)] as const],
    }),
  };
  return new Map([...folderTexts(whole)].map(([path, text]) => [`cluster/${path}`, text]));
}

function platformFolder(design: Design): Folder {
  return {
    why: 'What holds for the whole cluster.',
    files: [
      { name: 'baseline.yaml', documents: [baseline(design)] },
      { name: 'network-admins.yaml', documents: networkAdmins(design) },
      { name: 'mesh.yaml', documents: meshOfCluster(design) },
      { name: 'storage.yaml', documents: storageClasses(design) },
      { name: 'backup.yaml', documents: backups(design) },
      { name: 'visibility.yaml', documents: visibility(design) },
    ],
  };
}

function namespaceFolder(design: Design, space: Space): Folder {
  const { name, cpu, memory, pods, team, sensitivity } = space;
  return {
    why: `${name}, of the team ${team.name}: ${sensitivity}.`,
    files: [
      { name: 'namespace.yaml', documents: [...namespaceDocuments(design, space), ...accountDocuments(space)] },
      {
        name: 'limits.yaml',
        documents: limitDocuments({
          namespace: name,
          cpu,
          memory,
          pods,
          balancers: space.isEntered && doorOf(design.choices) === 'balancers' ? 1 : 0,
        }),
      },
      { name: 'access.yaml', documents: teamAccess(space) },
      { name: 'network.yaml', documents: namespacePolicies(design, space) },
      { name: 'mesh.yaml', documents: meshDocuments(design, space) },
      { name: 'entry.yaml', documents: entryDocuments(design, space) },
    ],
  };
}

function meshDocuments(design: Design, space: Space): ReturnType<typeof istioOf> {
  switch (design.choices.mesh) {
    case 'istio':
      return istioOf(design, space);
    case 'linkerd':
      return linkerdOf(design, space);
    // Cilium encrypts between nodes, and its policies go by identity already.
    case 'cilium':
    case 'none':
      return [];
  }
}
