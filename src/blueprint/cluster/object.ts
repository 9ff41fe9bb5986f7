import type { PlainObject } from '#model/plain.ts';
import type { Document } from '../write/yaml.ts';

/** What an object of the API is and what stands in it, in the order in which people write it. */
export interface ObjectOf {
  readonly api: string;
  readonly kind: string;
  readonly name: string;
  /** Absent: it belongs to the cluster. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Fields beside `metadata`: `spec`, `rules`. */
  readonly body: PlainObject;
  readonly why?: string;
}

/** The object as a document. */
export function objectOf({ api, kind, name, namespace, labels, annotations, body, why }: ObjectOf): Document {
  const metadata: PlainObject = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
  };
  return { ...(why !== undefined && { why }), value: { apiVersion: api, kind, metadata, ...body } };
}
