import { POLICY_FORM } from '#analysis/filter-forms.ts';
import { policiesOf } from '#analysis/policies/policies.ts';
import { analysed, isIn, refuseUnknownNamespaces } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { PoliciesFlags } from '../commands/questions.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { filterOf, kept } from '../filter.ts';
import { readInput } from '../input.ts';
import { settingsOf } from '../settings.ts';

export async function runPolicies(
  context: CliContext,
  flags: PoliciesFlags,
  paths: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/policies/v1', flags);
  const filter = filterOf(flags.filter, POLICY_FORM);
  const settings = await settingsOf(context, flags, paths);
  const { snapshot } = await readInput({ context, flags, settings, findsAzure: true }, paths);
  const analysis = analysed(snapshot, settings);
  refuseUnknownNamespaces(analysis, settings);
  const namespaces = new Set(settings.namespaces);
  const all = policiesOf(analysis);
  // A cluster-wide policy belongs to every namespace in which it selects something.
  const policies = all.policies.filter(({ namespace, selects }) =>
    namespace === ''
      ? namespaces.size === 0 || selects.some((id) => isIn(namespaces, id))
      : isIn(namespaces, `${namespace}/`),
  );
  const answer = { ...all, policies: kept(policies, filter, POLICY_FORM) };
  await printAnswer({ context, flags }, answer, 'warnings');
  return exitCodeOf({ diagnostics: answer.diagnostics }, settings.allowUnknown);
}
