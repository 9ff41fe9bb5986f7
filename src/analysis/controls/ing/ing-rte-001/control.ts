import type { Judged } from '#model/control.ts';
import { answeredOr, CLUSTER, plain } from '../../assessment.ts';
import { evidenceOfResource } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { certificateSigns, danglingRecords, legacySigns, nameSigns } from './signs.ts';

export const ingRte001: Control = {
  data: {
    id: 'ING-RTE-001',
    title: 'Names and certificates of ways in are made by a supported mechanism',
    severity: 'low',
    rationale:
      'Names and certificates that people make by hand are forgotten: certificates end on a weekend, and a name that still leads to an address that was given back belongs to whoever gets that address next.',
    evidence:
      'HTTP application routing, application routing with its DNS zones, external-dns, cert-manager, certificates from Key Vault, and alias records of DNS zones',
    states: [
      { state: 'FAIL', when: 'HTTP application routing is used: it is retired' },
      { state: 'WARN', when: 'an alias record leads to a resource that is not in the input' },
      { state: 'MANUAL', when: 'nothing in the input shows how names or certificates are made' },
      { state: 'PASS', when: 'a supported mechanism makes them' },
      { state: 'NA', when: 'the input has no host names that somebody asks for' },
    ],
    remedy:
      'Use application routing with Azure DNS zones and Key Vault, or external-dns and cert-manager with a workload identity that may write only its zone.',
    mappings: mappingsOf({
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K07'],
      mcsb: ['NS-10', 'DP-7'],
      attack: ['T1190'],
      'securing-kubernetes-in-azure': ['L21', 'L22'],
    }),
    question:
      'Are the DNS records and certificates of every way in made and renewed by a supported tool, and records removed with what they lead to?',
  },
  assess(context) {
    const places = [...legacyPlaces(context), ...danglingPlaces(context)];
    if (!hasHosts(context) && places.length === 0)
      return plain('NA', 'the input has no Ingress, Gateway or Route with a host name');
    const signs = [nameSigns(context), certificateSigns(context)];
    if (places.length === 0 && signs.some(({ length }) => length === 0)) {
      const missing = ['names', 'certificates'].filter((_, index) => signs[index]!.length === 0);
      const answered = answeredOr(
        context,
        'ING-RTE-001',
        `nothing in the input shows how ${missing.join(' and ')} are made`,
      );
      return { ...answered, evidence: [...answered.evidence, ...signs.flat()] };
    }
    return assessed([...places, ...mechanismPlaces(signs)], plain('NA', ''), [
      'mechanism or record',
      'mechanisms and records',
    ]);
  },
};

function hasHosts({ snapshot }: ControlContext): boolean {
  return (
    snapshot.ingresses.some(({ rules }) => rules.some(({ host }) => host !== undefined)) ||
    snapshot.routes.some(({ hostnames }) => hostnames.length > 0) ||
    snapshot.gateways.some(({ listeners }) => listeners.some(({ hostname }) => hostname !== undefined)) ||
    snapshot.openShiftRoutes.some(({ host }) => host !== undefined)
  );
}

function legacyPlaces(context: ControlContext): Judged[] {
  return legacySigns(context).map((sign) => ({
    where: sign.where,
    state: 'FAIL',
    message: 'HTTP application routing makes its names; it is retired and was never meant for production',
    evidence: [sign.evidence],
    detail: 'http application routing',
  }));
}

function danglingPlaces(context: ControlContext): Judged[] {
  return danglingRecords(context).map(({ where, resource, target }) => ({
    where,
    state: 'WARN',
    message: 'it is an alias of a resource that is not in the input: whoever makes that one next gets its visitors',
    evidence: [evidenceOfResource(resource, `alias of ${target}`)],
    detail: 'dangling',
  }));
}

function mechanismPlaces([names = [], certificates = []]: ReturnType<typeof nameSigns>[]): Judged[] {
  const place = (detail: string, evidence: Judged['evidence']): Judged[] =>
    evidence.length === 0
      ? []
      : [{ where: CLUSTER, state: 'PASS', message: `a supported mechanism makes its ${detail}`, evidence, detail }];
  return [...place('names', names), ...place('certificates', certificates)];
}
