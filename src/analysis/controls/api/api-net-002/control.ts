import { formatRange, isWithin } from '#base/address.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import { evidenceOf, managedClustersOf, placeOfResource, unknownOf, type WrittenCluster } from '../../azure-facts.ts';
import { assessed, counted, quoted, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { type AuthorizedRange, authorizedRangesOf } from '../authorized-ranges.ts';
import { withoutApiServer } from '../not-aks.ts';

const ID = 'API-NET-002';

const data: ControlData = {
  id: ID,
  title: 'Public API server accepts only narrow authorized IP ranges',
  severity: 'high',
  rationale:
    'A list of ranges is what stands between a public API server and everybody else. It helps only as far as it is narrow: one wide entry undoes it.',
  evidence:
    'The content of `authorizedIPRanges`: how wide each entry is, private ranges, and the address with which the cluster itself leaves.',
  states: [
    { state: 'PASS', when: 'every entry is narrow and public' },
    {
      state: 'WARN',
      when: 'an entry is not one that administrators are said to come from, or the firewall that nodes leave by is not listed',
    },
    { state: 'FAIL', when: 'the list is empty, or an entry is wider than /24, or is private and so of no effect' },
    { state: 'NA', when: 'the cluster is private' },
    { state: 'UNKNOWN', when: 'the list, or whether the cluster is private, is an expression or not in the input' },
  ],
  remedy: 'List the public addresses that administrators and pipelines come from, each as narrow as it is.',
  mappings: mappingsOf({
    'cis-aks': ['5.4.1'],
    'nist-800-190': ['4.3.1'],
    'nsa-cisa': ['control-plane-hardening'],
    'owasp-top-ten': ['K06'],
    'owasp-cheat-sheet': ['controlling-access-to-the-kubernetes-api'],
    mcsb: ['NS-2'],
    'azure-policy': ['0e246bcf-5f6f-4f87-bc6f-775d4712c7ea'],
    attack: ['T1133', 'T1078'],
    'aks-network-baseline': ['L108'],
    'kubernetes-network-practices': ['L31'],
    'securing-kubernetes-in-azure': ['L7', 'L8'],
  }),
  question: 'Does the API server let in only the addresses of administrators and pipelines?',
};

function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  if (clusters.length === 0) return withoutApiServer(context, ID, 'whom the API server lets in');
  const open = clusters.filter(({ cluster }) => cluster.api.privateCluster !== true);
  return assessed(
    open.flatMap((each) => judge(context, each)),
    plain('NA', 'the API server is private, so that no list of ranges has a say'),
    ['entry or list', 'entries or lists'],
  );
}

function judge(context: ControlContext, written: WrittenCluster): Judged[] {
  const { cluster, resource } = written;
  const where = placeOfResource(resource);
  const { setting, items } = authorizedRangesOf(context, written);
  const evidence = [evidenceOf(resource, setting)];
  if (setting.state === 'unsettled') return [unknownOf(resource, setting)];
  if (cluster.api.privateCluster !== false) {
    const message =
      'whether the cluster is private is not settled by the input, so whether the list counts is not known';
    return [{ where, state: 'UNKNOWN', message, evidence }];
  }
  if (items.length === 0)
    return [{ where, state: 'FAIL', message: 'no list of ranges limits who reaches the API server', evidence }];
  const faults = items.flatMap((item): Judged[] => {
    const said = SAID[item.fault ?? 'none'];
    return said === undefined ? [] : [{ where, ...said, message: said.message(item), evidence, detail: item.text }];
  });
  const all = [...faults, ...tooMany(where, items, evidence), ...withoutFirewall(context, { where, items, evidence })];
  if (all.length > 0) return all;
  const message = `${counted(items.length, 'narrow range', 'narrow ranges')} and no other address is let in`;
  return [{ where, state: 'PASS', message, evidence }];
}

interface Said extends Pick<Judged, 'state' | 'severity'> {
  readonly message: (item: AuthorizedRange) => string;
}

