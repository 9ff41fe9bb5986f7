import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { ingSvc003 } from './control.ts';

function workload(spec: string, namespace = 'shop'): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: ${spec}
`;
}

const PLAIN = '{ containers: [{ name: web, image: web, ports: [{ containerPort: 8080 }] }] }';
const PORT = '{ containers: [{ name: web, image: web, ports: [{ containerPort: 8080, hostPort: 8080 }] }] }';
const NETWORK = '{ hostNetwork: true, containers: [{ name: web, image: web, ports: [{ containerPort: 8080 }] }] }';

describe('ING-SVC-003', () => {
  test.each([
    ['nothing of the node', workload(PLAIN), 'PASS'],
    ['a port of the node', workload(PORT), 'FAIL'],
    ['the network of the node', workload(NETWORK), 'FAIL'],
    ['the platform', workload(NETWORK, 'kube-system'), 'WARN'],
    ['no workloads', '', 'NA'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(ingSvc003, { manifests })).toBe(state);
  });

  test.each([PORT, NETWORK])('within the approved range: %s', (spec) => {
    const settings = { allowedHostPorts: { from: 8000, to: 8999 } };
    expect(placesOf(assess(ingSvc003, { manifests: workload(spec), settings }))).toEqual(['PASS Deployment shop/web']);
  });

  test('is never closed by itself: who asks the node is in no manifest', () => {
    const service =
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }\n';
    for (const more of [service, '']) {
      const context = contextOf({ manifests: workload(PORT) + more });
      expect(ingSvc003.fix?.(context, ingSvc003.assess(context).places[0]!)?.automatic).toBe(false);
    }
  });

  test('speaks of a Service only where there is one', () => {
    const context = contextOf({ manifests: workload(NETWORK) });
    expect(ingSvc003.fix?.(context, ingSvc003.assess(context).places[0]!)?.summary).toBe(
      'take `web` off the network of its node',
    );
  });
});
