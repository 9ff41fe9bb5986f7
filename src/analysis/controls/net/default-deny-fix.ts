import { escapeControl } from '#base/escape.ts';
import type { Change, EditedObject, Fix, Judged, NewObject } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import type { PlainObject } from '#model/plain.ts';
import type { Direction } from '#model/resource.ts';
import { dataStoresIn } from '../../scan/data-stores.ts';
import { type ControlContext, onceKey, titleOf } from '../context.ts';
import { withheldWorkloads } from '../withheld.ts';
import { type AllowRules, CILIUM_DNS, dnsRules, egressRules, ingressRules } from './allow-rules.ts';
import { needsIn } from './context-needs.ts';
import { coverOfWorkload, openDirections } from './coverage.ts';
import { netWorld } from './net-world.ts';
import { openingRules } from './opening-rules.ts';
import { type NetNamespace, type NetWorkload, namespacesIn, workloadAt } from './places.ts';
import { labelledAs } from './selecting.ts';

/**
 * Shuts a namespace in a direction, and lets pass what the input itself shows that its workloads need there. Workloads that
 * policy already speaks about keep what they have and get nothing more.
 */
export function defaultDenyFix(context: ControlContext, judged: Judged, direction: Direction): Fix | undefined {
  const space = namespacesIn(context).find(({ where }) => where.id === judged.where.id);
  if (space === undefined) return undefined;
  const summary = `deny ${direction} by default in namespace ${space.name}`;
  const held = heldBack(context, space.isSystem);
  if (held !== undefined) return { summary, automatic: false, changes: [], steps: [held] };
  const unseen = unseenNeeds(context);
  if (unseen !== undefined) return { summary, automatic: false, changes: [], steps: [unseen], refused: unseen };
  const opening = openingRules(context, space, direction);
  if (opening.others.length > 0) {
    const steps = opening.others.map(
      (text) => `${text} lets everything pass: narrow it, for a policy beside it takes nothing away`,
    );
    return { summary, automatic: false, changes: [], steps };
  }
  const names = namesIn(context, space.name);
  const shut = concerned(context, { space, direction, all: opening.edits.length > 0 });
  const silent = direction === 'egress' ? silentOnes(context, shut) : [];
  const parts = shut.map((workload) =>
    allowing(context, workload, {
      directions: [direction],
      name: names(`allow-${direction}-${workload.owner.name}`),
      withDns: false,
    }),
  );
  return {
    summary,
    automatic: silent.length === 0,
    changes: [
      ...opening.edits,
      denying(space.name, direction, names(`default-deny-${direction}`)),
      ...(direction === 'egress' ? [allowingDns(context, space, names)] : []),
      ...parts.flatMap(({ changes }) => changes),
    ].flat(),
    steps: [
      ...silentSteps(silent),
      ...parts.flatMap(({ wide }) => wide),
      ...openSteps(context, space.workloads),
      ...deploySteps(direction),
    ],
  };
}

/** A policy for one workload in the directions in which nothing has a word on it, with what it is shown to need. */
export function workloadFix(context: ControlContext, judged: Judged): Fix | undefined {
  const workload = workloadAt(context, judged);
  if (workload?.written === undefined) return undefined;
  return fixOfWorkload(context, workload, openDirections(netWorld(context), workload));
}

export function fixOfWorkload(context: ControlContext, workload: NetWorkload, directions: readonly Direction[]): Fix {
  const summary = `limit ${directions.join(' and ')} of ${workload.owner.name} to what it is shown to need`;
  const held = heldBack(context, workload.isSystem);
  if (held !== undefined) return { summary, automatic: false, changes: [], steps: [held] };
  const unseen = unseenNeeds(context);
  if (unseen !== undefined) return { summary, automatic: false, changes: [], steps: [unseen], refused: unseen };
  const name = namesIn(context, workload.namespace)(workload.owner.name);
  const { changes, wide } = allowing(context, workload, { directions, name, withDns: true });
  const silent = directions.includes('egress') ? silentOnes(context, [workload]) : [];
  return {
    summary,
    automatic: directions.length > 0 && silent.length === 0,
    changes,
    steps: [...silentSteps(silent), ...wide, ...openSteps(context, [workload]), ...directions.flatMap(deploySteps)],
  };
}

/**
 * Workloads of which nothing in the input shows where they send. What they ask is in their images, and to shut them unseen
 * would be a guess. Those that keep data are asked, and ask nobody.
 */
function silentOnes(context: ControlContext, workloads: readonly NetWorkload[]): readonly NetWorkload[] {
  const stores = new Set(dataStoresIn(context));
  return workloads.filter((workload) => {
    const { rules, cilium } = egressRules(context, workload);
    return rules.length + cilium.length === 0 && !stores.has(workload.id);
  });
}

function silentSteps(silent: readonly NetWorkload[]): readonly string[] {
  if (silent.length === 0) return [];
  const names = silent.slice(0, MOST).map(({ owner }) => owner.name);
  const more = silent.length > MOST ? ` and ${silent.length - MOST} more` : '';
  return [`where ${names.join(', ')}${more} may send is nowhere in the input: watch first, and add what is needed`];
}

/** Why no policy is written at all. */
function heldBack({ analysis }: ControlContext, isSystem: boolean): string | undefined {
  if (analysis.profile.enforces.length === 0)
    return 'install a network policy engine first: nothing enforces policies here, see NET-CNI-001';
  if (isSystem) return 'it belongs to the platform: use the policies that its maker publishes';
  return undefined;
}

