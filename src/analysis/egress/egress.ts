import { networkModeOf } from '#engine/compile/azure/network-mode.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { EgressAnswer, EgressCluster, RuleForm, WrittenRules } from '#model/egress.ts';
import type { Analysis } from '../analysis.ts';
import { addressPlanFacts } from '../azure/address-plan.ts';
import { bypassesIn, clusterFlowsIn } from '../azure/agreement.ts';
import { arcEndpoints } from '../azure/arc.ts';
import { cloudOf } from '../azure/cloud.ts';
import { retirementFacts } from '../azure/retirements.ts';
import { wideRuleFacts } from '../azure/wide-rules.ts';
import { azureDisagreements, comparedOf, gapsOf, policyDisagreements } from './disagreements.ts';
import { type EgressWorld, egressWorld } from './egress-world.ts';
import { requiredOf } from './required.ts';
import { unneededRules } from './unneeded.ts';
import { writtenRules } from './write/write.ts';

export interface EgressOptions {
  /** The form of the firewall rules that make the layers agree; absent: none are written. */
  readonly write?: RuleForm;
}

/**
 * Whether what leaves a cluster in Azure is decided alike by its own policies and by the network around it, whether all
 * that it needs is reachable, and what of the network's rules and addresses is wrong by itself.
 */
export function egressOf(analysis: Analysis, { write }: EgressOptions = {}): EgressAnswer {
  const { snapshot } = analysis;
  const world = egressWorld(analysis);
  return {
    schema: 'ringfence.dev/egress/v1',
    engine: analysis.entry,
    ...(world !== undefined && { cluster: clusterOf(world) }),
    ...(world === undefined ? { ...NO_CLUSTER, required: arcEndpoints(snapshot.azure) } : answersOf(world)),
    bypasses: bypassesIn(snapshot),
    flows: clusterFlowsIn(snapshot),
    addressPlan: addressPlanFacts(snapshot.azure),
    retirements: retirementFacts(snapshot),
    ...(world !== undefined && write !== undefined && { written: writtenOf(analysis, world, write) }),
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
}

type Answers = Pick<EgressAnswer, 'required' | 'wide' | 'disagreements' | 'unlimited' | 'unneeded'>;

const NO_CLUSTER: Answers = { required: [], wide: [], disagreements: [], unlimited: [], unneeded: [] };

function answersOf(world: EgressWorld): Answers {
  const compared = comparedOf(world);
  const found = policyDisagreements(world, gapsOf(world, compared));
  return {
    required: requiredOf(world),
    wide: wideRuleFacts(world.view),
    disagreements: [...found.map(({ entry }) => entry), ...azureDisagreements(world, compared)],
    unlimited: compared.classes.filter(({ isLimited }) => !isLimited).flatMap(({ ids }) => ids),
    unneeded: unneededRules(world),
  };
}

/** What policy allows is asked once more: few ask for rules. */
function writtenOf(analysis: Analysis, world: EgressWorld, form: RuleForm): WrittenRules {
  const found = policyDisagreements(world, gapsOf(world, comparedOf(world)));
  return writtenRules(analysis, world, { found, form });
}

function clusterOf({ view: { cluster } }: EgressWorld): EgressCluster {
  const { id, name, location, outboundType, origin } = cluster;
  return {
    id,
    name,
    cloud: cloudOf(location),
    ...(location !== undefined && { location }),
    networkMode: networkModeOf(cluster),
    outboundType: isUnsettled(outboundType) ? outboundType.expression : outboundType,
    origin,
  };
}
