import type { Design } from '../../plan/design.ts';
import { settingsOf } from '../monitoring.ts';
import { idText, reference, VERSIONS } from '../resources.ts';
import { type Draft, idOf } from '../value.ts';

const PROFILE = 'Microsoft.Cdn/profiles';

/** Front Door: it looks at requests at the edge, and reaches the cluster by Private Link alone. */
export function frontDoor(design: Design): readonly Draft[] {
  return [
    firewall(design),
    {
      key: 'entrance',
      module: 'way-in',
      group: 'spoke',
      type: PROFILE,
      apiVersion: VERSIONS.doors,
      name: design.names.of('afd'),
      body: {
        location: 'global',
        tags: design.tags,
        sku: { name: 'Premium_AzureFrontDoor' },
        properties: { originResponseTimeoutSeconds: 60 },
      },
    },
    endpoint(design),
    domain(design),
    originGroup(design),
    origin(design),
    route(),
    protection(),
    settingsOf('entranceLogs', 'entrance', 'spoke'),
  ];
}

const CHILD = { module: 'way-in', group: 'spoke', apiVersion: VERSIONS.doors, parent: 'entrance' } as const;

function firewall(design: Design): Draft {
  return {
    key: 'webFirewall',
    module: 'way-in',
    group: 'spoke',
    type: 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies',
    apiVersion: VERSIONS.doorFirewalls,
    name: design.names.of('waf').replaceAll('-', ''),
    why: 'Prevention: requests that the rules find are refused, and bodies are looked at.',
    body: {
      location: 'Global',
      tags: design.tags,
      sku: { name: 'Premium_AzureFrontDoor' },
      properties: {
        policySettings: { enabledState: 'Enabled', mode: 'Prevention', requestBodyCheck: 'Enabled' },
        managedRules: {
          managedRuleSets: [
            { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1', ruleSetAction: 'Block' },
            { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' },
          ],
        },
      },
    },
  };
}

function endpoint(design: Design): Draft {
  return {
    ...CHILD,
    key: 'entranceEndpoint',
    type: `${PROFILE}/afdEndpoints`,
    name: design.names.of('fde'),
    body: { location: 'global', tags: design.tags, properties: { enabledState: 'Enabled' } },
  };
}

/** Front Door makes the certificate itself, and a new one in time. */
function domain({ choices: { host } }: Design): Draft {
  return {
    ...CHILD,
    key: 'entranceDomain',
    type: `${PROFILE}/customDomains`,
    name: host.replaceAll('.', '-'),
    body: {
      properties: {
        hostName: host,
        tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' },
      },
    },
  };
}

function originGroup(_design: Design): Draft {
  return {
    ...CHILD,
    key: 'entranceOrigins',
    type: `${PROFILE}/originGroups`,
    name: 'cluster',
    body: {
      properties: {
        loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 50 },
        healthProbeSettings: {
          probePath: '/',
          probeRequestType: 'HEAD',
          probeProtocol: 'Https',
          probeIntervalInSeconds: 60,
        },
        sessionAffinityState: 'Disabled',
      },
    },
  };
}

function origin({ choices, names }: Design): Draft {
  const link = idText(
    `${names.group('spoke')}-nodes`,
    'Microsoft.Network/privateLinkServices',
    names.of('pl', 'way-in'),
  );
  return {
    ...CHILD,
    key: 'entranceOrigin',
    parent: 'entranceOrigins',
    type: `${PROFILE}/originGroups/origins`,
    name: 'cluster',
    why: 'The private link service of the gateway in the cluster, which the cluster makes: apply its configuration before this.',
    body: {
      properties: {
        hostName: choices.host,
        originHostHeader: choices.host,
        httpPort: 80,
        httpsPort: 443,
        priority: 1,
        weight: 1000,
        enabledState: 'Enabled',
        enforceCertificateNameCheck: true,
        sharedPrivateLinkResource: {
          privateLink: { id: link },
          privateLinkLocation: choices.region,
          requestMessage: 'Front Door of this environment',
        },
      },
    },
    after: ['cluster'],
  };
}

function route(): Draft {
  return {
    ...CHILD,
    key: 'entranceRoute',
    parent: 'entranceEndpoint',
    type: `${PROFILE}/afdEndpoints/routes`,
    name: 'everything',
    body: {
      properties: {
        originGroup: reference('entranceOrigins'),
        customDomains: [reference('entranceDomain')],
        supportedProtocols: ['Http', 'Https'],
        httpsRedirect: 'Enabled',
        forwardingProtocol: 'HttpsOnly',
        patternsToMatch: ['/*'],
        linkToDefaultDomain: 'Disabled',
        enabledState: 'Enabled',
      },
    },
    after: ['entranceOrigin'],
  };
}

/** A domain or endpoint that is not named here would have no firewall. */
function protection(): Draft {
  return {
    ...CHILD,
    key: 'entranceFirewall',
    type: `${PROFILE}/securityPolicies`,
    name: 'web',
    body: {
      properties: {
        parameters: {
          type: 'WebApplicationFirewall',
          wafPolicy: { id: idOf('webFirewall') },
          associations: [
            { domains: [reference('entranceDomain'), reference('entranceEndpoint')], patternsToMatch: ['/*'] },
          ],
        },
      },
    },
  };
}
