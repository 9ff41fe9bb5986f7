/** The character sets of Kubernetes names, as the API server checks them. Each answers undefined, or what is wrong. */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** RFC 1123 label. */
export function wrongLabelName(text: string): string | undefined {
  if (text.length > 63) return 'must be at most 63 characters';
  return LABEL.test(text)
    ? undefined
    : 'must be lower case letters, digits and `-`, and start and end with a letter or digit';
}

/** RFC 1123 subdomain: the names of most objects. */
export function wrongSubdomain(text: string): string | undefined {
  if (text.length > 253) return 'must be at most 253 characters';
  if (text.split('.').every((part) => LABEL.test(part))) return undefined;
  return 'must be lower case letters, digits, `-` and `.`, and start and end with a letter or digit';
}

/** `name` or `prefix/name`, as label and annotation keys are. */
export function wrongLabelKey(text: string): string | undefined {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (slash >= 0 && (slash === 0 || wrongSubdomain(text.slice(0, slash)) !== undefined)) {
    return 'must have a DNS name before the `/`';
  }
  if (name.length > 63) return 'must be at most 63 characters behind the `/`';
  return QUALIFIED.test(name) ? undefined : WRONG_CHARACTERS;
}

export function wrongLabelValue(text: string): string | undefined {
  if (text.length > 63) return 'must be at most 63 characters';
  return text === '' || QUALIFIED.test(text) ? undefined : WRONG_CHARACTERS;
}

const WRONG_CHARACTERS = 'must be letters, digits, `-`, `_` and `.`, and start and end with a letter or digit';

/** IANA service name (RFC 6335 §5.1): the names of container ports. */
export function wrongPortName(text: string): string | undefined {
  if (text.length > 15) return 'must be at most 15 characters';
  if (!/^[-a-z0-9]+$/.test(text)) return 'must be lower case letters, digits and `-`';
  if (!/[a-z]/.test(text)) return 'must have at least one letter';
  if (text.includes('--')) return 'must not have `--`';
  return text.startsWith('-') || text.endsWith('-') ? 'must not start or end with `-`' : undefined;
}

/** A host name, which may begin with `*.`; never an address. */
export function wrongHost(text: string): string | undefined {
  return wrongSubdomain(text.startsWith('*.') ? text.slice(2) : text);
}
