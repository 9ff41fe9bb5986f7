import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { grantPlaces, keyPlaces, referencePlaces } from './assess.ts';

export const tlsCrt001: Control = {
  data: {
    id: 'TLS-CRT-001',
    title: 'Certificates of ways in, and their keys, are kept where few can read them',
    severity: 'high',
    rationale:
      'Who has the key is the site, for everybody who visits it. Keys in ConfigMaps and in repositories are read by many and never quite deleted.',
    evidence:
      'Secrets that Ingresses and Gateways refer to and who makes them (cert-manager, Key Vault, external-secrets), keys in ConfigMaps and manifests, grants for Secrets across namespaces, and roles that let everybody read them',
    states: [
      {
        state: 'FAIL',
        when: 'a key stands in a ConfigMap or in a manifest, or everybody who has an account may read the Secret',
      },
      {
        state: 'WARN',
        when: 'the Secret is kept in the cluster without encryption by Key Vault, or a grant opens every Secret of a namespace',
      },
      { state: 'UNKNOWN', when: 'where the certificate comes from is not in the input' },
      { state: 'PASS', when: 'Key Vault or cert-manager makes the Secret, or few can read it' },
      { state: 'NA', when: 'no way in has a certificate' },
    ],
    remedy:
      'Let cert-manager make the Secret, or keep the certificate in Key Vault (application routing, Secrets Store CSI driver); take keys out of manifests and replace them, for they were seen.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.4.1', '5.4.2', '5.1.2'],
      'cis-aks': ['4.5.2', '4.1.2'],
      'nist-800-190': ['4.1.4'],
      'nsa-cisa': ['secrets'],
      'owasp-top-ten': ['K03'],
      'owasp-cheat-sheet': ['keep-secrets-as-secrets'],
      mcsb: ['DP-6', 'DP-7', 'IM-8'],
      attack: ['T1552.001', 'T1552.007'],
      'kubernetes-network-practices': ['L33'],
      'securing-kubernetes-in-azure': ['L19', 'L20'],
    }),
  },
  assess(context) {
    return assessed(
      [...keyPlaces(context), ...referencePlaces(context), ...grantPlaces(context)],
      plain('NA', 'no way in of the input has a certificate'),
      ['certificate or key', 'certificates and keys'],
    );
  },
  fix(context, { where, state }) {
    if (where.kind !== 'Secret' || state !== 'FAIL') return undefined;
    const issuers = context.objects.of('cert-manager.io', 'ClusterIssuer');
    return {
      summary: `let a tool make Secret \`${where.namespace}/${where.name}\``,
      automatic: false,
      changes:
        issuers.length === 1
          ? [
              {
                kind: 'new-object',
                object: {
                  apiVersion: 'cert-manager.io/v1',
                  kind: 'Certificate',
                  metadata: { name: where.name, namespace: where.namespace },
                  spec: {
                    secretName: where.name,
                    issuerRef: { kind: 'ClusterIssuer', name: issuers[0]!.name },
                    dnsNames: [],
                  },
                },
              },
            ]
          : [],
      steps: [
        'take the Secret out of the manifests and out of the history of the repository',
        'revoke its certificate and make a new key: the old one was seen',
        'write the host names into `dnsNames` of a Certificate, or take the certificate from Key Vault by a SecretProviderClass',
      ],
    };
  },
};
