import type { PlainObject } from '#model/plain.ts';
import { type Document, yamlFile } from '../write/yaml.ts';

/** A folder of manifests: its files in the order in which they are applied, and the folders below it. */
export interface Folder {
  /** Of the whole: a comment above its kustomization. */
  readonly why: string;
  readonly files: readonly ManifestFile[];
  readonly folders?: readonly (readonly [name: string, folder: Folder])[];
  /** Fields of the kustomization beside `resources`. */
  readonly kustomization?: PlainObject;
  /** Files that are no manifests, and that the kustomization names. */
  readonly texts?: readonly (readonly [name: string, text: string])[];
}

export interface ManifestFile {
  readonly name: string;
  readonly documents: readonly Document[];
}

/** The texts of a folder by their paths below it: files and folders with nothing in them are left out. */
export function folderTexts({
  why,
  files,
  folders = [],
  kustomization = {},
  texts: others = [],
}: Folder): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const resources: string[] = [];
  for (const { name, documents } of files) {
    if (documents.length === 0) continue;
    texts.set(name, yamlFile(documents));
    resources.push(name);
  }
  for (const [name, folder] of folders) {
    const below = folderTexts(folder);
    if (below.size === 0) continue;
    for (const [path, text] of below) texts.set(`${name}/${path}`, text);
    resources.push(name);
  }
  if (resources.length === 0) return texts;
  const value = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources,
    ...kustomization,
  };
  return new Map([['kustomization.yaml', yamlFile([{ why, value }])], ...texts, ...others]);
}
