import { readEstate } from '#parse/azure/read-estate.ts';
import { plain } from '#parse/terraform/terraform.test-support.ts';
import { blueprintFiles } from '../blueprint.ts';
import { EXAMPLE } from '../choices/example.ts';
import { readChoices } from '../choices/read-choices.ts';

/** Texts of `blueprint.yaml` that together use every form of every resource. */
export const CHOSEN: readonly (readonly [string, string])[] = [
  ['the example', EXAMPLE],
  ['one network', EXAMPLE.replace('hub-spoke', 'single')],
  ['Calico with Istio', EXAMPLE.replace('engine: cilium', 'engine: calico').replace('mesh: cilium', 'mesh: istio')],
  ['an API server in the network', `${EXAMPLE}apiServer: vnet-integration\n`],
  [
    'nothing that is paid for',
    `${EXAMPLE}paid: {ddosProtection: false, firewallPremium: false, defender: false, bastion: false, flowLogs: false, customerManagedKeys: false}\n`,
  ],
];

export function filesOf(text: string, form: 'arm' | 'bicep' | 'terraform'): ReadonlyMap<string, string> {
  const { choices, diagnostics } = readChoices({
    file: 'blueprint.yaml',
    text: text.replace('[terraform]', `[${form}]`),
  });
  if (choices === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return blueprintFiles(choices);
}

/** Leaves of every resource as text, by the resource and the path: what the readers of this repository understand. */
export function modelOf(files: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const { estate } = readEstate([...files].map(([file, text]) => ({ file, text })));
  return leavesOfAll([...estate.resources.values()].map(({ id, type, body }) => ({ id, type, body: plain(body) })));
}

interface Told {
  readonly id: string;
  readonly type: string;
  /** As plain data; what is not known is a text that begins with `?`. */
  readonly body: unknown;
}

export function leavesOfAll(resources: readonly Told[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const model = new Map<string, Map<string, string>>();
  for (const { id, type, body } of resources) add(id, type, body);
  return model;

  function add(id: string, type: string, body: unknown): void {
    const leaves = new Map<string, string>();
    for (const [path, value] of leavesOf(body, '')) if (!BESIDE.test(path)) leaves.set(path, value);
    const subnets = isObject(body) && isObject(body['properties']) ? body['properties']['subnets'] : undefined;
    if (Array.isArray(subnets))
      for (const subnet of subnets)
        if (isObject(subnet)) add(`${id}/subnets/${subnet['name']}`, `${type}/subnets`, subnet);
    model.set(keyOf({ id, type }, leaves), leaves);
  }
}

/** What is said of a resource beside its body, and subnets, which are told one by one. */
const BESIDE = /^(id|name|type|location|scope|properties\.scope|properties\.subnets\..*)$/;

/** Names of assignments are hashes, and each form has a hash of its own: who may do what tells them apart. */
function keyOf({ id, type }: Pick<Told, 'id' | 'type'>, leaves: Map<string, string>): string {
  if (!type.endsWith('roleAssignments')) return id.toLowerCase();
  const scope = id.slice(0, id.lastIndexOf('/'));
  const who = leaves.get('properties.principalId') ?? '';
  return `${scope} ${who.startsWith('?') ? '?' : who} ${leaves.get('properties.roleDefinitionId')}`.toLowerCase();
}

function leavesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (!isObject(value) && !Array.isArray(value)) return [[path, known(`${value}`)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, '']];
  return entries.flatMap(([key, item]) => leavesOf(item, path === '' ? key : `${path}.${key}`));
}

/** What only a deployment knows is one text, in whatever words a form asks for it; readers of ARM know the tenant as zeros. */
function known(text: string): string {
  return text.startsWith('?') || text === '00000000-0000-0000-0000-000000000000' ? '?' : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
