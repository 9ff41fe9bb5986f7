import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Fix, Judged } from '#model/control.ts';
import { assessmentOf, CLUSTER, plain } from '../../assessment.ts';
import { azGroup, azWord } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  isOn,
  managedClustersOf,
  placeOfResource,
  resourcesOfType,
  resourcesUnder,
  type Setting,
  settingAt,
  unknownOf,
  wordOf,
} from '../../azure-facts.ts';
import { type ControlContext, titleOf } from '../../context.ts';
import { daysBetween } from '../../days.ts';
import { ASK, arcClustersOf } from '../../mon/azure-reads.ts';
import { stateWords } from '../../state-words.ts';
import { isOfAzure, type PolicyEngines, policyEnginesOf } from '../engines.ts';

export function assessAddOn(context: ControlContext): Assessment {
  const engines = policyEnginesOf(context);
  const places = [
    ...managedClustersOf(context).map(({ resource }) => judgedAks(context, resource, engines)),
    ...arcClustersOf(context).map((resource) => judgedArc(context, resource, engines)),
  ];
  return assessmentOf(places, absentOf(context, engines), stateWords(places, 'clusters'));
}

const ADD_ON = ['properties', 'addonProfiles', 'azurepolicy', 'enabled'];

function judgedAks(context: ControlContext, resource: AzureResource, engines: PolicyEngines): Judged {
  const enabled = settingAt(resource, ...ADD_ON);
  if (enabled.state === 'unsettled') return unknownOf(resource, enabled);
  const sku = settingAt(resource, 'sku', 'name');
  // AKS Automatic comes with deployment safeguards, which the add-on enforces.
  const automatic = wordOf(sku, '') === 'automatic';
  if (isOn(enabled, automatic) !== true) return judgedOthers(resource, engines, enabled);
  return judgedOn(context, resource, evidenceOf(resource, enabled.state === 'absent' ? sku : enabled));
}

function judgedArc(context: ControlContext, resource: AzureResource, engines: PolicyEngines): Judged {
  const extensions = resourcesUnder(context, resource.id, 'Microsoft.KubernetesConfiguration/extensions');
  const own = extensions.find(
    (each) => wordOf(settingAt(each, 'properties', 'extensionType'), '') === 'microsoft.policyinsights',
  );
  if (own !== undefined) return judgedOn(context, resource, evidenceOfResource(own));
  if (extensions.length > 0 || resource.origin.file.startsWith('azure ')) return judgedOthers(resource, engines);
  const message = `whether it has the Azure Policy extension is not in the input: ${ASK}`;
  return { where: placeOfResource(resource), state: 'UNKNOWN', message, evidence: [evidenceOfResource(resource)] };
}

function judgedOthers(resource: AzureResource, engines: PolicyEngines, enabled?: Setting): Judged {
  const where = placeOfResource(resource);
  const off = enabled === undefined ? evidenceOfResource(resource) : evidenceOf(resource, enabled);
  const { evidence, ...rest } = saidOf(engines, 'Azure Policy is off, and ');
  return { where, ...rest, evidence: [off, ...evidence], endpoints: [] };
}

function saidOf(
  { refusing, narrow, telling }: PolicyEngines,
  before: string,
): Pick<Judged, 'state' | 'message' | 'evidence'> {
  if (refusing.length > 0)
    return {
      state: 'PASS',
      message: `${before}${refusing.length === 1 ? 'a policy of another engine refuses' : `${refusing.length} policies of another engine refuse`}`,
      evidence: refusing,
    };
  if (narrow.length > 0)
    return { state: 'WARN', message: `${before}the policies of another engine do not judge pods`, evidence: narrow };
  if (telling.length > 0)
    return { state: 'WARN', message: `${before}the policies of another engine only tell`, evidence: telling };
  return { state: 'FAIL', message: `${before}nothing else in the input decides at admission`, evidence: [] };
}

