import type { AddressRange } from '#base/address.ts';
import type { Azure } from '#engine/compile/azure/context.ts';
import { frontsOf } from '#engine/compile/azure/fronts.ts';
import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { Engine } from '#engine/engine.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { azureOfEngine } from '../azure/translation.ts';
import { type Exposing, exposingOf, exposureCuts } from '../exposure/exposing.ts';

/** What ways in are worked out from, where the input has an Azure network around the cluster. */
export interface Inbound {
  readonly exposing: Exposing;
  readonly azure: Azure;
  /** With every layer; `exposing.engine` has those of the cluster only. */
  readonly engine: Engine;
}

/** The engine's world must have what `inboundWorld` asks for. */
export function inboundOf(engine: Engine): Inbound | undefined {
  const azure = azureOfEngine(engine);
  return azure === undefined ? undefined : { azure, engine, exposing: exposingOf(engine) };
}

/** What a world has to tell apart for questions from outside; nothing without an Azure network. */
export function inboundWorld(snapshot: Snapshot): {
  readonly cuts: readonly AddressRange[];
  readonly domains: string[];
} {
  const view = azureViewOf(snapshot);
  if (view === undefined) return { cuts: [], domains: [] };
  return { cuts: exposureCuts(snapshot), domains: frontsOf(view, snapshot).map(({ domain }) => domain) };
}
