import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { aksFlowFacts } from './aks-flows.ts';
import { arcFacts } from './arc.ts';
import { asymmetryFacts } from './asymmetry.ts';
import { bypassFacts } from './bypasses.ts';

/** What goes past rules that seem to have a say. None where the input has no cluster, or several. */
export function bypassesIn(snapshot: Snapshot): readonly AzureFact[] {
  const view = azureViewOf(snapshot);
  return view === undefined ? [] : bypassFacts(view);
}

/** Whether the network lets through what the cluster itself does not work without: a checked list. */
export function clusterFlowsIn(snapshot: Snapshot): readonly AzureFact[] {
  const view = azureViewOf(snapshot);
  const own = view === undefined ? [] : [...aksFlowFacts(view), ...asymmetryFacts(view, snapshot)];
  return [...own, ...arcFacts(snapshot.azure)];
}
