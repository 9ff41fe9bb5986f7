import type { ControlSettings } from '#model/control-settings.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { type EstateSpec, estateResources, ROOT } from '../azure/estate.test-support.ts';
import type { ControlContext } from './context.ts';
import type { Control } from './control.ts';
import { placesOf } from './controls.test-support.ts';
import { contextFor } from './make-context.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AzureInput {
  /** The example around one cluster, with these changes; `none`: no Azure at all. */
  readonly estate?: EstateSpec | 'none';
  /** These resources alone, in place of the example. */
  readonly only?: readonly Json[];
  readonly manifests?: string;
  readonly settings?: Partial<ControlSettings>;
  readonly kind?: ControlContext['kind'];
}

/** What a parameter without a value is written as; the input is a template then, and everywhere else an export. */
export const OPEN = "[parameters('open')]";

/** A context with an estate: an export, or a template where a value of it is `OPEN`. */
export function azureContext({ estate = {}, only, manifests = '', settings, kind }: AzureInput): ControlContext {
  const resources = only ?? (estate === 'none' ? [] : estateResources(estate));
  const cluster = snapshotOf([{ file: 'input.yaml', text: manifests }], { objects: true });
  const exported = JSON.stringify(resources, null, 1);
  const text = exported.includes(OPEN) ? templateText(resources) : exported;
  const read = readEstate(resources.length === 0 ? [] : [{ file: 'azure.json', text }]).estate;
  const snapshot = { ...cluster, azure: aroundOneCluster(read, undefined).estate };
  return contextFor({
    analysis: analyseSnapshot(snapshot),
    settings: { ...NO_CONTROL_SETTINGS, ...settings },
    today: '2026-11-21',
    kind: kind ?? 'manifests',
  });
}

const HERE = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/this-resource-group/providers';

/** The same resources as a template has them; ids are those that a template of no group gives. */
function templateText(resources: readonly Json[]): string {
  const document = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { open: { type: 'string' } },
    resources: resources.map(({ id, name: _name, ...rest }) => ({
      ...rest,
      apiVersion: '2025-01-01',
      name: nameIn(`${id}`),
    })),
  };
  return JSON.stringify(document, null, 1).replaceAll(ROOT, HERE);
}

/** `spoke/nodes` of `…/virtualNetworks/spoke/subnets/nodes`. */
function nameIn(id: string): string {
  const [, ...parts] = id.split('/providers/').at(-1)?.split('/') ?? [];
  return parts.filter((_, index) => index % 2 === 1).join('/');
}

/** `PARTIAL`, then each place as `FAIL subnets nodes detail`, where it is no PASS. */
export function judgedBy(control: Control, input: AzureInput): readonly string[] {
  const assessment = control.assess(azureContext(input));
  const told = placesOf(assessment).filter((text) => !text.startsWith('PASS '));
  return [assessment.state, ...told.map((text) => text.replace(/Microsoft\.[A-Za-z]+\/(?:[A-Za-z]+\/)*/, ''))];
}
