import { escapeControl } from '#base/escape.ts';
import type { Assessment, ControlState, Evidence, Judged } from '#model/control.ts';
import { answeredOr, assessmentOf, placeOf, plain } from '../../assessment.ts';
import { evidenceOf, isOn, managedClustersOf, resourcesOfType, settingAt, wordOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { entrancesIn } from '../../shared.ts';
import { type OwnedImage, ownedImages } from '../owned-images.ts';
import { type ImageScan, scansIn, scansOf, type Vulnerability } from './scans.ts';

export const ID = 'IMG-SCAN-001';

export function assessScans(context: ControlContext): Assessment {
  const workloads = ownedImages(context).filter(({ images }) => images.length > 0);
  if (workloads.length === 0) return plain('NA', 'the input has no workload outside of the namespaces of the platform');
  if (scansIn(context).length === 0) return withoutScans(context);
  const places = workloads.map(({ owner, images }) => judge(context, owner, images));
  return assessmentOf(
    places,
    withoutScans(context),
    (count, state) => `${count} ${count === 1 ? 'workload' : 'workloads'} ${SAID[state]}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'on the internet with images that were not scanned, or can be broken into',
  PARTIAL: 'on the internet with images that were not scanned, or can be broken into',
  WARN: 'with images that were not scanned, or can be broken into',
  PASS: 'with images in which nothing grave was found',
};

/** Defender looks at images of registries and of nodes; what it found is in its own database. */
function withoutScans(context: ControlContext): Assessment {
  const plans = resourcesOfType(context, 'Microsoft.Security/pricings').filter(({ name }) => name === 'Containers');
  const plan = plans.find((each) => wordOf(settingAt(each, 'properties', 'pricingTier'), 'free') === 'standard');
  const sensor = managedClustersOf(context).find(
    ({ resource }) => isOn(settingAt(resource, ...SENSOR), false) === true,
  );
  const how = 'give what a scanner wrote with the input: a report of Trivy, CycloneDX or SARIF';
  if (plan !== undefined || sensor !== undefined)
    return plain('UNKNOWN', `Defender for Containers scans images, and what it found is not in the input: ${how}`, [
      plan === undefined
        ? evidenceOf(sensor!.resource, settingAt(sensor!.resource, ...SENSOR))
        : evidenceOf(plan, settingAt(plan, 'properties', 'pricingTier')),
    ]);
  return answeredOr(context, ID, `no scan of an image is in the input: ${how}`);
}

const SENSOR = ['properties', 'securityProfile', 'defender', 'securityMonitoring', 'enabled'] as const;

interface Seen {
  readonly image: OwnedImage;
  readonly scans: readonly ImageScan[];
  readonly critical: readonly Vulnerability[];
  readonly high: readonly Vulnerability[];
}

function judge(context: ControlContext, owner: PodOwner, images: readonly OwnedImage[]): Judged {
  const seen = images.map((image) => look(context, image));
  const entrances = entrancesOf(context, owner);
  const base = { where: placeOf(owner.object), endpoints: [owner.endpoint] };
  const from = entrances.length === 0 ? '' : `, and ${entrances[0]} leads to it`;
  const broken = seen.filter(({ critical }) => critical.length > 0);
  if (broken.length > 0)
    return {
      ...base,
      state: entrances.length > 0 ? 'FAIL' : 'WARN',
      severity: entrances.length > 0 ? 'critical' : 'high',
      message: `${countText(
        broken.flatMap(({ critical }) => critical),
        'critical',
      )} that a newer version mends${from}`,
      evidence: broken.flatMap((each) => evidenceOfSeen(each, each.critical)),
    };
  const unseen = seen.filter(({ scans }) => scans.length === 0);
  if (unseen.length > 0)
    return {
      ...base,
      state: entrances.length > 0 ? 'FAIL' : 'WARN',
      severity: entrances.length > 0 ? 'high' : 'medium',
      message: `no scan of ${unseen.map(({ image }) => `\`${escapeControl(image.text)}\``).join(', ')} is in the input${from}`,
      evidence: unseen.map(({ image }) => seenAt(owner.object, image.path, 'no scan is of this name or digest')),
    };
  const weak = seen.filter(({ high }) => high.length > 0);
  if (weak.length > 0)
    return {
      ...base,
      state: 'WARN',
      severity: entrances.length > 0 ? 'high' : 'medium',
      message: `${countText(
        weak.flatMap(({ high }) => high),
        'high',
      )} that a newer version mends${from}`,
      evidence: weak.flatMap((each) => evidenceOfSeen(each, each.high)),
    };
  return {
    ...base,
    state: 'PASS',
    message: 'its images were scanned, and nothing grave that could be mended was found',
    evidence: seen.flatMap((each) => evidenceOfSeen(each, [])),
  };
}

function look(context: ControlContext, image: OwnedImage): Seen {
  const scans = scansOf(context, image.text);
  const fixable = scans
    .flatMap(({ vulnerabilities }) => vulnerabilities)
    .filter(({ fixedIn }) => fixedIn !== undefined);
  const of = (severity: Vulnerability['severity']) => [
    ...new Map(
      fixable.filter((each) => each.severity === severity).map((each) => [`${each.id} ${each.packageName}`, each]),
    ).values(),
  ];
  return { image, scans, critical: of('critical'), high: of('high') };
}

function countText(found: readonly Vulnerability[], severity: string): string {
  const ids = [...new Set(found.map(({ id }) => id))];
  const [first] = ids;
  if (ids.length === 1) return `it has the ${severity} vulnerability ${escapeControl(first ?? '')}`;
  return `it has ${ids.length} ${severity} vulnerabilities (${ids.slice(0, 3).map(escapeControl).join(', ')}${ids.length > 3 ? ', …' : ''})`;
}

const SHOWN = 5;

function evidenceOfSeen({ image, scans }: Seen, found: readonly Vulnerability[]): readonly Evidence[] {
  const at = seenAt(image.owner.object, image.path);
  const scan = scans[0];
  const reports: readonly Evidence[] =
    scan === undefined ? [] : [{ object: `scan of ${scan.name}`, value: scan.form, origin: scan.origin }];
  const each = found.slice(0, SHOWN).map(
    ({ id, packageName, fixedIn }): Evidence => ({
      object: `scan of ${scan?.name ?? image.text}`,
      field: id,
      value: packageName,
      why: `is mended in ${fixedIn ?? 'none'}`,
      ...(scan !== undefined && { origin: scan.origin }),
    }),
  );
  return [at, ...reports, ...each];
}

const ENTRANCES = onceKey<ReadonlyMap<string, readonly string[]>>('addresses that lead to workloads');

/** Parts of a workload are one place here. */
function entrancesOf(context: ControlContext, { endpoint }: PodOwner): readonly string[] {
  const byOwner = context.once(ENTRANCES, () => {
    const found = new Map<string, string[]>();
    for (const [to, exposures] of entrancesIn(context)) {
      const owner = to.split('#')[0]!;
      found.set(owner, [...(found.get(owner) ?? []), ...exposures.map(({ at }) => at)]);
    }
    return found;
  });
  return byOwner.get(endpoint) ?? [];
}
