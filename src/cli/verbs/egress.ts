import { egressOf } from '#analysis/egress/egress.ts';
import type { EgressAnswer, RequiredEndpoint } from '#model/egress.ts';
import { egressNotes } from '#report/text/egress.ts';
import { analysed, isIn, refuseUnknownNamespaces } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { EgressFlags } from '../commands/egress.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput } from '../input.ts';
import { Refusal } from '../refusal.ts';
import { settingsOf } from '../settings.ts';

export async function runEgress(context: CliContext, flags: EgressFlags, paths: readonly string[]): Promise<ExitCode> {
  const format = formatOf('ringfence.dev/egress/v1', flags);
  const settings = await settingsOf(context, flags, paths);
  const { snapshot } = await readInput({ context, flags, settings, findsAzure: true }, paths);
  if (snapshot.azure.resources.size === 0)
    throw new Refusal('the input has no cloud resources', 'name templates, exports or Terraform with --azure PATH');
  const analysis = analysed(snapshot, settings);
  refuseUnknownNamespaces(analysis, settings);
  const all = egressOf(analysis, flags.write === undefined ? {} : { write: flags.write });
  const answer = inNamespaces(all, new Set(settings.namespaces));
  await printAnswer({ context, flags }, answer, 'errors');
  if (format === 'text' && flags.write !== undefined && flags.quiet !== true) sayNotes(context, flags, answer);
  return exitCodeOf(
    { care: isBroken(answer), unknown: isOpen(answer), diagnostics: answer.diagnostics },
    settings.allowUnknown,
  );
}

/** What the network as a whole needs is told whatever the namespace. */
function inNamespaces(answer: EgressAnswer, namespaces: ReadonlySet<string>): EgressAnswer {
  if (namespaces.size === 0) return answer;
  const isAbout = (ids: readonly string[]) => ids.some((id) => isIn(namespaces, id));
  return {
    ...answer,
    disagreements: answer.disagreements.filter(({ state, from }) => state === 'azure-allows' || isAbout(from)),
    unlimited: answer.unlimited.filter((id) => isIn(namespaces, id)),
  };
}

/** On standard error, so that standard output can go to a file. */
function sayNotes(context: CliContext, flags: EgressFlags, answer: EgressAnswer): void {
  const { err, environment } = context.surroundings;
  const paint = err.paint(flags.color ?? 'auto', environment);
  err.say(`${egressNotes(answer, { paint, width: err.width }).join('\n')}\n`);
}

/** Something required is blocked, at least in part, or the layers disagree. */
function isBroken({ required, disagreements, flows }: EgressAnswer): boolean {
  return (
    required.some((each) => each.need === 'required' && isBlocked(each)) ||
    disagreements.some(({ state }) => state !== 'unknown') ||
    flows.some(({ state }) => state === 'FAIL')
  );
}

function isBlocked({ verdict }: RequiredEndpoint): boolean {
  return verdict === 'denied' || verdict === 'mixed';
}

function isOpen({ cluster, required, disagreements, flows }: EgressAnswer): boolean {
  return (
    cluster === undefined ||
    required.some(({ need, verdict }) => need !== 'optional' && verdict !== 'allowed') ||
    disagreements.some(({ state }) => state === 'unknown') ||
    flows.some(({ state }) => state === 'UNKNOWN')
  );
}
