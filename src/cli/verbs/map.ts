import { onlyPodPolicy } from '#analysis/analysis.ts';
import { withFrontDoors } from '#analysis/map/front-doors.ts';
import { mapOf } from '#analysis/map/map.ts';
import type { MapAnswer } from '#model/answers.ts';
import { analysed, refuseUnknownNamespaces, scopeNamed } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { MapFlags } from '../commands/map.ts';
import type { CliContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput } from '../input.ts';
import { settingsOf } from '../settings.ts';

export async function runMap(context: CliContext, flags: MapFlags, paths: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/map/v1', flags);
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
  await printAnswer({ context, flags }, answer);
  return exitCodeOf({ unknown: isOpen(answer), diagnostics: answer.diagnostics }, settings.allowUnknown);
}

function isOpen({ connections }: MapAnswer): boolean {
  return connections.some(({ unknown }) => unknown.length > 0);
}
