/** A Deployment `shop/web` with the images. */
export function web(images: readonly string[], rest: object = {}): string {
  return `${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...rest },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: images.map((image, index) => ({ name: `c${index}`, image, ports: [{ containerPort: 80 }] })),
        },
      },
    },
  })}\n---\n`;
}

/** What leads from the internet to it. */
export const BALANCER = `${JSON.stringify({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
})}\n---\n`;

export const DIGEST = `sha256:${'0a'.repeat(32)}`;
