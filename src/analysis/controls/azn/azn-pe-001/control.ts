import { privateWaysTo, serviceNamesOf } from '#engine/compile/azure/names.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { PlatformService } from '#model/azure/services.ts';
import type { Assessment, ControlData, Evidence, Fix, Judged, Place } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { azWord } from '../../az-command.ts';
import { evidenceOf, evidenceOfResource, resourceOf, settingAt, withoutCluster } from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { withheldMaps, withheldWorkloads } from '../../withheld.ts';
import { askedNames, type Dependency, dependenciesOf } from './dependencies.ts';

const data: ControlData = {
  id: 'AZN-PE-001',
  title: 'Azure services used by the cluster are reached privately and closed publicly',
  severity: 'high',
  rationale:
    'A vault, registry or database that answers the internet is one stolen key away from it. A private endpoint brings it into the network; only closing the public door makes that the only way.',
  evidence:
    'Services that manifests name or that the cluster’s networks have private endpoints for: whether an approved endpoint is found by name, and what the public door lets in.',
  states: [
    { state: 'PASS', when: 'an approved private endpoint is found by its name, and the public door is closed' },
    {
      state: 'WARN',
      when: 'a private endpoint is there and the public door is open too, only listed networks come in, or nothing shows that the cluster uses the service',
    },
    { state: 'FAIL', when: 'the service is used and only its public door leads to it' },
    {
      state: 'UNKNOWN',
      when: 'a setting is an expression, names are answered by a resolver that the input does not show, or the service is not in the input',
    },
    { state: 'NA', when: 'no service of Azure is in the input, and manifests name none' },
  ],
  remedy:
    'Make a private endpoint in the network of the cluster with a group for its private DNS zone, link the zone to the network, and disable public network access.',
  mappings: mappingsOf({
    'cis-kubernetes': ['5.4.2'],
    'cis-aks': ['5.1.2'],
    'nist-800-190': ['4.2.1'],
    'nsa-cisa': ['protecting-sensitive-cloud-infrastructure'],
    'owasp-top-ten': ['K08'],
    mcsb: ['NS-2', 'NS-10'],
    'azure-policy': [
      'a6abeaec-4d90-4a02-805f-6b26c4d3fbe9',
      '405c5871-3e91-4644-8a63-58e19d68ff5b',
      'e8eef0a8-67cf-4eb4-9386-14b0e78733d4',
      '0fdf0491-d080-4575-b627-ad0e843cba0f',
      '0fc55270-f8bf-4feb-b7b8-5e7e7eacc6a6',
    ],
    attack: ['T1530', 'T1048'],
    'azure-security-book': ['L19'],
    'aks-network-baseline': ['L64'],
    'azure-security-book-2024': ['L26'],
  }),
};

function assess(context: ControlContext): Assessment {
  const asked = askedNames(context);
  const view = viewFor(context);
  const known = new Set(view === undefined ? [] : serviceNamesOf(view.estate).map(({ domain }) => domain));
  const missing = asked
    .filter(({ host }) => !known.has(host))
    .map(({ host, evidence }): Judged => {
      const where: Place = { kind: 'service', namespace: '', name: host, id: `service/${host}` };
      const message = `${quoted(host)} is used, and how it is reached is not in the input: give the Azure network with --azure`;
      return { where, state: 'UNKNOWN', message, evidence: [evidence] };
    });
  const places = [
    ...(view === undefined ? [] : dependenciesOf(view, asked).map((each) => judge(context, view, each))),
    ...missing,
  ];
  if (places.length > 0) return assessed(places, plain('NA', ''), ['service', 'services']);
  if (view === undefined && context.snapshot.azure.resources.size === 0) {
    const absent = withoutCluster(context, 'the services that it uses');
    return absent.state === 'UNKNOWN' && context.podOwners.length > 0
      ? plain('NA', 'manifests name no service of Azure', absent.evidence)
      : absent;
  }
  return plain('NA', 'no service of Azure is in the input');
}

type Door = 'open' | 'listed' | 'closed' | 'perimeter' | 'unknown';

/** What the public door of a service lets in. */
function doorOf({ publicAccess, defaultAction }: PlatformService): Door {
  if (publicAccess !== undefined && isUnsettled(publicAccess)) return 'unknown';
  if (publicAccess?.toLowerCase() === 'disabled') return 'closed';
  if (publicAccess?.toLowerCase() === 'securedbyperimeter') return 'perimeter';
  if (defaultAction !== undefined && isUnsettled(defaultAction)) return 'unknown';
  return defaultAction === 'deny' ? 'listed' : 'open';
}

/** Whether what asks in the cluster's network is led to a private endpoint, by every name of the service that has one. */
function privateWay(view: AzureView, service: PlatformService): 'yes' | 'pending' | 'unnamed' | 'open' | 'no' {
  const ways = serviceNamesOf(view.estate)
    .filter((name) => name.service === service)
    .flatMap((name) => privateWaysTo(view, name));
  if (ways.length === 0) return 'no';
  if (ways.some(({ state, isNamed }) => state === 'approved' && isNamed === 'yes')) return 'yes';
  if (ways.some(({ state, isNamed }) => state === 'open' || (state === 'approved' && isNamed === 'open')))
    return 'open';
  return ways.some(({ state }) => state === 'approved') ? 'unnamed' : 'pending';
}