const SAID: Readonly<Record<NonNullable<AuthorizedRange['fault']> | 'none', Said | undefined>> = {
  everything: {
    state: 'FAIL',
    severity: 'critical',
    message: ({ text }) => `${quoted(text)} lets in every address`,
  },
  wide: { state: 'FAIL', message: ({ text }) => `${quoted(text)} is wider than a list of administrators needs` },
  tag: {
    state: 'FAIL',
    message: ({ text }) => `${quoted(text)} is no range: as a service tag it holds addresses of other customers`,
  },
  private: {
    state: 'FAIL',
    severity: 'low',
    message: ({ text }) => `${quoted(text)} is a private range, which nobody comes with: it has no effect`,
  },
  'not-admin': {
    state: 'WARN',
    message: ({ text }) => `${quoted(text)} is in none of the ranges that administrators are said to come from`,
  },
  none: undefined,
};

/** "At most 200 ranges", 2,000 with VNet integration: docs of AKS, authorized IP ranges. */
const MOST = 200;

function tooMany(
  where: Judged['where'],
  { length }: readonly AuthorizedRange[],
  evidence: Judged['evidence'],
): Judged[] {
  const message = `the list has ${length} entries: who they all are is hard to keep an eye on`;
  return length <= MOST ? [] : [{ where, state: 'WARN', message, evidence, severity: 'low', detail: 'length' }];
}

interface Listed {
  readonly where: Judged['where'];
  readonly items: readonly AuthorizedRange[];
  readonly evidence: Judged['evidence'];
}

/** Nodes ask the API server too: behind a firewall of one's own, its address must be in the list or they lose it. */
function withoutFirewall(context: ControlContext, { where, items, evidence }: Listed): Judged[] {
  const view = viewFor(context);
  if (view === undefined || view.cluster.api.vnetIntegration === true) return [];
  if (String(view.cluster.outboundType).toLowerCase() !== 'userdefinedrouting') return [];
  const addresses = view.firewalls
    .flatMap(({ publicIps }) => publicIps.filter(isKey))
    .flatMap((key) => view.publicIps.get(key)?.address ?? []);
  const missing = rangesOf(addresses).filter(
    (own) => !items.some(({ range }) => range !== undefined && isWithin(own, range)),
  );
  if (missing.length === 0) return [];
  const text = missing.flatMap(formatRange).join(', ');
  const message = `nodes leave by the firewall with ${text}, which the list does not hold: they lose the API server`;
  return [{ where, state: 'WARN', message, evidence, detail: 'firewall' }];
}

function fix(context: ControlContext, { where }: Judged): Fix | undefined {
  const found = managedClustersOf(context).find(({ cluster }) => cluster.key === where.id);
  if (found === undefined) return undefined;
  const { resource, cluster } = found;
  const { items } = authorizedRangesOf(context, found);
  const admins = (context.settings.adminRanges ?? []).flatMap(formatRange);
  const good = items.filter(({ fault }) => fault === undefined).map(({ text }) => text);
  const ranges = [...new Set([...good, ...admins])];
  const summary = `let in only the ranges of administrators to the API server of ${quoted(cluster.name)}`;
  const steps = [
    'list the public addresses of administrators, of pipelines, and of the firewall or NAT gateway that nodes leave by',
    `\`aks update ${azTarget(resource.id)} --api-server-authorized-ip-ranges RANGES\``,
  ];
  if (ranges.length === 0) return { summary, automatic: false, changes: [], steps };
  const path = ['properties', 'apiServerAccessProfile', 'authorizedIPRanges'];
  const command = `aks update ${azTarget(resource.id)} --api-server-authorized-ip-ranges ${ranges.join(',')}`;
  const isLeft = /^loadBalancer$/i.test(String(cluster.outboundType));
  return {
    summary,
    automatic: isLeft && admins.length > 0,
    changes: [{ kind: 'edit-azure', resource: resource.id, edits: [{ op: 'set', path, value: ranges }], command }],
    steps: isLeft ? [] : ['add the address of the firewall or NAT gateway that nodes leave by'],
  };
}

export const apiNet002: Control = { data, assess, fix };
