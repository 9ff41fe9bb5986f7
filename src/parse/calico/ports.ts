import type { CalicoPort } from '#model/calico.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';

/** `8080`, `"8080"`, `"80:90"` (both ends in), or the name of a container port. */
export function readPorts(entity: Reader, key: string): CalicoPort[] {
  return entity.scalars(key).flatMap((placed): CalicoPort[] => {
    const port = portOf(placed.text);
    if (port !== undefined) return [port];
    entity.draft.refuse('RF2008', placed, `is ${quote(placed.text)}: a port is a number, a range as 80:90, or a name`);
    return [];
  });
}

function portOf(text: string): CalicoPort | undefined {
  const range = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text);
  if (range === null) return /^[a-zA-Z0-9_.-]{1,128}$/.test(text) ? { name: text } : undefined;
  const from = Number(range[1]);
  const to = Number(range[2] ?? range[1]);
  return from <= to && to <= 65535 ? { from, to } : undefined;
}
