import type { Change, Fix, Judged } from '#model/control.ts';
import { plainAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { entrancesIn } from '../../shared.ts';
import { edgesIn } from '../edges.ts';
import { meshSigns } from '../signs.ts';

export function strictFix(context: ControlContext, judged: Judged): Fix | undefined {
  if (judged.state === 'PASS' || judged.state === 'UNKNOWN') return undefined;
  if (judged.detail !== 'permissive') return stepsOf(context, judged);
  const namespace = judged.where.name;
  if (meshSigns(context).mesh !== 'Istio') return stepsOf(context, judged);
  const strangers = strangersOf(context, judged.endpoints ?? []);
  return {
    summary: `require mutual TLS in namespace \`${namespace}\``,
    automatic: strangers.length === 0,
    changes: [strictIn(context, namespace)],
    steps:
      strangers.length === 0
        ? []
        : [
            `bring into the mesh first, for they would be refused: ${strangers.slice(0, 6).join(', ')}${strangers.length > 6 ? ` and ${strangers.length - 6} more` : ''}`,
          ],
  };
}

function strictIn({ objects }: ControlContext, namespace: string): Change {
  const own = objects
    .of('security.istio.io', 'PeerAuthentication')
    .find((object) => object.namespace === namespace && plainAt(object.value, 'spec', 'selector') === undefined);
  if (own !== undefined)
    return {
      kind: 'edit-object',
      object: own,
      edits: [{ op: 'set', path: ['spec', 'mtls', 'mode'], value: 'STRICT' }],
    };
  return {
    kind: 'new-object',
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace },
      spec: { mtls: { mode: 'STRICT' } },
    },
  };
}

/** Who has no identity and is let in now: workloads outside of the mesh, and ways in from outside of the cluster. */
function strangersOf(context: ControlContext, endpoints: readonly string[]): string[] {
  const targets = new Set(endpoints);
  const pods = edgesIn(context)
    .list.filter(
      ({ to, fact }) =>
        targets.has(to) && fact.encryption !== 'mtls-required' && fact.encryption !== 'mtls-opportunistic',
    )
    .map(({ from }) => from);
  const ways = [...targets].flatMap((to) =>
    (entrancesIn(context).get(to) ?? [])
      .filter(({ through }) => through.startsWith('Service '))
      .map(({ through }) => through),
  );
  return [...new Set([...pods, ...ways])];
}

/** The engine says of each hole what closes it. */
function stepsOf(context: ControlContext, { where, endpoints = [], detail }: Judged): Fix {
  const targets = new Set(endpoints);
  const holes = edgesIn(context).list.flatMap(({ to, fact: { hole } }) =>
    targets.has(to) && hole !== undefined ? [hole] : [],
  );
  const close = holes.filter(({ kind }) => kind === detail).map((hole) => hole.close);
  const steps =
    detail === 'opt-out'
      ? ['take the label or annotation out that keeps it out of the mesh, and look whether its connections still work']
      : [...new Set(close)];
  return { summary: `close the hole at \`${where.name}\``, automatic: false, changes: [], steps };
}
