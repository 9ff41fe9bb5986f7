import { toldControls } from '#analysis/controls/told.ts';
import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import type { ControlsAnswer, ToldControl } from '#model/scan.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { ControlsFlags } from '../commands/controls.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { didYouMean, Refusal } from '../refusal.ts';
import { exportControls } from './export-controls.ts';

export async function runControls(
  context: CliContext,
  flags: ControlsFlags,
  ids: readonly string[],
): Promise<ExitCode> {
  formatOf('ringfence.dev/controls/v1', flags);
  const all = toldControls();
  const named = new Set(ids.flatMap((id) => controlsNamed(all, id)));
  const chosen = all.filter((control) => (ids.length === 0 || named.has(control)) && isAskedFor(control, flags));
  if (chosen.length === 0) throw new Refusal('no framework that was named asks for these controls');
  if (flags.export !== undefined) {
    const isAll = ids.length === 0 && flags.framework === undefined;
    return exportControls(context, { ...flags, export: flags.export }, isAll ? [] : chosen.map(({ id }) => id));
  }
  const answer: ControlsAnswer = { schema: 'ringfence.dev/controls/v1', controls: chosen };
  await printAnswer({ context, flags }, answer);
  return EXIT.ok;
}

/** By its id, or by how that begins: `NET-POL`. */
function controlsNamed(all: readonly ToldControl[], name: string): readonly ToldControl[] {
  const asked = name.toUpperCase().replace(/-$/, '');
  const found = all.filter(({ id }) => id === asked || id.startsWith(`${asked}-`));
  if (found.length > 0) return found;
  const near = didYouMean(
    nearest(
      asked,
      all.map(({ id }) => id),
    ),
  );
  throw new Refusal(
    `\`${escapeControl(name)}\` is not a control`,
    near === '' ? '`controls` lists every control' : near,
  );
}

function isAskedFor({ frameworks }: ToldControl, { framework }: ControlsFlags): boolean {
  return framework === undefined || frameworks.some((each) => framework.includes(each.framework));
}
