import { parseAddress } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import type { Service } from '#model/exposure.ts';
import type { PodOwner } from '../controls/pod-owners.ts';
import { addToService, type NeedBook, nameOf, serviceName, workloadEnd } from './book.ts';
import { isLoopback, isOutsideName, type NamedPlace, namesThatAre, placesNamedIn, portOf } from './names.ts';
import type { NeededEdge, NeededPort } from './needs.ts';
import { type GivenText, textsOf } from './texts.ts';

/** What workloads are told to connect to: variables, commands, configuration files. */
export function addConfigured(book: NeedBook): void {
  for (const owner of book.owners) {
    const given = textsOf(owner, book.objects);
    for (const text of given.texts) addText(book, { owner, text, all: given.texts });
    const withheld = given.withheld.map(({ what, object, path }) => ({ what, origin: object.originAt(path) }));
    for (const { what, origin } of [...given.hidden, ...withheld])
      book.open.push({
        workload: owner.endpoint,
        why: `${what} of ${nameOf(owner)} has a value that is not in the input`,
        origin,
      });
  }
}

interface Reading {
  readonly owner: PodOwner;
  readonly text: GivenText;
  /** All that the workload is given: the port of a host may stand in a variable of its own. */
  readonly all: readonly GivenText[];
}

function addText(book: NeedBook, reading: Reading): void {
  const { text } = reading;
  for (const place of placesNamedIn(text.text)) addPlace(book, reading, place);
  for (const place of namesThatAre(text.text)) addBareName(book, reading, place);
}

function addPlace(book: NeedBook, reading: Reading, place: NamedPlace): void {
  if (isLoopback(place.host)) return;
  if (parseAddress(place.host) !== undefined) {
    addAddress(book, reading, place);
    return;
  }
  if (addService(book, reading, place)) return;
  if (addClusterName(book, reading, place)) return;
  if (isOutsideName(place.host)) addHost(book, reading, place);
}

/** A value that is a name alone: a Service, or a host where the variable says that it is one. */
function addBareName(book: NeedBook, reading: Reading, place: NamedPlace): void {
  const { variable } = reading.text;
  if (isLoopback(place.host) || (variable === undefined && !place.host.includes('.'))) return;
  const withPort = { ...place, ...portBeside(reading) };
  if (parseAddress(place.host) !== undefined) {
    if (isHostVariable(variable)) addAddress(book, reading, withPort);
    return;
  }
  if (!isNameVariable(variable, place.host) || addService(book, reading, withPort)) return;
  if (isHostVariable(variable) && isOutsideName(place.host)) addHost(book, reading, withPort);
}

function isHostVariable(variable: string | undefined): boolean {
  return variable !== undefined && /HOST|ADDR|ENDPOINT|SERVER|URL|URI|BROKER|DOMAIN|FQDN/i.test(variable);
}

/** A short word is the name of a Service only where the variable is about one: `LOG_LEVEL=web` is not. */
function isNameVariable(variable: string | undefined, host: string): boolean {
  return (
    host.includes('.') ||
    isHostVariable(variable) ||
    /SERVICE|SVC|UPSTREAM|BACKEND|PROXY|NODES|PEERS|DB|REDIS|CACHE/i.test(variable ?? '')
  );
}

/** `DB_HOST=db` with `DB_PORT=5432` beside it. */
function portBeside({ text, all }: Reading): { readonly port?: number } {
  const stem = text.variable?.replace(/_?(?:HOST(?:NAME)?|ADDR(?:ESS)?|SERVER|ENDPOINT|DOMAIN|FQDN)$/i, '');
  if (stem === undefined) return {};
  const beside = all.find(
    ({ variable }) => variable !== undefined && variable.toUpperCase() === `${stem.toUpperCase()}_PORT`,
  );
  const port = Number(beside?.text);
  return Number.isInteger(port) && port > 0 && port < 65536 ? { port } : {};
}

// ---------------------------------------------------------------- Services

/** Names of Services: `db`, `db.shop`, `db.shop.svc`, `db.shop.svc.cluster.local`, a pod of one before them. */
function addService(book: NeedBook, reading: Reading, place: NamedPlace): boolean {
  const service = serviceNamed(book, place.host, reading.owner.object.namespace);
  if (service === undefined) return false;
  addTo(book, reading, { place, service });
  return true;
}

