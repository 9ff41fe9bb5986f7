import { existsSync, readFileSync } from 'node:fs';
import type { FieldSupport } from '#parse/kubernetes/field-support.ts';
import { supportTable } from '#parse/kubernetes/fields.ts';
import { fieldTables } from './docs-fields.ts';

/** The groups of each page of docs/apis; the table of their fields stands at its end. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ['networking.k8s.io', 'policy.networking.k8s.io'],
  calico: ['projectcalico.org', 'crd.projectcalico.org', 'operator.tigera.io'],
  cilium: ['cilium.io'],
  istio: ['security.istio.io', 'networking.istio.io'],
  linkerd: ['policy.linkerd.io', 'workload.linkerd.io'],
};

const MARK = '<!-- fields -->';

/** The pages of docs/apis with the tables written anew below their mark. */
export function apiPages(): [path: string, text: string][] {
  return Object.entries(GROUPS).flatMap(([name, groups]): [string, string][] => {
    const path = `docs/apis/${name}.md`;
    if (!existsSync(path)) return [];
    const [head = ''] = readFileSync(path, 'utf8').split(MARK);
    return [[path, `${head.trimEnd()}\n\n${MARK}\n## Fields\n\n${fieldTables(linesOf(groups), '###')}`]];
  });
}

function linesOf(groups: readonly string[]): FieldSupport[] {
  return supportTable().filter(({ group, kind }) => groups.includes(group) && !NOT_POLICY.has(kind));
}

/** Kinds of these groups that are ways in and no policy. */
const NOT_POLICY: ReadonlySet<string> = new Set(['Ingress', 'IngressClass']);
