import { escapeControl } from '#base/escape.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';

export interface ClusterChoice {
  readonly estate: AzureEstate;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The estate around one cluster: the one of this name, else the only one. With none, or several, nothing says where the pods
 * stand, and the network has no say in any answer: that is told.
 */
export function aroundOneCluster(estate: AzureEstate, name: string | undefined): ClusterChoice {
  const { clusters, pools } = estate;
  const chosen =
    name === undefined ? clusters : clusters.filter((each) => each.name.toLowerCase() === name.toLowerCase());
  const [cluster, ...others] = chosen;
  if (cluster !== undefined && others.length === 0) {
    const own = pools.filter((pool) => pool.cluster === cluster.key);
    return { estate: { ...estate, clusters: [cluster], pools: own }, diagnostics: [] };
  }
  const names = clusters.map((each) => `\`${escapeControl(each.name)}\``).join(', ');
  if (clusters.length === 0) {
    if (estate.resources.size === 0) return { estate, diagnostics: [] };
    return {
      estate,
      diagnostics: [
        said('RF5110', 'the cloud documents have no managed cluster, so the network around it is not asked'),
      ],
    };
  }
  const what =
    name === undefined ? 'which of them the manifests are of is not said' : `none is called \`${escapeControl(name)}\``;
  return {
    estate,
    diagnostics: [
      said('RF5109', `the cloud documents have the managed clusters ${names}; ${what}, so the network is not asked`),
    ],
  };
}

function said(code: DiagnosticCode, message: string): Diagnostic {
  return { code, severity: CODES[code].severity, message, help: CODES[code].fix };
}
