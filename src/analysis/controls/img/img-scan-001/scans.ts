import type { ClusterObject, Written } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { entriesAt, listAt, type PlainObject, type PlainValue, plainAt, textAt, textsAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey } from '../../context.ts';
import { parseImage, taggedOf } from '../image.ts';

/** What a scanner found in one image. */
export interface ImageScan {
  /** `trivy-report`, `cyclonedx`, `sarif`, `VulnerabilityReport` */
  readonly form: string;
  /** As the scanner names the image. */
  readonly name: string;
  /** `docker.io/library/nginx:1.27` */
  readonly tagged: ReadonlySet<string>;
  /** `sha256:…` of manifests, and of configurations. */
  readonly digests: ReadonlySet<string>;
  readonly vulnerabilities: readonly Vulnerability[];
  readonly origin: Origin;
}

export interface Vulnerability {
  readonly id: string;
  readonly severity: 'critical' | 'high' | 'other';
  readonly packageName: string;
  /** The version that mends it; absent where there is none yet, or where the scanner does not say. */
  readonly fixedIn?: string;
}

const SCANS = onceKey<readonly ImageScan[]>('scans of images');

/** Everything in the input that a scanner of images wrote. */
export function scansIn(context: ControlContext): readonly ImageScan[] {
  return context.once(SCANS, ({ snapshot, objects }) => [
    ...snapshot.documents.flatMap((document) => {
      switch (document.shape) {
        case 'trivy-report':
          return [trivyScan(document)];
        case 'cyclonedx':
          return cycloneScan(document);
        case 'sarif':
          return sarifScans(document);
        case 'kubelet-configz':
        case 'github-workflow':
        case 'azure-pipeline':
          return [];
      }
    }),
    ...objects.of('aquasecurity.github.io', 'VulnerabilityReport').map(operatorScan),
  ]);
}

interface Names {
  readonly names: readonly (string | undefined)[];
  readonly digests?: readonly (string | undefined)[];
}

/** Names that images go by; of those with a digest, the digest too. */
function namesOf({ names, digests = [] }: Names): Pick<ImageScan, 'tagged' | 'digests'> {
  const images = names.flatMap((name) => parseImage(name ?? '') ?? []);
  const own = images.flatMap(({ digest }) => digest ?? []);
  return {
    tagged: new Set(images.filter(({ tag, digest }) => tag !== undefined || digest === undefined).map(taggedOf)),
    digests: new Set([...own, ...digests.flatMap((text) => /sha256:[0-9a-f]{64}/.exec(text ?? '')?.[0] ?? [])]),
  };
}

function severityOf(text: string | undefined): Vulnerability['severity'] {
  const lower = text?.toLowerCase();
  return lower === 'critical' || lower === 'high' ? lower : 'other';
}

/** The worst first; one that concerns several packages counts once for each. */
function vulnerabilityOf(
  id: string | undefined,
  severity: string | undefined,
  rest: { readonly packageName?: string | undefined; readonly fixedIn?: string | undefined },
): Vulnerability {
  const fixedIn = rest.fixedIn === '' ? undefined : rest.fixedIn;
  return {
    id: id ?? '',
    severity: severityOf(severity),
    packageName: rest.packageName ?? '',
    ...(fixedIn !== undefined && { fixedIn }),
  };
}

// ---------------------------------------------------------------- Trivy

function trivyScan({ value, origin }: Written<PlainObject>): ImageScan {
  const name = textAt(value, 'ArtifactName') ?? '';
  const found = listAt(value, 'Results').flatMap((result) => listAt(result, 'Vulnerabilities'));
  return {
    form: 'trivy-report',
    name,
    origin,
    ...namesOf({
      names: [name, ...textsAt(value, 'Metadata', 'RepoTags'), ...textsAt(value, 'Metadata', 'RepoDigests')],
      digests: [textAt(value, 'Metadata', 'ImageID')],
    }),
    vulnerabilities: found.map((each) =>
      vulnerabilityOf(textAt(each, 'VulnerabilityID'), textAt(each, 'Severity'), {
        packageName: textAt(each, 'PkgName'),
        fixedIn: textAt(each, 'FixedVersion'),
      }),
    ),
  };
}

