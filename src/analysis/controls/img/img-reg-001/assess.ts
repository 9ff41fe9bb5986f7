import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, ControlState, Evidence, Judged, Together } from '#model/control.ts';
import { assessmentOf, placeOf, plain } from '../../assessment.ts';
import { evidenceOf, isOn, placeOfResource, resourcesOfType, settingAt, unknownOf, wordOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { type Image, repositoryOf } from '../image.ts';
import { type OwnedImage, ownedImages } from '../owned-images.ts';

export function assessRegistries(context: ControlContext): Assessment {
  const workloads = ownedImages(context).filter(({ images }) => images.length > 0);
  const places = [
    ...workloads.map(({ owner, images }) => judge(context, owner, images)),
    ...unstated(
      context,
      workloads.flatMap(({ images }) => images),
    ),
    ...acrOf(context).map(judgeAcr),
  ];
  return assessmentOf(
    places,
    plain('NA', 'the input has no workload outside of the namespaces of the platform'),
    (count, state) => `${count} ${count === 1 ? 'place' : 'places'} ${SAID[state]}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'with images or registries that are not to be trusted',
  PARTIAL: 'with images or registries that are not to be trusted',
  WARN: 'where what runs can change under its name',
  PASS: 'with images of trusted registries',
  UNKNOWN: 'with registries of which nothing says whether they are trusted',
};

function judge(context: ControlContext, owner: PodOwner, images: readonly OwnedImage[]): Judged {
  const base = { where: placeOf(owner.object), endpoints: [owner.endpoint] };
  const said = (some: readonly OwnedImage[], why?: string): readonly Evidence[] =>
    some.map(({ path }) => seenAt(owner.object, path, why));
  const names = (some: readonly OwnedImage[]) => some.map(({ text }) => `\`${escapeControl(text)}\``).join(', ');
  const foreign = images.filter(({ image }) => isTrusted(context, image) === false);
  if (foreign.length > 0)
    return {
      ...base,
      state: 'FAIL',
      message: `${names(foreign)} ${foreign.length === 1 ? 'is' : 'are'} of a registry that is not on the list of trusted ones`,
      evidence: said(foreign, 'is not in `controls.trustedRegistries`'),
    };
  const floating = images.filter(({ image }) => image.digest === undefined && (image.tag ?? 'latest') === 'latest');
  if (floating.length > 0)
    return {
      ...base,
      state: 'WARN',
      message: `${names(floating)} ${floating.length === 1 ? 'is' : 'are'} whatever was pushed last: nobody can say what runs`,
      evidence: said(floating, 'no version is named'),
      together: alike('images are whatever was pushed last in'),
    };
  const unpinned = images.filter(({ image }) => image.digest === undefined);
  if (unpinned.length > 0)
    return {
      ...base,
      state: 'WARN',
      severity: 'low',
      message: `${names(unpinned)} ${unpinned.length === 1 ? 'is' : 'are'} named by tag, which can be pushed again`,
      evidence: said(unpinned, 'no digest is named'),
      together: alike('images are named by tag, which can be pushed again, in'),
    };
  return { ...base, state: 'PASS', message: 'every image is named by its digest', evidence: said(images) };
}

function alike(before: string): Together {
  return { key: before, before, after: '', fix: ['name the images of', ' by their digests'] };
}

/** Undefined: nothing says. Without a list only the registries that are in the input are known. */
export function isTrusted(context: ControlContext, image: Image): boolean | undefined {
  const list = context.settings.trustedRegistries;
  if (list !== undefined) return list.some((entry) => isUnder(image, entry));
  return acrOf(context).some((resource) => loginServers(resource).includes(image.registry)) ? true : undefined;
}

/** `registry.example.com`, `registry.example.com/team`, `*.azurecr.io` */
function isUnder(image: Image, entry: string): boolean {
  const [host = '', ...path] = entry.toLowerCase().replace(/\/+$/, '').split('/');
  const isHost = host.startsWith('*.') ? image.registry.endsWith(host.slice(1)) : image.registry === host;
  if (!isHost || path.length === 0) return isHost;
  return `${repositoryOf(image)}/`
    .slice(image.registry.length + 1)
    .toLowerCase()
    .startsWith(`${path.join('/')}/`);
}

/** One place for each registry, so that one line of configuration answers for all of its images. */
function unstated(context: ControlContext, images: readonly OwnedImage[]): readonly Judged[] {
  const open = images.filter(({ image }) => isTrusted(context, image) === undefined);
  return [...Map.groupBy(open, ({ image }) => image.registry)].map(([registry, some]) => ({
    where: { kind: 'registry', namespace: '', name: registry, id: `registry/${registry}` },
    state: 'UNKNOWN',
    message: `whether \`${escapeControl(registry)}\` is to be trusted is not stated: \`controls.trustedRegistries\` would say so`,
    evidence: some.slice(0, SHOWN).map(({ owner, path }) => seenAt(owner.object, path)),
    endpoints: [...new Set(some.map(({ owner }) => owner.endpoint))],
  }));
}

const SHOWN = 5;

// ---------------------------------------------------------------- Azure Container Registry

function acrOf(context: ControlContext): readonly AzureResource[] {
  return resourcesOfType(context, 'Microsoft.ContainerRegistry/registries');
}

/** Without a name of its own it is that of the resource. */
function loginServers(resource: AzureResource): readonly string[] {
  const own = wordOf(settingAt(resource, 'properties', 'loginServer'), '');
  return [...(own === undefined || own === '' ? [] : [own]), `${resource.name.toLowerCase()}.azurecr.io`];
}

function judgeAcr(resource: AzureResource): Judged {
  const where = placeOfResource(resource);
  const [admin, anonymous, access, rule] = [
    settingAt(resource, 'properties', 'adminUserEnabled'),
    settingAt(resource, 'properties', 'anonymousPullEnabled'),
    settingAt(resource, 'properties', 'publicNetworkAccess'),
    settingAt(resource, 'properties', 'networkRuleSet', 'defaultAction'),
  ] as const;
  const bad = [
    ...(isOn(anonymous, false) === true ? ['lets everybody pull without signing in'] : []),
    ...(isOn(admin, false) === true ? ['has an administrator with a password that all share'] : []),
  ];
  const evidence = [admin, anonymous, access, rule].map((setting) => evidenceOf(resource, setting));
  if (bad.length > 0) return { where, state: 'FAIL', message: `it ${bad.join(' and ')}`, evidence };
  const open = [admin, anonymous, access, rule].find((setting) => setting.state === 'unsettled');
  if (open?.state === 'unsettled') return unknownOf(resource, open);
  const isPublic = wordOf(access, 'enabled') === 'enabled' && wordOf(rule, 'allow') === 'allow';
  if (isPublic) return { where, state: 'WARN', message: 'every address of the internet may ask it', evidence };
  return { where, state: 'PASS', message: 'it asks who pulls, and for few addresses only', evidence };
}
