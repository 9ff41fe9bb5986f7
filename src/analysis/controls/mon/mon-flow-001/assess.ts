import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Fix, Judged } from '#model/control.ts';
import { assessmentOf, CLUSTER, plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import {
  evidenceOf,
  isOn,
  managedClustersOf,
  placeOfResource,
  resourcesOfType,
  settingAt,
  unknownOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { stateWords } from '../../state-words.ts';
import { meshSources, podSources } from './sources.ts';

export function assessFlows(context: ControlContext): Assessment {
  const inside: Inside = { pods: podSources(context), rest: [...meshSources(context), ...networkSources(context)] };
  const places = managedClustersOf(context).map(({ resource }) => judgedOf(resource, inside));
  return assessmentOf(places, absentOf(context, inside), stateWords(places, 'clusters'));
}

interface Inside {
  readonly pods: readonly Evidence[];
  readonly rest: readonly Evidence[];
}

function networkSources(context: ControlContext): readonly Evidence[] {
  return resourcesOfType(context, 'Microsoft.Network/networkWatchers/flowLogs').flatMap((log) => {
    const enabled = settingAt(log, 'properties', 'enabled');
    return isOn(enabled, false) === true ? [{ ...evidenceOf(log, enabled), why: 'knows addresses of nodes' }] : [];
  });
}

const ADVANCED = ['properties', 'networkProfile', 'advancedNetworking'];

function judgedOf(resource: AzureResource, inside: Inside): Judged {
  const enabled = settingAt(resource, ...ADVANCED, 'enabled');
  const observability = settingAt(resource, ...ADVANCED, 'observability', 'enabled');
  for (const setting of [enabled, observability])
    if (setting.state === 'unsettled') return unknownOf(resource, setting);
  const where = placeOfResource(resource);
  // Observability comes with the services unless it is switched off.
  if (isOn(enabled, false) === true && isOn(observability, true) === true) {
    const message = 'Advanced Container Networking Services tells flows by pod';
    return {
      where,
      state: 'PASS',
      message,
      evidence: [evidenceOf(resource, enabled), evidenceOf(resource, observability)],
    };
  }
  const { evidence, ...rest } = said(inside);
  return { where, ...rest, evidence: [evidenceOf(resource, enabled), ...evidence], endpoints: [] };
}

function said({ pods, rest }: Inside): Pick<Judged, 'state' | 'message' | 'evidence'> {
  if (pods.length > 0) return { state: 'PASS', message: 'flows are told by pod, with what is dropped', evidence: pods };
  if (rest.length > 0) {
    const message = 'what tells flows knows nodes only, or only what a mesh let through';
    return { state: 'WARN', message, evidence: rest };
  }
  return { state: 'FAIL', message: 'nothing tells which pod speaks to which, and what policies drop', evidence: [] };
}

function absentOf({ podOwners, kind }: ControlContext, inside: Inside): Assessment {
  if (podOwners.length === 0) return plain('NA', 'the input has no cluster');
  const found = said(inside);
  if (found.state !== 'PASS' && kind !== 'live') {
    const why = 'what tells flows of pods is not in the input: scan the live cluster, or give --azure';
    return plain('UNKNOWN', why, found.evidence);
  }
  return {
    ...plain(found.state, found.message, found.evidence),
    places: [{ where: CLUSTER, ...found, endpoints: [] }],
  };
}

export function fixFlows({ snapshot }: ControlContext, { where }: Judged): Fix | undefined {
  const resource = snapshot.azure.resources.get(where.id);
  if (resource === undefined) return undefined;
  return {
    summary: 'switch on Advanced Container Networking Services',
    automatic: true,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [
          { op: 'set', path: [...ADVANCED, 'enabled'], value: true },
          { op: 'set', path: [...ADVANCED, 'observability', 'enabled'], value: true },
        ],
        command: `aks update ${azTarget(resource.id)} --enable-acns`,
      },
    ],
    steps: ['the services are paid for by node and hour'],
  };
}
