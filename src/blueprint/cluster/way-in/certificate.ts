import type { Design } from '../../plan/design.ts';
import { pauseImage } from '../../plan/images.ts';
import { WAY_IN } from '../../plan/way-in.ts';
import { CERTIFICATE, CERTIFICATE_ACCOUNT } from '../../plan/workload-account.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';
import { NOT_YET, type ValueOfAzure } from '../values.ts';
import { workloadDocuments } from '../workload.ts';

/** From Key Vault into a Secret, and again every two minutes: a new certificate is served without anybody's doing. */
export function certificateDocuments(design: Design): readonly Document[] {
  return [
    objectOf({
      api: 'secrets-store.csi.x-k8s.io/v1',
      kind: 'SecretProviderClass',
      name: CERTIFICATE,
      namespace: WAY_IN,
      why: 'The certificate of the way in and its key, as Key Vault has them. The driver looks for a new one every two minutes.',
      body: {
        spec: {
          provider: 'azure',
          parameters: {
            usePodIdentity: 'false',
            useVMManagedIdentity: 'false',
            clientID: NOT_YET,
            tenantId: NOT_YET,
            keyvaultName: design.names.globally('kv'),
            cloudName: CLOUD_NAMES[design.choices.cloud],
            objects: `array:\n  - |\n    objectName: ${CERTIFICATE}\n    objectType: secret\n`,
          },
          secretObjects: [
            {
              secretName: CERTIFICATE,
              type: 'kubernetes.io/tls',
              data: [
                { objectName: CERTIFICATE, key: 'tls.key' },
                { objectName: CERTIFICATE, key: 'tls.crt' },
              ],
            },
          ],
        },
      },
    }),
    ...workloadDocuments({
      ...CERTIFICATE_ACCOUNT,
      image: pauseImage(design),
      replicas: 1,
      accountAnnotations: { 'azure.workload.identity/client-id': NOT_YET },
      podLabels: { 'azure.workload.identity/use': 'true' },
      volumes: [
        {
          volume: {
            name: 'certificate',
            csi: {
              driver: 'secrets-store.csi.k8s.io',
              readOnly: true,
              volumeAttributes: { secretProviderClass: CERTIFICATE },
            },
          },
          mount: { name: 'certificate', mountPath: '/certificate', readOnly: true },
        },
      ],
      why: 'The driver fetches what a pod mounts: this one mounts the certificate, and does nothing else.',
    }),
  ];
}

/** As the provider of the driver calls clouds (Azure Key Vault provider for the Secrets Store CSI driver). */
const CLOUD_NAMES = {
  public: 'AzurePublicCloud',
  government: 'AzureUSGovernmentCloud',
  china: 'AzureChinaCloud',
} as const;

const CLASS = { kind: 'SecretProviderClass', name: CERTIFICATE, namespace: WAY_IN };

export const CERTIFICATE_VALUES: readonly ValueOfAzure[] = [
  {
    key: 'TENANT_ID',
    why: 'The tenant of the subscription: az account show --query tenantId',
    targets: [{ select: CLASS, fieldPaths: ['spec.parameters.tenantId'] }],
  },
  {
    key: 'WAY_IN_CLIENT_ID',
    why: 'The client id of the identity that reads the certificate of the way in: az identity show --query clientId',
    targets: [
      { select: CLASS, fieldPaths: ['spec.parameters.clientID'] },
      {
        select: { kind: 'ServiceAccount', ...CERTIFICATE_ACCOUNT },
        fieldPaths: ['metadata.annotations.[azure.workload.identity/client-id]'],
      },
    ],
  },
];
