import type { FieldEntry, KindFields } from '../kubernetes/field-support.ts';
import { selectorFields } from '../kubernetes/fields/policy.ts';

type Fields = Readonly<Record<string, FieldEntry>>;

const GROUPS: FieldEntry = ['partial', 'only the cloud knows whom the group holds: such a rule matches perhaps'];
const REQUIRES: FieldEntry = [
  'partial',
  'narrows rules that name endpoints in versions up to 1.18: where they allow or deny, the verdict is unknown',
];
const TLS: FieldEntry = ['harmless', 'how the proxy opens TLS, not whom it lets through'];
const LISTENER: FieldEntry = ['harmless', 'which proxy is in between; the connection is allowed'];
const PROXY_RULES: FieldEntry = [
  'partial',
  'rules of a proxy plug-in: told as a condition, and requests match perhaps',
];
const HTTP: FieldEntry = ['partial', 'a header from a Secret, or one that is replaced, matches perhaps'];
const TEXT: FieldEntry = ['harmless', 'words for people'];

function ports(path: string, deny: boolean): Fields {
  const base: Fields = {
    [`${path}.ports[].port`]: 'supported',
    [`${path}.ports[].endPort`]: ['supported', 'counts from 1.17'],
    [`${path}.ports[].protocol`]: 'supported',
  };
  if (deny) return base;
  return {
    ...base,
    [`${path}.rules.http[].method`]: 'supported',
    [`${path}.rules.http[].path`]: 'supported',
    [`${path}.rules.http[].host`]: 'supported',
    [`${path}.rules.http[].headers[]`]: 'supported',
    [`${path}.rules.http[].headerMatches[].name`]: 'supported',
    [`${path}.rules.http[].headerMatches[].value`]: 'supported',
    [`${path}.rules.http[].headerMatches[].mismatch`]: HTTP,
    [`${path}.rules.http[].headerMatches[].secret.name`]: HTTP,
    [`${path}.rules.http[].headerMatches[].secret.namespace`]: HTTP,
    [`${path}.rules.dns[].matchName`]: 'supported',
    [`${path}.rules.dns[].matchPattern`]: 'supported',
    [`${path}.rules.kafka[].topic`]: 'supported',
    [`${path}.rules.kafka[].role`]: PROXY_RULES,
    [`${path}.rules.kafka[].apiKey`]: PROXY_RULES,
    [`${path}.rules.kafka[].apiVersion`]: PROXY_RULES,
    [`${path}.rules.kafka[].clientID`]: PROXY_RULES,
    [`${path}.rules.l7proto`]: PROXY_RULES,
    [`${path}.rules.l7[].*`]: PROXY_RULES,
    [`${path}.serverNames[]`]: ['partial', 'told as a condition; the server name of a request is not known'],
    [`${path}.terminatingTLS.*`]: TLS,
    [`${path}.originatingTLS.*`]: TLS,
    [`${path}.listener.*`]: LISTENER,
  };
}

function rule(path: string, { side, deny }: { readonly side: 'from' | 'to'; readonly deny: boolean }): Fields {
  const egress: Fields = {
    [`${path}.toServices[].k8sService.serviceName`]: 'supported',
    [`${path}.toServices[].k8sService.namespace`]: 'supported',
    ...selectorFields(`${path}.toServices[].k8sServiceSelector.selector`),
    [`${path}.toServices[].k8sServiceSelector.namespace`]: 'supported',
  };
  const names: Fields = {
    [`${path}.toFQDNs[].matchName`]: ['partial', 'which addresses a name stands for is known at run time only'],
    [`${path}.toFQDNs[].matchPattern`]: ['partial', 'which addresses a name stands for is known at run time only'],
  };
  return {
    ...selectorFields(`${path}.${side}Endpoints[]`),
    ...selectorFields(`${path}.${side}Nodes[]`),
    ...Object.fromEntries(Object.keys(selectorFields(`${path}.${side}Requires[]`)).map((key) => [key, REQUIRES])),
    [`${path}.${side}CIDR[]`]: 'supported',
    [`${path}.${side}CIDRSet[].cidr`]: 'supported',
    [`${path}.${side}CIDRSet[].cidrGroupRef`]: 'supported',
    ...selectorFields(`${path}.${side}CIDRSet[].cidrGroupSelector`),
    [`${path}.${side}CIDRSet[].except[]`]: 'supported',
    [`${path}.${side}Entities[]`]: 'supported',
    [`${path}.${side}Groups[].aws.*`]: GROUPS,
    ...(side === 'to' && egress),
    ...(side === 'to' && !deny && names),
    ...ports(`${path}.toPorts[]`, deny),
    [`${path}.icmps[].fields[].family`]: 'supported',
    [`${path}.icmps[].fields[].type`]: 'supported',
    ...(!deny && {
      [`${path}.authentication.mode`]: [
        'partial',
        'required succeeds where it is set up; the verdict is unknown where it is not',
      ] as const,
    }),
  };
}

