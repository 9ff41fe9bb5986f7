import type { Snapshot } from '#model/snapshot.ts';
import type { Layer } from '../../form.ts';
import type { Compiling } from '../context.ts';
import { azureOf } from './context.ts';
import { firewallLayer } from './firewall.ts';
import { openSitesLayer } from './open-sites.ts';
import { routeLayer, waysOf } from './routes.ts';
import { securityLayer } from './security.ts';
import { serviceLayer } from './services.ts';

/** What the Azure network around the cluster has to say, from the inside outward. None where the input has none. */
export function azureLayers(compiling: Compiling, snapshot: Snapshot): readonly Layer[] {
  const azure = azureOf(compiling, snapshot);
  if (azure === undefined) return [];
  const ways = waysOf(azure);
  return [
    securityLayer(azure),
    routeLayer(azure, ways),
    openSitesLayer(azure),
    firewallLayer(azure, ways),
    serviceLayer(azure, ways),
  ].filter((layer) => layer !== undefined);
}
