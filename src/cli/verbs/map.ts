import { onlyPodPolicy } from '#analysis/analysis.ts';
import { matchesFilter } from '#analysis/filter.ts';
import { CONNECTION_FORM } from '#analysis/filter-forms.ts';
import { withFrontDoors } from '#analysis/map/front-doors.ts';
import { mapOf } from '#analysis/map/map.ts';
import { narrowedMap } from '#analysis/map/narrow.ts';
import type { Connection, MapAnswer } from '#model/answers.ts';
import { analysed, refuseUnknownNamespaces, scopeNamed } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { MapFlags } from '../commands/map.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { filterOf } from '../filter.ts';
import { readInput } from '../input.ts';
import { settingsOf } from '../settings.ts';

export async function runMap(context: CliContext, flags: MapFlags, paths: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/map/v1', flags);
  const filter = filterOf(flags.filter, CONNECTION_FORM);
  const scope = scopeNamed(flags.protocol ?? []);
  const settings = await settingsOf(context, flags, paths);
  const { snapshot } = await readInput({ context, flags, settings, findsAzure: true }, paths);
  const whole = analysed(snapshot, settings);
  const analysis = flags.layer === 'policy' ? onlyPodPolicy(whole) : whole;
  refuseUnknownNamespaces(analysis, settings);
  const { namespaces } = settings;
  const map = mapOf(analysis, {
    namespaces,
    scope,
    ...(flags.fold !== undefined && { fold: flags.fold }),
    encryption: flags.encryption === true,
  });
  const answer = flags.ingress === true && flags.layer === undefined ? withFrontDoors(analysis, map) : map;
  const keeps = (connection: Connection) => matchesFilter(filter, CONNECTION_FORM.of(connection));
  await printAnswer({ context, flags }, flags.filter === undefined ? answer : narrowedMap(answer, keeps));
  return exitCodeOf({ unknown: isOpen(answer), diagnostics: answer.diagnostics }, settings.allowUnknown);
}

function isOpen({ connections }: MapAnswer): boolean {
  return connections.some(({ unknown }) => unknown.length > 0);
}
