import type { PlainObject } from '#model/plain.ts';
import { commentText, type Document } from '../../write/yaml.ts';

/** What only the deployment of Azure knows: kustomize puts it into the objects. */
export const VALUES_FILE = 'values.env';
const VALUES = 'values-of-azure';

/** What stands where kustomize puts a value in: an id that is nobody's. */
export const NOT_YET = '00000000-0000-0000-0000-000000000000';

/** The file that a person fills in once, with what each value is. */
export function valuesText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, why]) => `${commentText(why)}${key}=${NOT_YET}\n`)
    .join('');
}

export function fromValues(key: string): PlainObject {
  return { kind: 'ConfigMap', name: VALUES, fieldPath: `data.${key}` };
}

/** Fields of the kustomization. What holds the values stays out of the cluster, as its annotation says. */
export function valuesIntoObjects(replacements: readonly Document['value'][]): PlainObject {
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
    replacements,
  };
}
