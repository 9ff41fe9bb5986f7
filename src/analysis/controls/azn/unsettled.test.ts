import { expect, test } from 'vitest';
import { resource } from '../../azure/estate.test-support.ts';
import { API_CONTROLS } from '../api/controls.ts';
import { azureContext, OPEN } from '../azure.test-support.ts';
import { AZN_CONTROLS } from './controls.ts';

const CLUSTER = resource('Microsoft.ContainerService/managedClusters', 'aks');
const ABSENT = new Set(['AZN-PE-001', 'AZN-HYB-001']);

test.each(
  [...API_CONTROLS, ...AZN_CONTROLS]
    .filter(({ data }) => !ABSENT.has(data.id))
    .map((each) => [each.data.id, each] as const),
)('%s says nothing of a cluster of which all is an expression', (_id, control) => {
  const context = azureContext({ only: [{ ...CLUSTER, properties: OPEN }] });
  expect(['UNKNOWN', 'MANUAL']).toContain(control.assess(context).state);
});