/** Any workload may ask any other: rules that were written without what one of them is told would cut it off. */
function unseenNeeds(context: ControlContext): string | undefined {
  const [first, ...others] = withheldWorkloads(context);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `what ${escapeControl(titleOf(first.object))}${more} is told was not kept, and with it what it has to reach: take the snapshot with \`--values\``;
}

/** Workloads that the new policy would shut: those about which nothing spoke in that direction. */
function concerned(
  context: ControlContext,
  { space, direction, all }: { readonly space: NetNamespace; readonly direction: Direction; readonly all: boolean },
): readonly NetWorkload[] {
  const net = netWorld(context);
  return space.workloads.filter((workload) => all || coverOfWorkload(net, workload, direction) !== 'covered');
}

// ---------------------------------------------------------------- policies

function denying(namespace: string, direction: Direction, name: string): NewObject {
  return policy({ name, namespace }, { podSelector: {}, policyTypes: [typeOf(direction)] });
}

function allowingDns(context: ControlContext, { name: namespace }: NetNamespace, names: Names): NewObject {
  const egress = dnsRules(context).rules;
  return policy({ name: names('allow-dns'), namespace }, { podSelector: {}, policyTypes: ['Egress'], egress });
}

interface Allowing {
  readonly directions: readonly Direction[];
  readonly name: string;
  readonly withDns: boolean;
}

interface Allowed {
  readonly changes: readonly Change[];
  readonly wide: readonly string[];
}

function allowing(context: ControlContext, workload: NetWorkload, { directions, name, withDns }: Allowing): Allowed {
  const { labels, change } = labelledAs(workload);
  const into = directions.includes('ingress') ? ingressRules(context, workload) : undefined;
  const out = directions.includes('egress') ? withNames(context, egressRules(context, workload), withDns) : undefined;
  const isEmpty = (into?.rules.length ?? 0) + (out?.rules.length ?? 0) === 0;
  const written = isEmpty && !withDns ? [] : [policyFor(workload, { labels, name, directions, into, out })];
  const cilium =
    out === undefined || out.cilium.length === 0
      ? []
      : [ciliumPolicyFor(workload, { labels, name, rules: out.cilium })];
  const changes: Change[] = [...written, ...cilium];
  return {
    changes: change === undefined || changes.length === 0 ? changes : [...labelling(change), ...changes],
    wide: [...(into?.wide ?? []), ...(out?.wide ?? [])],
  };
}

function labelling(change: EditedObject): readonly Change[] {
  return [change];
}

function withNames(context: ControlContext, rules: AllowRules, withDns: boolean): AllowRules {
  return withDns ? { ...rules, rules: [...dnsRules(context).rules, ...rules.rules] } : rules;
}

interface Written {
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly into: AllowRules | undefined;
  readonly out: AllowRules | undefined;
}

function policyFor({ namespace }: NetWorkload, { labels, name, directions, into, out }: Written): NewObject {
  return policy(
    { name, namespace },
    {
      podSelector: { matchLabels: labels },
      policyTypes: directions.map(typeOf),
      ...(into !== undefined && into.rules.length > 0 && { ingress: into.rules }),
      ...(out !== undefined && out.rules.length > 0 && { egress: out.rules }),
    },
  );
}

function ciliumPolicyFor(
  { namespace }: NetWorkload,
  {
    labels,
    name,
    rules,
  }: {
    readonly labels: Readonly<Record<string, string>>;
    readonly name: string;
    readonly rules: readonly PlainObject[];
  },
): NewObject {
  const egress = rules.some((rule) => 'toFQDNs' in rule) ? [CILIUM_DNS, ...rules] : rules;
  return {
    kind: 'new-object',
    object: {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name, namespace },
      spec: { endpointSelector: { matchLabels: labels }, egress },
    },
  };
}

function policy(metadata: PlainObject, spec: PlainObject): NewObject {
  return { kind: 'new-object', object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec } };
}

function typeOf(direction: Direction): string {
  return direction === 'ingress' ? 'Ingress' : 'Egress';
}

type Names = (wanted: string) => string;

const POLICIES = onceKey<ReadonlyMap<string, readonly ClusterObject[]>>('policies by namespace');

/** A name that no policy of the namespace has. */
function namesIn(context: ControlContext, namespace: string): Names {
  const policies = context.once(POLICIES, ({ objects }) =>
    Map.groupBy(
      objects.all.filter(({ kind }) => kind.endsWith('NetworkPolicy')),
      (each) => each.namespace,
    ),
  );
  const taken = new Set(policies.get(namespace)?.map(({ name }) => name));
  return (wanted) => {
    const stem = wanted.slice(0, 240);
    let name = stem;
    for (let number = 2; taken.has(name); number++) name = `${stem}-${number}`;
    taken.add(name);
    return name;
  };
}

// ---------------------------------------------------------------- steps

const MOST = 10;

/** What the input hides: values of Secrets, ConfigMaps that are elsewhere. */
function openSteps(context: ControlContext, workloads: readonly NetWorkload[]): readonly string[] {
  const ids = new Set(workloads.map(({ id }) => id));
  const open = needsIn(context).open.filter(({ workload }) => ids.has(workload));
  const told = [...new Set(open.map(({ why }) => `${why}: add a rule if it names another destination`))];
  return told.length > MOST ? [...told.slice(0, MOST), `and ${told.length - MOST} more such values`] : told;
}

function deploySteps(direction: Direction): readonly string[] {
  return direction === 'ingress'
    ? [
        'apply the rules before the policy that denies, and watch for refused connections of clients that are in no manifest',
      ]
    : [
        'apply the rules before the policy that denies, and watch for refused connections to hosts that are in no manifest',
      ];
}
