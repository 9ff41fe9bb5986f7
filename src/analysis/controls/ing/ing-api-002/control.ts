import { answeredOr, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { controllerWorkloads } from '../controllers.ts';
import { apiPlaces } from './apis.ts';

export const ingApi002: Control = {
  data: {
    id: 'ING-API-002',
    title: 'The API gateway asks who calls, and holds back who calls too much',
    severity: 'medium',
    rationale:
      'A gateway that lets anybody call as often as they like is an address and not a gate. A key alone says which application calls, and not who.',
    evidence:
      'policies of API Management at each level (`validate-jwt`, `validate-azure-ad-token`, `rate-limit`, `quota` …), `subscriptionRequired` and `protocols` of each API',
    states: [
      { state: 'FAIL', when: 'an API takes requests from anybody, or without TLS' },
      { state: 'WARN', when: 'only a key is asked for, or nothing limits how often somebody calls' },
      { state: 'UNKNOWN', when: 'the policies that hold for the API are not in the input' },
      { state: 'MANUAL', when: 'a gateway of another kind runs in the cluster' },
      { state: 'PASS', when: 'tokens or certificates are asked for, and calls are limited' },
      { state: 'NA', when: 'the input has no API gateway' },
    ],
    remedy:
      'Add `validate-azure-ad-token` or `validate-jwt` and `rate-limit-by-key` to the inbound policies of the API, require a subscription, and take `http` out of its protocols.',
    mappings: mappingsOf({
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['authentication-and-authorization'],
      'owasp-top-ten': ['K09'],
      mcsb: ['IM-1', 'LT-3'],
      'azure-policy': [
        'ee7495e7-3ba7-40b6-bfee-c29e22cc75d4',
        'c15dcc82-b93c-4dcb-9332-fbf121685b54',
        '92bb331d-ac71-416a-8c91-02f2cb734ce4',
      ],
      attack: ['T1499', 'T1190'],
      'aks-network-baseline': ['L80'],
    }),
    question:
      'Does the API gateway ask every caller for a valid token or certificate, limit how often each may call, and write down who called?',
  },
  assess(context) {
    const places = apiPlaces(context);
    if (places.length > 0) return assessed(places, plain('NA', ''), ['API', 'APIs']);
    if (context.snapshot.azure.apiGateways.length > 0)
      return plain(
        'UNKNOWN',
        'the APIs of API Management are not in the input: `Microsoft.ApiManagement/service/apis` and their policies would tell',
      );
    const own = [...controllerWorkloads(context)].find(([, product]) =>
      /^(?:Kong|Emissary|APISIX|Tyk|API Management gateway)$/.test(product),
    );
    if (own === undefined) return plain('NA', 'no API gateway is in the input');
    return answeredOr(context, 'ING-API-002', `${own[1]} runs as ${own[0]}: what it asks of callers is not assessed`);
  },
};
