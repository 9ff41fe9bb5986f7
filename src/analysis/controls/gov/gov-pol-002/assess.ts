import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Judged } from '#model/control.ts';
import { builtInPolicy, NAMED_POLICIES } from '../../../../data/azure-policy/policies.ts';
import type { BuiltInPolicy } from '../../../../data/azure-policy/policy.ts';
import { type AssignedPolicy, type Assignments, assignmentsOf } from '../../../azure-policy/assignments.ts';
import { assessmentOf, CLUSTER } from '../../assessment.ts';
import { evidenceOf, managedClustersOf, placeOfResource, settingAt, withoutCluster } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { ASK, arcClustersOf, QUESTIONS, wasAsked } from '../../mon/azure-reads.ts';
import { stateWords } from '../../state-words.ts';
import { type Compliance, complianceOf } from './compliance.ts';
import { type AddOnConstraint, constraintOf } from './constraints.ts';

export function assessNamedPolicies(context: ControlContext): Assessment {
  const places = placesOf(context);
  const absent = withoutCluster(context, 'its assignments of Azure Policy');
  return assessmentOf(places, absent, stateWords(places, 'named policies'));
}

/** Clusters of AKS and of Arc by their assignments; else the constraints that the add-on keeps in the cluster. */
function placesOf(context: ControlContext): readonly Judged[] {
  const policies = NAMED_POLICIES.flatMap((id) => builtInPolicy(id) ?? []);
  const clusters = managedClustersOf(context).map(({ resource }) => resource);
  const arc = arcClustersOf(context);
  if (clusters.length + arc.length > 0)
    return [
      ...clusters.flatMap((cluster) => policies.map((policy) => judgedOf({ context, cluster, policy }))),
      ...arc.flatMap((cluster) =>
        policies.filter(({ mode }) => mode === 'kubernetes').map((policy) => judgedOf({ context, cluster, policy })),
      ),
    ];
  return policies.flatMap((policy) => {
    const constraint = constraintOf(context, policy);
    if (constraint === undefined) return [];
    const judged = judgedConstraint(policy, constraint);
    return [{ ...judged, message: `${named(policy)}${judged.message}` }];
  });
}

/** The cluster is one place for all of them: each says which one it is. */
function named({ title }: BuiltInPolicy): string {
  return `\`${title}\`: `;
}

interface Asked {
  readonly context: ControlContext;
  readonly cluster: AzureResource;
  readonly policy: BuiltInPolicy;
}

function judgedOf(asked: Asked): Judged {
  const { context, cluster, policy } = asked;
  const where = placeOfResource(cluster);
  const detail = policy.title;
  const found = assignmentsOf(context, cluster, policy);
  const inForce = found.assigned.filter(({ effect }) => effect !== 'Disabled');
  const said = sayAssigned(asked, inForce) ?? sayConstraint(asked) ?? sayNone(asked, found);
  const message = `${named(policy)}${said.message}`;
  return { where, detail, endpoints: [], ...said, message, evidence: [...said.evidence, ...blindSpotsOf(policy)] };
}

type Said = Pick<Judged, 'state' | 'message' | 'evidence'>;

/** The best assignment decides: one that refuses, then what exempts, what is open, and what only tells. */
function sayAssigned(asked: Asked, assigned: readonly AssignedPolicy[]): Said | undefined {
  const certain = assigned.filter((each) => each.certain && each.exemption === undefined);
  const refusing = certain.find(({ effect, enforces }) => effect === 'Deny' && enforces);
  if (refusing !== undefined)
    return { state: 'PASS', message: `assigned with deny${viaOf(refusing)}`, evidence: evidenceOfAssigned(refusing) };
  const telling = certain.find(({ effect }) => effect !== undefined);
  if (telling !== undefined) return sayTelling(asked, telling);
  const exempt = assigned.find(({ exemption }) => exemption !== undefined);
  if (exempt !== undefined) return sayExempt(exempt);
  const [open] = assigned;
  if (open === undefined) return undefined;
  const why = open.certain ? 'its effect is not in the input' : 'whether it is about the cluster is not in the input';
  return { state: 'UNKNOWN', message: `assigned${viaOf(open)}, and ${why}`, evidence: evidenceOfAssigned(open) };
}

