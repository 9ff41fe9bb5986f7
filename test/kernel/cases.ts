import { podText, policyText, TOWN } from './town.ts';

/**
 * One point of the NetworkPolicy text that is easily read wrong. `expect` says by hand what must happen, so that the
 * translator itself is held to something: `FROM > TO PROTOCOL/PORT yes|no`, over every address family that both have.
 */
export interface Case {
  readonly name: string;
  readonly manifests: string;
  readonly expect: readonly string[];
}

export const CASES: readonly Case[] = [
  {
    name: 'no policy: everything is allowed',
    manifests: TOWN,
    expect: ['a/web > b/db TCP/80 yes', 'outside > c/plain UDP/53 yes', 'c/plain > outside SCTP/53 yes'],
  },
  {
    name: 'default deny of ingress leaves egress open',
    manifests: TOWN + policyText('a/deny', 'podSelector: {}'),
    expect: [
      'b/web > a/web TCP/80 no',
      'a/db > a/web TCP/80 no',
      'outside > a/web TCP/80 no',
      'a/web > b/web UDP/53 yes',
      'a/web > outside TCP/443 yes',
      'a/web > a/db TCP/80 no',
    ],
  },
  {
    name: 'default deny of egress leaves ingress open',
    manifests: TOWN + policyText('a/deny', 'podSelector: {}\npolicyTypes: [Egress]'),
    expect: [
      'a/web > b/web TCP/80 no',
      'a/web > outside UDP/53 no',
      'b/web > a/web TCP/80 yes',
      'a/web > a/db TCP/80 no',
    ],
  },
  {
    name: 'an empty egress list without policyTypes isolates ingress only',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\negress: []'),
    expect: ['a/web > b/web TCP/80 yes', 'b/web > a/web TCP/80 no'],
  },
  {
    name: 'an empty egress list with policyTypes Egress denies all egress and leaves ingress alone',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: [Egress]\negress: []'),
    expect: ['a/web > b/web TCP/80 no', 'b/web > a/web TCP/80 yes'],
  },
  {
    name: 'egress rules without policyTypes isolate ingress too',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\negress: [{to: [{podSelector: {}}]}]'),
    expect: ['b/web > a/web TCP/80 no', 'a/web > a/db TCP/80 no', 'a/web > b/web TCP/80 no'],
  },
  {
    name: 'an empty policyTypes list is as good as none',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: []\negress: [{}]'),
    expect: ['a/web > b/web TCP/80 yes', 'b/web > a/web TCP/80 no'],
  },
  {
    name: 'one empty ingress rule admits everybody, from outside too',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{}]'),
    expect: ['b/web > a/web TCP/80 yes', 'outside > a/web SCTP/9999 yes'],
  },
  {
    name: 'an empty from is everybody, not nobody',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{from: [], ports: []}]'),
    expect: ['b/web > a/web TCP/80 yes', 'outside > a/web UDP/53 yes'],
  },
  {
    name: 'a missing from is everybody, on the ports of the rule',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{ports: [{port: 80}]}]'),
    expect: [
      'b/web > a/web TCP/80 yes',
      'outside > a/web TCP/80 yes',
      'b/web > a/web TCP/81 no',
      'b/web > a/web UDP/80 no',
    ],
  },
  {
    name: 'a null from is a missing from',
    manifests: TOWN + policyText('a/p', 'podSelector: null\ningress: [{from: null, ports: [{port: 80}]}]'),
    expect: ['b/web > a/web TCP/80 yes', 'outside > a/db TCP/80 yes', 'b/web > a/web TCP/81 no'],
  },
  {
    name: 'namespaceSelector and podSelector behind one dash: both must match',
    manifests:
      TOWN +
      policyText(
        'a/p',
        `
podSelector: {matchLabels: {app: db}}
ingress:
- from:
  - namespaceSelector: {matchLabels: {team: b}}
    podSelector: {matchLabels: {app: web}}`,
      ),
    expect: ['b/web > a/db TCP/80 yes', 'b/db > a/db TCP/80 no', 'a/web > a/db TCP/80 no', 'b/db > a/web TCP/80 yes'],
  },
  {
    name: 'namespaceSelector and podSelector behind two dashes: either, and the second in its own namespace only',
    manifests:
      TOWN +
      policyText(
        'a/p',
        `
podSelector: {matchLabels: {app: db}}
ingress:
- from:
  - namespaceSelector: {matchLabels: {team: b}}
  - podSelector: {matchLabels: {app: web}}`,
      ),
    expect: [
      'b/web > a/db TCP/80 yes',
      'b/db > a/db TCP/80 yes',
      'a/web > a/db TCP/80 yes',
      'c/plain > a/db TCP/80 no',
    ],
  },
  {
    name: 'an empty podSelector as peer is the own namespace, not the cluster',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{from: [{podSelector: {}}]}]'),
    expect: ['a/web > a/db TCP/80 yes', 'b/web > a/db TCP/80 no', 'outside > a/db TCP/80 no'],
  },
  {
    name: 'an empty namespaceSelector is every pod and never an address outside or another node',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{from: [{namespaceSelector: {}}]}]'),
    expect: [
      'b/web > a/db TCP/80 yes',
      'c/plain > a/db UDP/53 yes',
      'outside > a/db TCP/80 no',
      'node:n2 > a/db TCP/80 no',
    ],
  },
  {
    name: 'the own node always gets in, other nodes do not',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: [Ingress, Egress]'),
    expect: [
      'node:n1 > a/web TCP/80 yes',
      'node:n2 > a/web TCP/80 no',
      'a/web > node:n1 TCP/80 yes',
      'a/web > node:n2 TCP/80 no',
    ],
  },
  {
    name: 'an entry without protocol is TCP',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: 53}]}]'),
    expect: ['a/web > b/web TCP/53 yes', 'a/web > b/web UDP/53 no', 'a/web > outside SCTP/53 no'],
  },
  {
    name: 'a protocol without port is all of that protocol and nothing of another',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{ports: [{protocol: UDP}]}]'),
    expect: [
      'b/web > a/web UDP/9999 yes',
      'b/web > a/web UDP/53 yes',
      'b/web > a/web TCP/53 no',
      'outside > a/web SCTP/53 no',
    ],
  },
  {
    name: 'an empty port entry is all of TCP',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{ports: [{}]}]'),
    expect: ['b/web > a/web TCP/9999 yes', 'b/web > a/web UDP/53 no'],
  },
  {
    name: 'SCTP by port',
    manifests: TOWN + policyText('b/p', 'podSelector: {}\ningress: [{ports: [{protocol: SCTP, port: 53}]}]'),
    expect: [
      'a/web > b/db SCTP/53 yes',
      'a/web > b/db SCTP/80 no',
      'a/web > b/db TCP/53 no',
      'outside > b/db SCTP/53 yes',
    ],
  },
  {
    name: 'endPort includes both ends',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{ports: [{port: 8080, endPort: 8082}]}]'),
    expect: [
      'b/web > a/web TCP/8079 no',
      'b/web > a/web TCP/8080 yes',
      'b/web > a/web TCP/8082 yes',
      'b/web > a/web TCP/8083 no',
      'b/web > a/web UDP/8081 no',
    ],
  },
  {
    name: 'overlapping port entries are a union',
    manifests:
      TOWN +
      policyText(
        'a/p',
        `
podSelector: {}
ingress:
- ports: [{port: 80, endPort: 90}, {port: 85, endPort: 100}, {protocol: UDP, port: 100}]`,
      ),
    expect: [
      'b/web > a/web TCP/80 yes',
      'b/web > a/web TCP/100 yes',
      'b/web > a/web TCP/101 no',
      'b/web > a/web UDP/100 yes',
    ],
  },
  {
    name: 'a named port in ingress is the number at the pod itself, init containers included',
    manifests:
      TOWN +
      policyText('a/p', 'podSelector: {}\ningress: [{ports: [{port: http}]}]') +
      policyText('b/p', 'podSelector: {}\ningress: [{ports: [{port: http}]}]'),
    expect: [
      'c/plain > a/web TCP/80 yes',
      'c/plain > a/web TCP/8080 no',
      'c/plain > a/db TCP/8080 yes',
      'c/plain > a/db TCP/80 no',
      'c/plain > b/db TCP/8082 yes',
      'c/plain > b/db UDP/8082 no',
    ],
  },
  {
    name: 'a named port in egress is the number at each destination; pods without it and outside are not matched',
    manifests: TOWN + policyText('c/p', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: http}]}]'),
    expect: [
      'c/plain > a/web TCP/80 yes',
      'c/plain > a/db TCP/8080 yes',
      'c/plain > a/db TCP/80 no',
      'c/plain > b/web TCP/8081 yes',
      'c/plain > b/db TCP/8082 yes',
      'c/plain > outside TCP/80 no',
      'c/plain > outside TCP/8080 no',
    ],
  },
  {
    name: 'one name with two protocols is two ports',
    manifests:
      TOWN +
      policyText(
        'c/p',
        `
podSelector: {}
policyTypes: [Egress]
egress:
- to: [{namespaceSelector: {}}]
  ports: [{protocol: UDP, port: dns}]`,
      ),
    expect: [
      'c/plain > a/db UDP/53 yes',
      'c/plain > a/db TCP/5353 no',
      'c/plain > a/db UDP/5353 no',
      'c/plain > a/web UDP/53 no',
    ],
  },
  {
    name: 'a name that no pod has admits nothing, and still isolates',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{ports: [{port: nobody}]}]'),
    expect: ['b/web > a/web TCP/80 no', 'b/web > a/db TCP/8080 no'],
  },
  {
    name: 'except is a hole in its own block',
    manifests:
      TOWN +
      policyText(
        'a/p',
        `
podSelector: {}
ingress:
- from:
  - ipBlock: {cidr: 203.0.0.0/8, except: [203.0.113.0/24]}
  - ipBlock: {cidr: 10.244.0.0/16, except: [10.244.2.0/31, 10.244.3.0/24]}`,
      ),
    expect: [
      'b/db > a/web4 TCP/80 yes',
      'b/web > a/web4 TCP/80 no',
      'c/plain > a/web4 TCP/80 no',
      'outside > a/web TCP/80 no',
    ],
  },
  {
    name: 'what one peer excepts another may admit',
    manifests:
      TOWN +
      policyText(
        'a/p',
        `
podSelector: {}
ingress:
- from:
  - ipBlock: {cidr: 10.244.0.0/16, except: [10.244.1.0/24]}
  - podSelector: {matchLabels: {app: web}}`,
      ),
    expect: ['a/web > a/db TCP/80 yes', 'b/db > a/db4 TCP/80 yes', 'b/db > a/db6 TCP/80 no'],
  },
  {
    name: '0.0.0.0/0 is IPv4 only',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]'),
    expect: [
      'b/web > a/web4 TCP/80 yes',
      'b/web > a/web6 TCP/80 no',
      'outside > a/web4 TCP/80 yes',
      'outside > a/web6 TCP/80 no',
    ],
  },
  {
    name: '::/0 is IPv6 only',
    manifests:
      TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{ipBlock: {cidr: "::/0"}}]}]'),
    expect: [
      'a/web > b/web4 TCP/80 no',
      'a/web > b/web6 TCP/80 yes',
      'a/web > outside6 UDP/53 yes',
      'a/web > outside4 UDP/53 no',
    ],
  },
  {
    name: 'a selector matches every address of a dual-stack pod',
    manifests:
      TOWN + policyText('a/p', 'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]'),
    expect: ['b/web > a/web4 TCP/80 yes', 'b/web > a/web6 TCP/80 yes', 'c/plain > a/web TCP/80 no'],
  },
  {
    name: 'an IPv6 block with an except, and an IPv4 block, in one rule',
    manifests:
      TOWN +
      policyText(
        'c/p',
        `
podSelector: {}
policyTypes: [Egress]
egress:
- to:
  - ipBlock: {cidr: "2001:db8::/32", except: ["2001:db8:2::/48"]}
  - ipBlock: {cidr: 198.51.100.0/24}
  ports: [{port: 443}]`,
      ),
    expect: [
      'c/plain > 2001:db8:1::7 TCP/443 yes',
      'c/plain > 2001:db8:2::9 TCP/443 no',
      'c/plain > 198.51.100.9 TCP/443 yes',
      'c/plain > 203.0.113.7 TCP/443 no',
      'c/plain > 198.51.100.9 TCP/80 no',
    ],
  },
  {
    name: 'policies and rules add up: peer of one and port of another do not combine',
    manifests:
      TOWN +
      policyText(
        'a/p',
        'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: 80}]}]',
      ) +
      policyText('a/q', 'podSelector: {}\ningress: [{from: [{podSelector: {}}], ports: [{port: 443}]}]'),
    expect: [
      'b/web > a/db TCP/80 yes',
      'b/web > a/db TCP/443 no',
      'a/web > a/db TCP/443 yes',
      'a/web > a/db TCP/80 no',
    ],
  },
  {
    name: 'both ends must agree',
    manifests:
      TOWN +
      policyText(
        'a/out',
        'podSelector: {}\npolicyTypes: [Egress]\negress: [{to: [{namespaceSelector: {matchLabels: {team: b}}}]}]',
      ) +
      policyText(
        'b/in',
        'podSelector: {matchLabels: {app: db}}\ningress: [{from: [{namespaceSelector: {}}], ports: [{port: 53}]}]',
      ),
    expect: [
      'a/web > b/db TCP/53 yes',
      'a/web > b/db TCP/80 no',
      'a/web > b/web TCP/80 yes',
      'a/web > c/plain TCP/53 no',
      'c/plain > b/db TCP/53 yes',
    ],
  },
  {
    name: 'an allow at the destination does not lift isolation at the source',
    manifests:
      TOWN +
      policyText('a/deny', 'podSelector: {}\npolicyTypes: [Egress]') +
      policyText('b/open', 'podSelector: {}\ningress: [{}]'),
    expect: ['a/web > b/web TCP/80 no', 'c/plain > b/web TCP/80 yes'],
  },
  {
    name: 'egress rules beside policyTypes Ingress have no effect',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: [Ingress]\negress: [{to: [{podSelector: {}}]}]'),
    expect: ['a/web > b/web TCP/80 yes', 'b/web > a/web TCP/80 no'],
  },
  {
    name: 'ingress rules beside policyTypes Egress have no effect',
    manifests: TOWN + policyText('a/p', 'podSelector: {}\npolicyTypes: [Egress]\ningress: [{ports: [{port: 80}]}]'),
    expect: ['b/web > a/web TCP/443 yes', 'a/web > b/web TCP/80 no'],
  },
  {
    name: 'a namespace carries its name as a label',
    manifests:
      TOWN +
      policyText(
        'a/p',
        'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: c}}}]}]',
      ),
    expect: ['c/plain > a/web TCP/80 yes', 'b/web > a/web TCP/80 no', 'a/db > a/web TCP/80 no'],
  },
  {
    name: 'NotIn and DoesNotExist match namespaces without the key',
    manifests:
      TOWN +
      policyText(
        'a/p',
        'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}]}]',
      ) +
      policyText(
        'b/p',
        'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]',
      ),
    expect: [
      'c/plain > a/web TCP/80 yes',
      'b/web > a/web TCP/80 yes',
      'a/db > a/web TCP/80 no',
      'c/plain > b/web TCP/80 yes',
      'a/web > b/web TCP/80 no',
    ],
  },
  {
    name: 'matchLabels and every expression must hold; values are alternatives',
    manifests:
      TOWN +
      policyText(
        'c/p',
        `
podSelector: {}
ingress:
- from:
  - namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a, b]}]}
    podSelector:
      matchLabels: {app: web}
      matchExpressions: [{key: tier, operator: DoesNotExist}]`,
      ),
    expect: ['b/web > c/plain TCP/80 yes', 'a/web > c/plain TCP/80 no', 'b/db > c/plain TCP/80 no'],
  },
  {
    name: 'an empty label value is a value and not absence',
    manifests:
      TOWN +
      policyText(
        'c/p',
        "podSelector: {}\ningress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: ''}}}]}]",
      ) +
      policyText('a/p', 'podSelector: {matchExpressions: [{key: tier, operator: Exists}]}'),
    expect: [
      'a/web > c/plain TCP/80 yes',
      'b/web > c/plain TCP/80 no',
      'b/web > a/web TCP/80 no',
      'b/web > a/db TCP/80 yes',
    ],
  },
  {
    name: 'a policy that selects nothing changes nothing',
    manifests: TOWN + policyText('a/p', 'podSelector: {matchLabels: {app: nobody}}\npolicyTypes: [Ingress, Egress]'),
    expect: ['b/web > a/web TCP/80 yes', 'a/web > outside UDP/53 yes'],
  },
  {
    name: 'a policy never selects pods of another namespace',
    manifests: TOWN + policyText('a/p', 'podSelector: {matchLabels: {app: web}}'),
    expect: ['c/plain > a/web TCP/80 no', 'c/plain > b/web TCP/80 yes'],
  },
  {
    name: 'a finished pod is nobody: its address belongs to another pod now',
    manifests:
      TOWN +
      podText({ id: 'b/job', labels: { app: 'job' }, addresses: ['10.244.3.1', 'fd00:244:3::1'], phase: 'Succeeded' }) +
      policyText('a/p', 'podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]'),
    expect: ['c/plain > a/web TCP/80 no', 'b/web > a/web TCP/80 yes'],
  },
  {
    name: 'a pod of one family beside dual-stack pods',
    manifests:
      TOWN +
      podText({
        id: 'a/four',
        labels: { app: 'four' },
        addresses: ['10.244.1.4'],
        ports: [['http', 'TCP', 8085]],
        node: 'n2',
      }) +
      policyText(
        'a/p',
        'podSelector: {}\ningress: [{from: [{podSelector: {matchLabels: {app: four}}}], ports: [{port: http}]}]',
      ),
    expect: [
      'a/four > a/web TCP/80 yes',
      'a/four > a/db TCP/8080 yes',
      'a/db > a/web TCP/80 no',
      'b/web > a/four TCP/8085 no',
    ],
  },
  {
    name: 'ICMP echo at isolated pods goes by the rules without ports',
    manifests:
      TOWN +
      policyText(
        'a/p',
        'podSelector: {matchLabels: {app: web}}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]',
      ) +
      policyText('a/q', 'podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 80}]}]'),
    expect: ['b/web > a/web ICMP yes', 'c/plain > a/web ICMP no', 'b/web > a/db ICMP no', 'a/web > c/plain ICMP yes'],
  },
];
