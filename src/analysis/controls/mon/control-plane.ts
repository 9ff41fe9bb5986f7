import type { FieldPath } from '#model/object.ts';
import { textsAt } from '#model/plain.ts';
import type { ControlContext } from '../context.ts';
import type { PodOwner } from '../pod-owners.ts';

/** An API server of the input's own control plane: its static pod as the node has it. */
export interface ApiServer {
  readonly owner: PodOwner;
  /** Flags without dashes; `''` where one has no value. The last counts. */
  readonly flags: ReadonlyMap<string, Flag>;
  /** Where its arguments stand. */
  readonly path: FieldPath;
}

export interface Flag {
  readonly value: string;
  readonly path: FieldPath;
}

export function apiServers({ podOwners }: ControlContext): readonly ApiServer[] {
  return podOwners.flatMap((owner) => {
    if (owner.object.namespace !== 'kube-system') return [];
    const container = owner.containers.find(({ value }) =>
      ['command', 'args'].some((field) => textsAt(value, field).some((text) => /(?:^|\/)kube-apiserver$/.test(text))),
    );
    if (container === undefined) return [];
    const flags = new Map<string, Flag>();
    for (const field of ['command', 'args'])
      for (const [index, text] of textsAt(container.value, field).entries()) {
        const match = /^--([a-z0-9-]+)(?:=([\s\S]*))?$/.exec(text);
        if (match?.[1] !== undefined)
          flags.set(match[1], { value: match[2] ?? '', path: [...container.path, field, index] });
      }
    return [{ owner, flags, path: [...container.path, 'command'] }];
  });
}
