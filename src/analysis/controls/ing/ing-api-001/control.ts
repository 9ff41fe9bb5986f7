import type { ApiGateway } from '#model/azure/edge.ts';
import { isUnsettled, type Settled } from '#model/azure/entity.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import { answeredOr, placeOf, plain } from '../../assessment.ts';
import {
  evidenceOf,
  itemsAt,
  placeOfResource,
  resourceOf,
  resourcesUnder,
  settingAt,
  unknownOf,
} from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { entrancesIn } from '../../shared.ts';
import { controllerWorkloads } from '../controllers.ts';

export const ingApi001: Control = {
  data: {
    id: 'ING-API-001',
    title: 'APIs have a gateway before them that stands in the virtual network',
    severity: 'medium',
    rationale:
      'A gateway outside of the network needs backends that are public, and whoever finds those goes around it. Inside of the network it is the only one that reaches them.',
    evidence:
      '`virtualNetworkType`, `publicNetworkAccess`, tier and private endpoints of API Management, what its backends lead to, and API gateways that run in the cluster',
    states: [
      {
        state: 'FAIL',
        when: 'API Management stands outside of the network and the cluster is open to the internet beside it',
      },
      {
        state: 'WARN',
        when: 'it stands in the network with a public face, or outside of it without a public way into the cluster that the input shows',
      },
      { state: 'UNKNOWN', when: 'its settings come from expressions' },
      { state: 'MANUAL', when: 'the input has ways in from the internet and no API gateway' },
      {
        state: 'PASS',
        when: 'it is internal to the network, or has private endpoints and no public access; or a gateway in the cluster does its work',
      },
      { state: 'NA', when: 'the internet reaches nothing of the cluster, and the input has no API gateway' },
    ],
    remedy:
      'Put API Management into the network in Internal mode (tiers Developer and Premium; Premium v2 by injection), with Application Gateway or Front Door before it for those outside.',
    mappings: mappingsOf({
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K06'],
      mcsb: ['NS-2'],
      'azure-policy': ['ef619a2c-cc4d-4d03-b2ba-8c94a834d85b', 'df73bd95-24da-4a4f-96b9-4e8b94b402bd'],
      attack: ['T1190'],
      'aks-network-baseline': ['L76', 'L78', 'L80', 'L82'],
    }),
    question:
      'Do all APIs for partners and the public have an API gateway before them that stands in the virtual network, or are there no such APIs?',
  },
  assess(context) {
    const places = [
      ...context.snapshot.azure.apiGateways.flatMap((gateway) => judged(context, gateway)),
      ...ownGateways(context),
    ];
    if (places.length > 0) return assessed(places, plain('NA', ''), ['API gateway', 'API gateways']);
    if (entrancesIn(context).size === 0)
      return plain('NA', 'the internet reaches nothing of the cluster, and no API gateway is in the input');
    return answeredOr(context, 'ING-API-001', 'the internet reaches the cluster, and no API gateway is in the input');
  },
  fix(context, { where, state }) {
    const resource = resourceOf(context, where.id);
    const gateway = context.snapshot.azure.apiGateways.find(({ key }) => key === where.id);
    if (resource === undefined || gateway === undefined || state === 'PASS') return undefined;
    const isAble = typeof gateway.sku === 'string' && /^(?:developer|premium)$/i.test(gateway.sku);
    return {
      summary: `take \`${where.name}\` into the virtual network`,
      automatic: false,
      changes: isAble
        ? [
            {
              kind: 'edit-azure',
              resource: resource.id,
              edits: [{ op: 'set', path: ['properties', 'virtualNetworkType'], value: 'Internal' }],
            },
          ]
        : [],
      steps: isAble
        ? [
            'give it a subnet of its own (`virtualNetworkConfiguration.subnetResourceId`) with the security rules that it needs',
            'put Application Gateway or Front Door before it, and make the ways into the cluster internal',
          ]
        : [
            `its tier ${textOf(gateway.sku)} cannot be internal to a network: move to Premium or Premium v2, or use a private endpoint and turn public access off`,
          ],
    };
  },
};

function textOf(value: Settled<string>): string {
  return isUnsettled(value) ? value.expression : value;
}

function judged(context: ControlContext, { id, mode, publicAccess }: ApiGateway): Judged[] {
  const resource = resourceOf(context, id);
  if (resource === undefined) return [];
  const where = placeOfResource(resource);
  const type = settingAt(resource, 'properties', 'virtualNetworkType');
  const access = settingAt(resource, 'properties', 'publicNetworkAccess');
  for (const setting of [type, access]) if (setting.state === 'unsettled') return [unknownOf(resource, setting)];
  const evidence = [type, access].map((setting) => evidenceOf(resource, setting));
  const word = isUnsettled(mode) ? '' : mode.toLowerCase();
  if (word === 'internal')
    return [{ where, state: 'PASS', message: 'it is internal to the virtual network', evidence }];
  if (
    typeof publicAccess === 'string' &&
    publicAccess.toLowerCase() === 'disabled' &&
    hasPrivateEndpoint(context, resource)
  )
    return [{ where, state: 'PASS', message: 'it is reached by private endpoints alone', evidence }];
  if (word === 'external')
    return [{ where, state: 'WARN', message: 'it stands in the virtual network with a public face', evidence }];
  const open = [...entrancesIn(context).values()].flat();
  if (open.length === 0)
    return [{ where, state: 'WARN', message: 'it stands outside of the virtual network', evidence }];
  const message = `it stands outside of the virtual network, and the cluster is open to the internet beside it (${open[0]!.at})`;
  return [{ where, state: 'FAIL', message, evidence }];
}

function hasPrivateEndpoint(context: ControlContext, resource: AzureResource): boolean {
  const own = itemsAt(resource, 'properties', 'privateEndpointConnections');
  if (Array.isArray(own) && own.length > 0) return true;
  const inside = resourcesUnder(context, resource.id, 'Microsoft.ApiManagement/service/privateEndpointConnections');
  const key = resource.id.toLowerCase();
  return (
    inside.length > 0 ||
    context.snapshot.azure.privateEndpoints.some(({ connections }) =>
      JSON.stringify(connections).toLowerCase().includes(key),
    )
  );
}

const PRODUCTS: ReadonlySet<string> = new Set(['Kong', 'Emissary', 'APISIX', 'Tyk', 'API Management gateway']);

/** Gateways for APIs in the cluster stand in its network by themselves. */
function ownGateways(context: ControlContext): Judged[] {
  const controllers = controllerWorkloads(context);
  return context.podOwners.flatMap(({ endpoint, object }): Judged[] => {
    const product = controllers.get(endpoint);
    if (product === undefined || !PRODUCTS.has(product)) return [];
    return [
      {
        where: placeOf(object),
        state: 'PASS',
        message: `${product} runs in the cluster, before its APIs`,
        evidence: [seenAt(object, [])],
      },
    ];
  });
}
