import type { Diagnostic } from '#model/diagnostic.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { aroundOneCluster } from './azure/one-cluster.ts';
import { readEstate } from './azure/read-estate.ts';
import type { SourceText } from './text/node.ts';

/** Documents of the cloud around a cluster. */
export interface CloudTexts {
  readonly azure: readonly SourceText[];
  /** Of `azure`, the files that a person named one by one: variables and parameters are taken from those. */
  readonly named: readonly string[];
  /** What went wrong while they were fetched. */
  readonly problems: readonly Diagnostic[];
  /** Which of several clusters the manifests are of. */
  readonly cluster?: string | undefined;
}

/** What is read of the cloud does not depend on the manifests: it can be kept while they change. */
export interface Cloud extends Pick<Snapshot, 'azure' | 'diagnostics'> {
  readonly files: readonly string[];
}

export function readCloud({ azure, named, problems, cluster }: CloudTexts): Cloud {
  const isOfTerraform = (name: string) => /\.tfvars(?:\.json)?$/i.test(name);
  const read = readEstate(azure, {
    variableFiles: named.filter(isOfTerraform),
    parameterFiles: named.filter((name) => !isOfTerraform(name)),
  });
  const { estate, diagnostics } = aroundOneCluster(read.estate, cluster);
  return {
    azure: estate,
    diagnostics: [...problems, ...read.diagnostics, ...diagnostics],
    files: azure.map(({ file }) => file),
  };
}

export function withCloud(snapshot: Snapshot, { azure, diagnostics, files }: Cloud): Snapshot {
  return {
    ...snapshot,
    azure,
    files: new Map([...snapshot.files, ...files.map((file): [string, number] => [file, 1])]),
    diagnostics: [...snapshot.diagnostics, ...diagnostics],
  };
}
