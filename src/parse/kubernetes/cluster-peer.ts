import type { ClusterPeer, ClusterPodsPeer, Gap, LabelSelector } from '#model/resource.ts';
import { type PlacedText, quote } from './draft.ts';
import { exactlyOne } from './exactly-one.ts';
import type { Reader } from './reader.ts';
import { readSelector } from './selector.ts';
import { readCidrs } from './values.ts';

/** Subjects and peers of `policy.networking.k8s.io`: the same shape in all its kinds. */

const SUBJECT_FIELDS = ['namespaces', 'pods'] as const;
const EGRESS_FIELDS = ['namespaces', 'pods', 'networks', 'nodes', 'domainNames'] as const;
const OLD_FIELDS = ['sameLabels', 'notSameLabels', 'namespaceSelector'];

/** Whom a policy is for. Its unknown fields are gaps of the policy and are collected by the caller. */
export function readSubject(spec: Reader): ClusterPodsPeer {
  const subject = spec.requiredChild('subject');
  if (spec.has('subject') && !isOldShape(subject)) exactlyOne(subject, SUBJECT_FIELDS);
  return readPods(subject);
}

/** A peer of a rule. Ingress peers are pods only: the API has no other peers there. */
export function readClusterPeer(reader: Reader, direction: 'ingress' | 'egress'): ClusterPeer {
  if (isOldShape(reader)) return readPods(reader);
  const gaps = reader.unread();
  exactlyOne(reader, direction === 'ingress' ? SUBJECT_FIELDS : EGRESS_FIELDS);
  const gap = gaps[0];
  if (gap !== undefined) return { kind: 'unread', gap, path: reader.path, origin: reader.origin };
  return direction === 'ingress' ? readPods(reader) : readEgressPeer(reader);
}

/**
 * Shapes of v1alpha1 from before its release 0.1.2. They cannot be told from a current shape by half reading them, so
 * they are refused by name.
 */
function isOldShape(reader: Reader): boolean {
  for (const key of ['namespaces', 'pods']) {
    const inner = reader.child(key);
    const found =
      inner?.present(key === 'namespaces' ? OLD_FIELDS : ['sameLabels', 'notSameLabels', 'namespaces']) ?? [];
    if (inner === undefined || found.length === 0) continue;
    const message =
      'is of a shape that AdminNetworkPolicy had before its release 0.1.2 and that no engine reads any more';
    const help = 'write labels and expressions directly below `namespaces`';
    inner.draft.refuse('RF2009', inner.place(found[0]), { message, help });
    return true;
  }
  return false;
}

function readPods(reader: Reader): ClusterPodsPeer {
  const pods = reader.child('pods');
  const place = { path: reader.path, origin: reader.origin };
  if (pods === undefined) {
    return { kind: 'pods', namespaceSelector: readSelector(reader.childOrEmpty('namespaces')), ...place };
  }
  return {
    kind: 'pods',
    namespaceSelector: requiredSelector(pods, 'namespaceSelector'),
    podSelector: requiredSelector(pods, 'podSelector'),
    ...place,
  };
}

function requiredSelector(reader: Reader, key: string): LabelSelector {
  return readSelector(reader.requiredChild(key));
}

function readEgressPeer(reader: Reader): ClusterPeer {
  const place = { path: reader.path, origin: reader.origin };
  if (reader.has('networks')) {
    const texts = readSet(reader, 'networks');
    return { kind: 'networks', cidrs: readCidrs(reader.draft, texts, 'refused'), ...place };
  }
  if (reader.has('domainNames')) return { kind: 'domains', names: readDomains(reader), ...place };
  const nodes = reader.child('nodes');
  if (nodes !== undefined) return { kind: 'nodes', selector: readSelector(nodes), ...place };
  return readPods(reader);
}

/** A list that the schema marks as a set: 1 to 25 entries, none twice. */
function readSet(reader: Reader, key: string): PlacedText[] {
  reader.bounded(key, 1, 25);
  const texts = reader.texts(key);
  const seen = new Set<string>();
  for (const placed of texts) {
    if (seen.has(placed.text)) {
      reader.draft.refuse('RF2009', placed, { message: `is ${quote(placed.text)} a second time`, help: 'remove it' });
    }
    seen.add(placed.text);
  }
  return texts;
}

/** As the schema's pattern has it: at least two labels, `*.` in front allowed, a dot at the end allowed. */
const DOMAIN_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?$/;

function readDomains(reader: Reader): string[] {
  const out: string[] = [];
  for (const placed of readSet(reader, 'domainNames')) {
    const bare = placed.text.replace(/^\*\./, '').replace(/\.$/, '');
    const labels = bare.split('.');
    if (labels.length < 2 || placed.text.length > 255 || !labels.every((label) => DOMAIN_LABEL.test(label))) {
      const message = `is ${quote(placed.text)}, which is not a domain name`;
      reader.draft.refuse('RF2004', placed, { message, help: 'write a name as `api.example.com` or `*.example.com`' });
    }
    out.push(`${placed.text.startsWith('*.') ? '*.' : ''}${bare.toLowerCase()}`);
  }
  return out;
}

/** Unknown fields of a policy that say whom it is for or how it is ordered. */
export function policyGaps(object: Reader, spec: Reader): Gap[] {
  return [...object.unread('spec'), ...spec.unread('ingress', 'egress')];
}
