import { ROLE_IDS } from '../../../data/azure/roles.ts';
import type { Design } from '../../plan/design.ts';
import { CONTROLLER_ACCOUNT } from '../../plan/workload-account.ts';
import { roleAssignment } from '../access.ts';
import { settingsOf } from '../monitoring.ts';
import { subnetOwner, subnetReference } from '../network.ts';
import { placed, reference, VERSIONS } from '../resources.ts';
import type { Draft } from '../value.ts';
import { federation } from '../workload-identities.ts';
import { gatewayFirewall } from './firewall-of-web.ts';

const CONTROLLER = 'Microsoft.ServiceNetworking/trafficControllers';

/** AppGw for Containers Configuration Manager, Network Contributor (built-in roles). */
const CONFIGURES = ROLE_IDS['AppGw for Containers Configuration Manager'];
const NETWORK_CONTRIBUTOR = ROLE_IDS['Network Contributor'];

/** Application Gateway for Containers: it sends to pods itself, as its controller in the cluster tells it. */
export function containersGateway(design: Design): readonly Draft[] {
  const child = {
    module: 'way-in',
    group: 'spoke',
    apiVersion: VERSIONS.trafficControllers,
    parent: 'entrance',
  } as const;
  return [
    gatewayFirewall(design),
    {
      key: 'entrance',
      module: 'way-in',
      group: 'spoke',
      type: CONTROLLER,
      apiVersion: VERSIONS.trafficControllers,
      name: design.names.of('agc'),
      body: placed(design, { properties: {} }),
    },
    {
      ...child,
      key: 'entranceFrontend',
      type: `${CONTROLLER}/frontends`,
      name: 'front',
      body: placed(design, { properties: {} }),
    },
    {
      ...child,
      key: 'entranceSubnet',
      type: `${CONTROLLER}/associations`,
      name: 'edge',
      body: placed(design, {
        properties: { associationType: 'subnets', subnet: subnetReference(design, 'snet-edge') },
      }),
    },
    {
      ...child,
      key: 'entranceFirewall',
      type: `${CONTROLLER}/securityPolicies`,
      name: 'web',
      body: placed(design, { properties: { wafPolicy: reference('webFirewall') } }),
    },
    ...controller(design),
    settingsOf('entranceLogs', 'entrance', 'spoke'),
  ];
}

/** The controller in the cluster changes the gateway, and joins it to its subnet. */
function controller(design: Design): readonly Draft[] {
  const owner = subnetOwner(design, 'snet-edge');
  const who = { of: 'controllerIdentity', path: 'properties.principalId' };
  return [
    {
      key: 'controllerIdentity',
      module: 'identities',
      group: 'spoke',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      apiVersion: VERSIONS.identity,
      name: design.names.of('id', 'alb'),
      body: placed(design, {}),
    },
    federation({ key: 'controllerTrust', identity: 'controllerIdentity', account: CONTROLLER_ACCOUNT, design }),
    roleAssignment({
      key: 'controllerConfigures',
      module: 'access',
      group: 'spoke',
      scope: 'entrance',
      role: CONFIGURES,
      who,
    }),
    roleAssignment({
      key: 'controllerJoinsSubnet',
      module: 'access',
      group: owner === 'hubNetwork' ? 'hub' : 'spoke',
      scope: owner,
      role: NETWORK_CONTRIBUTOR,
      who,
    }),
  ];
}
