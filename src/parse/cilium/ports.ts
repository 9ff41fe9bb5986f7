import { RE2JS } from 're2js';
import { escapeControl } from '#base/escape.ts';
import type {
  CiliumHeader,
  CiliumHttp,
  CiliumIcmp,
  CiliumKafka,
  CiliumName,
  CiliumPort,
  CiliumPorts,
} from '#model/cilium.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';

/** pkg/policy/api: at most so many entries. */
const MOST = 40;
const ICMP_TYPES: Readonly<Record<CiliumIcmp['family'], Readonly<Record<string, number>>>> = {
  ICMP: {
    EchoReply: 0,
    DestinationUnreachable: 3,
    Redirect: 5,
    Echo: 8,
    EchoRequest: 8,
    RouterAdvertisement: 9,
    RouterSelection: 10,
    TimeExceeded: 11,
    ParameterProblem: 12,
    Timestamp: 13,
    TimestampReply: 14,
    Photuris: 40,
    ExtendedEchoRequest: 42,
    ExtendedEchoReply: 43,
  },
  ICMPv6: {
    DestinationUnreachable: 1,
    PacketTooBig: 2,
    TimeExceeded: 3,
    ParameterProblem: 4,
    EchoRequest: 128,
    EchoReply: 129,
    MulticastListenerQuery: 130,
    MulticastListenerReport: 131,
    MulticastListenerDone: 132,
    RouterSolicitation: 133,
    RouterAdvertisement: 134,
    NeighborSolicitation: 135,
    NeighborAdvertisement: 136,
    RedirectMessage: 137,
    RouterRenumbering: 138,
  },
};

export interface PortsPlace {
  readonly direction: 'ingress' | 'egress';
  readonly deny: boolean;
  /** Whether the policy is for nodes. */
  readonly nodes: boolean;
}

export function readPorts(rule: Reader, place: PortsPlace): CiliumPorts[] | undefined {
  if (rule.length('toPorts') === 0) return undefined;
  return rule.children('toPorts').map((entry) => readEntry(entry, place));
}

function readEntry(entry: Reader, place: PortsPlace): CiliumPorts {
  const ports = entry.children('ports').map(readPort);
  const rules = entry.childOrEmpty('rules');
  const http = rules.has('http') ? rules.children('http').map(readHttp) : undefined;
  const dns = rules.has('dns') ? rules.children('dns').map(readName) : undefined;
  const kafka = rules.has('kafka') ? rules.children('kafka').map(readKafka) : undefined;
  const otherProtocol = rules.text('l7proto');
  const read: CiliumPorts = {
    ports,
    ...(http !== undefined && { http }),
    ...(dns !== undefined && { dns }),
    ...(kafka !== undefined && { kafka }),
    ...(otherProtocol !== undefined && otherProtocol !== '' && { otherProtocol }),
    serverNames: entry.texts('serverNames').map(({ text }) => text),
  };
  refuseEntry(entry, read, place);
  if (looksInside(read)) refuseRequests(entry, read, place);
  return read;
}

function looksInside({ http, dns, kafka, otherProtocol }: CiliumPorts): boolean {
  return (http ?? dns ?? kafka ?? otherProtocol) !== undefined;
}

/** What PortRule.Validate refuses. */
function refuseEntry(entry: Reader, read: CiliumPorts, { direction, deny }: PortsPlace): void {
  const { ports, serverNames } = read;
  const inside = looksInside(read);
  if (ports.length > MOST) entry.refuse('RF2016', 'ports', `has ${ports.length} entries; at most ${MOST} allowed`);
  if (deny && (inside || serverNames.length > 0))
    entry.refuse('RF2016', 'rules', 'looks into requests, which a denial cannot');
  if (serverNames.includes('')) entry.refuse('RF2016', 'serverNames', 'has an empty name');
  if (serverNames.length > 0 && inside && !entry.has('terminatingTLS'))
    entry.refuse('RF2016', 'serverNames', 'stands beside `rules` only where TLS is terminated');
  if (entry.has('listener') && (direction === 'ingress' || inside))
    entry.refuse('RF2016', 'listener', 'is for egress, without `rules`');
}

function refuseRequests(entry: Reader, read: CiliumPorts, { direction, nodes }: PortsPlace): void {
  const { ports, http, dns, kafka, otherProtocol } = read;
  const given = [http, dns, kafka, otherProtocol].filter((each) => each !== undefined).length;
  if (given > 1) entry.refuse('RF2016', 'rules', 'has rules of several protocols; one port speaks one');
  if (dns === undefined && ports.some(({ protocol }) => protocol !== 'TCP'))
    entry.refuse('RF2016', 'rules', 'needs `protocol: TCP` on every port');
  if (ports.some(({ port }) => port === undefined)) entry.refuse('RF2016', 'rules', 'needs ports other than 0');
  if (nodes && (direction === 'ingress' || dns === undefined))
    entry.refuse('RF2016', 'rules', 'is not for policies of nodes');
  if (dns === undefined) return;
  if (direction === 'ingress') entry.refuse('RF2016', 'rules.dns', 'is for egress only');
  if (ports.length === 0) entry.refuse('RF2016', 'rules.dns', 'needs the port of the DNS server');
  if (ports.some(({ endPort }) => endPort !== undefined))
    entry.refuse('RF2016', 'rules.dns', 'is not for ranges of ports');
}

