import { type Analysis, analyseSnapshot } from '#analysis/analysis.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { egressOf } from '#analysis/egress/egress.ts';
import { exposeOf } from '#analysis/exposure/expose.ts';
import { namesIn } from '#analysis/invariants/names.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { mapOf } from '#analysis/map/map.ts';
import { worldForNames } from '#analysis/path/names.ts';
import { scanOf } from '#analysis/scan/scan.ts';
import { parseCidr } from '#base/address.ts';
import type { BlueprintAnswer } from '#model/blueprint.ts';
import { type ControlSettings, NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { readControlSettings } from '#parse/control-settings.ts';
import { readInvariants } from '#parse/invariants.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import { type Choices, PAID_FEATURES, type PaidFeature } from '../choices/choices.ts';
import { engineOf } from './settings.ts';

export interface ProofParts {
  readonly choices: Choices;
  /** What is read of the environment: cluster and stand-ins, the cloud in one form, settings and invariants. */
  readonly files: ReadonlyMap<string, string>;
  /** The day on which dates are judged, `2026-11-21`. */
  readonly today: string;
  readonly version: string;
}

/** Reads a blueprint's own texts as anybody would, and asks of them everything that it promises. */
export function prove({ choices, files, today, version }: ProofParts): BlueprintAnswer {
  const sources = [...files].map(([file, text]): SourceText => ({ file, text }));
  const read = readTexts(choices, sources);
  const { invariants: promises } = readInvariants(sources.filter(isManifest));
  const analysis = analyseSnapshot(read.snapshot, {
    engine: engineOf(choices),
    podRanges: [parseCidr(choices.addresses.pods)!.cidr],
    world: worldForNames(namesIn(promises), read.snapshot.azure),
    waysIn: true,
  });
  const context = contextFor({ analysis, settings: settingsIn(sources), today, kind: 'manifests' });
  const scan = scanOf(context, { controls: CONTROLS, version, taken: `${today}T00:00:00.000Z` });
  const { exposures } = exposeOf(analysis.engine);
  const { cluster, required, unneeded, disagreements } = egressOf(analysis);
  const { invariants } = testOf(analysis, promises);
  return {
    schema: 'ringfence.dev/blueprint-proof/v1',
    engine: analysis.entry,
    paid: paidFeatures(choices),
    controls: scan.controls.map(({ id, title, severity, state, why }) => ({ id, title, severity, state, why })),
    findings: scan.findings.map(({ control, where, message, suppressed }) => ({
      control,
      where: where.id,
      message,
      accepted: suppressed === null ? null : { reason: suppressed.reason, owner: suppressed.owner },
    })),
    invariants: invariants.map(({ name, state, why }) => ({ name, state, why })),
    exposures: exposures.map(({ scope, through, at, to, verdict }) => ({ scope, through, at, to, verdict })),
    egress: {
      asked: cluster !== undefined,
      required: required.map(({ destination, protocol, port, feature, need, verdict }) => ({
        destination,
        protocol,
        port,
        feature,
        need,
        verdict,
      })),
      unneeded: unneeded.map(({ rule }) => rule),
      disagreements: disagreements.map(({ state, from, to }) => ({ state, from, to })),
    },
    connections: connectionsOf(analysis),
    errors: errorsOf([...read.diagnostics, ...scan.diagnostics]),
    internalErrors: scan.internalErrors,
  };
}

function paidFeatures({ paid }: Choices): BlueprintAnswer['paid'] {
  return PAID_FEATURES.map((feature) => ({ feature, chosen: paid[feature], lost: LOST[feature] }));
}

/** In words; the controls that then fail are told apart. */
const LOST: Readonly<Record<PaidFeature, string>> = {
  ddosProtection:
    'floods of public addresses are held back by what Azure does for everybody, and by nothing that is tuned',
  firewallPremium: 'the firewall does not look for intrusions in what it lets through',
  defender: 'nobody is told of threats while workloads run',
  bastion: 'administrators need another private way to the cluster',
  flowLogs: 'what flowed in the networks cannot be read afterwards',
  customerManagedKeys: 'disks and Secrets are encrypted with keys that Azure holds',
};

interface Read {
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/** Around a cluster beyond Azure no network of Azure is asked: it has no pools there. */
function readTexts({ platform }: Choices, sources: readonly SourceText[]): Read {
  const isCloud = ({ file }: SourceText) => file.startsWith('azure/');
  const builder = new SnapshotBuilder({ objects: true });
  for (const source of sources) if (!isCloud(source) && isManifest(source)) builder.add(source);
  const cloud = readEstate(sources.filter(isCloud));
  const around = aroundOneCluster(cloud.estate, undefined);
  return {
    snapshot: { ...builder.snapshot(), azure: around.estate },
    diagnostics: [...cloud.diagnostics, ...(platform === 'aks' ? around.diagnostics : [])],
  };
}

function isManifest({ file }: SourceText): boolean {
  return /\.ya?ml$/.test(file) && !/(?:^|\/)(?:kustomization|ringfence|blueprint)\.yaml$/.test(file);
}

/** Of `ringfence.yaml`; what it cannot be is held by a test of the writer. */
function settingsIn(sources: readonly SourceText[]): ControlSettings {
  const source = sources.find(({ file }) => file === 'ringfence.yaml');
  if (source === undefined) return NO_CONTROL_SETTINGS;
  const root = readDocuments(source).documents[0]?.root;
  const controls = root?.kind === 'map' ? root.entries.find(({ key }) => key === 'controls')?.value : undefined;
  if (controls === undefined) return NO_CONTROL_SETTINGS;
  return readControlSettings(source, controls, (_node, message) => {
    throw new Error(`our own ringfence.yaml: ${message}`);
  });
}

function connectionsOf(analysis: Analysis): BlueprintAnswer['connections'] {
  const { connections } = mapOf(analysis, { fold: 'always' });
  return connections.map(({ from, to, allowed, unknown }) => ({ from, to, allowed, unknown }));
}

function errorsOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return [...new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message))];
}