function judge(context: ControlContext, view: AzureView, { service, uses }: Dependency): Judged {
  const state = { door: doorOf(service), way: privateWay(view, service), isUsed: uses.length > 0 };
  const evidence = [...doorEvidence(context, service), ...uses];
  const said = saidOf(state);
  // What may not exist at all fails nothing.
  if (service.condition !== undefined && said.state !== 'PASS')
    return {
      where: placeOfEntity(service),
      evidence,
      ...unknown(`whether it exists is an expression; if it does: ${said.message}`),
    };
  return { where: placeOfEntity(service), evidence, ...said };
}

interface Reached {
  readonly door: Door;
  readonly way: ReturnType<typeof privateWay>;
  readonly isUsed: boolean;
}

type Said = Pick<Judged, 'state' | 'message' | 'severity'>;

function saidOf(reached: Reached): Said {
  const { door, way } = reached;
  if (door === 'closed') return closed(reached);
  if (door === 'unknown')
    return unknown('what its public door lets in is an expression that the input does not settle');
  if (door === 'perimeter')
    return unknown('a security perimeter decides who reaches it, and its rules are not evaluated');
  if (way === 'open') return unknown(UNSETTLED_NAME);
  return open(reached, door === 'listed' ? 'listed networks' : 'everybody');
}

const UNSETTLED_NAME = 'whether its name leads to the private endpoint is not settled by the input';
const UNNAMED = 'its private endpoint is not found: no private DNS zone for it is linked to the network of the cluster';
const PENDING = 'its private endpoint is not approved';

/** Nobody comes in from outside: what is left is whether the cluster does. */
function closed({ way, isUsed }: Reached): Said {
  if (way === 'yes')
    return { state: 'PASS', message: 'it is reached by a private endpoint, and its public door is closed' };
  if (way === 'open') return unknown(UNSETTLED_NAME);
  if (way === 'unnamed') return warned(UNNAMED);
  if (way === 'pending') return warned(PENDING);
  if (!isUsed) return { state: 'PASS', message: 'its public door is closed' };
  return warned(
    'its public door is closed, and the input has no private endpoint for it: the cluster does not reach it',
  );
}

function open({ way, isUsed, door }: Reached, who: string): Said {
  if (way === 'yes') return warned(`it has a private endpoint, and its public door lets ${who} in too`);
  if (way === 'unnamed') return warned(`${UNNAMED}, and its public door lets ${who} in`);
  if (way === 'pending') return warned(`${PENDING}, and its public door lets ${who} in`);
  if (door === 'listed') return warned('it is reached by its public door, which lets in listed networks');
  if (isUsed) return { state: 'FAIL', message: 'the cluster uses it by its public door, which lets everybody in' };
  return warned('its public door lets everybody in; nothing shows that the cluster uses it');
}

function unknown(message: string): Said {
  return { state: 'UNKNOWN', message };
}

function warned(message: string): Said {
  return { state: 'WARN', message, severity: 'medium' };
}

function doorEvidence(context: ControlContext, service: PlatformService): Evidence[] {
  const resource = resourceOf(context, service.id);
  if (resource === undefined) return [evidenceOfResource(service)];
  const access = settingAt(resource, 'properties', 'publicNetworkAccess');
  const action = settingAt(resource, 'properties', 'networkAcls', 'defaultAction');
  return [evidenceOf(resource, access), ...(action.state === 'absent' ? [] : [evidenceOf(resource, action)])];
}

/** By itself where a private endpoint is found by name already and nobody but listed networks would be shut out. */
function fix(context: ControlContext, { where }: Judged): Fix | undefined {
  const view = viewFor(context);
  const service = view?.estate.services.find(({ key }) => key === where.id);
  if (view === undefined || service === undefined) return undefined;
  const way = privateWay(view, service);
  const door = doorOf(service);
  const edits = [{ op: 'set', path: ['properties', 'publicNetworkAccess'], value: 'Disabled' }] as const;
  const command = `resource update --ids ${azWord(service.id)} --set properties.publicNetworkAccess=Disabled`;
  const changes = [{ kind: 'edit-azure', resource: service.id, edits, command }] as const;
  const summary = `reach ${quoted(service.name)} only by its private endpoint`;
  if (way === 'yes')
    return {
      summary,
      automatic: door === 'open' || service.addresses.length + service.subnets.length === 0,
      changes,
      steps: [],
    };
  const steps = [
    'make a private endpoint in a subnet of the cluster’s network, with a zone group for its private DNS zone',
    'link the private DNS zone to the network of the cluster',
    'then disable public network access',
  ];
  return { summary, automatic: false, changes: [], steps };
}

/** Whether it would be judged otherwise if something asked for it. */
function restsOnUse(context: ControlContext, { where }: Judged): boolean {
  const view = viewFor(context);
  const found =
    view && dependenciesOf(view, askedNames(context)).find((each) => placeOfEntity(each.service).id === where.id);
  if (view === undefined || found === undefined || found.uses.length > 0) return false;
  const reached = { door: doorOf(found.service), way: privateWay(view, found.service) };
  return saidOf({ ...reached, isUsed: true }).state !== saidOf({ ...reached, isUsed: false }).state;
}

export const aznPe001: Control = {
  data,
  assess,
  fix,
  readsValues: {
    of: (context) => [...withheldWorkloads(context), ...withheldMaps(context)],
    doubts: (judged, _, context) => restsOnUse(context, judged),
    adds: true,
  },
};