function readPort(entry: Reader): CiliumPort {
  const port = portOf(entry);
  const endPort = entry.integerWithin('endPort', 0, 65535);
  const protocol = entry.choice('protocol', ['TCP', 'UDP', 'SCTP', 'ANY']) ?? 'ANY';
  if (endPort !== undefined && endPort > 0 && (typeof port !== 'number' || endPort < port))
    entry.refuse('RF2016', 'endPort', 'needs a numeric `port` that is not larger');
  return {
    ...(port !== undefined && { port }),
    ...(endPort !== undefined && endPort > 0 && { endPort }),
    protocol,
  };
}

/** A number as text, 0 for every port; else a name, which is compared in lower case (PortProtocol.sanitize). */
function portOf(entry: Reader): number | string | undefined {
  if (!entry.has('port')) {
    entry.missing('port');
    return undefined;
  }
  const text = entry.text('port') ?? '';
  if (/[a-zA-Z]/.test(text)) return portName(entry, text);
  // As Go reads numbers: a zero in front makes them octal.
  const number = /^0[0-7]*$/.test(text) ? Number.parseInt(text, 8) : /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  if (number === undefined || number > 65535)
    entry.refuse('RF2008', 'port', `is ${quote(text)}: no number from 0 to 65535 and no port name`);
  return number === 0 ? undefined : number;
}

function portName(entry: Reader, text: string): string {
  const parts = text.split('-');
  if (text.length > 15 || parts.some((part) => !/^[a-zA-Z0-9]+$/.test(part)))
    entry.refuse('RF2008', 'port', `is ${quote(text)}: no number and no port name`);
  return text.toLowerCase();
}

export function readName(entry: Reader): CiliumName {
  const name = entry.text('matchName');
  const pattern = entry.text('matchPattern');
  if (name !== undefined && name !== '') return { name: name.toLowerCase().replace(/\.$/, '') };
  if (pattern === undefined || pattern === '') entry.refuse('RF2016', undefined, 'needs `matchName` or `matchPattern`');
  return { pattern: (pattern ?? '').toLowerCase().replace(/\.$/, '') };
}

function readHttp(entry: Reader): CiliumHttp {
  const headers: CiliumHeader[] = entry.texts('headers').map(({ text }) => {
    const [name = '', ...value] = text.split(' ');
    const rest = value.join(' ').trim();
    return { name: name.replace(/:$/, '').toLowerCase(), ...(rest !== '' && { value: rest }), open: false };
  });
  for (const match of entry.children('headerMatches')) {
    const value = match.text('value');
    headers.push({
      name: match.requiredText('name').toLowerCase(),
      ...(value !== undefined && { value }),
      open: match.has('secret') || match.has('mismatch'),
    });
  }
  return {
    ...patternOf(entry, 'method'),
    ...patternOf(entry, 'path'),
    ...patternOf(entry, 'host'),
    headers,
  };
}

function patternOf(entry: Reader, key: 'method' | 'path' | 'host'): { readonly [K in typeof key]?: string } {
  const text = entry.text(key);
  if (text === undefined || text === '') return {};
  try {
    RE2JS.compile(text);
  } catch (error) {
    const why = error instanceof Error ? escapeControl(error.message) : '';
    entry.refuse('RF2016', key, `is ${quote(text)}, which is no pattern of RE2: ${why}`);
  }
  return { [key]: text };
}

function readKafka(entry: Reader): CiliumKafka {
  const topic = entry.text('topic');
  const words = ['role', 'apiKey', 'clientID'].flatMap((key) => {
    const text = entry.text(key);
    return text === undefined || text === '' ? [] : [`${key} ${escapeControl(text)}`];
  });
  return {
    ...(topic !== undefined && topic !== '' && { topic }),
    text: ['Kafka', ...words, ...(topic === undefined ? [] : [`topic ${escapeControl(topic)}`])].join(' '),
  };
}

export function readIcmps(rule: Reader): CiliumIcmp[] | undefined {
  if (rule.length('icmps') === 0) return undefined;
  return rule.children('icmps').flatMap((entry) => {
    const fields = entry.children('fields');
    if (fields.length > MOST) entry.refuse('RF2016', 'fields', `has ${fields.length} entries; at most ${MOST} allowed`);
    return fields.flatMap(readIcmp);
  });
}

function readIcmp(field: Reader): CiliumIcmp[] {
  const family = field.choice('family', ['IPv4', 'IPv6']) === 'IPv6' ? 'ICMPv6' : 'ICMP';
  const value = field.integerOrText('type');
  const type =
    typeof value === 'number' ? value : /^\d+$/.test(value ?? '') ? Number(value) : ICMP_TYPES[family][value ?? ''];
  if (type !== undefined && type <= 255) return [{ family, type }];
  field.refuse('RF2016', 'type', `is ${quote(`${value ?? ''}`)}, which is no type of ${family}`);
  return [];
}
