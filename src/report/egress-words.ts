import { escapeControl } from '#base/escape.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { Disagreement, EgressAnswer, RequiredEndpoint, WrittenRules } from '#model/egress.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { count, originText } from './words.ts';

/** `2 rules for fw-hub, 1 connection left` */
export function writtenSummary({ rules, left, firewall }: WrittenRules): string {
  const name = firewall.split('/').at(-1) ?? '';
  const what = name === '' ? count(rules, 'rule') : `${count(rules, 'rule')} for ${escapeControl(name)}`;
  return left.length === 0 ? what : `${what}, ${count(left.length, 'connection')} left`;
}

/** What the engine says with the rules. */
export function proofText({ proof: { complete, minimal, compared } }: WrittenRules): string {
  const all = complete ? 'all that policy allows is allowed' : 'not all that policy allows is allowed';
  const more = minimal ? 'and nothing else is opened' : 'and more is opened than policy allows';
  return `with these rules ${all}, ${more}: ${count(compared, 'pair')} of workloads and destinations compared`;
}

/** `9 of 10 required endpoints are reachable; 2 disagreements; 1 rule that nobody needs` */
export function egressSummary(answer: EgressAnswer): string {
  if (answer.cluster === undefined) return 'no cluster of Azure in the input, or several: layers are not compared';
  const needed = answer.required.filter(({ need }) => need !== 'optional');
  const reachable = needed.filter(({ verdict }) => verdict === 'allowed').length;
  const parts = [`${reachable} of ${count(needed.length, 'required endpoint')} reachable`];
  const differ = answer.disagreements.filter(({ state }) => state !== 'unknown').length;
  parts.push(differ === 0 ? 'no disagreement of the layers' : count(differ, 'disagreement'));
  const open = answer.disagreements.length - differ;
  if (open > 0) parts.push(`${open} unknown`);
  if (answer.unneeded.length > 0) parts.push(`${count(answer.unneeded.length, 'rule')} that nobody needs`);
  return parts.join('; ');
}

export const DISAGREEMENT_WORDS: Readonly<Record<Disagreement['state'], string>> = {
  'policy-allows': 'policy allows, Azure denies',
  'azure-allows': 'Azure allows, policy allows nobody',
  unknown: 'policy allows, Azure unknown',
};

/** State of a fact as a verdict, for its mark. */
export const FACT_VERDICTS: Readonly<Record<AzureFact['state'], PathVerdict>> = {
  PASS: 'allowed',
  FAIL: 'denied',
  UNKNOWN: 'unknown',
};

/** `TCP 443` */
export function portText({ protocol, port }: Pick<RequiredEndpoint, 'protocol' | 'port'>): string {
  return escapeControl(`${protocol} ${port}`);
}

/** `cluster (optional)` */
export function needText({ feature, need }: RequiredEndpoint): string {
  return need === 'required' ? feature : `${feature} (${need})`;
}

/** `rc-names/partners allow, firewall.tf:44`: rules by name, resources by the last part of their id. */
export function evidenceText({ resource, field, value, origin }: AzureEvidence): string {
  const name = resource.startsWith('/') ? (resource.split('/').at(-1) ?? resource) : resource;
  const what = [name, field, value]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => escapeControl(part ?? ''));
  return [what.join(' '), originText(origin)].filter((part) => part !== '').join(', ');
}

export function listText(names: readonly string[]): string {
  return names.map(escapeControl).join(', ');
}
