import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Assessment, ControlData, Evidence, Fix, Judged } from '#model/control.ts';
import { listAt, textAt } from '#model/plain.ts';
import { azWord } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  placeOfResource,
  resourceOf,
  resourcesOfType,
  settingAt,
  unknownOf,
  wordOf,
} from '../../azure-facts.ts';
import { assessed, quoted } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { connectedClusters, withoutArc } from '../arc-clusters.ts';

const ID = 'ARC-PL-001';

const data: ControlData = {
  id: ID,
  title: 'Arc-enabled clusters use Azure Private Link where it fits, with limitations evaluated',
  severity: 'medium',
  rationale:
    'Agents of Azure Arc hold identities that administer the cluster. Over Private Link they speak to Azure without the internet; but it is a preview, and cluster connect and most extensions do not work with it, so that not using it is a decision too.',
  evidence:
    'Of each connected cluster the state of Private Link and its scope; of the scope its public access and private endpoints; extensions of the cluster.',
  states: [
    {
      state: 'PASS',
      when: 'Private Link is on, its scope is closed to the public and has an approved private endpoint',
    },
    {
      state: 'FAIL',
      when: 'Private Link is on, and the scope is open to the public or has no approved private endpoint',
    },
    {
      state: 'WARN',
      when: 'an extension is installed that does not work with it, or a network has endpoints of several scopes',
    },
    { state: 'MANUAL', when: 'Private Link is off: a person says whether that was decided' },
    { state: 'UNKNOWN', when: 'the scope is not in the input, or a setting is an expression' },
    { state: 'NA', when: 'Azure Arc connects no cluster of the input' },
  ],
  remedy:
    'Make a scope without public access, a private endpoint with its three zones, and turn Private Link on; or record why not.',
  mappings: mappingsOf({
    'nist-800-190': ['4.4.2'],
    'nsa-cisa': ['protecting-sensitive-cloud-infrastructure'],
    'owasp-top-ten': ['K08'],
    mcsb: ['NS-2', 'NS-9'],
    'azure-policy': [
      '12e7176a-4919-47ef-922b-34eda4c7f0ce',
      '7eab1da3-2bf0-4ff0-8303-1a4277c380e8',
      '898f2439-3333-4713-af25-f1d78bc50556',
    ],
    attack: ['T1048'],
    'azure-security-book': ['L18', 'L19'],
    'azure-security-book-2024': ['L24', 'L26'],
  }),
  question: 'Were the limits of Private Link for Azure Arc weighed, and was it decided not to use it?',
};

function assess(context: ControlContext): Assessment {
  const clusters = connectedClusters(context);
  return assessed(
    clusters.flatMap((each) => judge(context, each)),
    withoutArc(context, 'whether it uses Private Link'),
    ['connected cluster or scope', 'connected clusters or scopes'],
  );
}

function judge(context: ControlContext, resource: AzureResource): Judged[] {
  const setting = settingAt(resource, 'properties', 'privateLinkState');
  if (setting.state === 'unsettled') return [unknownOf(resource, setting)];
  const place = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)] };
  if (wordOf(setting, 'disabled') !== 'enabled') return [undecided(context, place)];
  const ref = settingAt(resource, 'properties', 'privateLinkScopeResourceId');
  const id = ref.state === 'value' && typeof ref.value === 'string' ? ref.value : undefined;
  const scope = id === undefined ? undefined : resourceOf(context, id);
  if (scope === undefined)
    return [
      {
        ...place,
        state: 'UNKNOWN',
        message: 'Private Link is on, and its scope is not in the input',
        evidence: [...place.evidence, evidenceOf(resource, ref)],
      },
    ];
  const unfit = extensionsOf(context, resource);
  return [judgeScope(context, scope), ...unfit, ...severalScopes(context, scope)];
}

function undecided({ settings }: ControlContext, place: Pick<Judged, 'where' | 'evidence'>): Judged {
  const given = settings.answers.get(ID);
  if (given === undefined)
    return {
      ...place,
      state: 'MANUAL',
      message: 'Private Link, a preview, is off: whether that was decided a person has to say',
    };
  const evidence: Evidence = {
    object: `answer of ${given.by}`,
    field: `controls.answers.${ID}`,
    value: given.answer,
    why: `on ${given.on}`,
  };
  const message = `${given.by} answered ${given.answer} on ${given.on}`;
  return {
    ...place,
    state: given.answer === 'yes' ? 'PASS' : 'FAIL',
    message,
    evidence: [...place.evidence, evidence],
  };
}

