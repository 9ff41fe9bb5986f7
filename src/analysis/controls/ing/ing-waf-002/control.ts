import { plain } from '../../assessment.ts';
import { withoutCluster } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { bypassFix, bypassPlaces } from './bypasses.ts';
import { policyFix, policyPlaces } from './policies.ts';

export const ingWaf002: Control = {
  data: {
    id: 'ING-WAF-002',
    title: 'The web application firewall blocks, looks at bodies, has current rules, and nothing goes around it',
    severity: 'high',
    rationale:
      'In detection mode a firewall writes down the attack and lets it pass. With old rules or without bodies it sees half of it. And whoever finds the public address of the origin does not meet it at all.',
    evidence:
      'WAF policies in use (`policySettings`, `managedRules`), settings in Application Gateways themselves, and every way from the internet to what they protect',
    states: [
      {
        state: 'FAIL',
        when: 'a policy in use is off, in detection mode, without managed rules, with rules before OWASP 3.1 or without a look at bodies; or the internet reaches the origin past it',
      },
      { state: 'WARN', when: 'exclusions take parts of requests from the rules' },
      { state: 'UNKNOWN', when: 'a setting comes from an expression, or the Azure network is not in the input' },
      { state: 'PASS', when: 'it blocks with current rules, and no way goes past it' },
      { state: 'NA', when: 'the input has no web application firewall' },
    ],
    remedy:
      'Set the policy to Prevention with the current default rule set and request body inspection, and let the origin take connections only from the gateway or from Front Door.',
    mappings: mappingsOf({
      'nist-800-190': ['4.4.4'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K06'],
      mcsb: ['NS-6'],
      'azure-policy': [
        '12430be1-6cc8-4527-a9a8-e3d38f250096',
        'ca85ef9a-741d-461d-8b7a-18c2da82c666',
        'ebea0d86-7fbd-42e3-8a46-27e7568c2525',
      ],
      attack: ['T1190'],
      'aks-network-baseline': ['L70'],
      'kubernetes-network-practices': ['L53', 'L55'],
    }),
  },
  assess(context) {
    if (context.snapshot.azure.resources.size === 0)
      return withoutCluster(context, 'the web application firewall before it');
    return assessed(
      [...policyPlaces(context), ...bypassPlaces(context)],
      plain('NA', 'no web application firewall is in the input'),
      ['firewall or way past one', 'firewalls and ways past them'],
    );
  },
  fix: (context, judged) => (judged.detail === 'bypass' ? bypassFix(context, judged) : policyFix(context, judged)),
};
