import { quote } from './draft.ts';
import type { Reader } from './reader.ts';

/** How a version of the API calls what the checks of this file look at. */
export interface RuleShape {
  /** The list of ports. */
  readonly ports: string;
  /** The field of an entry that names a port. */
  readonly named: string;
  /** The action that lets traffic pass. */
  readonly accept: string;
}

const PORTLESS_PEERS = ['networks', 'nodes', 'domainNames'];

/** CEL rule of the schema: only pods have named ports, so such a port cannot meet any other peer. */
export function checkNamedPorts(rule: Reader, shape: RuleShape): void {
  const named = rule.children(shape.ports).find((port) => port.has(shape.named));
  const peer = rule.children('to').find((to) => to.present(PORTLESS_PEERS).length > 0);
  if (named === undefined || peer === undefined) return;
  const kind = peer.present(PORTLESS_PEERS)[0] ?? '';
  rule.draft.refuse(
    'RF2009',
    named.place(shape.named),
    `cannot be used with the peer ${quote(kind)}, which has no named ports`,
  );
}

/** The API allows domain names in rules that let traffic pass, and in no other. */
export function checkDomainNames(rule: Reader, shape: RuleShape): void {
  const action = rule.text('action');
  const peer = rule.children('to').find((to) => to.has('domainNames'));
  if (peer === undefined || action === undefined || action === shape.accept) return;
  peer.refuse(
    'RF2009',
    'domainNames',
    `cannot be used with the action ${quote(action)}, only with ${quote(shape.accept)}`,
  );
}