/** What the operator of Trivy keeps in the cluster. */
function operatorScan({ value, origin }: ClusterObject): ImageScan {
  const [server, repository, tag, digest] = [
    textAt(value, 'report', 'registry', 'server') ?? 'docker.io',
    textAt(value, 'report', 'artifact', 'repository') ?? '',
    textAt(value, 'report', 'artifact', 'tag'),
    textAt(value, 'report', 'artifact', 'digest'),
  ];
  const name = `${server}/${repository}${tag === undefined ? '' : `:${tag}`}`;
  return {
    form: 'VulnerabilityReport',
    name,
    origin,
    ...namesOf({ names: tag === undefined ? [] : [name], digests: [digest] }),
    vulnerabilities: listAt(value, 'report', 'vulnerabilities').map((each) =>
      vulnerabilityOf(textAt(each, 'vulnerabilityID'), textAt(each, 'severity'), {
        packageName: textAt(each, 'resource'),
        fixedIn: textAt(each, 'fixedVersion'),
      }),
    ),
  };
}

// ---------------------------------------------------------------- CycloneDX

/** Only what is about an image: a bill of materials of a program is not. */
function cycloneScan({ value, origin }: Written<PlainObject>): readonly ImageScan[] {
  const component = plainAt(value, 'metadata', 'component');
  if (textAt(component, 'type') !== 'container') return [];
  const name = textAt(component, 'name') ?? '';
  const version = textAt(component, 'version') ?? '';
  const properties = listAt(component, 'properties').map((property) => [
    textAt(property, 'name') ?? '',
    textAt(property, 'value') ?? '',
  ]);
  const named = (suffix: string) => properties.flatMap(([key, text]) => (key?.endsWith(suffix) ? [text] : []));
  const joined =
    version === '' || name.includes(':')
      ? name
      : version.startsWith('sha256:')
        ? `${name}@${version}`
        : `${name}:${version}`;
  return [
    {
      form: 'cyclonedx',
      name,
      origin,
      ...namesOf({
        names: [joined, ...named(':RepoTag'), ...named(':RepoDigest')],
        digests: [textAt(component, 'purl')?.replaceAll('%3A', ':').replaceAll('%3a', ':'), ...named(':ImageID')],
      }),
      vulnerabilities: listAt(value, 'vulnerabilities').filter(counts).map(cycloneVulnerability),
    },
  ];
}

/** What somebody looked at and found to be none (VEX). */
function counts(vulnerability: PlainValue): boolean {
  const state = textAt(vulnerability, 'analysis', 'state') ?? '';
  return !/^(?:not_affected|false_positive|resolved|resolved_with_pedigree)$/.test(state);
}

function cycloneVulnerability(vulnerability: PlainValue): Vulnerability {
  const ratings = listAt(vulnerability, 'ratings').map((rating) => textAt(rating, 'severity'));
  const severity = ratings.find((each) => each === 'critical') ?? ratings.find((each) => each === 'high');
  const recommendation = textAt(vulnerability, 'recommendation');
  return vulnerabilityOf(textAt(vulnerability, 'id'), severity, {
    packageName: textAt(listAt(vulnerability, 'affects')[0], 'ref'),
    fixedIn: /to version ([^\s;,]{1,80})/.exec(recommendation ?? '')?.[1],
  });
}

// ---------------------------------------------------------------- SARIF

/** One for each run that says which image it is about. */
function sarifScans({ value, origin }: Written<PlainObject>): readonly ImageScan[] {
  return listAt(value, 'runs').flatMap((run) => {
    const properties = plainAt(run, 'properties');
    const name = textAt(properties, 'imageName') ?? textAt(properties, 'image') ?? imageInResults(run);
    if (name === undefined) return [];
    const rules = new Map(listAt(run, 'tool', 'driver', 'rules').map((rule) => [textAt(rule, 'id') ?? '', rule]));
    return [
      {
        form: 'sarif',
        name,
        origin,
        ...namesOf({
          names: [name, ...textsAt(properties, 'repoTags'), ...textsAt(properties, 'repoDigests')],
          digests: [textAt(properties, 'imageID')],
        }),
        vulnerabilities: listAt(run, 'results').flatMap((result) => sarifVulnerability(result, rules)),
      },
    ];
  });
}

/** Grype names the image in the place of each result: `image:tag` as the file. */
function imageInResults(run: PlainValue): string | undefined {
  const driver = textAt(run, 'tool', 'driver', 'name') ?? '';
  if (!/grype|trivy|scout|snyk|clair/i.test(driver)) return undefined;
  for (const result of listAt(run, 'results')) {
    const full = listAt(result, 'locations').flatMap((location) =>
      listAt(location, 'logicalLocations').flatMap((logical) => textAt(logical, 'fullyQualifiedName') ?? []),
    )[0];
    const image =
      full === undefined
        ? undefined
        : /^([^@\s]{1,200}(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64}))(?:@|:\/|$)/.exec(full)?.[1];
    if (image !== undefined) return image;
  }
  return undefined;
}

