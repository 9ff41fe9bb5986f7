import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { withheldComponents } from '../../cp/components/pod-views.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessAtRest } from './assess.ts';

export const dataEnc001: Control = {
  data: {
    id: 'DATA-ENC-001',
    title: 'Disks, file shares and Secrets are encrypted where they are stored',
    severity: 'low',
    rationale:
      'A disk that is copied, or a host that is thrown away, gives up what is on it. Azure encrypts disks by itself; caches and temporary disks of nodes only when asked.',
    evidence:
      'Disk encryption sets and encryption at host of clusters and pools, policies that ask for keys of the customer, classes of storage, and the flags of API servers.',
    states: [
      { state: 'PASS-PLATFORM', when: 'everything is encrypted with keys of Azure, which it does by default' },
      { state: 'PASS', when: 'keys of the customer or encryption at host are set' },
      { state: 'WARN', when: 'temporary disks of a pool are not encrypted at the host' },
      {
        state: 'FAIL',
        when: 'a policy asks for keys of the customer and there are none, or a class asks for plain volumes',
      },
      { state: 'UNKNOWN', when: 'the input has no resource of the cluster in Azure' },
      { state: 'NA', when: 'the cluster is none of AKS, and nothing of it says where data is kept' },
    ],
    remedy:
      'Make pools with encryption at host; where keys have to be your own, make the cluster with a disk encryption set.',
    mappings: mappingsOf({
      'cis-kubernetes': ['1.2.27'],
      'cis-aks': ['5.3.1'],
      'nist-800-190': ['4.3.2'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K03'],
      'owasp-cheat-sheet': ['encrypt-secrets-at-rest'],
      mcsb: ['DP-4', 'DP-5'],
      'azure-policy': ['7d7be79c-23ba-4033-84dd-45e2a5ccdd67', '41425d9f-d1a5-499a-9932-f8ed8453932c'],
      attack: ['T1530'],
      'securing-kubernetes-in-azure': ['L38', 'L39'],
    }),
  },
  assess: assessAtRest,
  fix: fixAtRest,
  readsValues: {
    of: (context) => withheldComponents(context).filter(({ component }) => component === 'kube-apiserver'),
    doubts: () => false,
    adds: true,
  },
};

/** Neither can be changed of what runs: a new pool, or a new cluster, takes its place. */
function fixAtRest(_: ControlContext, { where, detail }: Judged): Fix | undefined {
  if (where.kind === 'StorageClass')
    return {
      summary: 'ask for encrypted volumes',
      automatic: false,
      changes: [],
      steps: ['a class cannot be changed: make one with `encrypted: "true"` and move the claims to it'],
    };
  if (detail === 'disks')
    return {
      summary: 'make the cluster with a disk encryption set',
      automatic: false,
      changes: [],
      steps: [
        'make a disk encryption set with a key of your vault',
        'make a cluster with `--node-osdisk-diskencryptionset-id`, and move workloads',
      ],
    };
  if (!/agentPools$/i.test(where.kind)) return undefined;
  return {
    summary: 'make a pool with encryption at host in place of this one',
    automatic: false,
    changes: [],
    steps: [
      'register the feature EncryptionAtHost of Microsoft.Compute in the subscription',
      'add a pool with `az aks nodepool add --enable-encryption-at-host`, drain this one, and delete it',
    ],
  };
}
