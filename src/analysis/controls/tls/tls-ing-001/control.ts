import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { gatewayPlaces as azureGatewayPlaces, doorPlaces } from './azure.ts';
import { tlsFix } from './fix.ts';
import { gatewayPlaces, istioPlaces } from './gateways.ts';
import { ingressPlaces } from './ingresses.ts';
import { routePlaces, servicePlaces } from './services.ts';

export const tlsIng001: Control = {
  data: {
    id: 'TLS-ING-001',
    title: 'Every way in from outside speaks HTTPS and nothing else',
    severity: 'high',
    rationale:
      'What is sent without TLS is read and changed by whoever sits on the way: passwords, session cookies, the page itself. A host that answers plain requests too gives the first one away before any redirect of the application.',
    evidence:
      'hosts of Ingresses and what their `tls` covers, listeners of Gateways and routes that only redirect, servers of Istio Gateways, Routes, public Services, listeners of Application Gateway and routes of Front Door',
    states: [
      { state: 'FAIL', when: 'a public way in takes plain requests, or answers them without a redirect beside TLS' },
      {
        state: 'WARN',
        when: 'only internal networks reach it, TLS ends before it in Azure, or its controller answers plain requests unless told not to',
      },
      { state: 'UNKNOWN', when: 'what is attached to a plain listener is not in the input' },
      { state: 'PASS', when: 'TLS covers every host, and plain requests are redirected or refused' },
      { state: 'NA', when: 'the input has no way in for HTTP' },
    ],
    remedy: 'Add `spec.tls` with a certificate that is renewed by itself, and redirect plain requests at the edge.',
    mappings: mappingsOf({
      'cis-aks': ['5.4.5'],
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['securing-data'],
      mcsb: ['DP-3', 'NS-8'],
      'azure-policy': ['1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d'],
      attack: ['T1557', 'T1040'],
      'azure-security-book': ['L6'],
      'aks-network-baseline': ['L109', 'L113'],
      'securing-kubernetes-in-azure': ['L40'],
      'azure-security-book-2024': ['L5'],
    }),
  },
  assess(context) {
    return assessed(
      [
        ...ingressPlaces(context),
        ...gatewayPlaces(context),
        ...istioPlaces(context),
        ...routePlaces(context),
        ...servicePlaces(context),
        ...azureGatewayPlaces(context),
        ...doorPlaces(context),
      ],
      plain('NA', 'the input has no way in for HTTP'),
      ['way in', 'ways in'],
    );
  },
  fix: tlsFix,
};
