import { isUnsettled } from '#model/azure/entity.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import { isPlainObject, type PlainObject, type PlainValue } from '#model/plain.ts';
import { BUILT_IN_INITIATIVES } from '../../data/azure-policy/initiatives.ts';
import { type BuiltInPolicy, POLICY_EFFECTS, type PolicyEffect } from '../../data/azure-policy/policy.ts';
import {
  itemsAt,
  resourceOf,
  resourcesOfType,
  type Setting,
  settingAt,
  settingOf,
  wordOf,
} from '../controls/azure-facts.ts';
import type { ControlContext } from '../controls/context.ts';
import { type Exemption, exemptionOf } from './exemptions.ts';
import { coverage } from './scopes.ts';

/** A definition as an assignment brings it to a cluster. */
export interface AssignedPolicy {
  readonly assignment: AzureResource;
  /** The initiative that it comes by. */
  readonly initiative?: string;
  /** Undefined: it cannot be told from the input. */
  readonly effect: PolicyEffect | undefined;
  /** Whether the effect is carried out: `enforcementMode`. */
  readonly enforces: boolean;
  /** Whether it is certain that the assignment is about the cluster. */
  readonly certain: boolean;
  /** Parameters of the definition; what is an expression stays one: `[parameters('x')]`. */
  readonly parameters: PlainObject;
  readonly exemption?: Exemption;
}

export interface Assignments {
  readonly assigned: readonly AssignedPolicy[];
  /** Assignments of initiatives whose definitions are not in the input and not known here. */
  readonly open: readonly AzureResource[];
}

const TYPE = 'Microsoft.Authorization/policyAssignments';

/** How a definition comes to a cluster, by each assignment of the input that is about it. */
export function assignmentsOf(context: ControlContext, cluster: AzureResource, policy: BuiltInPolicy): Assignments {
  const assigned: AssignedPolicy[] = [];
  const open: AzureResource[] = [];
  for (const assignment of resourcesOfType(context, TYPE)) {
    const covers = coverage(context, assignment, cluster);
    if (covers === 'no') continue;
    const definition = settingAt(assignment, 'properties', 'policyDefinitionId');
    const members = membersOf(context, assignment, { policy, definition });
    if (members === undefined) open.push(assignment);
    for (const member of members ?? [])
      assigned.push(assignedOf(context, { assignment, cluster, member, certain: covers === 'yes' }));
  }
  return { assigned, open };
}

interface Member {
  readonly initiative?: string;
  /** The name that exemptions and overrides have for it in an initiative. */
  readonly reference?: string;
  readonly effect: PolicyEffect | undefined;
  readonly parameters: PlainObject;
}

interface Wanted {
  readonly policy: BuiltInPolicy;
  readonly definition: Setting;
}

