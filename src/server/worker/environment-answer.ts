import { pageOf, SOURCE_FORM } from './lists.ts';
import { type Material, resourcesOf } from './material.ts';
import type { Page, Reply } from './question.ts';
import { told } from './reply.ts';

/** What was read, what was not understood, what was assumed, and by what: whether the answers can be believed. */
export function environmentAnswer(material: Material, page: Page): Reply {
  const { snapshot, analysis, plan, revision, taken } = material;
  const sources = [...snapshot.files].map(([file, objects]) => ({ file, objects }));
  const { list, total } = pageOf(sources, page, SOURCE_FORM);
  return told(
    {
      schema: 'ringfence.dev/environment/v1',
      revision,
      taken,
      engine: analysis.entry,
      versions: { ringfence: plan.version, node: process.version },
      input: inputOf(material),
      total,
      sources: list,
      counts: {
        namespaces: analysis.engine.world.namespaces.size,
        workloads: analysis.engine.world.owners.length,
        pods: snapshot.pods.length,
        nodes: snapshot.nodes.length,
        services: snapshot.services.length,
        azure: snapshot.azure.resources.size,
      },
      coverage: {
        resources: resourcesOf(snapshot),
        others: [...snapshot.others].map(([kind, count]) => ({ kind, count })),
      },
      assumptions: analysis.assumptions,
      diagnostics: analysis.diagnostics,
    },
    total,
  );
}

/** For people: the paths, or the cluster, and where Azure was read from. */
export function inputOf({ plan }: Pick<Material, 'plan'>): readonly string[] {
  const { live, paths, azure } = plan;
  const first = live === undefined ? paths : [live.context ?? live.kubeconfig ?? 'the current context'];
  return [...first, ...azure];
}
