import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { azureWays } from '../azure-ways.ts';
import { withheldFirewalls } from '../http.ts';
import { placesAround, placesWithout } from './assess.ts';

export const ingWaf001: Control = {
  data: {
    id: 'ING-WAF-001',
    title: 'Every HTTP application that the internet reaches is behind a web application firewall',
    severity: 'high',
    rationale:
      'A firewall for requests stops attacks on holes that the application itself still has. It helps only where every way from the internet goes through it: one public address beside it is enough to go around.',
    evidence:
      'every way from the internet to the application, and the policy that looks at requests on it: of Application Gateway (gateway, listener, path), Application Gateway for Containers, Front Door, or ModSecurity in the ingress controller',
    states: [
      { state: 'FAIL', when: 'the internet reaches the application on a way on which nothing looks at requests' },
      {
        state: 'UNKNOWN',
        when: 'what stands before the cluster is not in the input, or whether the way lets the internet in',
      },
      { state: 'PASS', when: 'every way from the internet has a firewall' },
      { state: 'NA', when: 'the internet reaches no HTTP application' },
    ],
    remedy:
      'Put Application Gateway with a WAF policy, Application Gateway for Containers with a security policy, or Front Door before it, and make the load balancer of the cluster internal.',
    mappings: mappingsOf({
      'nist-800-190': ['4.4.4'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K06'],
      mcsb: ['NS-6'],
      'azure-policy': [
        '564feb30-bf6a-4854-b4bb-0d2d2d1e6c66',
        'c3a8e4bd-b215-4c99-bd53-92f8d7ea65f7',
        '055aa869-bc98-4af8-bafc-23f1ab6ffe2c',
      ],
      attack: ['T1190'],
      'aks-network-baseline': ['L66', 'L68', 'L70', 'L72'],
      'kubernetes-network-practices': ['L13', 'L53'],
      'securing-kubernetes-in-azure': ['L35', 'L36'],
    }),
  },
  assess(context) {
    const around = azureWays(context);
    if (around === undefined) return placesWithout(context);
    return assessed(
      placesAround(context, around),
      plain('NA', 'the internet reaches no HTTP application of the cluster'),
      ['way in', 'ways in'],
    );
  },
  readsValues: {
    of: withheldFirewalls,
    doubts: ({ state, where }) => state !== 'PASS' && where.kind === 'Ingress',
    adds: false,
  },
};
