import { escapeControl } from '#base/escape.ts';
import { matchesLabels } from '#engine/select.ts';
import type { Owner } from '#engine/units.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { PlainObject } from '#model/plain.ts';
import type { LabelRequirement } from '#model/resource.ts';
import type { IsolationAnswer, IsolationWay } from '#model/workload.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import type { Analysis } from '../analysis.ts';
import { labelledAs } from '../controls/net/selecting.ts';
import { type PodOwner, podOwnersOf } from '../controls/pod-owners.ts';
import { labelsOf } from '../needs/book.ts';
import { selectorObject } from '../translate/labels.ts';
import type { PlainPolicy } from '../translate/plain.ts';
import { writeCalico } from '../translate/write-calico.ts';
import { writeCilium } from '../translate/write-cilium.ts';
import { writeNetworkPolicy } from '../translate/write-network-policy.ts';
import { adminDenial } from './admin-denial.ts';

/**
 * How a workload is cut off both ways, in the words of the engine that enforces policy: a policy that denies where that
 * engine has one, else one that isolates and admits nothing. Files that exist are left as they are. Undefined where the
 * input has no such workload. The snapshot must have been read with its objects.
 *
 * @example
 * isolationOf(analysis, 'shop/Deployment/web', new Set())?.ways[0]?.text; // 'apiVersion: networking.k8s.io/v1\n…'
 */
export function isolationOf(
  analysis: Analysis,
  id: string,
  files: ReadonlySet<string>,
): Omit<IsolationAnswer, 'schema'> | undefined {
  const { world } = analysis.engine;
  const index = world.owners.findIndex((owner) => owner.id === id);
  const owner = world.owners[index];
  if (owner === undefined) return undefined;
  const none = (why: string) => ({ id, ways: [], why, alsoIsolates: [] });
  if (analysis.profile.enforces.length === 0)
    return none('install a network policy engine first: nothing enforces policies here, see NET-CNI-001');
  const points = world.pointsOfOwner[index]!;
  if (points.length > 0 && points.every((point) => world.points[point]!.hostNetwork))
    return none('it is on the network of its node, where policies for pods have no say');
  const owners = podOwnersOf(analysis.snapshot.objects);
  const written = owners.find(({ endpoint }) => endpoint === id);
  if (written === undefined) return none('what makes its pods is of a kind without a template that is read');
  const labels = narrowestOf({ written, owner }, owners);
  if (labels.size === 0) return none('its pods have no label to select them by: give their template one first');
  const cut: Cut = { namespace: owner.namespace, name: nameFor(owner.name), labels };
  return {
    id,
    ways: waysFor(analysis, cut).map((way) => filed(way, cut, files)),
    alsoIsolates: selectedBy(labels, owners, owner.namespace)
      .filter((each) => each !== written)
      .map(({ endpoint }) => escapeControl(endpoint)),
  };
}

