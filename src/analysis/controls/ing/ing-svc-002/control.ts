import { formatAddress, isInRange, parseAddress, parseCidr } from '#base/address.ts';
import type { Judged } from '#model/control.ts';
import { placeOf, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { serviceAt, type WrittenService, writtenServices } from '../services.ts';
import { formatList } from '../words.ts';

export const ingSvc002: Control = {
  data: {
    id: 'ING-SVC-002',
    title: 'No Service takes addresses of its own choice',
    severity: 'high',
    rationale:
      'With `externalIPs` whoever may write a Service takes over the traffic of any address on every node, those of other teams and of the internet included; nothing checks who owns it (CVE-2020-8554).',
    evidence: '`spec.externalIPs` of every Service, and the list `controls.allowedExternalIps` of the configuration',
    states: [
      { state: 'FAIL', when: 'a Service names an external address that is not on the list' },
      { state: 'PASS', when: 'a Service names none, or only those on the list' },
      { state: 'NA', when: 'the input has no Service' },
    ],
    remedy:
      'Take `spec.externalIPs` out and use a load balancer or a gateway; refuse the field for everybody with Azure Policy or a ValidatingAdmissionPolicy.',
    mappings: mappingsOf({
      'cis-kubernetes': ['1.2.3'],
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['control-plane-hardening'],
      'owasp-top-ten': ['K04'],
      mcsb: ['PV-2'],
      'azure-policy': ['d46c275d-1680-448d-b2ec-e495a3b6cc89'],
      attack: ['T1557'],
      'aks-network-baseline': ['L111'],
    }),
  },
  assess(context) {
    return assessed(
      writtenServices(context).map((written) => judged(context, written)),
      plain('NA', 'the input has no Service'),
      ['Service', 'Services'],
    );
  },
  fix(context, { where }) {
    const written = serviceAt(context, where.namespace, where.name);
    if (written === undefined) return undefined;
    const { service, object } = written;
    const isServed = service.type === 'LoadBalancer';
    return {
      summary: `take the external addresses out of Service \`${where.namespace}/${where.name}\``,
      automatic: isServed,
      changes: [{ kind: 'edit-object', object, edits: [{ op: 'remove', path: ['spec', 'externalIPs'] }] }],
      steps: isServed
        ? ['move clients of these addresses to the load balancer of the Service']
        : ['give its clients another way in first: a gateway, or a load balancer that its cloud gives the address to'],
    };
  },
};

function judged(context: ControlContext, { service, object }: WrittenService): Judged {
  const where = placeOf(object);
  if (service.externalIPs.length === 0)
    return { where, state: 'PASS', message: 'it names no external address', evidence: [] };
  const wrong = service.externalIPs.filter((address) => !isAllowed(context, address));
  const evidence = [seenAt(object, ['spec', 'externalIPs'])];
  return wrong.length === 0
    ? { where, state: 'PASS', message: 'its external addresses are on the list of those allowed', evidence }
    : { where, state: 'FAIL', message: `every node answers for ${formatList(wrong)}, which nobody checked`, evidence };
}

/** Entries may be addresses or ranges. */
function isAllowed({ settings: { allowedExternalIps = [] } }: ControlContext, text: string): boolean {
  const address = parseAddress(text);
  return allowedExternalIps.some((entry) => {
    if (address === undefined) return entry === text;
    const single = parseAddress(entry);
    if (single !== undefined) return formatAddress(single) === formatAddress(address);
    const range = parseCidr(entry)?.cidr;
    return range !== undefined && isInRange(address, range);
  });
}
