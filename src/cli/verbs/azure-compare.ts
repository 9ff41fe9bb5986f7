import { compareNamed } from '#analysis/azure/compare.ts';
import { escapeControl } from '#base/escape.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { formatOf, printAnswer } from '../answer.ts';
import { readAzure } from '../azure-input.ts';
import type { CompareFlags } from '../commands/azure.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { refuseName } from '../input.ts';
import { progressOn } from '../progress.ts';
import { Refusal } from '../refusal.ts';
import { type Settings, settingsOf } from '../settings.ts';

export async function runCompare(
  context: CliContext,
  flags: CompareFlags,
  names: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/azure-compare/v1', flags);
  const settings = await settingsOf(context, { ...flags, ...NO_MANIFESTS });
  context.progress = progressOn(context.surroundings.err, flags.quiet === true);
  const [before = '', after = ''] = names;
  const head = await estateOf(context, settings);
  const base = flags.azureBase === undefined ? head : await estateOf(context, { ...settings, azure: flags.azureBase });
  const result = compareNamed({ estate: base.estate, name: before }, { estate: head.estate, name: after });
  if (result.kind === 'problem') throw refuseName(escapeControl(result.message), result.near);
  const diagnostics = base === head ? head.diagnostics : [...base.diagnostics, ...head.diagnostics];
  const answer = { ...result.answer, diagnostics };
  await printAnswer({ context, flags }, answer, 'errors');
  const { equal, witnesses } = answer;
  return exitCodeOf({ care: witnesses.length > 0, unknown: !equal, diagnostics }, settings.allowUnknown);
}

const NO_MANIFESTS = {
  engine: undefined,
  namespace: undefined,
  podCidr: undefined,
  kustomize: undefined,
  staged: undefined,
} as const;

interface Estate {
  readonly estate: AzureEstate;
  readonly diagnostics: readonly Diagnostic[];
}

async function estateOf(context: CliContext, settings: Settings): Promise<Estate> {
  const read = await readAzure({ context, settings }, []);
  if (read === undefined)
    throw new Refusal('nothing to compare in', 'name templates, exports or Terraform with --azure');
  const { estate, diagnostics } = aroundOneCluster(read.estate, settings.azureCluster);
  // Groups are compared without a cluster too; firewalls say themselves that they need one.
  const needed = diagnostics.filter(({ code }) => code !== 'RF5110');
  return { estate, diagnostics: [...read.diagnostics, ...needed] };
}