function spec(path: string): Fields {
  return {
    ...selectorFields(`${path}.endpointSelector`),
    ...selectorFields(`${path}.nodeSelector`),
    [`${path}.enableDefaultDeny.ingress`]: 'supported',
    [`${path}.enableDefaultDeny.egress`]: 'supported',
    [`${path}.description`]: TEXT,
    [`${path}.labels[].*`]: TEXT,
    [`${path}.log.value`]: TEXT,
    ...rule(`${path}.ingress[]`, { side: 'from', deny: false }),
    ...rule(`${path}.ingressDeny[]`, { side: 'from', deny: true }),
    ...rule(`${path}.egress[]`, { side: 'to', deny: false }),
    ...rule(`${path}.egressDeny[]`, { side: 'to', deny: true }),
  };
}

const POLICY: Fields = { ...spec('spec'), ...spec('specs[]'), 'status.*': ['harmless', 'what a controller reports'] };

function redirectPorts(path: string): Fields {
  return {
    [`${path}.toPorts[].port`]: 'supported',
    [`${path}.toPorts[].protocol`]: 'supported',
    [`${path}.toPorts[].name`]: TEXT,
  };
}

/** The fields of Cilium's kinds. */
export const CILIUM_FIELDS: readonly KindFields[] = [
  { group: 'cilium.io', versions: ['v2'], kind: 'CiliumNetworkPolicy', strict: true, fields: POLICY },
  { group: 'cilium.io', versions: ['v2'], kind: 'CiliumClusterwideNetworkPolicy', strict: true, fields: POLICY },
  {
    group: 'cilium.io',
    versions: ['v2', 'v2alpha1'],
    kind: 'CiliumCIDRGroup',
    strict: true,
    fields: { 'spec.externalCIDRs[]': 'supported' },
  },
  {
    group: 'cilium.io',
    versions: ['v2'],
    kind: 'CiliumLocalRedirectPolicy',
    fields: {
      'spec.redirectFrontend.addressMatcher.ip': 'supported',
      ...redirectPorts('spec.redirectFrontend.addressMatcher'),
      'spec.redirectFrontend.serviceMatcher.serviceName': 'supported',
      'spec.redirectFrontend.serviceMatcher.namespace': 'supported',
      ...redirectPorts('spec.redirectFrontend.serviceMatcher'),
      ...selectorFields('spec.redirectBackend.localEndpointSelector'),
      ...redirectPorts('spec.redirectBackend'),
      'spec.skipRedirectFromBackend': 'supported',
      'spec.description': TEXT,
      'status.*': ['harmless', 'what a controller reports'],
    },
  },
  {
    group: 'cilium.io',
    versions: ['v2'],
    kind: 'CiliumEgressGatewayPolicy',
    fields: {
      ...selectorFields('spec.selectors[].podSelector'),
      ...selectorFields('spec.selectors[].namespaceSelector'),
      ...Object.fromEntries(
        Object.keys(selectorFields('spec.selectors[].nodeSelector')).map((key) => [
          key,
          ['harmless', 'on which nodes it acts, not where traffic may go'] as const,
        ]),
      ),
      'spec.destinationCIDRs[]': 'supported',
      'spec.excludedCIDRs[]': 'supported',
      'spec.egressGateway.egressIP': 'supported',
      'spec.egressGateway.interface': ['harmless', 'from which interface it leaves'],
      'spec.egressGateway.nodeSelector.*': ['harmless', 'through which node it leaves'],
      'spec.egressGateways[].*': ['harmless', 'through which nodes it leaves'],
    },
  },
];
