import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, ControlState, Evidence, Judged } from '#model/control.ts';
import { isPlainList } from '#model/plain.ts';
import {
  AKS_GRACE_DAYS,
  AKS_LONG_TERM_DAYS,
  ISTIO_ENDED,
  ISTIO_ENDING,
  KUBELET_SKEW,
  KUBERNETES_ENDS,
} from '../../../../data/controls/kubernetes-versions.ts';
import { assessmentOf, CLUSTER, placeOf, plain } from '../../assessment.ts';
import { evidenceOf, managedClustersOf, placeOfResource, settingAt, unknownOf, wordOf } from '../../azure-facts.ts';
import { isAksCluster } from '../../azure-signs.ts';
import { kubernetesVersionsIn, type SeenVersion } from '../../cluster-version.ts';
import type { ControlContext } from '../../context.ts';
import { daysBetween } from '../../days.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import type { Image } from '../image.ts';
import { type OwnedImage, ownedImages } from '../owned-images.ts';
import { endOfImage } from './image-age.ts';

export function assessPatches(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context).map(({ resource }) => resource);
  const places = [
    ...clusters.flatMap((resource) => judgeCluster(context, resource)),
    ...judgeNodes(context, clusters),
    ...ownedImages(context).flatMap(({ owner, images }) => judgeImages(context, owner, images)),
  ];
  const shown = kubernetesVersionsIn(context).length > 0;
  const absent = plain('NA', 'the input has no workload outside of the namespaces of the platform, and no cluster');
  if (shown || (places.length === 0 && context.podOwners.length === 0)) return assessmentOf(places, absent, words);
  return assessmentOf([...places, VERSION_OPEN], absent, words);
}

function words(count: number, state: ControlState): string {
  return `${count} ${count === 1 ? 'place' : 'places'} ${SAID[state]}`;
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'with versions that nobody mends any more',
  PARTIAL: 'with versions that nobody mends any more',
  WARN: 'with versions that are mended not much longer, or not any more',
  PASS: 'with versions that are mended',
  UNKNOWN: 'of which the input does not show the version',
};

const VERSION_OPEN: Judged = {
  where: CLUSTER,
  detail: 'kubernetes',
  state: 'UNKNOWN',
  message:
    'which version of Kubernetes runs is not in the input: nodes of a live cluster show it, or `--azure` for AKS',
  evidence: [{ object: 'Node', field: 'status.nodeInfo.kubeletVersion' }],
};

// ---------------------------------------------------------------- Kubernetes

function judgeCluster(context: ControlContext, resource: AzureResource): readonly Judged[] {
  const version = kubernetesVersionsIn(context).find(
    ({ isNode, evidence }) => !isNode && evidence.object === resource.id,
  );
  const mesh = judgeMesh(resource);
  if (version === undefined) {
    const setting = settingAt(resource, 'properties', 'kubernetesVersion');
    const where = placeOfResource(resource);
    if (setting.state === 'unsettled') return [{ ...unknownOf(resource, setting), detail: 'kubernetes' }, ...mesh];
    const message = 'no version is named: it has the one that Azure gave when it was made';
    return [
      { where, detail: 'kubernetes', state: 'UNKNOWN', message, evidence: [evidenceOf(resource, setting)] },
      ...mesh,
    ];
  }
  const isLong = isLongTerm(resource);
  const judged = judgeVersion(context, version, { more: isLong ? AKS_LONG_TERM_DAYS : 0, grace: AKS_GRACE_DAYS });
  const channel = settingAt(resource, 'properties', 'autoUpgradeProfile', 'upgradeChannel');
  const word = wordOf(channel, 'none');
  const byHand = judged.state === 'PASS' && word === 'none';
  return [
    {
      where: placeOfResource(resource),
      detail: 'kubernetes',
      ...judged,
      ...(byHand && {
        state: 'WARN' as const,
        severity: 'low' as const,
        message: `${judged.message}, and nothing raises it but a person`,
      }),
      evidence: [...judged.evidence, evidenceOf(resource, channel)],
    },
    ...mesh,
  ];
}

function isLongTerm(resource: AzureResource): boolean {
  return wordOf(settingAt(resource, 'properties', 'supportPlan'), '') === 'akslongtermsupport';
}

type Word = Pick<Judged, 'state' | 'message' | 'evidence'>;

const SOON_DAYS = 60;

interface Support {
  /** How many days longer than its makers somebody mends it. */
  readonly more: number;
  /** How many days after that it depends on when a version was taken up. */
  readonly grace: number;
}

