import type { Service, ServicePort } from '#model/exposure.ts';
import type { LabelSelector } from '#model/resource.ts';
import { quote } from './draft.ts';
import type { Meta } from './meta.ts';
import { wrongLabelName, wrongSubdomain } from './names.ts';
import type { Reader } from './reader.ts';
import { requirementsOf } from './selector.ts';
import { readAddresses, readCidrs, readPort, readPortOrName, readProtocol, requiredPort, textOf } from './values.ts';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;
const POLICIES = ['Cluster', 'Local'] as const;

/** `v1` Service, defaulted as the server does. */
export function readService(object: Reader, meta: Meta): Service {
  const spec = object.childOrEmpty('spec');
  const type = spec.choice('type', TYPES) ?? 'ClusterIP';
  const headless = readClusterIPTexts(spec).some((placed) => placed.text === 'None');
  checkPortCount(spec, type, headless);
  return {
    ...meta,
    kind: 'Service',
    type,
    ports: readPorts(spec),
    ...readSelectorField(spec),
    headless,
    clusterIPs: readAddresses(
      object.draft,
      readClusterIPTexts(spec).filter((placed) => placed.text !== 'None'),
    ),
    externalIPs: readAddresses(object.draft, spec.texts('externalIPs')),
    ...readExternalName(spec, type),
    ...readFamilies(spec),
    externalTrafficPolicy: spec.choice('externalTrafficPolicy', ['', ...POLICIES]) || 'Cluster',
    internalTrafficPolicy: spec.choice('internalTrafficPolicy', POLICIES) ?? 'Cluster',
    allocateLoadBalancerNodePorts: spec.boolean('allocateLoadBalancerNodePorts') ?? true,
    ...optional('loadBalancerClass', spec.text('loadBalancerClass')),
    sourceRanges: readSourceRanges(spec),
    publishNotReadyAddresses: spec.boolean('publishNotReadyAddresses') ?? false,
    loadBalancerAddresses: readLoadBalancer(object),
  };
}

/** The addresses or hostnames of `status.loadBalancer.ingress`, of Services and Ingresses. */
export function readLoadBalancer(object: Reader): string[] {
  const out: string[] = [];
  for (const entry of object.childOrEmpty('status').childOrEmpty('loadBalancer').children('ingress')) {
    out.push(
      ...readAddresses(object.draft, textOf(entry, 'ip')),
      ...textOf(entry, 'hostname').map((placed) => placed.text),
    );
  }
  return out;
}

function readClusterIPTexts(spec: Reader) {
  return spec.length('clusterIPs') > 0 ? spec.texts('clusterIPs') : textOf(spec, 'clusterIP');
}

/** core/v1 validation: ports are needed unless the name alone is the service. */
function checkPortCount(spec: Reader, type: Service['type'], headless: boolean): void {
  if (headless && (type === 'NodePort' || type === 'LoadBalancer')) {
    spec.refuse('RF2009', 'clusterIP', `cannot be \`None\` for a Service of type \`${type}\``);
  }
  if (spec.length('ports') === 0 && !headless && type !== 'ExternalName') spec.missing('ports');
}

function readPorts(spec: Reader): ServicePort[] {
  const readers = spec.children('ports');
  const names = new Set<string>();
  const numbers = new Set<string>();
  return readers.map((reader) => {
    const port = readServicePort(reader, readers.length > 1);
    checkOnce(reader, 'name', { seen: names, value: port.name });
    checkOnce(reader, 'port', { seen: numbers, value: `${port.port}/${port.protocol}` });
    return port;
  });
}

function readServicePort(reader: Reader, needsName: boolean): ServicePort {
  const port = requiredPort(reader, 'port');
  const name = needsName ? reader.requiredText('name') : reader.text('name');
  const wrong = name ? wrongLabelName(name) : undefined;
  if (wrong !== undefined) reader.refuse('RF2008', 'name', `is ${quote(name ?? '')}: a port name ${wrong}`);
  const target = isUnset(reader, 'targetPort') ? undefined : readPortOrName(reader, 'targetPort');
  const nodePort = isUnset(reader, 'nodePort') ? undefined : readPort(reader, 'nodePort');
  return {
    ...(name ? { name } : {}),
    protocol: readProtocol(reader, 'TCP'),
    port,
    targetPort: target ?? port,
    ...(nodePort !== undefined && { nodePort }),
    ...optional('appProtocol', reader.text('appProtocol')),
    origin: reader.origin,
  };
}

/** Go has 0 and the empty text for a field that is not given, and the server defaults both. */
function isUnset(reader: Reader, key: string): boolean {
  const value = reader.integerOrText(key);
  return value === undefined || value === 0 || value === '';
}

function checkOnce(
  reader: Reader,
  key: string,
  { seen, value }: { seen: Set<string>; value: string | undefined },
): void {
  if (value === undefined) return;
  if (seen.has(value))
    reader.refuse('RF2009', key, `is ${quote(value)}, which another port of the Service has already`);
  seen.add(value);
}

function readSelectorField(spec: Reader): { selector?: LabelSelector } {
  const requirements = requirementsOf(spec, 'selector');
  return requirements.length === 0 ? {} : { selector: { requirements, origin: spec.originOf('selector') } };
}

function readExternalName(spec: Reader, type: Service['type']): { externalName?: string } {
  if (type !== 'ExternalName') return {};
  const name = spec.requiredText('externalName');
  const wrong = name === '' ? undefined : wrongSubdomain(name.replace(/\.$/, ''));
  if (wrong !== undefined) spec.refuse('RF2004', 'externalName', `is ${quote(name)}: a DNS name ${wrong}`);
  return { externalName: name };
}

function readFamilies(spec: Reader): Pick<Service, 'ipFamilies' | 'ipFamilyPolicy'> {
  const ipFamilies: ('IPv4' | 'IPv6')[] = [];
  for (const placed of spec.texts('ipFamilies')) {
    if (placed.text === 'IPv4' || placed.text === 'IPv6') ipFamilies.push(placed.text);
    else spec.draft.refuse('RF2004', placed, `is ${quote(placed.text)}; must be \`IPv4\` or \`IPv6\``);
  }
  const policy = spec.choice('ipFamilyPolicy', ['SingleStack', 'PreferDualStack', 'RequireDualStack']);
  return { ipFamilies, ...optional('ipFamilyPolicy', policy) };
}

/** The server trims each entry before it looks at it. */
function readSourceRanges(spec: Reader): Service['sourceRanges'] {
  const texts = spec.texts('loadBalancerSourceRanges').map((placed) => ({ ...placed, text: placed.text.trim() }));
  return readCidrs(spec.draft, texts, 'warned');
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]?: string });
}
