import type { ControlSettings } from '#model/control-settings.ts';
import type { PlainObject } from '#model/plain.ts';
import { CONTROLS } from '../controls/controls.ts';
import { admissionPolicyObjects } from './admission-policy.ts';
import { azureDefinition, clusterDefinitions } from './azure-definition.ts';
import type { ExportForm } from './export-forms.ts';
import type { ExportRule, Unsayable } from './export-rule.ts';
import { gatekeeperObjects } from './gatekeeper.ts';
import { exportRules } from './rules.ts';

export interface ExportedPolicies {
  /** Objects to apply, or definitions of Azure Policy, in the order of the controls. */
  readonly exported: readonly ExportedControl[];
  /** Controls that were asked for and cannot be said in the form, each with why. */
  readonly refused: readonly Unsayable[];
}

export interface ExportedControl {
  readonly control: string;
  /** What of the control the objects do not say. */
  readonly leavesOut: string;
  readonly objects: readonly PlainObject[];
}

/** Namespaces that the platform makes; policies for the work of others would stop it. */
const PLATFORM = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'gatekeeper-system',
  'azure-arc',
  'calico-system',
  'tigera-operator',
];

const NOT_ADMISSION = 'it is judged by more than one object, or by what is not in the cluster';

/**
 * Controls as policies that refuse at admission what would fail them, in one form: `{ form: 'admission-policy', ids: [] }`. No
 * ids are all controls that can be said.
 */
export function exportPolicies(
  settings: ControlSettings,
  { form, ids }: { readonly form: ExportForm; readonly ids: readonly string[] },
): ExportedPolicies {
  const { rules, unsayable } = exportRules(settings);
  const excluded = [...new Set([...PLATFORM, ...settings.systemNamespaces])];
  const all: ExportedControl[] = [
    ...rules.map((rule) => ({
      control: rule.control,
      leavesOut: rule.leavesOut,
      objects: objectsOf(rule, form, excluded),
    })),
    ...(form === 'azure-policy' ? clusterDefinitions() : []).map(({ control, definition }) => ({
      control,
      leavesOut: 'clusters that are not of AKS',
      objects: [definition],
    })),
  ];
  const order = new Map(CONTROLS.map(({ data }, index) => [data.id, index]));
  const exported = all
    .filter(({ control }) => ids.length === 0 || ids.includes(control))
    .toSorted((a, b) => (order.get(a.control) ?? 0) - (order.get(b.control) ?? 0));
  const said = new Set(all.map(({ control }) => control));
  const asked = ids.length === 0 ? unsayable.map(({ control }) => control) : ids;
  const refused = asked
    .filter((id) => !said.has(id))
    .map((control) => unsayable.find((each) => each.control === control) ?? { control, why: NOT_ADMISSION });
  return { exported, refused };
}

function objectsOf(rule: ExportRule, form: ExportForm, excluded: readonly string[]): readonly PlainObject[] {
  switch (form) {
    case 'gatekeeper':
      return gatekeeperObjects(rule, excluded);
    case 'admission-policy':
      return admissionPolicyObjects(rule, excluded);
    case 'azure-policy':
      return [azureDefinition(rule, excluded)];
  }
}