function judgeVersion({ today }: ControlContext, { version, minor, evidence }: SeenVersion, support: Support): Word {
  const oldest = Math.min(...KUBERNETES_ENDS.keys());
  const end = minor < oldest ? KUBERNETES_ENDS.get(oldest) : KUBERNETES_ENDS.get(minor);
  const base = { evidence: [evidence] };
  if (end === undefined) return { ...base, state: 'PASS', message: `Kubernetes ${version} is mended` };
  const left = daysBetween(today, end) + support.more;
  const longer = support.more > 0 ? ', and by Azure for a year more' : '';
  const until = `Kubernetes ${version} is mended by its makers until ${end}${longer}`;
  if (left >= SOON_DAYS) return { ...base, state: 'PASS', message: until };
  if (left >= 0) return { ...base, state: 'WARN', message: `${until}, which ends in ${left} days` };
  const since = `Kubernetes ${version} is not mended by its makers since ${end}`;
  if (left + support.grace >= 0)
    return { ...base, state: 'WARN', message: `${since}, and support in Azure ends about now` };
  return { ...base, state: 'FAIL', message: `${since}${longer === '' ? '' : ', nor by Azure'}` };
}

/** Nodes by their version: a thousand of one version are one place. */
function judgeNodes(context: ControlContext, clusters: readonly AzureResource[]): readonly Judged[] {
  const isLong = clusters.some(isLongTerm);
  const isAks = clusters.length > 0 || isAksCluster(context).state === 'aks';
  const seen = kubernetesVersionsIn(context);
  const nodes = seen.filter(({ isNode }) => isNode);
  const newest = Math.max(...seen.map(({ minor }) => minor));
  return [...Map.groupBy(nodes, ({ minor }) => minor)].map(([minor, some]) => {
    const judged = judgeVersion(context, some[0]!, {
      more: isLong ? AKS_LONG_TERM_DAYS : 0,
      grace: isAks ? AKS_GRACE_DAYS : 0,
    });
    const count = some.length === 1 ? `${some[0]!.what} has` : `${some.length} nodes have`;
    const isBehind = newest - minor > KUBELET_SKEW;
    return {
      where: CLUSTER,
      detail: `nodes 1.${minor}`,
      state: isBehind ? ('FAIL' as const) : judged.state,
      message: isBehind
        ? `${count} Kubernetes 1.${minor}, which does not go with 1.${newest} any more`
        : `of ${some.length === 1 ? some[0]!.what : `${some.length} nodes`}: ${judged.message}`,
      evidence: some.slice(0, SHOWN).map(({ evidence }) => evidence),
    };
  });
}

const SHOWN = 5;

// ---------------------------------------------------------------- Istio

/** `asm-1-27`, as the add-on names its revisions. */
function judgeMesh(resource: AzureResource): readonly Judged[] {
  const setting = settingAt(resource, 'properties', 'serviceMeshProfile', 'istio', 'revisions');
  if (setting.state !== 'value' || !isPlainList(setting.value)) return [];
  return setting.value.flatMap((revision) => {
    const minor = /^asm-1-(\d{1,3})$/.exec(String(revision))?.[1];
    if (minor === undefined) return [];
    const judged = judgeIstio(Number(minor), [evidenceOf(resource, setting)]);
    return [{ where: placeOfResource(resource), detail: `istio ${String(revision)}`, ...judged }];
  });
}

function judgeIstio(minor: number, evidence: readonly Evidence[]): Word {
  if (minor <= ISTIO_ENDED)
    return { state: 'FAIL', message: `Istio 1.${minor} is mended by nobody any more`, evidence };
  if (minor <= ISTIO_ENDING)
    return { state: 'WARN', message: `Istio 1.${minor} is mended, if at all, by who packages it`, evidence };
  return { state: 'PASS', message: `Istio 1.${minor} is mended`, evidence };
}

// ---------------------------------------------------------------- images

function judgeImages(context: ControlContext, owner: PodOwner, images: readonly OwnedImage[]): readonly Judged[] {
  const base = { where: placeOf(owner.object), endpoints: [owner.endpoint] };
  return images.flatMap(({ image, text, path }): Judged[] => {
    const istio = istioOf(image);
    const detail = `image ${text}`;
    if (istio !== undefined) return [{ ...base, detail, ...judgeIstio(istio, [seenAt(owner.object, path)]) }];
    const end = endOfImage(image);
    if (end === undefined) return [];
    const evidence = [seenAt(owner.object, path, `${end.name} ${end.cycle}: ${end.source}`)];
    const named = `\`${escapeControl(text)}\``;
    if (context.today <= end.until)
      return [
        { ...base, detail, state: 'PASS', message: `what is in ${named} is mended until ${end.until}`, evidence },
      ];
    const message = `${named} has ${end.name} ${end.cycle}, which is not mended since ${end.until}`;
    return [{ ...base, detail, state: 'WARN', message, evidence }];
  });
}

function istioOf({ repository, tag }: Image): number | undefined {
  if (!/(?:^|\/)(?:proxyv2|pilot|ztunnel)$/.test(repository)) return undefined;
  const minor = /^v?1\.(\d{1,3})(?:\.|-|$)/.exec(tag ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}
