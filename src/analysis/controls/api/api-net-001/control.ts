import { isUnsettled } from '#model/azure/entity.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import {
  evidenceOf,
  managedClustersOf,
  placeOfResource,
  settingAt,
  unknownOf,
  type WrittenCluster,
} from '../../azure-facts.ts';
import { assessed, quoted } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { authorizedRangesOf } from '../authorized-ranges.ts';
import { withoutApiServer } from '../not-aks.ts';

const ID = 'API-NET-001';

const data: ControlData = {
  id: ID,
  title: 'API server is not reachable from the public internet',
  severity: 'critical',
  rationale:
    'Whoever reaches the API server can try stolen credentials and every flaw of it. A private endpoint leaves that to those who are in the network already.',
  evidence:
    'The access profile of the API server of each AKS cluster: whether it is private, and which addresses it lets in where it is not.',
  states: [
    { state: 'PASS', when: 'the cluster is private' },
    { state: 'WARN', when: 'it is public and lets in only narrow ranges' },
    { state: 'FAIL', when: 'it is public and lets in every address, or wide ranges' },
    { state: 'UNKNOWN', when: 'the input has nothing of the cluster in Azure, or an expression stands there' },
    { state: 'MANUAL', when: 'the cluster is none of AKS' },
  ],
  remedy:
    'Make the cluster private: at once with API server VNet integration, otherwise with a new cluster. Until then, let in only the ranges of administrators.',
  mappings: mappingsOf({
    'cis-kubernetes': ['1.2.1'],
    'cis-aks': ['5.4.2', '5.4.1'],
    'nist-800-190': ['4.3.1', '4.3.2'],
    'nsa-cisa': ['control-plane-hardening'],
    'owasp-top-ten': ['K06'],
    'owasp-cheat-sheet': ['controlling-access-to-the-kubernetes-api'],
    mcsb: ['NS-2'],
    'azure-policy': ['040732e8-d947-40b8-95d6-854c95024bf8'],
    attack: ['T1133', 'T1190', 'T1078'],
    'azure-security-book': ['L17'],
    'aks-network-baseline': ['L62', 'L64'],
    'kubernetes-network-practices': ['L31'],
    'securing-kubernetes-in-azure': ['L8', 'L9'],
  }),
  question: 'Is the API server unreachable from the public internet?',
};

function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  const absent =
    clusters.length === 0 ? withoutApiServer(context, ID, 'how the API server is reached') : plain('UNKNOWN', '');
  return assessed(
    clusters.map((each) => judge(context, each)),
    absent,
    ['API server', 'API servers'],
  );
}

function judge(context: ControlContext, { cluster, resource }: WrittenCluster): Judged {
  const setting = settingAt(resource, ...PRIVATE);
  if (setting.state === 'unsettled') return unknownOf(resource, setting);
  const where = placeOfResource(resource);
  const evidence = [evidenceOf(resource, setting)];
  if (cluster.api.privateCluster === true)
    return { where, state: 'PASS', message: 'the API server has no public address', evidence };
  const ranges = authorizedRangesOf(context, { cluster, resource });
  const listed = [...evidence, evidenceOf(resource, ranges.setting)];
  if (ranges.setting.state === 'unsettled') {
    const message = `the API server is public, and whom it lets in is ${quoted(ranges.setting.expression)}`;
    return { where, state: 'UNKNOWN', message, evidence: listed };
  }
  if (ranges.items.length === 0)
    return { where, state: 'FAIL', message: 'the API server is public and lets in every address', evidence: listed };
  if (ranges.items.some(({ fault }) => fault === 'everything'))
    return {
      where,
      state: 'FAIL',
      message: 'the API server is public, and its list of ranges holds every address',
      evidence: listed,
    };
  if (ranges.items.some(({ fault }) => fault === 'wide'))
    return {
      where,
      state: 'FAIL',
      message: 'the API server is public and lets in wide ranges',
      evidence: listed,
      severity: 'high',
    };
  const message = 'the API server is public; a list of narrow ranges is all that keeps others away';
  return { where, state: 'WARN', message, evidence: listed, severity: 'medium' };
}

const PRIVATE = ['properties', 'apiServerAccessProfile', 'enablePrivateCluster'];

/** Whom it shuts out no input says: never by itself. */
function fix(context: ControlContext, { where }: Judged): Fix | undefined {
  const found = managedClustersOf(context).find(({ cluster }) => cluster.key === where.id);
  if (found === undefined) return undefined;
  const { cluster, resource } = found;
  const people = 'give administrators and pipelines a way into the network first: Bastion, VPN or runners inside of it';
  if (isUnsettled(cluster.api.vnetIntegration) || !cluster.api.vnetIntegration)
    return {
      summary: `make the API server of ${quoted(cluster.name)} private`,
      automatic: false,
      changes: [],
      steps: [
        people,
        'turn on API server VNet integration (`aks update --enable-apiserver-vnet-integration --apiserver-subnet-id SUBNET`), which can make a running cluster private; or make a new private cluster and move to it',
        'until then set `authorizedIPRanges` to the addresses of administrators',
      ],
    };
  const command = `aks update ${azTarget(resource.id)} --enable-private-cluster`;
  return {
    summary: `make the API server of ${quoted(cluster.name)} private`,
    automatic: false,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [
          { op: 'set', path: PRIVATE, value: true },
          { op: 'remove', path: ['properties', 'apiServerAccessProfile', 'authorizedIPRanges'] },
        ],
        command,
      },
    ],
    steps: [people],
  };
}

export const apiNet001: Control = { data, assess, fix };
