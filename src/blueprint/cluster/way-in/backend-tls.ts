import type { Choices } from '../../choices/choices.ts';
import type { Design } from '../../plan/design.ts';
import { workloadPort } from '../../plan/ports.ts';
import type { Space } from '../../plan/spaces.ts';
import { doorOf } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { ENTRY } from '../labels.ts';
import { objectOf } from '../object.ts';

/** In which the team keeps the certificate of who signs the certificates of its pods. */
const AUTHORITY = 'entry-authority';

const WHY = `The door asks the pods for a certificate, and believes those that the authority in \`${AUTHORITY}\` signed, which the team provides.`;

/** How the door speaks to pods that have HTTPS of their own. */
export function backendTls({ choices }: Design, { name, isEntered }: Space): readonly Document[] {
  if (!isEntered || !asksPods(choices)) return [];
  const hostname = `${ENTRY}.${name}.svc.cluster.local`;
  if (doorOf(choices) === 'gateway')
    return [
      objectOf({
        api: 'gateway.networking.k8s.io/v1',
        kind: 'BackendTLSPolicy',
        name: ENTRY,
        namespace: name,
        why: WHY,
        body: {
          spec: {
            targetRefs: [{ group: '', kind: 'Service', name: ENTRY }],
            validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: AUTHORITY }], hostname },
          },
        },
      }),
    ];
  return [
    objectOf({
      api: 'alb.networking.azure.io/v1',
      kind: 'BackendTLSPolicy',
      name: ENTRY,
      namespace: name,
      why: WHY,
      body: {
        spec: {
          targetRef: { group: '', kind: 'Service', name: ENTRY, namespace: name },
          default: {
            sni: hostname,
            ports: [{ port: 443 }],
            verify: {
              caCertificateRef: { group: '', kind: 'Secret', name: AUTHORITY, namespace: name },
              subjectAltName: hostname,
            },
          },
        },
      },
    }),
  ];
}

/** A balancer passes connections on as they are: there clients ask the pods themselves. */
function asksPods(choices: Choices): boolean {
  const door = doorOf(choices);
  return (door === 'gateway' || door === 'containers') && workloadPort(choices) === 8443;
}