function sarifVulnerability(result: PlainValue, rules: ReadonlyMap<string, PlainValue>): readonly Vulnerability[] {
  const id = textAt(result, 'ruleId') ?? '';
  const rule = rules.get(id);
  const score = Number(textAt(rule, 'properties', 'security-severity') ?? Number.NaN);
  const tag = textsAt(rule, 'properties', 'tags').find((text) => /^(?:critical|high)$/i.test(text));
  // Scores as code scanning takes them: from 9 critical, from 7 high.
  const severity = tag ?? (score >= 9 ? 'critical' : score >= 7 ? 'high' : 'other');
  if (!/^(?:CVE|GHSA|[A-Z]{2,6}SA?)-/.test(id) && severity === 'other') return [];
  const message = textAt(result, 'message', 'text') ?? '';
  return [
    vulnerabilityOf(/(?:CVE-\d{4}-\d{4,7}|GHSA(?:-\w{4}){3})/.exec(id)?.[0] ?? id, severity, {
      packageName: /Package: ([^\s]{1,100})/.exec(message)?.[1],
      fixedIn: /Fixed (?:Version|in)?:? ?v?(\d[^\s,]{0,80})/i.exec(message)?.[1],
    }),
  ];
}

// ---------------------------------------------------------------- joining

const RUNNING = onceKey<ReadonlyMap<string, ReadonlySet<string>>>('digests that run');

/** Digests that pods run, by the text that names the image in their containers. */
export function runningDigests(context: ControlContext): ReadonlyMap<string, ReadonlySet<string>> {
  return context.once(RUNNING, ({ objects }) => {
    const found = new Map<string, Set<string>>();
    for (const { value } of objects.of('', 'Pod')) {
      const byName = new Map(
        [...listAt(value, 'spec', 'containers'), ...listAt(value, 'spec', 'initContainers')].map((container) => [
          textAt(container, 'name'),
          textAt(container, 'image'),
        ]),
      );
      for (const [key, statuses] of entriesAt(value, 'status')) {
        if (!/^(?:c|initC)ontainerStatuses$/.test(key)) continue;
        for (const status of listAt({ statuses }, 'statuses')) {
          const image = byName.get(textAt(status, 'name'));
          const digest = /sha256:[0-9a-f]{64}/.exec(textAt(status, 'imageID') ?? '')?.[0];
          if (image === undefined || digest === undefined) continue;
          found.set(image, (found.get(image) ?? new Set()).add(digest));
        }
      }
    }
    return found;
  });
}

interface ScanIndex {
  readonly byDigest: ReadonlyMap<string, readonly ImageScan[]>;
  readonly byTagged: ReadonlyMap<string, readonly ImageScan[]>;
}

const INDEX = onceKey<ScanIndex>('index of scans');

function indexOf(context: ControlContext): ScanIndex {
  return context.once(INDEX, () => ({
    byDigest: grouped(scansIn(context), ({ digests }) => digests),
    byTagged: grouped(scansIn(context), ({ tagged }) => tagged),
  }));
}

function grouped(
  scans: readonly ImageScan[],
  keysOf: (scan: ImageScan) => ReadonlySet<string>,
): ReadonlyMap<string, readonly ImageScan[]> {
  const pairs = scans.flatMap((scan) => [...keysOf(scan)].map((key) => ({ key, scan })));
  return new Map([...Map.groupBy(pairs, ({ key }) => key)].map(([key, found]) => [key, found.map(({ scan }) => scan)]));
}

/** Scans of what an image text names: by the digests that run or are named, else by its tag. */
export function scansOf(context: ControlContext, text: string): readonly ImageScan[] {
  const image = parseImage(text);
  if (image === undefined) return [];
  const { byDigest, byTagged } = indexOf(context);
  const digests = image.digest === undefined ? [...(runningDigests(context).get(text) ?? [])] : [image.digest];
  const exact = [...new Set(digests.flatMap((digest) => byDigest.get(digest) ?? []))];
  return exact.length > 0 || image.digest !== undefined ? exact : (byTagged.get(taggedOf(image)) ?? []);
}
