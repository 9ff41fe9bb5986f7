import { formatRange } from '#base/address.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { serviceAt } from '../services.ts';
import { narrowEntries } from './audience.ts';
import { judgedEntry } from './sources.ts';

export const ingSrc001: Control = {
  data: {
    id: 'ING-SRC-001',
    title: 'Ways in whose users are known let nobody else in',
    severity: 'medium',
    rationale:
      'Tools of your own people and doors for partners need no visitors from everywhere. A list of sources keeps away who only looks for holes, before any password is asked for.',
    evidence:
      'ways in whose labels, hosts or backends say that they are for own people or partners, and the lists of sources on them: `loadBalancerSourceRanges`, service tags, annotations of the controller, security groups, AuthorizationPolicy',
    states: [
      { state: 'FAIL', when: 'such a way in is open to the whole internet' },
      {
        state: 'WARN',
        when: 'sources are looked at where the address of the client is lost already (`externalTrafficPolicy: Cluster`), or where it listens is not in the input',
      },
      { state: 'PASS', when: 'it is internal, or a list of sources holds' },
      { state: 'NA', when: 'no way in says that it is for somebody in particular' },
    ],
    remedy:
      'Make it internal, or list its sources: `spec.loadBalancerSourceRanges` of a Service, or the allow list of the ingress controller with `externalTrafficPolicy: Local`.',
    mappings: mappingsOf({
      'cis-aks': ['5.4.1'],
      'nist-800-190': ['4.4.2'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K06'],
      mcsb: ['NS-1', 'NS-2'],
      attack: ['T1190'],
      'azure-security-book': ['L14'],
      'kubernetes-network-practices': ['L57'],
      'securing-kubernetes-in-azure': ['L10'],
    }),
  },
  assess(context) {
    return assessed(
      narrowEntries(context).map((entry) => judgedEntry(context, entry)),
      plain('NA', 'no way in of the input says that it is for own people or partners'),
      ['way in', 'ways in'],
    );
  },
  fix(context, { where, state }) {
    if (state === 'PASS' || where.kind !== 'Service') return undefined;
    const written = serviceAt(context, where.namespace, where.name);
    const ranges = context.settings.adminRanges;
    if (written === undefined) return undefined;
    const list = (ranges ?? []).flatMap(formatRange);
    return {
      summary: `let only known sources reach Service \`${where.namespace}/${where.name}\``,
      automatic: list.length > 0,
      changes:
        list.length === 0
          ? []
          : [
              {
                kind: 'edit-object',
                object: written.object,
                edits: [{ op: 'set', path: ['spec', 'loadBalancerSourceRanges'], value: list }],
              },
            ],
      steps:
        list.length > 0
          ? ['the ranges are those of `controls.adminRanges`: add those of partners']
          : ['list the ranges of its users in `spec.loadBalancerSourceRanges`'],
    };
  },
};
