/** What is read of an X.509 certificate (RFC 5280 §4.1). */
export interface Certificate {
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** DNS names of the subject alternative name. */
  readonly names: readonly string[];
  readonly isAuthority: boolean;
  /** Whether it names itself as its issuer. */
  readonly isSelfIssued: boolean;
}

/** The certificates of a PEM text, or of the base64 of one. Blocks that cannot be read are left out. */
export function readCertificates(text: string): readonly Certificate[] {
  const pem = text.includes(BEGIN) ? text : (decoded(text) ?? '');
  return pem
    .split(BEGIN)
    .slice(1)
    .flatMap((part) => {
      const bytes = bytesOf(part.split('-----END CERTIFICATE-----')[0]!);
      return (bytes === undefined ? undefined : certificateOf(bytes)) ?? [];
    });
}

const BEGIN = '-----BEGIN CERTIFICATE-----';

function decoded(text: string): string | undefined {
  try {
    return atob(text.replaceAll(/\s/g, ''));
  } catch {
    return undefined;
  }
}

function bytesOf(base64: string): Uint8Array | undefined {
  const text = decoded(base64);
  return text === undefined ? undefined : Uint8Array.from(text, (character) => character.charCodeAt(0));
}

// ---------------------------------------------------------------- DER

/** One element: its tag, and its content (X.690 §8.1). */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

const BOOLEAN = 0x01;
const OCTETS = 0x04;
const OBJECT_ID = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
/** Context tags: of tbsCertificate its version and extensions, of a general name a DNS name. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;

/** The elements of some content, in order; undefined where it is not well formed. */
function elementsOf(content: Uint8Array): readonly Element[] | undefined {
  const out: Element[] = [];
  let at = 0;
  while (at < content.length) {
    const length = lengthAt(content, at + 1);
    if (length === undefined || length.end > content.length) return undefined;
    out.push({ tag: content[at]!, content: content.subarray(length.start, length.end) });
    at = length.end;
  }
  return out;
}

/** Short and long form; the indefinite form is not DER. */
function lengthAt(content: Uint8Array, at: number): { readonly start: number; readonly end: number } | undefined {
  const first = content[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 1, end: at + 1 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + count >= content.length) return undefined;
  let length = 0;
  for (const byte of content.subarray(at + 1, at + 1 + count)) length = length * 256 + byte;
  return { start: at + 1 + count, end: at + 1 + count + length };
}

function childrenOf(element: Element | undefined, tag = SEQUENCE): readonly Element[] | undefined {
  return element?.tag === tag ? elementsOf(element.content) : undefined;
}

// ---------------------------------------------------------------- certificates

function certificateOf(bytes: Uint8Array): Certificate | undefined {
  const [whole] = elementsOf(bytes) ?? [];
  const [toSign] = childrenOf(whole) ?? [];
  const fields = (childrenOf(toSign) ?? []).filter(({ tag }) => tag !== VERSION);
  // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, and what is optional
  const [, , issuer, validity, subject] = fields;
  const [notBefore, notAfter] = (childrenOf(validity) ?? []).map(timeOf);
  if (issuer === undefined || subject === undefined || notBefore === undefined || notAfter === undefined)
    return undefined;
  const extensions = extensionsOf(fields.find(({ tag }) => tag === EXTENSIONS));
  return {
    notBefore,
    notAfter,
    names: namesOf(extensions.get(SUBJECT_ALTERNATIVE_NAME)),
    isAuthority: isAuthority(extensions.get(BASIC_CONSTRAINTS)),
    isSelfIssued: textOf(issuer.content) === textOf(subject.content),
  };
}

/** RFC 5280 §4.1.2.5: two digits of the year from 50 on are of the last century. */
function timeOf({ tag, content }: Element): string | undefined {
  const text = textOf(content);
  const pattern =
    tag === UTC_TIME ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
  const parts = tag === UTC_TIME || tag === GENERALIZED_TIME ? pattern.exec(text) : null;
  if (parts === null) return undefined;
  const [, year = '', month, day, hour, minute, second] = parts;
  const century = year.length === 4 ? '' : Number(year) >= 50 ? '19' : '20';
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** 2.5.29.17 and 2.5.29.19, as DER writes them. */
const SUBJECT_ALTERNATIVE_NAME = '\x55\x1d\x11';
const BASIC_CONSTRAINTS = '\x55\x1d\x13';

function extensionsOf(element: Element | undefined): ReadonlyMap<string, Uint8Array> {
  const [list] = childrenOf(element, EXTENSIONS) ?? [];
  const found = new Map<string, Uint8Array>();
  for (const extension of childrenOf(list) ?? []) {
    const parts = childrenOf(extension) ?? [];
    const id = parts.find(({ tag }) => tag === OBJECT_ID);
    const value = parts.find(({ tag }) => tag === OCTETS);
    if (id !== undefined && value !== undefined) found.set(textOf(id.content), value.content);
  }
  return found;
}

function namesOf(value: Uint8Array | undefined): string[] {
  const [list] = value === undefined ? [] : (elementsOf(value) ?? []);
  return (childrenOf(list) ?? []).flatMap(({ tag, content }) =>
    tag === DNS_NAME ? [textOf(content).toLowerCase()] : [],
  );
}

function isAuthority(value: Uint8Array | undefined): boolean {
  const [list] = value === undefined ? [] : (elementsOf(value) ?? []);
  return (childrenOf(list) ?? []).some(({ tag, content }) => tag === BOOLEAN && content[0] !== 0);
}

function textOf(content: Uint8Array): string {
  let text = '';
  for (const byte of content) text += String.fromCharCode(byte);
  return text;
}
