import type { Engine } from '#engine/engine.ts';
import type { Assumption, Connection, EndpointEntry, EngineEntry, PolicyEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Analysis } from '../analysis.ts';
import { endpointsOf, type Placed } from '../endpoints.ts';
import { isGoverned, type Link, linkBetween } from '../map/connections.ts';
import { linkWithin } from '../map/link-within.ts';
import { connectionOf } from '../map/map.ts';
import { policiesOf } from '../policies/policies.ts';
import { PORT_SCOPE } from '../scope.ts';

/** Everything that policy says about one workload or node. */
export interface WorkloadFacts {
  readonly engine: EngineEntry;
  /** The workload; its parts, where pods of it differ in verdict. */
  readonly endpoints: readonly EndpointEntry[];
  /** Who reaches it, and whom it reaches. A pair that is absent is denied. */
  readonly in: readonly Connection[];
  readonly out: readonly Connection[];
  /** Peers outside of the cluster, with their ranges: what a connection calls `external:1`. */
  readonly outside: readonly EndpointEntry[];
  /** Directions in which something selects it, so that only what is allowed passes. */
  readonly isolated: { readonly ingress: boolean; readonly egress: boolean };
  /** Policies that select it. */
  readonly policies: readonly PolicyEntry[];
  readonly assumptions: readonly Assumption[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Undefined where nothing has that id. A part of a workload (`shop/Deployment/web#2`) is told with the whole. */
export function workloadFacts(analysis: Analysis, id: string): WorkloadFacts | undefined {
  const all = endpointsOf(analysis.engine);
  const whole = wholeOf(id);
  const own = [...all.keys()].filter((index) => wholeOf(all[index]!.entry.id) === whole && isOne(all[index]!));
  if (own.length === 0) return undefined;
  const ids = new Set(own.map((index) => wholeOf(all[index]!.entry.id)));
  const policies = policiesOf(analysis).policies.filter(({ selects }) =>
    selects.some((each) => ids.has(wholeOf(each))),
  );
  const into = connectionsOf(analysis.engine, all, { own, direction: 'in' });
  const out = connectionsOf(analysis.engine, all, { own, direction: 'out' });
  const peers = new Set([...into.map(({ from }) => from), ...out.map(({ to }) => to)]);
  return {
    engine: analysis.entry,
    endpoints: own.map((index) => all[index]!.entry),
    in: into,
    out,
    outside: all.flatMap(({ entry }) => (entry.kind === 'external' && peers.has(entry.id) ? [entry] : [])),
    isolated: {
      ingress: policies.some(({ isolates }) => isolates.includes('ingress')),
      egress: policies.some(({ isolates }) => isolates.includes('egress')),
    },
    policies,
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
}

/** The id without the number of a part. */
export function wholeOf(id: string): string {
  return id.replace(/#\d+$/, '');
}

function isOne({ entry }: Placed): boolean {
  return entry.kind === 'workload' || entry.kind === 'node';
}

interface Asked {
  readonly own: readonly number[];
  readonly direction: 'in' | 'out';
}

/** Cost: pairs with every other endpoint, not the whole relation. */
function connectionsOf(engine: Engine, all: readonly Placed[], { own, direction }: Asked): Connection[] {
  const out: Connection[] = [];
  for (const index of own) {
    for (const other of all.keys()) {
      if (other === index || !(isGoverned(all[index]!) || isGoverned(all[other]!))) continue;
      const [from, to] = direction === 'in' ? [other, index] : [index, other];
      const link = linkOf(engine, all, { from, to });
      if (link !== undefined) out.push(connectionOf(engine, all, { link, scope: PORT_SCOPE }));
    }
  }
  return out;
}

function linkOf(
  engine: Engine,
  all: readonly Placed[],
  { from, to }: { readonly from: number; readonly to: number },
): Link | undefined {
  const pair = { from, to, a: all[from]!.points, b: all[to]!.points };
  return linkWithin(linkBetween(engine, pair), PORT_SCOPE);
}