function judgeScope(context: ControlContext, scope: AzureResource): Judged {
  const access = settingAt(scope, 'properties', 'publicNetworkAccess');
  const where = placeOfResource(scope);
  if (access.state === 'unsettled') return unknownOf(scope, access);
  const endpoints = endpointsOf(context, scope);
  const evidence = [evidenceOf(scope, access), ...endpoints.seen];
  // Absent, it is Disabled: description of publicNetworkAccess in privateLinkScopes.json of Microsoft.HybridCompute and of
  // Microsoft.KubernetesConfiguration (github.com/Azure/azure-rest-api-specs; checked 2026-11).
  const word = wordOf(access, 'disabled');
  if (word === 'enabled')
    return {
      where,
      state: 'FAIL',
      message: `scope ${quoted(scope.name)} lets agents in over the internet too`,
      evidence,
    };
  if (word !== 'disabled')
    return {
      where,
      state: 'UNKNOWN',
      message: 'a security perimeter decides who reaches the scope, and its rules are not evaluated',
      evidence,
    };
  if (endpoints.approved > 0)
    return {
      where,
      state: 'PASS',
      message: `scope ${quoted(scope.name)} is reached by private endpoint alone`,
      evidence,
    };
  if (endpoints.isOpen)
    return {
      where,
      state: 'UNKNOWN',
      message: 'private endpoints of the scope are not settled by the input',
      evidence,
    };
  return { where, state: 'FAIL', message: `scope ${quoted(scope.name)} has no approved private endpoint`, evidence };
}

function endpointsOf({ snapshot }: ControlContext, scope: AzureResource) {
  const key = azureKey(scope.id);
  const own = snapshot.azure.privateEndpoints.filter(({ connections }) =>
    connections.some(({ target }) => target === key),
  );
  const approved = own.filter(({ connections }) =>
    connections.some(
      ({ target, state, isManual }) =>
        target === key && (state === undefined ? !isManual : String(state).toLowerCase() === 'approved'),
    ),
  );
  const listed = settingAt(scope, 'properties', 'privateEndpointConnections');
  const states =
    listed.state === 'value'
      ? listAt(listed.value).map((each) => textAt(each, 'properties', 'privateLinkServiceConnectionState', 'status'))
      : [];
  return {
    approved: approved.length + states.filter((state) => state?.toLowerCase() === 'approved').length,
    isOpen: listed.state === 'unsettled',
    seen: own.map((each) => evidenceOfResource(each)),
  };
}

/** "Flux and Azure Monitor are supported": docs of Private Link for connected clusters. */
const FIT = /^microsoft\.(?:flux|azuremonitor\.containers(?:\.metrics)?)$/;

function extensionsOf(context: ControlContext, cluster: AzureResource): Judged[] {
  const prefix = `${azureKey(cluster.id)}/`;
  const all = resourcesOfType(context, 'Microsoft.KubernetesConfiguration/extensions').filter(({ id }) =>
    azureKey(id).startsWith(prefix),
  );
  const places = resourcesOfType(context, 'Microsoft.ExtendedLocation/customLocations').filter(
    (each) => wordOf(settingAt(each, 'properties', 'hostResourceId'), '') === azureKey(cluster.id),
  );
  const unfit = all.filter(
    (each) => !FIT.test(wordOf(settingAt(each, 'properties', 'extensionType'), 'microsoft.flux') ?? 'microsoft.flux'),
  );
  return [...unfit, ...places].map((each): Judged => {
    const message = `${quoted(each.name)} does not work with Private Link, which is on`;
    return {
      where: placeOfResource(each),
      state: 'WARN',
      message,
      evidence: [evidenceOfResource(each)],
      severity: 'low',
      detail: 'not supported',
    };
  });
}

/** "One scope for a network or for networks that share DNS." */
function severalScopes({ snapshot }: ControlContext, scope: AzureResource): Judged[] {
  const { privateEndpoints } = snapshot.azure;
  const targetsIn = (network: string) =>
    new Set(
      privateEndpoints
        .filter(({ subnet }) => String(subnet).startsWith(`${network}/`))
        .flatMap(({ connections }) => connections.map(({ target }) => String(target)))
        .filter((target) => target.includes('/privatelinkscopes/') && target.includes('microsoft.hybridcompute')),
    );
  const own = privateEndpoints.find(({ connections }) =>
    connections.some(({ target }) => target === azureKey(scope.id)),
  );
  const network = typeof own?.subnet === 'string' ? own.subnet.split('/subnets/')[0] : undefined;
  if (network === undefined || targetsIn(network).size < 2) return [];
  const message = 'one network has private endpoints of several scopes, whose names lead to one of them only';
  return [
    {
      where: placeOfResource(scope),
      state: 'WARN',
      message,
      evidence: [evidenceOfResource(scope)],
      detail: 'several scopes',
    },
  ];
}

function fix(context: ControlContext, { where, state }: Judged): Fix | undefined {
  const resource = resourceOf(context, where.id);
  if (resource === undefined || state !== 'FAIL' || !/privatelinkscopes$/i.test(resource.type)) return undefined;
  const isReached = endpointsOf(context, resource).approved > 0;
  const edits = [{ op: 'set', path: ['properties', 'publicNetworkAccess'], value: 'Disabled' }] as const;
  const command = `resource update --ids ${azWord(resource.id)} --set properties.publicNetworkAccess=Disabled`;
  const changes = [{ kind: 'edit-azure', resource: resource.id, edits, command }] as const;
  const steps = isReached
    ? []
    : [
        'make a private endpoint for the scope, with zones `privatelink.his.arc.azure.com`, `privatelink.guestconfiguration.azure.com` and `privatelink.dp.kubernetesconfiguration.azure.com`',
      ];
  return { summary: `close scope ${quoted(resource.name)} to the public`, automatic: isReached, changes, steps };
}

export const arcPl001: Control = { data, assess, fix };
