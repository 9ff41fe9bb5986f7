import { type Rulebook, type RulebookScope, rulebookOf } from '#analysis/rulebook/rulebook.ts';
import { wholeOf } from '#analysis/workload/workload.ts';
import { addAll, bitsOf, emptyBits } from '#base/bits.ts';
import { podsOfNamespace } from '#engine/world.ts';
import { type RulebookAnswer, ruleFields } from '#model/rulebook.ts';
import { allPolicies } from './all-policies.ts';
import { pageOf, refuseUnknownNamespaces, ruleForm } from './lists.ts';
import { type Material, once } from './material.ts';
import type { Question, Reply } from './question.ts';
import { told } from './reply.ts';
import { wholeScan } from './scan-answer.ts';
import { unknownWorkload } from './workload-answer.ts';

type RulebookAsked = Extract<Question, { readonly kind: 'rulebook' }>;

/** The stack of rules in the order in which the data path asks them, for everybody or for some. */
export function rulebookAnswer(material: Material, asked: RulebookAsked, onProgress: (what: string) => void): Reply {
  refuseUnknownNamespaces(material, asked.namespaces);
  const { analysis } = material;
  const scope = scopeOf(material, asked);
  const book = once(material, `rulebook:${JSON.stringify([asked.namespaces, asked.workload, asked.today])}`, () =>
    rulebookOf(
      analysis,
      { policies: allPolicies(material), findings: wholeScan(material, asked.today, onProgress).findings },
      scope,
    ),
  );
  const { list, total } = pageOf(book.policies, asked.page, ruleForm(book.lanes));
  const answer: RulebookAnswer = {
    schema: 'ringfence.dev/rulebook/v1',
    engine: analysis.entry,
    lanes: book.lanes,
    marks: marksOf(book),
    total,
    policies: list,
    unasked: book.unasked,
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
  return told(answer, total);
}

function marksOf({ policies, lanes }: Rulebook): RulebookAnswer['marks'] {
  const counts = new Map<string, number>();
  for (const policy of policies)
    for (const mark of new Set(ruleFields(policy, lanes[policy.lane]!).fields.mark))
      counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return [...counts].map(([mark, of]) => ({ mark, policies: of })).sort((a, b) => b.policies - a.policies);
}

/** Both given: the workload, which is in one namespace only. */
function scopeOf(material: Material, { namespaces, workload }: RulebookAsked): RulebookScope | undefined {
  const { world } = material.analysis.engine;
  if (workload !== undefined) return { points: bitsOf(world.size, pointsOf(material, wholeOf(workload))) };
  if (namespaces.length === 0) return undefined;
  const points = emptyBits(world.size);
  for (const namespace of namespaces) addAll(points, podsOfNamespace(world, namespace));
  return { points };
}

function pointsOf(material: Material, id: string): readonly number[] {
  const { world } = material.analysis.engine;
  const node = world.nodes.findIndex(({ name }) => `node:${name}` === id);
  if (node >= 0) return world.pointsOfNode[node]!;
  const owner = world.owners.findIndex((each) => each.id === id);
  if (owner < 0) throw unknownWorkload(material, id);
  return world.pointsOfOwner[owner]!;
}
