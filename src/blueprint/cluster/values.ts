import type { PlainObject, PlainValue } from '#model/plain.ts';
import { commentText } from '../write/yaml.ts';

/** What only the deployment of Azure knows: a person writes it into one file, kustomize puts it into the objects. */
export interface ValueOfAzure {
  readonly key: string;
  /** What it is, and where to find it. */
  readonly why: string;
  /** Objects and fields, as replacements of kustomize name them. */
  readonly targets: readonly PlainValue[];
}

export const VALUES_FILE = 'values.env';
const VALUES = 'values-of-azure';

/** What stands where kustomize puts a value in: an id that is nobody's. */
export const NOT_YET = '00000000-0000-0000-0000-000000000000';

/** The file that a person fills in once. */
export function valuesText(values: readonly ValueOfAzure[]): string {
  return values.map(({ key, why }) => `${commentText(why)}${key}=${NOT_YET}\n`).join('');
}

/** Fields of the kustomization. What holds the values stays out of the cluster, as its annotation says. */
export function valuesIntoObjects(values: readonly ValueOfAzure[]): PlainObject {
  return {
    configMapGenerator: [
      {
        name: VALUES,
        envs: [VALUES_FILE],
        options: {
          disableNameSuffixHash: true,
          annotations: { 'config.kubernetes.io/local-config': 'true' },
        },
      },
    ],
    replacements: values.map(({ key, targets }) => ({
      source: { kind: 'ConfigMap', name: VALUES, fieldPath: `data.${key}` },
      targets,
    })),
  };
}
