import type { Design } from '../../plan/design.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';
import { networkPolicy, podsIn } from './kubernetes.ts';
import { DNS } from './platform.ts';

/** The DNS of the cluster, and no other: names are asked for where they can be seen. */
export function dnsPolicy({ choices }: Design, namespace: string): Document {
  return choices.engine === 'cilium' ? seenDns(namespace) : plainDns(namespace);
}

/** Cilium learns the addresses of names from the answers that pass its own proxy, and from nothing else. */
function seenDns(namespace: string): Document {
  return objectOf({
    api: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    name: 'dns',
    namespace,
    why: 'Names are asked of the DNS of the cluster only. The rule for names has Cilium read the answers: by them it knows the addresses of the names that other policies allow.',
    body: {
      spec: {
        endpointSelector: {},
        egress: [
          {
            toEndpoints: [
              {
                matchLabels: {
                  'k8s:io.kubernetes.pod.namespace': DNS.namespace,
                  ...Object.fromEntries(Object.entries(DNS.labels).map(([key, value]) => [`k8s:${key}`, value])),
                },
              },
            ],
            toPorts: [
              {
                ports: ['UDP', 'TCP'].map((protocol) => ({ port: '53', protocol })),
                rules: { dns: [{ matchPattern: '*' }] },
              },
            ],
          },
        ],
      },
    },
  });
}

function plainDns(namespace: string): Document {
  return networkPolicy({
    name: 'dns',
    namespace,
    why: 'Names are asked of the DNS of the cluster only.',
    egress: [
      {
        to: [podsIn(DNS.namespace, DNS.labels)],
        ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })),
      },
    ],
  });
}
