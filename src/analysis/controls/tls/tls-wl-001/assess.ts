import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged } from '#model/control.ts';
import { secretKindIn } from '#model/object.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { pathText } from '../../evidence.ts';
import { formatList } from '../../ing/words.ts';
import { edgesFrom, protectionOf } from '../../mesh/edges.ts';
import { meshSigns } from '../../mesh/signs.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { type Spoken, spokenIn, type Told, toldTo } from './addresses.ts';

/** Workloads that are told whom to speak to. */
export function workloadPlaces(context: ControlContext): Judged[] {
  return context.podOwners
    .filter(({ object }) => !isSystemNamespace(context, object.namespace))
    .flatMap((owner) => judged(context, owner));
}

interface Found {
  readonly told: Told;
  readonly spoken: Spoken;
  /** Whether something else encrypts the connection. */
  readonly isCovered: boolean;
  /** Whether the other end is in the cluster. */
  readonly isInside: boolean;
}

function judged(context: ControlContext, owner: PodOwner): Judged[] {
  const found = toldTo(context, owner).flatMap((told) =>
    spokenIn(told).map((spoken) => ({ told, spoken, ...otherEnd(context, owner, spoken.host) })),
  );
  if (found.length === 0) return [];
  const base = { where: placeOf(owner.object), endpoints: [owner.endpoint] };
  const open = found.filter(({ isCovered }) => !isCovered);
  const bare = open.filter(({ spoken }) => spoken.kind === 'plain');
  if (bare.length > 0)
    return [
      {
        ...base,
        state: 'FAIL',
        message: `it is told to speak without TLS to ${shown(bare)}`,
        evidence: bare.map(evidenceOf),
      },
    ];
  const chance = open.filter(({ spoken }) => spoken.kind === 'chance');
  if (chance.length > 0)
    return [
      {
        ...base,
        state: 'WARN',
        message: `whether it uses TLS is left to chance: ${shown(chance)}`,
        evidence: chance.map(evidenceOf),
      },
    ];
  // Plain HTTP to names outside is mostly an identifier and no address that is asked: only what is in the cluster counts.
  const http = open.filter(({ spoken, isInside }) => spoken.kind === 'http' && isInside);
  if (http.length > 0)
    return [
      {
        ...base,
        state: 'WARN',
        severity: 'low',
        message: `it is told to use plain HTTP for ${shown(http)}`,
        evidence: http.map(evidenceOf),
      },
    ];
  const said = found.filter(({ spoken, isCovered }) => spoken.kind === 'tls' || isCovered);
  return said.length === 0
    ? []
    : [
        {
          ...base,
          state: 'PASS',
          message: 'what it is told uses TLS, or is encrypted on the way',
          evidence: said.slice(0, 3).map(evidenceOf),
        },
      ];
}

function shown(found: readonly Found[]): string {
  return formatList([...new Set(found.map(({ spoken }) => `\`${escapeControl(spoken.shown)}\``))]);
}

/** Never the text itself: it may hold a password that nobody marked. */
function evidenceOf({ told: { object, path, text }, spoken }: Found): Evidence {
  const hidden = secretKindIn(text) === undefined ? {} : { why: 'it holds a secret too' };
  return {
    object: titleOf(object),
    field: pathText(path),
    value: spoken.shown,
    ...hidden,
    origin: object.originAt(path),
  };
}

/** The Service that a host names, and whether every connection of the workload to its pods is encrypted. */
function otherEnd(
  context: ControlContext,
  { object, endpoint }: PodOwner,
  host: string | undefined,
): Pick<Found, 'isCovered' | 'isInside'> {
  if (host === undefined) return { isCovered: meshSigns(context).tunnel !== undefined, isInside: false };
  const [name = '', namespace = object.namespace, third] = host.split('.');
  const isName = third === undefined || third === 'svc';
  const service = context.snapshot.services.find((each) => each.name === name && each.namespace === namespace);
  if (!isName || service === undefined || service.type === 'ExternalName') return { isCovered: false, isInside: false };
  const targets = context.podOwners.filter(
    ({ object: { namespace: own }, metadata }) =>
      own === service.namespace &&
      service.selector?.requirements.every(({ key, values }) => values.includes(labelOf(metadata, key))) === true,
  );
  const ids = new Set(targets.map((each) => each.endpoint));
  const edges = edgesFrom(context, endpoint).filter(({ to }) => ids.has(to));
  const isCovered =
    edges.length > 0 && edges.every(({ fact }) => ['required', 'open', 'tunnel', 'app'].includes(protectionOf(fact)));
  return { isCovered, isInside: true };
}

function labelOf(metadata: PodOwner['metadata'], key: string): string {
  const { labels } = metadata;
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return '';
  const value = Object.entries(labels).find(([own]) => own === key)?.[1];
  return typeof value === 'string' ? value : '';
}
