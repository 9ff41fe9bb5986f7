import type { MapNode } from './text/node.ts';
import { readDocuments } from './text/read-documents.ts';

/** Settings beyond this size are nobody's; they count as unreadable. */
const LONGEST = 1 << 20;

/** YAML or JSON that stands as text inside of another document: its mapping, or undefined where it is none. */
export function embeddedMap(text: string): MapNode | undefined {
  if (text.length > LONGEST) return undefined;
  const { documents, diagnostics } = readDocuments({ file: 'mesh', text });
  const root = documents[0]?.root;
  return diagnostics.some(({ severity }) => severity === 'error') || root?.kind !== 'map' ? undefined : root;
}
