import { plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { componentValues, seenChecksOf } from '../../cp/components/components.ts';
import { mappingsOf } from '../../mappings.ts';
import { certificatePlaces, webhookPlaces } from './certificates.ts';
import { madePlaces, rotationPlaces } from './makers.ts';

export const tlsCrt002: Control = {
  data: {
    id: 'TLS-CRT-002',
    title: 'Certificates renew themselves, and none is near its end',
    severity: 'high',
    rationale:
      'A certificate that ends takes the site down, and a webhook whose certificate ended stops every deployment. What is renewed by hand is forgotten once, and keys that live for years are stolen once.',
    evidence:
      'dates of certificates in Secrets, of webhooks and of cert-manager, who makes and renews them, and rotation of the Key Vault driver',
    states: [
      { state: 'FAIL', when: 'a certificate has ended, or ends within 7 days' },
      { state: 'WARN', when: 'it ends within 30 days, lives for more than 398 days, or nothing renews it' },
      { state: 'UNKNOWN', when: 'the certificate and who renews it are not in the input' },
      { state: 'PASS', when: 'a tool renews it, or it is far from its end' },
      { state: 'NA', when: 'the input has no certificate' },
    ],
    remedy:
      'Let cert-manager or Key Vault (with auto-renewal, and rotation of the driver on) make the certificate; renew what is near its end now.',
    mappings: mappingsOf({
      'cis-kubernetes': ['4.2.10', '4.2.11', '1.3.6'],
      'cis-aks': ['3.2.8', '3.2.9'],
      'nist-800-190': ['4.3.5'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K03'],
      'owasp-cheat-sheet': ['rotate-infrastructure-credentials-frequently'],
      mcsb: ['DP-7'],
      attack: ['T1557'],
      'kubernetes-network-practices': ['L33', 'L37'],
    }),
  },
  assess(context) {
    return assessed(
      [
        ...certificatePlaces(context),
        ...madePlaces(context),
        ...webhookPlaces(context),
        ...rotationPlaces(context),
        ...seenChecksOf(context, 'TLS-CRT-002'),
      ],
      plain('NA', 'the input has no certificate'),
      ['certificate', 'certificates'],
    );
  },
  fix(context, { where, detail }) {
    if (detail !== 'rotation') return undefined;
    const path = ['properties', 'addonProfiles', 'azureKeyvaultSecretsProvider', 'config', 'enableSecretRotation'];
    const cluster = context.snapshot.azure.clusters.find(({ key }) => key === where.id);
    if (cluster === undefined) return undefined;
    return {
      summary: `let the Key Vault driver of \`${where.name}\` fetch new certificates`,
      automatic: true,
      changes: [
        {
          kind: 'edit-azure',
          resource: cluster.id,
          edits: [{ op: 'set', path, value: 'true' }],
          command: `aks addon update --addon azure-keyvault-secrets-provider --enable-secret-rotation ${azTarget(cluster.id)}`,
        },
      ],
      steps: [],
    };
  },
  readsValues: componentValues('TLS-CRT-002'),
};
