import { escapeControl } from '#base/escape.ts';
import { answeredOr, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { edgesIn, protectionOf } from '../../mesh/edges.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { withheldWorkloads } from '../../withheld.ts';
import { workloadPlaces } from './assess.ts';

export const tlsWl001: Control = {
  data: {
    id: 'TLS-WL-001',
    title: 'Workloads speak to each other and to services with TLS',
    severity: 'medium',
    rationale:
      'What a workload sends to its database holds its password and its data. Without TLS it is read by whoever sits between them, and the database cannot be told from somebody who answers in its place.',
    evidence:
      'addresses and connection strings in environment variables and ConfigMaps of workloads (`redis://`, `sslmode=disable`, `Encrypt=False`, `http://`), and whether the mesh or the network encrypts the connection anyway',
    states: [
      {
        state: 'FAIL',
        when: 'a workload is told to reach a database, queue or cache without TLS, and nothing else encrypts the connection',
      },
      { state: 'WARN', when: 'it is told to use plain HTTP, or a connection string that leaves TLS to chance' },
      { state: 'MANUAL', when: 'nothing in the input says which protocol workloads speak' },
      { state: 'PASS', when: 'what it is told uses TLS, or the mesh or the network encrypts it' },
      { state: 'NA', when: 'the input has no workloads' },
    ],
    remedy:
      'Ask for TLS in the connection string (`sslmode=verify-full`, `rediss://`, `amqps://`, `Encrypt=True`), or take both ends into the mesh.',
    mappings: mappingsOf({
      'cis-aks': ['5.4.5'],
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['providing-extra-security-with-a-service-mesh'],
      mcsb: ['DP-3'],
      attack: ['T1040', 'T1557'],
      'azure-security-book': ['L6', 'L19'],
      'securing-kubernetes-in-azure': ['L40'],
      'azure-security-book-2024': ['L5', 'L26'],
    }),
    question: 'Does everything that workloads send to each other and to databases, queues and caches go through TLS?',
  },
  assess(context) {
    if (context.podOwners.length === 0) return plain('NA', 'the input has no workloads');
    const places = workloadPlaces(context);
    const bad = places.filter(({ state }) => state !== 'PASS');
    if (bad.length > 0) return assessed(places, plain('NA', ''), ['workload', 'workloads']);
    const { list, isCut } = edgesIn(context);
    const isCovered =
      !isCut && list.length > 0 && list.every(({ fact }) => ['required', 'tunnel', 'app'].includes(protectionOf(fact)));
    if (isCovered)
      return plain('PASS', 'the mesh or the network encrypts every connection between workloads that is allowed');
    return {
      ...answeredOr(context, 'TLS-WL-001', 'which protocol workloads speak with each other is not in the input'),
      places,
    };
  },
  readsValues: {
    of: (context) =>
      withheldWorkloads(context, ['variable']).filter(({ object }) => !isSystemNamespace(context, object.namespace)),
    doubts: ({ state }, own) => own !== undefined && state !== 'FAIL',
    adds: true,
  },
  fix: (_context, { where, evidence }) => ({
    summary: `let \`${escapeControl(where.name)}\` ask for TLS where it connects`,
    automatic: false,
    changes: [],
    steps: [
      ...new Set(evidence.map(({ value }) => stepFor(typeof value === 'string' ? value : ''))),
      'or take both ends into a mesh that asks for mutual TLS: then what they are told stays as it is',
    ],
  }),
};

/** What a connection string says where it asks for TLS, by its scheme. */
const ASKED: Readonly<Record<string, string>> = {
  amqp: 'switch the TLS listener of the broker on, and connect with `amqps://` to port 5671',
  redis: 'switch TLS on in the cache, and connect with `rediss://`',
  mongodb: 'connect with `tls=true`, and a server certificate that the client checks',
  postgres: 'connect with `sslmode=verify-full`, and a server certificate that the client checks',
  postgresql: 'connect with `sslmode=verify-full`, and a server certificate that the client checks',
  mysql: 'connect with `ssl-mode=VERIFY_IDENTITY`',
  nats: 'connect with `tls://`',
  http: 'serve HTTPS there, and connect with `https://`',
};

function stepFor(told: string): string {
  const scheme = /^([a-z]+)[a-z0-9+.-]*:/i.exec(told)?.[1]?.toLowerCase() ?? '';
  return ASKED[scheme] ?? 'ask for TLS in the connection string: `sslmode=verify-full`, `Encrypt=True`';
}
