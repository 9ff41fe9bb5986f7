import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareFirewalls, type FirewallWitness } from '#analysis/azure/compare-firewalls.ts';
import { parseAddress } from '#base/address.ts';
import { firewallAsker, snapshotWith } from '#engine/compile/azure/azure.test-support.ts';
import type { Protocol } from '#model/traffic.ts';
import { firewallVerdict } from '#oracle/azure/firewall.ts';
import type { Packet } from '#oracle/azure/firewall-packet.ts';
import { DOMAINS, type FirewallSize, firewallEstates, firewallPairs } from './generate-firewall.ts';

/** Firewalls per property: a few in every test run, many behind RINGFENCE_PROPERTY_RUNS. */
const RUNS = Number(process.env['RINGFENCE_PROPERTY_RUNS'] ?? 60);
const LIMIT = 120_000 + RUNS * 2_000;

describe('Azure Firewall: the engine against the oracle', () => {
  test('no verdict differs', () => agree({}, 0.25), LIMIT);

  test(
    'two firewalls differ where the witness says, and nowhere where they are equal',
    () => {
      let equal = 0;
      let witnessed = 0;
      const property = fc.property(firewallPairs(), ([before, after]) => {
        const [a, b] = [before, after].map((azure) => ({
          snapshot: snapshotWith(azure),
          firewall: azure.firewalls[0]!,
        }));
        const found = compareFirewalls(a!, b!)!;
        const verdicts = (packet: Packet) =>
          [before, after].map((azure) => firewallVerdict(azure, azure.firewalls[0]!, packet).verdict);
        for (const witness of found.witnesses)
          expect([witness, ...verdicts(packetOfWitness(witness))]).toEqual([witness, witness.before, witness.after]);
        witnessed += found.witnesses.length;
        if (!found.equal) return;
        equal++;
        for (const packet of samples()) {
          const [one, other] = verdicts(packet);
          expect([packet, one]).toEqual([packet, other]);
        }
      });
      fc.assert(property, { numRuns: RUNS, seed: 2026 });
      console.log(`${witnessed} witnesses held; ${equal} of ${RUNS} pairs equal`);
      expect(equal * witnessed).toBeGreaterThan(0);
    },
    LIMIT,
  );

  test('where all is stated only names at addresses are open', () => agree({ oneOpenIn: 0 }, 0.1), LIMIT);
});

/** Pods with what they show of themselves: in an overlay the address of their node. */
const SENDERS = [
  { name: 'shop/web', source: '10.224.0.4', labels: { app: 'web' }, namespace: 'shop' },
  { name: 'shop/batch', source: '10.224.0.5', labels: { app: 'batch' }, namespace: 'shop' },
  { name: 'ops/agent', source: '10.224.0.5', labels: { app: 'agent' }, namespace: 'ops' },
];
const PLACES = [...DOMAINS, '20.0.0.1', '20.1.0.9', '20.1.0.7', '20.1.0.30', '30.0.0.1', '40.0.0.1', '8.8.8.8'];
const TRAFFIC = ['TCP/80', 'TCP/443', 'TCP/1433', 'TCP/22', 'UDP/443', 'UDP/53', 'ICMP', 'SCTP/80', '47'];

function agree(size: FirewallSize, vagueAtMost: number): void {
  let asked = 0;
  let vague = 0;
  const property = fc.property(firewallEstates(size), (azure) => {
    const { verdict } = firewallAsker(azure, { domains: DOMAINS });
    const wrong: string[] = [];
    for (const question of questionsOf()) {
      const { sender, place, traffic, packet } = question;
      const told = verdict(sender, place, traffic);
      const truth = firewallVerdict(azure, azure.firewalls[0]!, packet);
      asked++;
      if (told === truth.verdict || !truth.complete) continue;
      if (told === 'unknown') vague++;
      else wrong.push(`${sender} to ${place} ${traffic}: engine ${told}, oracle ${truth.verdict}`);
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
  fc.assert(property, { numRuns: RUNS, seed: 2026 });
  console.log(`${asked} answers compared; ${vague} that the oracle knows are unknown to the engine`);
  // An engine that calls everything unknown is never wrong either.
  expect(vague / asked).toBeLessThan(vagueAtMost);
}

interface Asked {
  readonly sender: string;
  readonly place: string;
  readonly traffic: string;
  readonly packet: Packet;
}

function* questionsOf(): Generator<Asked> {
  for (const { name, source, labels, namespace } of SENDERS) {
    for (const place of PLACES) {
      for (const traffic of TRAFFIC)
        yield { sender: name, place, traffic, packet: packetOf({ source, labels, namespace }, place, traffic) };
    }
  }
}

interface Sender {
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
}

function senderOf({ source, labels, namespace }: Sender): Pick<Packet, 'source' | 'pod'> {
  return {
    source: parseAddress(source)!,
    pod: {
      labels: new Map(Object.entries(labels)),
      namespaceLabels: new Map([['kubernetes.io/metadata.name', namespace]]),
    },
  };
}

function packetOf({ source, labels, namespace }: Sender, place: string, traffic: string): Packet {
  const [protocol, port] = traffic.split('/');
  const address = parseAddress(place);
  return {
    ...senderOf({ source, labels, namespace }),
    ...(address === undefined ? { name: place } : { address }),
    protocol: protocol as Protocol,
    ...(port !== undefined && { port: Number(port) }),
  };
}

/** As from `shop/batch`, or from an address that no pod has. */
function packetOfWitness({ source, destination, name, protocol, port }: FirewallWitness): Packet {
  const sender = SENDERS.find((each) => each.name === source);
  const at = parseAddress(destination);
  const asked = name ?? (at === undefined ? destination : undefined);
  const from = sender === undefined ? { source: parseAddress(source)! } : senderOf(sender);
  return {
    ...from,
    ...(at !== undefined && { address: at }),
    ...(asked !== undefined && { name: asked }),
    protocol,
    ...(port !== undefined && { port }),
  };
}

function* samples(): Generator<Packet> {
  for (const source of ['10.224.0.4', '10.224.0.200', '10.224.7.1', '10.9.9.9']) {
    for (const place of PLACES.filter((each) => parseAddress(each) !== undefined)) {
      for (const name of DOMAINS) {
        for (const traffic of TRAFFIC) {
          const [protocol, port] = traffic.split('/');
          yield {
            source: parseAddress(source)!,
            address: parseAddress(place)!,
            name,
            protocol: protocol as Protocol,
            ...(port !== undefined && { port: Number(port) }),
          };
        }
      }
    }
  }
}
