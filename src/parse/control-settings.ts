import { type Cidr, parseCidr } from '#base/address.ts';
import { type AcceptedFinding, type ControlSettings, NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import type { ManualAnswer } from '#model/scan.ts';
import type { Entry, MapNode, Node, SourceText } from './text/node.ts';
import { originAt } from './text/positions.ts';

/** Reports what is wrong at a place; a configuration with anything wrong in it must not be used. */
export type RefuseSetting = (node: { readonly start: number; readonly end: number }, message: string) => void;

/** What `ringfence.yaml` has under `controls:`. */
export function readControlSettings(source: SourceText, node: Node, refuse: RefuseSetting): ControlSettings {
  if (node.kind !== 'map') {
    refuse(node, '`controls` must be a mapping');
    return NO_CONTROL_SETTINGS;
  }
  const reading: Reading = { source, refuse };
  const read: Partial<Record<keyof ControlSettings, unknown>> = {};
  for (const entry of node.entries) {
    const reader = isSetting(entry.key) ? READERS[entry.key] : undefined;
    if (reader === undefined) refuseKey(reading, entry, Object.keys(READERS));
    else read[entry.key as keyof ControlSettings] = reader(reading, entry);
  }
  // Each reader gives the type of its setting.
  return { ...NO_CONTROL_SETTINGS, ...(read as Partial<ControlSettings>) };
}

interface Reading {
  readonly source: SourceText;
  readonly refuse: RefuseSetting;
}

const READERS = {
  answers: readAnswers,
  accepted: readAccepted,
  trustedRegistries: texts,
  allowedServicePorts: ports,
  allowedExternalIps: texts,
  allowedHostPorts: portRange,
  ingressClasses: texts,
  onPremisesRanges: cidrs,
  adminRanges: cidrs,
  networkOwners: texts,
  groupLabel: text,
  systemNamespaces: texts,
} as const satisfies {
  readonly [K in keyof ControlSettings]-?: (reading: Reading, entry: Entry) => ControlSettings[K];
};

function isSetting(key: string): key is keyof ControlSettings {
  return Object.hasOwn(READERS, key);
}

function refuseKey({ refuse }: Reading, { key, keyStart }: Entry, known: readonly string[]): void {
  refuse({ start: keyStart, end: keyStart + key.length }, `\`${key}\` is not one of ${known.join(', ')}`);
}

// ---------------------------------------------------------------- answers and acceptances

const CONTROL_ID = /^[A-Z]+-[A-Z]+-\d{3}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

function readAnswers(reading: Reading, { value: node }: Entry): ReadonlyMap<string, ManualAnswer> {
  const out = new Map<string, ManualAnswer>();
  for (const entry of mapping(reading, node)) {
    const fields = fieldsOf(reading, entry.value, ['answer', 'by', 'on', 'note']);
    const [answer, by, on, note] = ['answer', 'by', 'on', 'note'].map((name) => fields.get(name));
    // YAML 1.1 reads a bare yes as true.
    const said = answer === true || answer === 'yes' ? 'yes' : answer === false || answer === 'no' ? 'no' : undefined;
    if (!CONTROL_ID.test(entry.key)) reading.refuse(entry.value, `\`${entry.key}\` is not the id of a control`);
    else if (said === undefined || typeof by !== 'string' || typeof on !== 'string' || !DATE.test(on))
      reading.refuse(entry.value, 'an answer has `answer: yes` or `no`, `by:` and `on:` a date as 2027-01-31');
    else out.set(entry.key, { answer: said, by, on, ...(typeof note === 'string' && { note }) });
  }
  return out;
}

function readAccepted(reading: Reading, { value: node }: Entry): readonly AcceptedFinding[] {
  if (node.kind !== 'seq') {
    reading.refuse(node, '`accepted` must be a list');
    return [];
  }
  return node.items.flatMap((item) => acceptedOf(reading, item) ?? []);
}

function acceptedOf(reading: Reading, node: Node): AcceptedFinding | undefined {
  const fields = fieldsOf(reading, node, ['control', 'where', 'reason', 'owner', 'until']);
  const [control, where, reason, owner, until] = ['control', 'where', 'reason', 'owner', 'until'].map((name) =>
    fields.get(name),
  );
  const isComplete = typeof control === 'string' && typeof reason === 'string' && typeof owner === 'string';
  const isDated = until === undefined || (typeof until === 'string' && DATE.test(until));
  if (!isComplete || !CONTROL_ID.test(control) || reason === '' || owner === '' || !isDated) {
    reading.refuse(
      node,
      'an accepted finding has `control:`, `reason:` and `owner:`, and may have `where:` and `until:` a date',
    );
    return undefined;
  }
  const origin = originAt(reading.source, node.start);
  return {
    control,
    reason,
    owner,
    origin,
    ...(typeof where === 'string' && { where }),
    ...(typeof until === 'string' && { until }),
  };
}

type Scalar = string | number | boolean | null;

function fieldsOf(reading: Reading, node: Node, known: readonly string[]): ReadonlyMap<string, Scalar> {
  const out = new Map<string, Scalar>();
  for (const entry of mapping(reading, node)) {
    if (!known.includes(entry.key)) refuseKey(reading, entry, known);
    else if (entry.value.kind === 'scalar') out.set(entry.key, entry.value.value);
    else reading.refuse(entry.value, `\`${entry.key}\` must be text`);
  }
  return out;
}

function mapping({ refuse }: Reading, node: Node): MapNode['entries'] {
  if (node.kind === 'map') return node.entries;
  refuse(node, 'this must be a mapping');
  return [];
}

// ---------------------------------------------------------------- values

function text({ refuse }: Reading, { key, value }: Entry): string {
  if (value.kind === 'scalar' && typeof value.value === 'string' && value.value !== '') return value.value;
  refuse(value, `\`${key}\` must be text`);
  return '';
}

function texts(reading: Reading, { key, value }: Entry): readonly string[] {
  return items(
    reading,
    { key, value },
    (found) => (typeof found === 'string' && found !== '' ? found : undefined),
    'texts',
  );
}

function ports(reading: Reading, entry: Pick<Entry, 'key' | 'value'>): readonly number[] {
  return items(reading, entry, (found) => (isPort(found) ? found : undefined), 'ports');
}

function cidrs(reading: Reading, entry: Entry): readonly Cidr[] {
  return items(reading, entry, (found) => (typeof found === 'string' ? parseCidr(found)?.cidr : undefined), 'CIDRs');
}

function portRange(reading: Reading, entry: Entry): { readonly from: number; readonly to: number } {
  const fields = fieldsOf(reading, entry.value, ['from', 'to']);
  const [from, to] = [fields.get('from'), fields.get('to')];
  if (isPort(from) && isPort(to) && from <= to) return { from, to };
  reading.refuse(entry.value, `\`${entry.key}\` must have \`from\` and \`to\`, two ports`);
  return { from: 1, to: 0 };
}

function isPort(found: Scalar | undefined): found is number {
  return typeof found === 'number' && Number.isInteger(found) && found >= 0 && found <= 65535;
}

type ReadItem<T> = (found: Scalar) => T | undefined;

function items<T>(
  { refuse }: Reading,
  { key, value }: Pick<Entry, 'key' | 'value'>,
  ...[read, what]: [ReadItem<T>, string]
): readonly T[] {
  const nodes = value.kind === 'seq' ? value.items : [value];
  return nodes.flatMap((node) => {
    const found = node.kind === 'scalar' ? read(node.value) : undefined;
    if (found === undefined) refuse(node, `\`${key}\` must be a list of ${what}`);
    return found ?? [];
  });
}
