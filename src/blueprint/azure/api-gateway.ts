import type { Design } from '../plan/design.ts';
import { settingsOf } from './monitoring.ts';
import { subnetReference } from './network.ts';
import { privateZone, zoneKey } from './private-endpoints.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, type Parameter, parameter, propertyOf, text } from './value.ts';

const SERVICE = 'Microsoft.ApiManagement/service';

/** API Management inside of the network, with its name there, and what it asks of every caller. */
export const apiGateway: Part = (design) => {
  if (!design.choices.apiGateway) return [];
  const zone = gatewayZone(design);
  return [
    service(design),
    policy(),
    ...privateZone(design, zone),
    record(zone),
    settingsOf('apiLogs', 'apiGateway', 'spoke'),
  ];
};

export function apiParameters({ choices }: Design): readonly Parameter[] {
  if (!choices.apiGateway) return [];
  return [
    { name: 'apiAudience', type: 'string', description: 'The application id that tokens of callers are for' },
    {
      name: 'apiCallsPerMinute',
      type: 'int',
      description: 'How often one caller may call in a minute',
      default: 300,
    },
  ];
}

/** Names of gateways by cloud (API Management, "IP addresses and DNS"). */
const SUFFIX = { public: 'azure-api.net', government: 'azure-api.us', china: 'azure-api.cn' } as const;

function nameOf({ names }: Design): string {
  return names.of('apim');
}

/** Of this one gateway: others below the suffix are still found. */
function gatewayZone(design: Design): string {
  return `${nameOf(design)}.${SUFFIX[design.choices.cloud]}`;
}

/** Old protocols and ciphers off, towards callers and towards APIs. */
const TOGGLES = [
  'Protocols.Tls10',
  'Protocols.Tls11',
  'Protocols.Ssl30',
  'Backend.Protocols.Tls10',
  'Backend.Protocols.Tls11',
  'Backend.Protocols.Ssl30',
  'Ciphers.TripleDes168',
];

function service(design: Design): Draft {
  const { choices } = design;
  return {
    key: 'apiGateway',
    module: 'api-gateway',
    group: 'spoke',
    type: SERVICE,
    apiVersion: VERSIONS.apiManagement,
    name: nameOf(design),
    why: 'Internal: it has an address of the network and none of the internet that takes calls.',
    body: placed(design, {
      sku: { name: 'Premium', capacity: 1 },
      identity: { type: 'SystemAssigned' },
      properties: {
        publisherEmail: choices.alertsTo[0]!,
        publisherName: choices.name,
        virtualNetworkType: 'Internal',
        virtualNetworkConfiguration: { subnetResourceId: subnetReference(design, 'snet-gateway')['id']! },
        customProperties: Object.fromEntries(
          TOGGLES.map((toggle) => [`Microsoft.WindowsAzure.ApiManagement.Gateway.Security.${toggle}`, 'false']),
        ),
      },
    }),
  };
}

/** Holds for every API: tokens of Entra ID for the audience, and so many calls in a minute for each caller. */
function policy(): Draft {
  return {
    key: 'apiPolicy',
    module: 'api-gateway',
    group: 'spoke',
    type: `${SERVICE}/policies`,
    apiVersion: VERSIONS.apiManagement,
    parent: 'apiGateway',
    name: 'policy',
    body: {
      properties: {
        format: 'rawxml',
        value: text(
          '<policies><inbound><validate-azure-ad-token tenant-id="',
          { $: { kind: 'tenant' } },
          '"><audiences><audience>',
          parameter('apiAudience'),
          '</audience></audiences></validate-azure-ad-token><rate-limit-by-key calls="',
          parameter('apiCallsPerMinute'),
          '" renewal-period="60" counter-key="@(context.Request.IpAddress)" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>',
        ),
      },
    },
  };
}

/** The name of the gateway leads to its address in the network, which Azure gives it. */
function record(zone: string): Draft {
  return {
    key: 'apiName',
    module: 'api-gateway',
    group: 'hub',
    type: 'Microsoft.Network/privateDnsZones/A',
    apiVersion: VERSIONS.privateDns,
    parent: zoneKey(zone),
    name: '@',
    body: {
      properties: {
        ttl: 300,
        aRecords: [{ ipv4Address: propertyOf('apiGateway', 'properties.privateIPAddresses[0]') }],
      },
    },
  };
}
