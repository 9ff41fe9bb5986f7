import type { Place } from '#model/control.ts';
import type { AcceptedFinding } from '#model/control-settings.ts';
import type { ClusterObject } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import type { Acceptance } from '#model/scan.ts';
import type { ControlContext } from '../controls/context.ts';
import { objectId } from '../controls/objects.ts';

/** Why a finding is accepted, by the configuration or by an annotation of the object; null where it is not, or no longer. */
export function acceptanceOf(context: ControlContext, control: string, where: Place): Acceptance | null {
  const { accepted } = context.settings;
  const entry = accepted.find(
    (each) => each.control === control && isMeant(each, where) && isIn(each.until, context.today),
  );
  if (entry !== undefined) {
    const { reason, owner, until, origin } = entry;
    return { reason, owner, from: 'configuration', origin, ...(until !== undefined && { until }) };
  }
  return annotationOf(context, control, where);
}

/** `reason; owner=team; until=2027-01-01` under `accept.ringfence.dev/NET-POL-001`. Without an owner it is none. */
function annotationOf(context: ControlContext, control: string, where: Place): Acceptance | null {
  const object = context.objects.all.length === 0 ? undefined : byPlace(context, where);
  const text = textAt(object?.value, 'metadata', 'annotations', `accept.ringfence.dev/${control}`);
  if (object === undefined || text === undefined) return null;
  const parts = text.split(';').map((part) => part.trim());
  const valueOf = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const reason = parts.find((part) => part !== '' && !/^(?:owner|until)=/.test(part));
  const [owner, until] = [valueOf('owner'), valueOf('until')];
  if (reason === undefined || owner === undefined || !isIn(until, context.today)) return null;
  const origin = object.originAt(['metadata', 'annotations', `accept.ringfence.dev/${control}`]);
  return { reason, owner, from: 'annotation', origin, ...(until !== undefined && { until }) };
}

function byPlace(context: ControlContext, { kind, namespace, name, id }: Place): ClusterObject | undefined {
  const [group = ''] = id.split('/');
  const object = context.objects.get({ group, kind, namespace, name });
  return object !== undefined && objectId(object) === id ? object : undefined;
}

function isIn(until: string | undefined, today: string): boolean {
  return until === undefined || until >= today;
}

/** Whether an entry means a place: by id, `namespace/name`, or namespace; `*` stands for any text. */
export function isMeant({ where }: Pick<AcceptedFinding, 'where'>, { id, namespace, name }: Place): boolean {
  if (where === undefined) return true;
  const names = [id, namespace === '' ? name : `${namespace}/${name}`, ...(namespace === '' ? [] : [namespace])];
  return names.some((each) => matches(where.toLowerCase(), each.toLowerCase()));
}

function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!text.startsWith(first)) return false;
  if (rest.length === 0) return text === pattern;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) ?? '';
  return text.length - last.length >= at && text.endsWith(last);
}