function viaOf({ initiative }: AssignedPolicy): string {
  return initiative === undefined ? '' : ` by the initiative \`${initiative}\``;
}

function evidenceOfAssigned({ assignment }: AssignedPolicy): readonly Evidence[] {
  return ['policyDefinitionId', 'enforcementMode']
    .map((field) => settingAt(assignment, 'properties', field))
    .filter(({ state }) => state !== 'absent')
    .map((setting) => evidenceOf(assignment, setting));
}

function sayExempt({ exemption, ...assigned }: AssignedPolicy): Said {
  if (exemption === undefined) return { state: 'UNKNOWN', message: 'it is not exempt', evidence: [] };
  const end = exemption.until === undefined ? ', without an end' : ` until ${exemption.until}`;
  return {
    state: 'WARN',
    message: `assigned, and the cluster is exempt${end}`,
    evidence: [
      evidenceOf(exemption.resource, settingAt(exemption.resource, 'properties', 'expiresOn')),
      ...evidenceOfAssigned(assigned),
    ],
  };
}

function sayTelling({ context, cluster, policy }: Asked, assigned: AssignedPolicy): Said {
  const compliance = complianceOf({ context, cluster, policy, assigned });
  const how = assigned.effect === 'Deny' ? 'with deny that is not enforced' : 'with audit';
  const begin = `assigned ${how}${viaOf(assigned)}`;
  const evidence = [...evidenceOfAssigned(assigned), ...compliance.evidence];
  return { ...wordsOf(compliance, begin), evidence };
}

function wordsOf({ state, why }: Compliance, begin: string): Pick<Said, 'state' | 'message'> {
  switch (state) {
    case 'compliant':
      return { state: 'PASS', message: `${begin}, and nothing violates it` };
    case 'non-compliant':
      return { state: 'WARN', message: `${begin}, and it is violated: ${why}` };
    case 'unknown':
      return { state: 'UNKNOWN', message: `${begin}; whether anything violates it is not in the input: ${why}` };
  }
}

// ---------------------------------------------------------------- the add-on's constraints, and nothing

function sayConstraint({ context, policy }: Asked): Said | undefined {
  const constraint = constraintOf(context, policy);
  if (constraint === undefined) return undefined;
  const { state, message, evidence } = judgedConstraint(policy, constraint);
  return { state, message, evidence };
}

function judgedConstraint(policy: BuiltInPolicy, { refuses, violations, evidence }: AddOnConstraint): Judged {
  const at = { where: CLUSTER, detail: policy.title, endpoints: [] };
  if (refuses) return { ...at, state: 'PASS', message: 'its constraint in the cluster refuses', evidence };
  if (violations === undefined) {
    const message = 'its constraint in the cluster only tells, and how many violate it is not in the input';
    return { ...at, state: 'UNKNOWN', message, evidence };
  }
  if (violations === 0)
    return {
      ...at,
      state: 'PASS',
      message: 'its constraint in the cluster tells, and nothing violates it',
      evidence,
    };
  const message = `its constraint in the cluster only tells, and ${violations} objects violate it`;
  return { ...at, state: 'WARN', message, evidence };
}

function sayNone({ context, cluster }: Asked, { assigned, open }: Assignments): Said {
  const [disabled] = assigned;
  const evidence = disabled === undefined ? [] : evidenceOfAssigned(disabled);
  const object = cluster.id;
  if (!wasAsked(context, cluster, QUESTIONS.policies)) {
    const message = `whether it is assigned is not in the input: ${ASK}`;
    return { state: 'UNKNOWN', message, evidence: [...evidence, { object, field: 'policyAssignments' }] };
  }
  const [first] = open;
  if (first !== undefined) {
    const definition = settingAt(first, 'properties', 'policyDefinitionId');
    const message = `${open.length} initiatives are assigned whose definitions are not in the input`;
    return { state: 'UNKNOWN', message, evidence: [...evidence, evidenceOf(first, definition)] };
  }
  const message = disabled === undefined ? 'it is not assigned' : 'it is assigned and disabled';
  return { state: 'FAIL', message, evidence: [...evidence, { object, field: 'policyAssignments' }] };
}

function blindSpotsOf({ id, version, blindSpots }: BuiltInPolicy): readonly Evidence[] {
  return blindSpots.map((why) => ({ object: `Azure Policy ${id}, version ${version}`, field: 'does not see', why }));
}
