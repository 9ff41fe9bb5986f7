import type { Connect } from './agent.ts';
import type { Owner } from './cluster.ts';

/** One line of a case's `expect`, over one pair of addresses. */
export interface Expected {
  readonly line: string;
  readonly connect: Connect;
  readonly from: Owner;
  readonly to: Owner;
  readonly isAllowed: boolean;
}

/**
 * `FROM > TO PROTOCOL/PORT yes|no` for every pair of addresses of one family. An end is an owner (`a/web`, `node:n1`,
 * `outside`), an owner with a family (`a/web4`, `outside6`), or one address. `ICMP` is echo in either family.
 */
export function expectedOf(line: string, owners: readonly Owner[]): Expected[] {
  const parts = /^(\S+) > (\S+) (TCP|UDP|SCTP|ICMP)(?:\/(\d+))? (yes|no)$/.exec(line);
  if (parts === null) throw new Error(`cannot read the expectation: ${line}`);
  const [, fromText, toText, protocol, port, answer] = parts;
  const out: Expected[] = [];
  for (const [from, source] of endsOf(fromText!, owners)) {
    for (const [to, target] of endsOf(toText!, owners)) {
      if (source.includes(':') !== target.includes(':')) continue;
      const name = protocol === 'ICMP' && source.includes(':') ? 'ICMPv6' : (protocol as Connect[2]);
      out.push({ line, connect: [source, target, name, Number(port ?? 0)], from, to, isAllowed: answer === 'yes' });
    }
  }
  if (out.length === 0) throw new Error(`no pair of addresses for the expectation: ${line}`);
  return out;
}

function endsOf(text: string, owners: readonly Owner[]): [owner: Owner, address: string][] {
  const named = owners.find((owner) => owner.id === text);
  if (named !== undefined) return named.addresses.map((address) => [named, address]);
  const holder = owners.find((owner) => owner.addresses.includes(text));
  if (holder !== undefined) return [[holder, text]];
  const base = owners.find((owner) => owner.id === text.slice(0, -1));
  const isV6 = text.endsWith('6');
  return (base?.addresses ?? []).filter((address) => address.includes(':') === isV6).map((address) => [base!, address]);
}
