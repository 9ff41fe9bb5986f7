import type { FrameworkId } from '#model/control.ts';
import type { ToldControl, ToldMapping } from '#model/scan.ts';
import { FRAMEWORKS } from '../../data/frameworks/frameworks.ts';
import type { Control } from './control.ts';
import { CONTROLS } from './controls.ts';

/** Every control in full, in the order in which reports list them. */
export function toldControls(): readonly ToldControl[] {
  return CONTROLS.map(toldOf);
}

/** What controls are grouped by: how their ids begin, and the name of the group. */
export const FAMILIES: readonly (readonly [string, string])[] = [
  ['NET-CNI', 'policy engine and addresses'],
  ['NET-POL', 'network policy'],
  ['API', 'API server and administration'],
  ['CP', 'control plane and nodes'],
  ['TLS', 'TLS and certificates'],
  ['MESH', 'encryption and identity between pods'],
  ['ING', 'ways in'],
  ['AZN', 'Azure network'],
  ['ARC', 'Azure Arc and Azure Local'],
  ['MON', 'monitoring and detection'],
  ['GOV', 'governance'],
  ['IAM', 'identity and access'],
  ['CFG', 'configuration of clusters'],
  ['IMG', 'images'],
  ['DATA', 'data'],
  ['OPS', 'operation'],
  ['POD', 'pods and namespaces'],
];

/** Of controls that read values of applications, in words like those of the others. */
const WITHOUT_VALUES = {
  state: 'UNKNOWN',
  when: 'a value that could decide was not kept: the snapshot was taken without `--values`',
} as const;

function toldOf({ data, fix, readsValues }: Control): ToldControl {
  const { id, title, severity, rationale, evidence, states, remedy, question, mappings } = data;
  return {
    id,
    family: FAMILIES.find(([prefix]) => id.startsWith(`${prefix}-`))?.[1] ?? '',
    title,
    severity,
    rationale,
    evidence,
    states: readsValues === undefined ? states : [...states, WITHOUT_VALUES],
    remedy,
    fix: fix !== undefined,
    ...(question !== undefined && { question }),
    frameworks: mappings.map(({ framework, id: entry }): ToldMapping => {
      return { framework, id: entry, title: titleOf(framework, entry) };
    }),
  };
}

function titleOf(framework: FrameworkId, id: string): string {
  return FRAMEWORKS[framework].entries.find((entry) => entry.id === id)?.title ?? '';
}
