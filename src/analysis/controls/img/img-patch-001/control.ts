import { azureKey } from '#model/azure/resource.ts';
import type { Fix, Judged } from '#model/control.ts';
import { azTarget } from '../../az-command.ts';
import { managedClustersOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessPatches } from './assess.ts';

export const imgPatch001: Control = {
  data: {
    id: 'IMG-PATCH-001',
    title: 'The cluster and what is in its images are versions that are still mended',
    severity: 'medium',
    rationale:
      'What is found in a version that nobody mends stays open for good, and everybody can read how to use it.',
    evidence:
      'the versions of Kubernetes of the managed cluster and of nodes, its support plan and upgrade channel, revisions of Istio, and versions in tags of official images, held against the dates of their makers',
    states: [
      {
        state: 'FAIL',
        when: 'Kubernetes or Istio is a version that nobody mends, or nodes are too old for the control plane',
      },
      {
        state: 'WARN',
        when: 'the end is near, nothing raises the version by itself, or an image has an old version of its product',
      },
      { state: 'PASS', when: 'every version that is known is mended' },
      { state: 'UNKNOWN', when: 'the version of the cluster is not in the input' },
      { state: 'NA', when: 'the input has neither a workload nor a cluster' },
    ],
    remedy:
      'Raise the cluster one minor version at a time, switch on an upgrade channel with a maintenance window, and let a bot raise images.',
    mappings: mappingsOf({
      'nist-800-190': ['4.1.1', '4.4.1'],
      'nsa-cisa': ['upgrading-and-application-security-practices'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['updating-kubernetes'],
      mcsb: ['PV-6'],
      'azure-policy': ['fb893a29-21bb-418c-a157-e99480ec364c'],
      attack: ['T1190'],
      'securing-kubernetes-in-azure': ['L26', 'L27'],
    }),
  },
  assess: assessPatches,
  fix: fixVersion,
};

function fixVersion(context: ControlContext, { where, detail, severity }: Judged): Fix | undefined {
  const cluster = managedClustersOf(context).find(({ resource }) => azureKey(resource.id) === where.id)?.resource;
  if (cluster === undefined) return detail?.startsWith('image ') ? newerImage(where.name) : undefined;
  const at = azTarget(cluster.id);
  if (detail !== 'kubernetes')
    return {
      summary: 'move to a newer revision of Istio',
      automatic: false,
      changes: [],
      steps: [
        `\`az aks mesh get-upgrades ${at}\``,
        `\`az aks mesh upgrade start ${at} --revision REVISION\`, then label the namespaces anew and restart their pods`,
      ],
    };
  return {
    summary: `let \`${cluster.name}\` be raised by itself`,
    // Where nothing but the channel is missing the change is all of it.
    automatic: severity === 'low',
    changes: [
      {
        kind: 'edit-azure',
        resource: cluster.id,
        edits: [{ op: 'set', path: ['properties', 'autoUpgradeProfile', 'upgradeChannel'], value: 'patch' }],
        command: `aks update ${at} --auto-upgrade-channel patch`,
      },
    ],
    steps: [
      ...(severity === 'low'
        ? []
        : [
            `\`az aks get-upgrades ${at}\`, then \`az aks upgrade ${at} --kubernetes-version VERSION\`, one minor version at a time`,
          ]),
      'plan a maintenance window: `az aks maintenanceconfiguration add`',
    ],
  };
}

function newerImage(name: string): Fix {
  return {
    summary: `take a newer version for \`${name}\``,
    automatic: false,
    changes: [],
    steps: [
      'read what changed between both versions, databases above all: they may need their data moved',
      'let a bot (Renovate, Dependabot) raise it from then on',
    ],
  };
}
