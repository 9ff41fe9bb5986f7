import type { Judged } from '#model/control.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import { placeOf, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { type WrittenService, writtenServices } from '../services.ts';
import { reachedBy, waysThrough } from '../ways.ts';
import { formatList } from '../words.ts';

export const ingSvc001: Control = {
  data: {
    id: 'ING-SVC-001',
    title: 'Services are open only on the ports that are meant to be',
    severity: 'medium',
    rationale:
      'A port that nobody decided to open is one that nobody watches. Databases, caches and administration ports on a load balancer or a node port are what scanners look for first.',
    evidence:
      'the ports of every Service, whether it is open to the outside, and the list `controls.allowedServicePorts` of the configuration',
    states: [
      {
        state: 'FAIL',
        when: 'a Service of type LoadBalancer or NodePort has a port that is not on the list, or, without a list, one of a database, a cache or an administration tool',
      },
      {
        state: 'WARN',
        when: 'a Service inside the cluster has a port that is not on the list, or such a port is open to internal networks only',
      },
      { state: 'UNKNOWN', when: 'no list is stated and the port is neither 80, 443 nor a known dangerous one' },
      { state: 'PASS', when: 'every port is on the list; without one, only 80 and 443 are open to the outside' },
      { state: 'NA', when: 'the input has no Service to judge' },
    ],
    remedy:
      'Take the port out of the Service, or keep it inside the cluster (type ClusterIP); state the ports that are meant in `controls.allowedServicePorts`.',
    mappings: mappingsOf({
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K04'],
      'owasp-cheat-sheet': ['controlling-network-access-to-sensitive-ports'],
      mcsb: ['PV-2'],
      'azure-policy': ['233a2a17-77ca-4fb1-9b6b-69223d272a44'],
      attack: ['T1046'],
      'aks-network-baseline': ['L110'],
    }),
  },
  assess(context) {
    const places = writtenServices(context)
      .filter(({ service }) => !isSystemNamespace(context, service.namespace) && !isApi(service))
      .flatMap((written) => judged(context, written));
    return assessed(
      places,
      plain('NA', 'no Service of the input is open to the outside, and no list of ports is stated'),
      ['Service', 'Services'],
    );
  },
  fix(context, { where, state }) {
    const written = writtenServices(context).find(({ object }) => placeOf(object).id === where.id);
    if (written === undefined || state === 'PASS' || state === 'UNKNOWN') return undefined;
    const { object, service } = written;
    const bad = wrongPorts(context, service);
    const indexes = [...service.ports.keys()].filter((index) => bad.includes(service.ports[index]!));
    const all = indexes.length === service.ports.length;
    return {
      summary: all ? `keep \`${where.name}\` inside the cluster` : `take ${portList(bad)} out of \`${where.name}\``,
      automatic: false,
      changes: [
        {
          kind: 'edit-object',
          object,
          edits: all
            ? [{ op: 'set', path: ['spec', 'type'], value: 'ClusterIP' }]
            : indexes.toReversed().map((index) => ({ op: 'remove' as const, path: ['spec', 'ports', index] })),
        },
      ],
      steps: [
        'find out who connects to the port from outside, and give them another way: a private endpoint, a bastion, kubectl port-forward',
        'where the port is meant to be open, add it to `controls.allowedServicePorts`',
      ],
    };
  },
};

/** The API server's own Service, which the cluster makes. */
function isApi({ namespace, name }: Service): boolean {
  return namespace === 'default' && name === 'kubernetes';
}

function judged(context: ControlContext, { object, service }: WrittenService): Judged[] {
  const list = context.settings.allowedServicePorts;
  const isOutward = service.type === 'LoadBalancer' || service.type === 'NodePort' || service.externalIPs.length > 0;
  if (service.type === 'ExternalName' || service.ports.length === 0 || (!isOutward && list === undefined)) return [];
  const wrong = wrongPorts(context, service);
  const base = { where: placeOf(object), evidence: evidenceOf(object, service, wrong) };
  if (wrong.length > 0) {
    const isWide = isOutward && reachedBy(waysThrough(context, object)) === 'internet';
    const said = list === undefined ? 'ports of databases or administration' : 'ports that are not on the list';
    if (!isOutward) return [{ ...base, state: 'WARN', severity: 'low', message: `${said}: ${portList(wrong)}` }];
    const state = isWide || list !== undefined || service.type !== 'LoadBalancer' ? 'FAIL' : 'WARN';
    const at = isWide ? 'open to the internet' : `open outside of the cluster (${service.type})`;
    return [
      {
        ...base,
        state,
        ...(isWide && list === undefined && { severity: 'high' as const }),
        message: `${said} are ${at}: ${portList(wrong)}`,
      },
    ];
  }
  const open = list === undefined ? service.ports.filter(({ port }) => port !== 80 && port !== 443) : [];
  if (open.length === 0)
    return [{ ...base, state: 'PASS', message: `only expected ports are open: ${portList(service.ports)}` }];
  const message = `whether ${portList(open)} is meant to be open is not stated: \`controls.allowedServicePorts\` would say so`;
  return [{ ...base, state: 'UNKNOWN', evidence: evidenceOf(object, service, open), message }];
}

function wrongPorts(
  { settings: { allowedServicePorts: list } }: ControlContext,
  service: Service,
): readonly ServicePort[] {
  return service.ports.filter(({ port, targetPort }) => {
    if (list !== undefined) return !list.includes(port);
    return DANGEROUS.has(port) || (typeof targetPort === 'number' && DANGEROUS.has(targetPort));
  });
}

function evidenceOf(object: WrittenService['object'], service: Service, ports: readonly ServicePort[]) {
  const indexes = [...service.ports.keys()].filter((index) => ports.includes(service.ports[index]!));
  return [
    seenAt(object, ['spec', 'type']),
    ...indexes.map((index) => {
      const { port, targetPort } = service.ports[index]!;
      const number = DANGEROUS.has(port) ? port : targetPort;
      return seenAt(
        object,
        ['spec', 'ports', index, 'port'],
        typeof number === 'number' ? DANGEROUS.get(number) : undefined,
      );
    }),
  ];
}

function portList(ports: readonly ServicePort[]): string {
  return formatList(
    ports.map(
      ({ protocol, port, targetPort }) => `${protocol} ${port}${targetPort === port ? '' : ` (to ${targetPort})`}`,
    ),
  );
}

/** Ports by IANA's registry and each product's own default. */
const DANGEROUS: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [22, 'SSH'],
  [23, 'Telnet'],
  [135, 'RPC of Windows'],
  [139, 'NetBIOS'],
  [445, 'SMB'],
  [1433, 'SQL Server'],
  [1521, 'Oracle'],
  [2049, 'NFS'],
  [2375, 'Docker without TLS'],
  [2376, 'Docker'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'Remote Desktop'],
  [5432, 'PostgreSQL'],
  [5672, 'AMQP'],
  [5900, 'VNC'],
  [5984, 'CouchDB'],
  [6379, 'Redis'],
  [6443, 'Kubernetes API'],
  [8086, 'InfluxDB'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [9200, 'Elasticsearch'],
  [9300, 'Elasticsearch'],
  [10250, 'kubelet'],
  [10255, 'kubelet without authentication'],
  [11211, 'memcached'],
  [15672, 'RabbitMQ administration'],
  [27017, 'MongoDB'],
]);
