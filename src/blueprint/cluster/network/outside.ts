import type { Design } from '../../plan/design.ts';
import type { Space } from '../../plan/spaces.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';
import { addressesIn, networkPolicy, tcp } from './kubernetes.ts';

/** Names outside that a namespace reaches, each on its port. */
export function outsidePolicies(design: Design, space: Space): readonly Document[] {
  if (space.outside.length === 0) return [];
  return [design.choices.engine === 'cilium' ? byName(space) : byPort(space)];
}

function byName({ name, outside }: Space): Document {
  return objectOf({
    api: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    name: 'outside',
    namespace: name,
    why: 'Names outside that this namespace reaches; the firewall allows the same names, and no others.',
    body: {
      spec: {
        endpointSelector: {},
        egress: [...Map.groupBy(outside, ({ port }) => port)].map(([port, names]) => ({
          toFQDNs: names.map((each) =>
            each.name.startsWith('*') ? { matchPattern: each.name } : { matchName: each.name },
          ),
          toPorts: [{ ports: [{ port: `${port}`, protocol: 'TCP' }] }],
        })),
      },
    },
  });
}

/** What is not the internet (RFC 6890), and the address of Azure that nodes ask. */
const NOT_OUTSIDE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
] as const;

function byPort({ name, outside }: Space): Document {
  const names = outside.map((each) => `${each.name}:${each.port}`).join(', ');
  return networkPolicy({
    name: 'outside',
    namespace: name,
    why: `${names}. Calico has no rules for names here: the port is open to the internet, and the firewall, by which everything leaves, allows the names alone.`,
    egress: [
      {
        to: [addressesIn('0.0.0.0/0', NOT_OUTSIDE)],
        ports: tcp(...new Set(outside.map(({ port }) => port))),
      },
    ],
  });
}
