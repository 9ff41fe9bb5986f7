import type { Design } from '../plan/design.ts';
import { settingsOf } from './monitoring.ts';
import { subnetReference } from './network.ts';
import { type Part, placed, reference, VERSIONS } from './resources.ts';
import { type Draft, type Parameter, parameter } from './value.ts';

/** The link to what stands on premises; networks that use it wait for its gateway. */
export const onPremises: Part = (design) => {
  switch (design.choices.onPremises.link) {
    case 'none':
      return [];
    case 'vpn':
      return [
        ...[1, 2].map((number) => address(design, number)),
        vpnGateway(design),
        ...design.choices.onPremises.gateways.flatMap((device, index) => tunnel(design, device, index + 1)),
        settingsOf('linkLogs', 'linkGateway', 'hub'),
      ];
    case 'expressroute':
      return [
        address(design, 1),
        circuitGateway(design),
        circuit(design),
        settingsOf('linkLogs', 'linkGateway', 'hub'),
      ];
  }
};

/** What only the team and its provider know. */
export function linkParameters({ choices: { onPremises: link } }: Design): readonly Parameter[] {
  switch (link.link) {
    case 'none':
      return [];
    case 'vpn':
      return [
        { name: 'linkKey', type: 'string', description: 'The pre-shared key of the tunnels', secure: true },
        {
          name: 'linkAsn',
          type: 'int',
          description: 'The number of the autonomous system on premises',
          default: 65_010,
        },
        ...link.gateways.map(
          (device, index): Parameter => ({
            name: `linkPeer${index + 1}`,
            type: 'string',
            description: `The address from which the VPN device ${device} speaks BGP`,
          }),
        ),
      ];
    case 'expressroute':
      return [
        { name: 'circuitId', type: 'string', description: 'The resource id of the ExpressRoute circuit' },
        { name: 'circuitKey', type: 'string', description: 'The authorisation key of the circuit', secure: true },
      ];
  }
}

function address(design: Design, number: number): Draft {
  return {
    key: `linkAddress${number}`,
    module: 'on-premises',
    group: 'hub',
    type: 'Microsoft.Network/publicIPAddresses',
    apiVersion: VERSIONS.network,
    name: design.names.of('pip', `link-${number}`),
    body: placed(design, {
      sku: { name: 'Standard' },
      zones: ['1', '2', '3'],
      properties: { publicIPAllocationMethod: 'Static' },
    }),
  };
}

function vpnGateway(design: Design): Draft {
  return {
    key: 'linkGateway',
    module: 'on-premises',
    group: 'hub',
    type: 'Microsoft.Network/virtualNetworkGateways',
    apiVersion: VERSIONS.network,
    name: design.names.of('vpng'),
    why: 'Both instances are active and stand in different zones: the link survives one of them.',
    body: placed(design, {
      properties: {
        gatewayType: 'Vpn',
        vpnType: 'RouteBased',
        vpnGatewayGeneration: 'Generation2',
        sku: { name: 'VpnGw2AZ', tier: 'VpnGw2AZ' },
        activeActive: true,
        enableBgp: true,
        bgpSettings: { asn: 65_515 },
        ipConfigurations: [1, 2].map((number) => configuration(design, number)),
      },
    }),
  };
}

function configuration(design: Design, number: number) {
  return {
    name: `instance-${number}`,
    properties: {
      privateIPAllocationMethod: 'Dynamic',
      subnet: subnetReference(design, 'GatewaySubnet'),
      publicIPAddress: reference(`linkAddress${number}`),
    },
  };
}

/** A device on premises, and the connection to it with algorithms of our choice (NIST SP 800-77r1). */
function tunnel(design: Design, device: string, number: number): readonly Draft[] {
  return [
    {
      key: `linkDevice${number}`,
      module: 'on-premises',
      group: 'hub',
      type: 'Microsoft.Network/localNetworkGateways',
      apiVersion: VERSIONS.network,
      name: design.names.of('lgw', `device-${number}`),
      body: placed(design, {
        properties: {
          gatewayIpAddress: device,
          localNetworkAddressSpace: { addressPrefixes: design.choices.onPremises.ranges },
          bgpSettings: { asn: parameter('linkAsn'), bgpPeeringAddress: parameter(`linkPeer${number}`) },
        },
      }),
    },
    {
      key: `linkConnection${number}`,
      module: 'on-premises',
      group: 'hub',
      type: 'Microsoft.Network/connections',
      apiVersion: VERSIONS.network,
      name: design.names.of('con', `device-${number}`),
      body: placed(design, {
        properties: {
          connectionType: 'IPsec',
          connectionProtocol: 'IKEv2',
          virtualNetworkGateway1: { ...reference('linkGateway'), properties: {} },
          localNetworkGateway2: { ...reference(`linkDevice${number}`), properties: {} },
          sharedKey: parameter('linkKey'),
          enableBgp: true,
          ipsecPolicies: [
            {
              ikeEncryption: 'AES256',
              ikeIntegrity: 'SHA384',
              dhGroup: 'ECP384',
              ipsecEncryption: 'GCMAES256',
              ipsecIntegrity: 'GCMAES256',
              pfsGroup: 'ECP384',
              saLifeTimeSeconds: 27_000,
              saDataSizeKilobytes: 102_400_000,
            },
          ],
        },
      }),
    },
  ];
}

function circuitGateway(design: Design): Draft {
  return {
    key: 'linkGateway',
    module: 'on-premises',
    group: 'hub',
    type: 'Microsoft.Network/virtualNetworkGateways',
    apiVersion: VERSIONS.network,
    name: design.names.of('ergw'),
    body: placed(design, {
      properties: {
        gatewayType: 'ExpressRoute',
        sku: { name: 'ErGw2AZ', tier: 'ErGw2AZ' },
        ipConfigurations: [configuration(design, 1)],
      },
    }),
  };
}

function circuit(design: Design): Draft {
  return {
    key: 'linkConnection',
    module: 'on-premises',
    group: 'hub',
    type: 'Microsoft.Network/connections',
    apiVersion: VERSIONS.network,
    name: design.names.of('con', 'circuit'),
    body: placed(design, {
      properties: {
        connectionType: 'ExpressRoute',
        virtualNetworkGateway1: { ...reference('linkGateway'), properties: {} },
        peer: { id: parameter('circuitId') },
        authorizationKey: parameter('circuitKey'),
      },
    }),
  };
}