/** The definition in what is assigned: once, often, never; undefined where that is not known. */
function membersOf(context: ControlContext, assignment: AzureResource, wanted: Wanted): readonly Member[] | undefined {
  const { policy, definition } = wanted;
  if (definition.state !== 'value') return undefined;
  const id = String(definition.value);
  if (lastOf(id) === policy.id) {
    const parameters = parametersOf(policy, (name) => settingAt(assignment, 'properties', 'parameters', name, 'value'));
    return [{ parameters, effect: effectOf(parameters['effect'], policy.effect) }];
  }
  if (!/\/policysetdefinitions\//i.test(id)) return [];
  const builtIn = BUILT_IN_INITIATIVES.find((each) => each.id === lastOf(id));
  if (builtIn !== undefined)
    return builtIn.members
      .filter((member) => member.policy === policy.id)
      .map(({ effectParameter, effect }) => ({
        initiative: builtIn.title,
        parameters: {},
        effect: builtInEffect(assignment, effectParameter, effect),
      }));
  const set = resourceOf(context, id);
  return set === undefined ? undefined : customMembers(set, assignment, policy);
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

// ---------------------------------------------------------------- parameters and effects

/** Those that every definition for Kubernetes has, besides its own. */
const COMMON = ['effect', 'excludedNamespaces', 'namespaces', 'labelSelector', 'excludedContainers', 'excludedImages'];

function parametersOf(policy: BuiltInPolicy, at: (name: string) => Setting): PlainObject {
  const names = new Set([...COMMON, ...Object.keys(policy.parameters)]);
  return Object.fromEntries(
    [...names].flatMap((name): [string, PlainValue][] => {
      const setting = at(name);
      if (setting.state === 'value') return [[name, setting.value]];
      return setting.state === 'unsettled' ? [[name, `[${setting.expression}]`]] : [];
    }),
  );
}

function effectOf(value: PlainValue | undefined, otherwise: PolicyEffect): PolicyEffect | undefined {
  if (value === undefined) return otherwise;
  return POLICY_EFFECTS.find((effect) => effect.toLowerCase() === String(value).toLowerCase());
}

/** Where the name of the parameter is not known, an assignment that gives any may have given it. */
function builtInEffect(
  assignment: AzureResource,
  name: string | undefined,
  otherwise: PolicyEffect,
): PolicyEffect | undefined {
  if (name !== undefined) {
    const given = settingAt(assignment, 'properties', 'parameters', name, 'value');
    if (given.state === 'unsettled') return undefined;
    return effectOf(given.state === 'value' ? given.value : undefined, otherwise);
  }
  const all = settingAt(assignment, 'properties', 'parameters');
  const isBare =
    all.state === 'absent' ||
    (all.state === 'value' && isPlainObject(all.value) && Object.keys(all.value).length === 0);
  return isBare ? otherwise : undefined;
}

/** Definitions of an initiative of one's own, with its parameters put in. */
function customMembers(
  set: AzureResource,
  assignment: AzureResource,
  policy: BuiltInPolicy,
): readonly Member[] | undefined {
  const items = itemsAt(set, 'properties', 'policyDefinitions');
  if (isUnsettled(items)) return undefined;
  return items.flatMap((item): Member[] => {
    const id = settingOf(item, 'policyDefinitionId');
    if (id.state !== 'value' || lastOf(String(id.value)) !== policy.id) return [];
    const parameters = parametersOf(policy, (name) =>
      putIn(set, assignment, settingOf(item, 'parameters', name, 'value')),
    );
    const reference = wordOf(settingOf(item, 'policyDefinitionReferenceId'), '');
    return [
      {
        initiative: set.name,
        ...(reference !== undefined && reference !== '' && { reference }),
        parameters,
        effect: effectOf(parameters['effect'], policy.effect),
      },
    ];
  });
}

/** `[parameters('effect')]` is what the assignment gives, else the initiative's default. */
function putIn(set: AzureResource, assignment: AzureResource, setting: Setting): Setting {
  const name =
    setting.state === 'value' ? /^\[+parameters\('([^']+)'\)\]$/i.exec(String(setting.value))?.[1] : undefined;
  if (name === undefined) return setting;
  const given = settingAt(assignment, 'properties', 'parameters', name, 'value');
  return given.state === 'absent' ? settingAt(set, 'properties', 'parameters', name, 'defaultValue') : given;
}

// ---------------------------------------------------------------- the assignment

interface Found {
  readonly assignment: AzureResource;
  readonly cluster: AzureResource;
  readonly member: Member;
  readonly certain: boolean;
}

function assignedOf(context: ControlContext, { assignment, cluster, member, certain }: Found): AssignedPolicy {
  const exemption = exemptionOf(context, { assignment, cluster, reference: member.reference });
  const mode = wordOf(settingAt(assignment, 'properties', 'enforcementMode'), 'default');
  const { initiative, parameters } = member;
  return {
    assignment,
    ...(initiative !== undefined && { initiative }),
    effect: mode === undefined ? undefined : overridden(assignment, member),
    enforces: mode !== 'donotenforce',
    certain: certain && !hasItems(assignment, 'resourceSelectors'),
    parameters,
    ...(exemption !== undefined && { exemption }),
  };
}

/** An override without selectors is for everything that is assigned; one with selectors is not read. */
function overridden(assignment: AzureResource, { effect }: Member): PolicyEffect | undefined {
  const items = itemsAt(assignment, 'properties', 'overrides');
  if (isUnsettled(items)) return undefined;
  const own = items.filter((item) => wordOf(settingOf(item, 'kind'), '') === 'policyeffect');
  const [first] = own;
  if (first === undefined) return effect;
  if (own.length > 1 || settingOf(first, 'selectors', 0, 'kind').state !== 'absent') return undefined;
  const value = settingOf(first, 'value');
  return value.state === 'value' ? effectOf(value.value, 'Audit') : undefined;
}

function hasItems(assignment: AzureResource, field: string): boolean {
  const items = itemsAt(assignment, 'properties', field);
  return isUnsettled(items) || items.length > 0;
}
