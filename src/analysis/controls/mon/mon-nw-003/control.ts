import type { Assessment, Evidence } from '#model/control.ts';
import { listAt, textAt } from '#model/plain.ts';
import { answeredOr, plain } from '../../assessment.ts';
import { evidenceOf, resourcesOfType, settingAt, wordOf } from '../../azure-facts.ts';
import { type ControlContext, titleOf } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const ID = 'MON-NW-003';

export const monNw003: Control = {
  data: {
    id: ID,
    title: 'A packet capture can be taken when it is needed',
    severity: 'low',
    rationale:
      'An odd connection is explained by its packets. Who has to find out during an incident which tool may run on a node, and where the result goes, comes too late.',
    evidence:
      'Captures that were taken (Retina, Network Watcher), the tools that take them, and an answer of the team.',
    states: [
      { state: 'PASS', when: 'a capture was taken and ended well, or the team says that it practised one' },
      { state: 'FAIL', when: 'the team says that it cannot' },
      { state: 'MANUAL', when: 'the input shows no capture that ended well' },
      { state: 'NA', when: 'the input has neither a cluster nor a network of Azure' },
    ],
    remedy:
      'Install Retina or give a role that may run Network Watcher captures, write the steps down, and practise once.',
    mappings: mappingsOf({
      'nsa-cisa': ['threat-detection'],
      'owasp-top-ten': ['K10'],
      mcsb: ['LT-4', 'IR-4'],
      attack: ['T1040'],
      'aks-network-baseline': ['L100'],
    }),
    question:
      'In the last 12 months, did somebody on duty take a packet capture of a pod or node by written steps, and read the result?',
  },
  assess(context) {
    const taken = [...takenInCluster(context), ...takenInAzure(context)];
    if (taken.length > 0) return plain('PASS', 'a packet capture was taken and ended well', taken);
    if (context.podOwners.length === 0 && context.snapshot.azure.resources.size === 0 && !hasAnswer(context))
      return plain('NA', 'the input has neither a cluster nor a network of Azure');
    return withTools(context, answeredOr(context, ID, 'whether a packet capture was practised has to be answered'));
  },
};

function hasAnswer({ settings }: ControlContext): boolean {
  return settings.answers.has(ID);
}

/** What could take one helps whoever answers. */
function withTools(context: ControlContext, assessment: Assessment): Assessment {
  const tools = context.objects
    .of('apiextensions.k8s.io', 'CustomResourceDefinition')
    .filter(({ name }) => name === 'captures.retina.sh')
    .map((object): Evidence => ({ object: titleOf(object), why: 'Retina can take captures', origin: object.origin }));
  return { ...assessment, evidence: [...assessment.evidence, ...tools] };
}

function takenInCluster({ objects }: ControlContext): readonly Evidence[] {
  return objects.of('retina.sh', 'Capture').flatMap((object) => {
    const conditions = listAt(object.value, 'status', 'conditions');
    const index = conditions.findIndex(
      (each) => textAt(each, 'type') === 'complete' && textAt(each, 'status') === 'True',
    );
    if (index < 0) return [];
    const origin = object.originAt(['status', 'conditions', index]);
    return [{ object: titleOf(object), field: `status.conditions[${index}]`, value: 'complete', origin }];
  });
}

function takenInAzure(context: ControlContext): readonly Evidence[] {
  return resourcesOfType(context, 'Microsoft.Network/networkWatchers/packetCaptures').flatMap((capture) => {
    const state = settingAt(capture, 'properties', 'provisioningState');
    return wordOf(state, '') === 'succeeded' ? [evidenceOf(capture, state)] : [];
  });
}
