import { type Cidr, formatAddress, parseAddress, parseCidr } from '#base/address.ts';
import type { Labels } from '#model/resource.ts';
import { PORT_PROTOCOLS, type PortProtocol } from '#model/traffic.ts';
import { type Draft, type PlacedText, quote } from './draft.ts';
import { wrongLabelKey, wrongLabelValue, wrongPortName } from './names.ts';
import { NO_LABELS, type Pair, type Reader } from './reader.ts';

/** A label map, checked. */
export function readLabels(reader: Reader, key: string): Labels {
  const pairs = reader.pairs(key);
  if (pairs.length === 0) return NO_LABELS;
  const labels = new Map<string, string>();
  for (const pair of pairs) {
    checkLabel(reader, key, pair);
    labels.set(pair.key, pair.text);
  }
  return labels;
}

function checkLabel(reader: Reader, field: string, pair: Pair): void {
  const wrongKey = wrongLabelKey(pair.key);
  const wrongValue = wrongLabelValue(pair.text);
  if (wrongKey === undefined && wrongValue === undefined) return;
  const place = reader.pairPlace(field, pair);
  const key = quote(pair.key);
  if (wrongKey !== undefined) reader.draft.refuse('RF2006', place, `has the key ${key}: a label key ${wrongKey}`);
  if (wrongValue === undefined) return;
  reader.draft.refuse('RF2006', place, `has ${quote(pair.text)} for the key ${key}: a label value ${wrongValue}`);
}

/**
 * The protocol of a port. Where the API's field is not a pointer, an empty text is defaulted to TCP like an absent one;
 * NetworkPolicy's is a pointer, and an empty text is refused.
 */
export function readProtocol(reader: Reader, emptyIs: 'TCP' | 'refused'): PortProtocol {
  if (emptyIs === 'TCP' && reader.text('protocol') === '') return 'TCP';
  return reader.choice('protocol', PORT_PROTOCOLS) ?? 'TCP';
}

/** A port number that must be 1 to 65535; undefined where it is absent or was refused. */
export function readPort(reader: Reader, key: string): number | undefined {
  const port = reader.integer(key);
  if (port === undefined || isPort(port)) return port;
  reader.refuse('RF2008', key, `is ${port}; ports are 1 to 65535`);
  return undefined;
}

export function requiredPort(reader: Reader, key: string): number {
  if (!reader.has(key)) reader.missing(key);
  return readPort(reader, key) ?? 0;
}

/** A port number, or the name of a container port. */
export function readPortOrName(reader: Reader, key: string): number | string | undefined {
  const port = reader.integerOrText(key);
  if (port === undefined) return undefined;
  if (typeof port === 'number') {
    if (!isPort(port)) reader.refuse('RF2008', key, `is ${port}; ports are 1 to 65535`);
    return port;
  }
  const wrong = wrongPortName(port);
  if (wrong !== undefined) reader.refuse('RF2008', key, `is ${quote(port)}: a port name ${wrong}`);
  return port;
}

export function isPort(value: number): boolean {
  return value >= 1 && value <= 65535;
}

/**
 * A CIDR, read as its network address where it has host bits, which is reported (RF3001). `zeros` says whether leading
 * zeros may be met in stored objects: built-in kinds took them until KEP-4858; custom resources never did (CEL isCIDR).
 */
export function readCidr(draft: Draft, placed: PlacedText, zeros: 'warned' | 'refused'): Cidr | undefined {
  const reading = parseCidr(placed.text);
  if (reading === undefined) {
    draft.refuse('RF2007', placed, `is ${quote(placed.text)}, which is not a CIDR`);
    return undefined;
  }
  if (zeros === 'refused' && reading.oddities.includes('leading-zeros')) {
    draft.refuse('RF2007', placed, `is ${quote(placed.text)}; leading zeros are not allowed`);
    return undefined;
  }
  if (reading.oddities.length > 0) {
    const network = `${formatAddress({ family: reading.cidr.family, value: reading.cidr.lo })}/${reading.cidr.length}`;
    const message = `is ${quote(placed.text)}, read as ${quote(network)}`;
    draft.warn('RF3001', placed, { message, help: `write ${quote(network)}` });
  }
  return reading.cidr;
}

export function readCidrs(draft: Draft, texts: readonly PlacedText[], zeros: 'warned' | 'refused'): Cidr[] {
  const out: Cidr[] = [];
  for (const placed of texts) {
    const cidr = readCidr(draft, placed, zeros);
    if (cidr !== undefined) out.push(cidr);
  }
  return out;
}

/** An address in canonical text; undefined after it was refused. */
export function readAddress(draft: Draft, placed: PlacedText): string | undefined {
  const address = parseAddress(placed.text);
  if (address === undefined) {
    draft.refuse('RF2007', placed, `is ${quote(placed.text)}, which is not an IP address`);
    return undefined;
  }
  return formatAddress(address);
}

export function readAddresses(draft: Draft, texts: readonly PlacedText[]): string[] {
  const out: string[] = [];
  for (const placed of texts) {
    const address = readAddress(draft, placed);
    if (address !== undefined && !out.includes(address)) out.push(address);
  }
  return out;
}

/** A text field with its place, as a list of none or one: for the readers of values above. */
export function textOf(reader: Reader, key: string): PlacedText[] {
  const text = reader.text(key);
  if (text === undefined || text === '') return [];
  const place = reader.place(key);
  return [{ path: place.path, start: place.start, end: place.end, text }];
}
