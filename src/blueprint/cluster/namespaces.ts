import type { Design } from '../plan/design.ts';
import type { Space } from '../plan/spaces.ts';
import type { Document } from '../write/yaml.ts';
import { PLATFORM_TEAM, SENSITIVITY, TEAM } from './labels.ts';
import { doorAnnotations, meshAnnotations, meshLabels } from './mesh/mesh.ts';
import { objectOf } from './object.ts';

/** The namespace, and its default account, which is nobody. */
export function namespaceDocuments(design: Design, { name, team, sensitivity }: Space): readonly Document[] {
  return [
    namespaceOf(design, { name, labels: { [TEAM]: team.name, [SENSITIVITY]: sensitivity } }),
    defaultAccount(name),
  ];
}

export function platformNamespace(design: Design, name: string): readonly Document[] {
  return [
    namespaceOf(design, {
      name,
      annotations: doorAnnotations(design.choices),
      labels: { [TEAM]: PLATFORM_TEAM, [SENSITIVITY]: 'public' },
    }),
    defaultAccount(name),
  ];
}

interface Named {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The version is pinned, so that an upgrade of Kubernetes does not refuse what ran the day before. */
function namespaceOf(design: Design, { name, labels, annotations: own }: Named): Document {
  const version = `v${design.choices.kubernetesVersion}`;
  const security = ['enforce', 'audit', 'warn'].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, version],
  ]);
  const annotations = { ...meshAnnotations(design.choices), ...own };
  return objectOf({
    api: 'v1',
    kind: 'Namespace',
    name,
    labels: { ...labels, ...Object.fromEntries(security), ...meshLabels(design.choices) },
    ...(Object.keys(annotations).length > 0 && { annotations }),
    body: {},
  });
}

function defaultAccount(namespace: string): Document {
  return objectOf({
    api: 'v1',
    kind: 'ServiceAccount',
    name: 'default',
    namespace,
    why: 'Pods that name no account get no token: there is nothing to steal from them.',
    body: { automountServiceAccountToken: false },
  });
}
