import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Evidence } from '#model/control.ts';
import type { BuiltInPolicy } from '../../../../data/azure-policy/policy.ts';
import type { AssignedPolicy } from '../../../azure-policy/assignments.ts';
import { evaluatePolicy } from '../../../azure-policy/evaluate.ts';
import { evidenceOf, resourcesOfType, settingAt, wordOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

/** Whether anything in a cluster violates an assigned definition. */
export interface Compliance {
  readonly state: 'compliant' | 'non-compliant' | 'unknown';
  readonly why: string;
  readonly evidence: readonly Evidence[];
}

interface Asked {
  readonly context: ControlContext;
  readonly cluster: AzureResource;
  readonly policy: BuiltInPolicy;
  readonly assigned: AssignedPolicy;
}

/** How many violations are shown. */
const SHOWN = 5;

/** By the input's own objects; where those are a part of the cluster and comply, by what Azure says of it. */
export function complianceOf({ context, cluster, policy, assigned }: Asked): Compliance {
  const { state, why, violations } = evaluatePolicy(context, policy, assigned.parameters);
  if (state === 'non-compliant') {
    const evidence = violations.slice(0, SHOWN).flatMap((each) => each.evidence);
    return { state, why: `${why}, first: ${violations[0]?.message ?? ''}`, evidence };
  }
  const told = statesOf(context, cluster, policy);
  if (told !== undefined) return told;
  const isWhole = policy.mode === 'arm' || context.kind === 'live';
  if (state !== 'unknown' && isWhole) return { state: 'compliant', why, evidence: [] };
  return { state: 'unknown', why: state === 'unknown' ? why : 'the input is a part of the cluster', evidence: [] };
}

function statesOf(context: ControlContext, cluster: AzureResource, { id }: BuiltInPolicy): Compliance | undefined {
  const own = resourcesOfType(context, 'Microsoft.PolicyInsights/policyStates').filter((state) => {
    const resource = wordOf(settingAt(state, 'properties', 'resourceId'), '');
    const definition = wordOf(settingAt(state, 'properties', 'policyDefinitionId'), '');
    return resource === azureKey(cluster.id) && definition?.endsWith(id) === true;
  });
  const bad = own.find((state) => wordOf(settingAt(state, 'properties', 'complianceState'), '') === 'noncompliant');
  const shown =
    bad ?? own.find((state) => wordOf(settingAt(state, 'properties', 'complianceState'), '') === 'compliant');
  if (shown === undefined) return undefined;
  const evidence = [evidenceOf(shown, settingAt(shown, 'properties', 'complianceState'))];
  if (bad === undefined) return { state: 'compliant', why: 'Azure says so', evidence };
  return { state: 'non-compliant', why: 'Azure says that the cluster does not comply', evidence };
}
