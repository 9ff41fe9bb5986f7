import type { Design } from '../../plan/design.ts';
import { settingsOf } from '../monitoring.ts';
import { subnetReference } from '../network.ts';
import { placed, reference, VERSIONS } from '../resources.ts';
import { type Draft, idOf, ownPart, parameter, USER_ASSIGNED, type Value, type ValueObject } from '../value.ts';
import { certificateReader, certificateUri } from './certificate.ts';
import { gatewayFirewall } from './firewall-of-web.ts';

const GATEWAY = 'entrance';

/** Application Gateway with its firewall, before the internal load balancer of the cluster. */
export function applicationGateway(design: Design): readonly Draft[] {
  const isPublic = design.choices.wayIn === 'public';
  return [
    ...certificateReader(design, { key: 'entranceIdentity', what: 'entrance' }),
    gatewayFirewall(design),
    ...(isPublic ? [publicAddress(design)] : []),
    gateway(design),
    settingsOf('entranceLogs', GATEWAY, 'spoke'),
  ];
}

function publicAddress(design: Design): Draft {
  return {
    key: 'entranceAddress',
    module: 'way-in',
    group: 'spoke',
    type: 'Microsoft.Network/publicIPAddresses',
    apiVersion: VERSIONS.network,
    name: design.names.of('pip', 'entrance'),
    why: 'The only public address that leads to the cluster.',
    body: placed(design, {
      sku: { name: 'Standard' },
      zones: ['1', '2', '3'],
      properties: { publicIPAllocationMethod: 'Static' },
    }),
  };
}

function gateway(design: Design): Draft {
  const { choices, names } = design;
  return {
    key: GATEWAY,
    module: 'way-in',
    group: 'spoke',
    type: 'Microsoft.Network/applicationGateways',
    apiVersion: VERSIONS.network,
    name: names.of('agw'),
    // It fetches the certificate when it is made, by the private endpoint of the vault.
    after: ['entranceIdentityReadsCertificate', 'keyVaultEndpointName'],
    body: placed(design, {
      zones: ['1', '2', '3'],
      identity: { type: 'UserAssigned', [USER_ASSIGNED]: [idOf('entranceIdentity')] },
      properties: {
        sku: { name: 'WAF_v2', tier: 'WAF_v2' },
        autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
        enableHttp2: true,
        firewallPolicy: reference('webFirewall'),
        // TLS 1.2 and newer, with ciphers that keep past sessions closed (Application Gateway, TLS policy overview).
        sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' },
        gatewayIPConfigurations: [{ name: 'here', properties: { subnet: subnetReference(design, 'snet-edge') } }],
        sslCertificates: [{ name: 'certificate', properties: { keyVaultSecretId: certificateUri() } }],
        frontendIPConfigurations: [frontend(design)],
        frontendPorts: [
          { name: 'https', properties: { port: 443 } },
          { name: 'http', properties: { port: 80 } },
        ],
        probes: [probe(choices.host)],
        backendAddressPools: [{ name: 'cluster', properties: { backendAddresses: [{ ipAddress: backend(design) }] } }],
        backendHttpSettingsCollection: [
          {
            name: 'cluster',
            properties: {
              port: 443,
              protocol: 'Https',
              cookieBasedAffinity: 'Disabled',
              requestTimeout: 30,
              hostName: choices.host,
              probe: part('probes', 'cluster'),
            },
          },
        ],
        httpListeners: [
          listener('https', { protocol: 'Https', sslCertificate: part('sslCertificates', 'certificate') }),
          listener('http', { protocol: 'Http' }),
        ],
        redirectConfigurations: [
          {
            name: 'to-https',
            properties: {
              redirectType: 'Permanent',
              targetListener: part('httpListeners', 'https'),
              includePath: true,
              includeQueryString: true,
            },
          },
        ],
        requestRoutingRules: [
          rule('https', 100, {
            backendAddressPool: part('backendAddressPools', 'cluster'),
            backendHttpSettings: part('backendHttpSettingsCollection', 'cluster'),
          }),
          rule('http', 200, { redirectConfiguration: part('redirectConfigurations', 'to-https') }),
        ],
      },
    }),
  };
}

/** The balancer of the cluster; on premises only those who run it know where that is. */
function backend({ choices, addresses }: Design): Value {
  return choices.platform === 'aks' ? addresses.wayIn : parameter('balancerAddress');
}

/** Public with the address above; internal with the last address but one that its subnet has for hosts. */
function frontend(design: Design): ValueObject {
  if (design.choices.wayIn === 'public')
    return { name: 'front', properties: { publicIPAddress: reference('entranceAddress') } };
  return {
    name: 'front',
    properties: {
      privateIPAllocationMethod: 'Static',
      privateIPAddress: design.addresses.edge!,
      subnet: subnetReference(design, 'snet-edge'),
    },
  };
}

/** The gateway in the cluster answers under the name of the certificate; that it answers at all is what is asked. */
function probe(host: string): ValueObject {
  return {
    name: 'cluster',
    properties: {
      protocol: 'Https',
      host,
      path: '/',
      interval: 30,
      timeout: 30,
      unhealthyThreshold: 3,
      match: { statusCodes: ['200-499'] },
    },
  };
}

function listener(name: 'https' | 'http', more: ValueObject): ValueObject {
  return {
    name,
    properties: {
      frontendIPConfiguration: part('frontendIPConfigurations', 'front'),
      frontendPort: part('frontendPorts', name),
      ...more,
    },
  };
}

function rule(name: 'https' | 'http', priority: number, more: ValueObject): ValueObject {
  return { name, properties: { ruleType: 'Basic', priority, httpListener: part('httpListeners', name), ...more } };
}

function part(collection: string, name: string): ValueObject {
  return { id: ownPart(GATEWAY, `${collection}/${name}`) };
}
