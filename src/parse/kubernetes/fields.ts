import { CALICO_FIELDS } from '../calico/fields.ts';
import { CILIUM_FIELDS } from '../cilium/fields.ts';
import { ISTIO_FIELDS } from '../istio/fields.ts';
import { LINKERD_FIELDS } from '../linkerd/fields.ts';
import type { FieldEntry, FieldSupport, KindFields, SupportState } from './field-support.ts';
import { EXPOSURE_FIELDS } from './fields/exposure.ts';
import { GATEWAY_FIELDS } from './fields/gateway.ts';
import { POLICY_FIELDS } from './fields/policy.ts';
import { WORKLOAD_FIELDS } from './fields/workload.ts';

/** Every field that Ringfence knows, of every kind that it reads. The command line and the docs print it. */
export function supportTable(): readonly FieldSupport[] {
  return TABLE;
}

export interface FieldOwner {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
}

/** The state of one field: that of its own line, or of the nearest line above it that covers a whole part. */
export function supportOf(object: FieldOwner, path: string): SupportState {
  const lines = TABLE.filter(
    (line) => line.kind === object.kind && line.group === object.group && line.versions.includes(object.version),
  );
  const exact = lines.find((line) => line.path === path);
  if (exact !== undefined) return exact.state;
  const covering = lines.filter((line) => line.path.endsWith('.*') && path.startsWith(line.path.slice(0, -1)));
  covering.sort((a, b) => b.path.length - a.path.length);
  return covering[0]?.state ?? 'not-recognised';
}

/** What is the same in every object. */
const COMMON: Readonly<Record<string, FieldEntry>> = {
  apiVersion: 'supported',
  kind: 'supported',
  'metadata.name': 'supported',
  'metadata.generateName': ['partial', 'the name of the object is then the prefix and a question mark'],
  'metadata.namespace': 'supported',
  'metadata.labels.*': 'supported',
  'metadata.annotations.*': 'supported',
  'metadata.creationTimestamp': 'supported',
  'metadata.*': ['harmless', 'bookkeeping of the API server'],
};

const FIELDS: readonly KindFields[] = [
  ...POLICY_FIELDS,
  ...EXPOSURE_FIELDS,
  ...GATEWAY_FIELDS,
  ...WORKLOAD_FIELDS,
  ...CALICO_FIELDS,
  ...CILIUM_FIELDS,
  ...ISTIO_FIELDS,
  ...LINKERD_FIELDS,
];
const TABLE: readonly FieldSupport[] = FIELDS.flatMap(linesOf);

/** Kinds that decide about traffic: their unknown fields are reported. By group and kind, joined with `/`. */
export function strictKinds(): readonly string[] {
  return FIELDS.filter(({ strict }) => strict === true).map(({ group, kind }) => `${group}/${kind}`);
}

function linesOf({ group, versions, kind, fields }: KindFields): FieldSupport[] {
  return Object.entries({ ...COMMON, ...fields }).map(([path, entry]) => {
    if (typeof entry === 'string') return { group, versions, kind, path, state: entry };
    return { group, versions, kind, path, state: entry[0], note: entry[1] };
  });
}
