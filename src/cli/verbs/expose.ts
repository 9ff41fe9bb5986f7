import { exposeOf } from '#analysis/exposure/expose.ts';
import { EXPOSURE_FORM } from '#analysis/filter-forms.ts';
import type { ExposeAnswer } from '#model/answers.ts';
import { isNothing } from '#report/words.ts';
import { analysed, isIn, refuseUnknownNamespaces } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { ExposeFlags } from '../commands/questions.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { filterOf, kept } from '../filter.ts';
import { readInput } from '../input.ts';
import { settingsOf } from '../settings.ts';

export async function runExpose(context: CliContext, flags: ExposeFlags, paths: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/expose/v1', flags);
  const filter = filterOf(flags.filter, EXPOSURE_FORM);
  const settings = await settingsOf(context, flags, paths);
  const { snapshot } = await readInput({ context, flags, settings, findsAzure: true }, paths);
  const analysis = analysed(snapshot, settings, { waysIn: true });
  refuseUnknownNamespaces(analysis, settings);
  const answer: ExposeAnswer = {
    schema: 'ringfence.dev/expose/v1',
    engine: analysis.entry,
    ...within(exposeOf(analysis.engine), new Set(settings.namespaces)),
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
  const exposures = kept(answer.exposures, filter, EXPOSURE_FORM);
  const unfiltered = flags.filter === undefined ? {} : { unfiltered: answer.exposures.length };
  await printAnswer({ context, flags }, { ...answer, exposures, ...unfiltered }, 'warnings');
  return exitCodeOf({ unknown: isOpen(answer), diagnostics: answer.diagnostics }, settings.allowUnknown);
}

type Exposed = Pick<ExposeAnswer, 'exposures' | 'reach' | 'potential'>;

function within({ exposures, reach, potential }: Exposed, namespaces: ReadonlySet<string>): Exposed {
  return {
    exposures: exposures.filter(({ to }) => isIn(namespaces, to)),
    reach: reach.filter(({ from, to }) => isIn(namespaces, from) || isIn(namespaces, to)),
    potential: potential.filter(({ endpoint }) => isIn(namespaces, endpoint)),
  };
}

function isOpen({ exposures, reach }: ExposeAnswer): boolean {
  return exposures.some(({ verdict }) => verdict === 'unknown') || reach.some(({ unknown }) => !isNothing(unknown));
}
