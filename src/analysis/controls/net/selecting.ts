import type { EditedObject } from '#model/control.ts';
import { entriesAt } from '#model/plain.ts';
import { labelsOf } from '../../needs/book.ts';
import type { NetWorkload } from './places.ts';

/** By which labels a policy selects a workload. */
export interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  /** Where it had none to select by: the label that its template gets. */
  readonly change?: EditedObject;
}

/** Labels that controllers write anew with each revision. */
const CHANGING =
  /^(?:pod-template-hash|controller-(?:uid|revision-hash)|pod-template-generation|job-name|statefulset\.kubernetes\.io\/.*|batch\.kubernetes\.io\/.*|apps\.kubernetes\.io\/.*|helm\.sh\/chart|app\.kubernetes\.io\/(?:version|managed-by))$/;
const OWN_LABEL = 'app';

/** The labels that its own controller selects by; else those of its pods; else one that is added. */
export function labelledAs({ written, owner }: Pick<NetWorkload, 'written' | 'owner'>): Labelled {
  if (written === undefined) return { labels: {} };
  const selector = entriesAt(written.object.value, 'spec', 'selector', 'matchLabels');
  const pairs = selector.length > 0 ? selector : [...labelsOf(written)];
  const labels = pairs.flatMap(([key, value]) =>
    typeof value === 'string' && !CHANGING.test(key) ? [[key, value] as const] : [],
  );
  if (labels.length > 0) return { labels: Object.fromEntries(labels) };
  const name = owner.name.slice(0, 63);
  const path = [...written.path, 'metadata', 'labels', OWN_LABEL];
  return {
    labels: { [OWN_LABEL]: name },
    change: { kind: 'edit-object', object: written.object, edits: [{ op: 'set', path, value: name }] },
  };
}
