import type { AzureCloud } from '../../data/azure/endpoints.ts';

/** The cloud that a region belongs to. */
export function cloudOf(location: string | undefined): AzureCloud {
  if (/^china/.test(location ?? '')) return 'AzureChinaCloud';
  return /^(?:usgov|usdod)/.test(location ?? '') ? 'AzureUSGovernment' : 'AzureCloud';
}