function serviceNamed({ services }: NeedBook, host: string, namespace: string): Service | undefined {
  const labels = host.replace(/\.svc(?:\..*)?$/, '').split('.');
  const isFull = /\.svc(?:\.|$)/.test(host);
  if (labels.length === 1) return services.get(`${namespace}/${labels[0]}`);
  const [name, space] = labels.slice(-2);
  const found = services.get(`${space}/${name}`);
  if (found !== undefined) return found;
  // `web-0.web`: a pod of a headless Service of the own namespace.
  const own = isFull ? undefined : services.get(`${namespace}/${labels.at(-1)}`);
  return labels.length === 2 && own?.headless === true ? own : undefined;
}

interface Named {
  readonly place: NamedPlace;
  readonly service: Service;
}

function addTo(book: NeedBook, reading: Reading, { place, service }: Named): void {
  if (service.externalName !== undefined) {
    addHost(book, reading, { ...place, host: service.externalName.toLowerCase() });
    return;
  }
  if (service.selector !== undefined) {
    addToService(book, {
      from: workloadEnd(reading.owner),
      service,
      port: place.port,
      ...because(reading, `names ${serviceName(service)}`),
    });
    return;
  }
  for (const slice of book.snapshot.endpointSlices) {
    if (slice.namespace !== service.namespace || slice.service !== service.name) continue;
    const ports = slice.ports.map(({ protocol, port }): NeededPort => ({ protocol, port }));
    for (const { address } of slice.endpoints) {
      if (slice.addressType === 'FQDN')
        addEdge(book, reading, { to: { kind: 'host', name: address }, ports, what: `names ${serviceName(service)}` });
      else
        addEdge(book, reading, {
          to: { kind: 'address', cidr: cidrOf(address) },
          ports,
          what: `names ${serviceName(service)}`,
        });
    }
  }
}

/** A Service that the input does not have, in a namespace that is named. */
function addClusterName(book: NeedBook, reading: Reading, { host, port }: NamedPlace): boolean {
  const [, before] = /^(.*)\.svc(?:\.|$)/.exec(host) ?? [];
  if (before === undefined) return false;
  if (host.startsWith('kubernetes.default.svc')) {
    addEdge(book, reading, { to: { kind: 'api-server' }, ports: [], what: 'names the API server' });
    return true;
  }
  const namespace = before.split('.').at(-1)!;
  // A Service translates its ports to others: which ones is not in the input.
  const what = `names ${escapeControl(host)}${port === undefined ? '' : `:${port}`}, which is not in the input`;
  addEdge(book, reading, { to: { kind: 'pods', namespace, labels: {} }, ports: [], what });
  return true;
}

// ---------------------------------------------------------------- outside

function addHost(book: NeedBook, reading: Reading, place: NamedPlace): void {
  const port = portOf(place);
  const ports: NeededPort[] = port === undefined ? [] : [{ protocol: 'TCP', port }];
  addEdge(book, reading, { to: { kind: 'host', name: place.host }, ports, what: `names ${escapeControl(place.host)}` });
}

function addAddress(book: NeedBook, reading: Reading, place: NamedPlace): void {
  const service = book.serviceOfAddress.get(place.host);
  if (service !== undefined) {
    addTo(book, reading, { place, service });
    return;
  }
  const port = portOf(place);
  const ports: NeededPort[] = port === undefined ? [] : [{ protocol: 'TCP', port }];
  addEdge(book, reading, { to: { kind: 'address', cidr: cidrOf(place.host) }, ports, what: `names ${place.host}` });
}

function cidrOf(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

interface Found {
  readonly to: NeededEdge['to'];
  readonly ports: readonly NeededPort[];
  readonly what: string;
}

function addEdge(book: NeedBook, reading: Reading, { to, ports, what }: Found): void {
  book.edges.push({ from: workloadEnd(reading.owner), to, ports, ...because(reading, what) });
}

function because({ owner, text }: Reading, what: string): Pick<NeededEdge, 'cause' | 'why' | 'origin'> {
  return { cause: 'configuration', why: `${text.what} of ${nameOf(owner)} ${what}`, origin: text.origin };
}