/** What a policy selects by, and its name. */
export interface Cut {
  readonly namespace: string;
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

interface Way extends Omit<IsolationWay, 'file' | 'text'> {
  readonly objects: readonly PlainObject[];
}

interface Written {
  readonly written: PodOwner;
  readonly owner: Owner;
}

/** What its controller selects by; where others have those labels too, all that its pods have. */
function narrowestOf({ written, owner }: Written, owners: readonly PodOwner[]): ReadonlyMap<string, string> {
  const { labels, change } = labelledAs({ written, owner });
  if (change !== undefined) return new Map();
  const own = new Map(Object.entries(labels));
  if (selectedBy(own, owners, owner.namespace).length < 2) return own;
  // Without a selector of the controller the labels of the pods are taken.
  const all = labelledAs({ written: { ...written, object: { ...written.object, value: {} } }, owner });
  return all.change === undefined ? new Map(Object.entries(all.labels)) : own;
}

function selectedBy(
  labels: ReadonlyMap<string, string>,
  owners: readonly PodOwner[],
  namespace: string,
): readonly PodOwner[] {
  const selector = { requirements: requirementsOf(labels), origin: NO_ORIGIN };
  return owners.filter((each) => each.object.namespace === namespace && matchesLabels(selector, labelsOf(each)));
}

function requirementsOf(labels: ReadonlyMap<string, string>): readonly LabelRequirement[] {
  return [...labels].map(([key, value]) => ({ key, operator: 'In', values: [value] }));
}

// ---------------------------------------------------------------- ways

function waysFor(analysis: Analysis, cut: Cut): readonly Way[] {
  const { enforces } = analysis.profile;
  if (enforces.includes('CiliumNetworkPolicy')) return [ciliumWay(cut)];
  if (enforces.includes('NetworkPolicy.projectcalico.org')) return [calicoWay(analysis, cut)];
  const admin = adminDenial(analysis, cut, selectorObject(requirementsOf(cut.labels)));
  return admin === undefined ? [defaultDeny(cut)] : [defaultDeny(cut), adminWay(admin, cut)];
}

function ciliumWay(cut: Cut): Way {
  return {
    id: 'deny',
    form: 'cilium',
    kinds: ['CiliumNetworkPolicy'],
    summary: 'deny everything both ways: a denial of Cilium comes before whatever allows',
    notes: ['what its own node sends is let in unless Cilium is told otherwise: probes go on'],
    objects: writeCilium(plainPolicy(cut, true), newObjecting()),
  };
}

/** First in its tier: what an earlier tier allows is decided before. */
function calicoWay({ snapshot }: Analysis, cut: Cut): Way {
  const orders = snapshot.calicoPolicies.flatMap(({ tier, order }) =>
    tier === 'default' && order !== undefined ? [order] : [],
  );
  const order = Math.min(1, ...orders) - 1;
  const [denying] = writeCalico(plainPolicy(cut, true), newObjecting());
  const spec = denying?.['spec'];
  const objects =
    denying === undefined || typeof spec !== 'object' || spec === null || Array.isArray(spec)
      ? []
      : [{ ...denying, spec: { ...spec, order } }];
  return {
    id: 'deny',
    form: 'calico',
    kinds: ['NetworkPolicy'],
    summary: 'deny everything both ways, before every other policy of the tier `default`',
    notes: ['what a tier before `default` allows is decided there'],
    objects,
  };
}

function defaultDeny(cut: Cut): Way {
  return {
    id: 'default-deny',
    form: 'kubernetes',
    kinds: ['NetworkPolicy'],
    summary: 'isolate it both ways and admit nothing',
    notes: ['a NetworkPolicy only allows: what another one lets pass stays open'],
    objects: writeNetworkPolicy(plainPolicy(cut, false), newObjecting()),
  };
}

function adminWay({ object, kind, isSeen }: NonNullable<ReturnType<typeof adminDenial>>, cut: Cut): Way {
  return {
    id: 'admin',
    form: 'kubernetes',
    kinds: ['NetworkPolicy', kind],
    summary: 'isolate it, and deny before every NetworkPolicy what could still pass',
    notes: [
      `a ${kind} stands before all policies of namespaces, and only whoever may change the whole cluster may write one`,
      ...(isSeen ? [] : [`nothing in the input shows that this cluster has ${kind}: ask its engine first`]),
    ],
    objects: [...defaultDeny(cut).objects, object],
  };
}

function plainPolicy({ namespace, name, labels }: Cut, denies: boolean): PlainPolicy {
  const directions = ['ingress', 'egress'] as const;
  return {
    source: {
      apiVersion: '',
      kind: 'NetworkPolicy',
      namespace,
      name,
      labels: new Map(),
      annotations: new Map(),
      origin: NO_ORIGIN,
    },
    namespace,
    name,
    subject: { pods: requirementsOf(labels) },
    isolates: directions,
    rules: denies
      ? directions.map((direction) => ({
          direction,
          action: 'deny',
          peers: [{ kind: 'everybody' }],
          path: `spec.${direction}[0]`,
          origin: NO_ORIGIN,
        }))
      : [],
    notes: [],
  };
}

/** What is made here can be said in each form. */
function newObjecting() {
  return { objections: [], origin: NO_ORIGIN };
}

// ---------------------------------------------------------------- files

/** Names of objects have at most 253 characters; some kinds are shown with 63. */
function nameFor(owner: string): string {
  return plainName(`isolate-${owner}`)
    .slice(0, 63)
    .replace(/[^a-z0-9]+$/, '');
}

/** Names in manifests may be anything: those of objects and files may not. */
function plainName(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
}

function filed({ objects, ...way }: Way, { namespace, name }: Cut, files: ReadonlySet<string>): IsolationWay {
  const stem = plainName(`${name}-in-${namespace}`);
  let file = `${stem}.yaml`;
  for (let number = 2; files.has(file); number++) file = `${stem}-${number}.yaml`;
  const text = objects.map((object) => [...yamlText(object)].join('')).join('---\n');
  return { ...way, file, text };
}
