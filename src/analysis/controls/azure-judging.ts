import { escapeControl } from '#base/escape.ts';
import { type AzureView, azureViewOf, isKey } from '#engine/compile/azure/view.ts';
import type { AzureEntity } from '#model/azure/entity.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { Assessment, ControlState, Judged, Place } from '#model/control.ts';
import type { EgressAnswer } from '#model/egress.ts';
import { egressOf } from '../egress/egress.ts';
import { assessmentOf } from './assessment.ts';
import { evidenceOfFact, evidenceOfResource, placeOfResource, resourceOf } from './azure-facts.ts';
import { type ControlContext, onceKey } from './context.ts';

// What several controls ask of the network around a cluster, each asked once in a scan.

const VIEW = onceKey<{ readonly view: AzureView | undefined }>('azure view');
const EGRESS = onceKey<EgressAnswer>('egress');

/** The estate seen from the one cluster; undefined where the input has none, or several. */
export function viewFor(context: ControlContext): AzureView | undefined {
  return context.once(VIEW, ({ snapshot }) => ({ view: azureViewOf(snapshot) })).view;
}

/**
 * That pools of the cluster, or subnets that they stand in, are not known: nothing that is said of all of its subnets holds
 * then. Nothing where all are known.
 */
export function unreadSubnets({ cluster, subnets }: AzureView): Judged[] {
  const refs = cluster.pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]).filter((ref) => ref !== undefined);
  const missing = refs.filter((ref) => !isKey(ref) || !subnets.has(ref));
  if (cluster.pools.length > 0 && missing.length === 0) return [];
  const message =
    cluster.pools.length === 0
      ? 'the pools of the cluster are not known from the input'
      : 'a subnet that pools stand in is not in the input, or is an expression';
  const evidence = [evidenceOfResource(cluster)];
  return [{ where: placeOfEntity(cluster), state: 'UNKNOWN', message, evidence, detail: 'subnets' }];
}

/** What `ringfence egress` answers. */
export function egressFor(context: ControlContext): EgressAnswer {
  return context.once(EGRESS, ({ analysis }) => egressOf(analysis));
}

/**
 * A fact about the network as a judgement of the resource that shows it. `more` tells facts of one check at one resource apart
 * where neither field nor value does.
 */
export function judgedFact(context: ControlContext, fact: AzureFact, more: readonly string[] = []): Judged {
  const [first] = fact.evidence;
  return {
    where: first === undefined ? UNPLACED : placeOf(context, first.resource, first.origin),
    state: fact.state,
    message: escapeControl(fact.message),
    evidence: fact.evidence.map(evidenceOfFact),
    severity: fact.severity,
    detail: [fact.id, ...partOf(first), ...more].join(' '),
  };
}

/** Never a number in a list, which moves with the lines of a file: rules and routes are places of their own. */
function partOf(evidence: AzureEvidence | undefined): readonly string[] {
  const { field, value } = evidence ?? {};
  if (field === undefined || /\[\d+\]/.test(field)) return [];
  return value === undefined ? [field] : [field, value];
}

const UNPLACED: Place = { kind: 'cluster', namespace: '', name: 'cluster', id: 'cluster' };

/** The resource with an id; of a part of one that has no resource of its own (a rule, a route), the part by its id. */
export function placeOf(context: ControlContext, id: string, origin: Place['origin']): Place {
  const resource = resourceOf(context, id);
  if (resource !== undefined) return placeOfResource(resource);
  const [, name = id] = /([^/]+)$/.exec(id) ?? [];
  return { kind: typeOf(id), namespace: '', name, id: id.toLowerCase(), ...(origin !== undefined && { origin }) };
}

/** Of an entity, whether or not it stands inside of another one. */
export function placeOfEntity({ type, name, id, origin }: AzureEntity): Place {
  return placeOfResource({ type, name, id, origin });
}

/** `Microsoft.Network/networkSecurityGroups/securityRules`, of an id. */
function typeOf(id: string): string {
  const parts =
    id
      .split(/\/providers\//i)
      .at(-1)
      ?.split('/') ?? [];
  const [provider = id, ...rest] = parts;
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

/** A name of the input as a message quotes it. */
export function quoted(text: string): string {
  return `\`${escapeControl(text)}\``;
}

/** `1 cluster has`, `2 clusters have` */
export function counted(count: number, one: string, several: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${several}`;
}

/**
 * `assessmentOf` in words that hold for every state, with what is said of the first place that counts:
 * `2 pools fail: nodes of pool ...`.
 */
export function assessed(
  places: readonly Judged[],
  absent: Assessment,
  [one, several]: readonly [string, string],
): Assessment {
  const { state } = assessmentOf(places, absent, () => '');
  const shown = state === 'PARTIAL' ? 'FAIL' : state;
  const [first] = places.filter((place) => place.state === shown);
  return assessmentOf(places, absent, (count) => {
    const [alone, more] = VERBS[shown] ?? ['is', 'are'];
    const example = first === undefined ? '' : `${count === 1 ? ':' : '; the first:'} ${first.message}`;
    return `${counted(count, `${one} ${alone}`, `${several} ${more}`)}${example}`;
  });
}

const VERBS: Readonly<Partial<Record<ControlState, readonly [string, string]>>> = {
  FAIL: ['fails', 'fail'],
  WARN: ['gives a warning', 'give a warning'],
  UNKNOWN: ['is not known', 'are not known'],
  MANUAL: ['waits for an answer', 'wait for an answer'],
  PASS: ['passes', 'pass'],
};