/** On in Azure; whether it works shows in the cluster, and in when Azure last heard of it. */
function judgedOn(context: ControlContext, resource: AzureResource, on: Evidence): Judged {
  const where = placeOfResource(resource);
  const pods = context.podOwners.filter(({ object }) => object.namespace === 'gatekeeper-system');
  const own = context.objects.all.filter((object) => object.group === 'constraints.gatekeeper.sh' && isOfAzure(object));
  if (context.kind === 'live' && pods.length === 0) {
    const message = 'the Azure Policy add-on is on, and no pod of Gatekeeper is in the cluster';
    return { where, state: 'WARN', message, evidence: [on], endpoints: [] };
  }
  const last = lastJudged(context, resource);
  if (last !== undefined && daysBetween(last.day, context.today) > 1) {
    const message = `compliance was last judged on ${last.day}`;
    return { where, state: 'WARN', message, evidence: [on, last.evidence], endpoints: [] };
  }
  const seen = own.slice(0, 3).map((object): Evidence => ({ object: titleOf(object), origin: object.origin }));
  return { where, state: 'PASS', message: 'the Azure Policy add-on is on', evidence: [on, ...seen] };
}

interface LastJudged {
  readonly day: string;
  readonly evidence: Evidence;
}

function lastJudged(context: ControlContext, cluster: AzureResource): LastJudged | undefined {
  let last: LastJudged | undefined;
  for (const state of resourcesOfType(context, 'Microsoft.PolicyInsights/policyStates')) {
    if (wordOf(settingAt(state, 'properties', 'resourceId'), '') !== azureKey(cluster.id)) continue;
    const time = settingAt(state, 'properties', 'timestamp');
    const day = time.state === 'value' ? String(time.value).slice(0, 10) : '';
    if (/^\d{4}-\d{2}-\d{2}$/.test(day) && (last === undefined || day > last.day))
      last = { day, evidence: evidenceOf(state, time) };
  }
  return last;
}

/** Without a cluster of Azure, any engine will do. */
function absentOf(context: ControlContext, engines: PolicyEngines): Assessment {
  if (
    context.podOwners.length === 0 &&
    [engines.refusing, engines.narrow, engines.telling].every((list) => list.length === 0)
  )
    return plain('NA', 'the input has no cluster');
  const azure = context.objects.all.find((object) => object.group === 'constraints.gatekeeper.sh' && isOfAzure(object));
  if (azure !== undefined)
    return plain('PASS', 'constraints of the Azure Policy add-on are in the cluster', [
      { object: titleOf(azure), origin: azure.origin },
    ]);
  const found = saidOf(engines, '');
  if (found.state !== 'PASS' && context.kind !== 'live') {
    const why = 'no policy that refuses pods is in the input: scan the live cluster, or give --azure';
    return plain('UNKNOWN', why, found.evidence);
  }
  const message = found.state === 'FAIL' ? 'nothing decides at admission which objects may be' : found.message;
  const place: Judged = { where: CLUSTER, state: found.state, message, evidence: found.evidence, endpoints: [] };
  return { state: found.state, why: message, places: [place], evidence: [] };
}

export function fixAddOn({ snapshot }: ControlContext, { where }: Judged): Fix | undefined {
  const resource = snapshot.azure.resources.get(where.id);
  if (resource === undefined) return undefined;
  const target = `--resource-group ${azGroup(resource.id)}`;
  if (!/managedclusters$/i.test(resource.type))
    return {
      summary: 'install the Azure Policy extension',
      automatic: false,
      changes: [],
      steps: [
        `az k8s-extension create ${target} --cluster-name ${azWord(resource.name)} --cluster-type connectedClusters --name azurepolicy --extension-type Microsoft.PolicyInsights`,
      ],
    };
  return {
    summary: 'switch the Azure Policy add-on on',
    automatic: true,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [{ op: 'set', path: ADD_ON, value: true }],
        command: `aks enable-addons ${target} --name ${azWord(resource.name)} --addons azure-policy`,
      },
    ],
    steps: ['the add-on enforces nothing by itself: assign policies (GOV-POL-002)'],
  };
}
