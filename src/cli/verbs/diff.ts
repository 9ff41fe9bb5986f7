import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Analysis } from '#analysis/analysis.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { narrowableDiff } from '#analysis/diff/diff.ts';
import { matchesFilter } from '#analysis/filter.ts';
import { CHANGE_FORM } from '#analysis/filter-forms.ts';
import { namesIn } from '#analysis/invariants/names.ts';
import { worldForNames } from '#analysis/path/names.ts';
import { changedFindings } from '#analysis/scan/changed-findings.ts';
import { scanOf } from '#analysis/scan/scan.ts';
import { escapeControl } from '#base/escape.ts';
import type { DiffAnswer } from '#model/answers.ts';
import type { ChangedFindings, Finding, ScanAnswer } from '#model/scan.ts';
import { isNothing } from '#report/words.ts';
import { topOfRepository } from '#source/git-revision.ts';
import { analysed, isIn, scopeNamed } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import { CHOICES_FILE } from '../blueprint.ts';
import { FAIL_ON, type FailOn } from '../choices.ts';
import type { DiffFlags } from '../commands/questions.ts';
import type { CliContext } from '../context.ts';
import { againstDesign } from '../design.ts';
import { type ExitCode, exitCodeOf } from '../exit.ts';
import { filterOf } from '../filter.ts';
import { type Input, objectsOf, type Reading, readInput } from '../input.ts';
import { invariantsFor, together } from '../invariant-files.ts';
import { Refusal } from '../refusal.ts';
import { type Settings, settingsOf } from '../settings.ts';
import { VERSION } from '../version.ts';

export async function runDiff(context: CliContext, flags: DiffFlags, args: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/diff/v1', flags);
  const filter = filterOf(flags.filter, CHANGE_FORM);
  const scope = scopeNamed(flags.protocol ?? []);
  const designed = args.filter((arg) => isDesignFolder(context, arg)).map(folderOfChoices);
  const settings = await settingsOf(context, flags, designed.slice(0, 1));
  const withFindings = flags.noFindings !== true;
  const [base, head] = await readBoth(
    { context, flags, settings, objects: withFindings },
    { args, azureBase: flags.azureBase },
  );
  const { invariants, diagnostics } = await invariantsFor(context, {
    named: flags.invariants,
    settings,
    among: head.files,
  });
  const world = worldForNames(namesIn(invariants));
  const sides = [analysed(base.snapshot, settings, { world }), analysed(head.snapshot, settings, { world })] as const;
  const { diff, narrowed } = narrowableDiff(...sides, { scope, invariants });
  const findings = withFindings ? findingsBetween(context, sides, settings) : undefined;
  const more = { ...(findings !== undefined && { findings }), diagnostics: together(diff.diagnostics, diagnostics) };
  const answer = within({ ...diff, ...more }, settings);
  const printed =
    flags.filter === undefined
      ? answer
      : {
          ...within({ ...narrowed((change) => matchesFilter(filter, CHANGE_FORM.of(change))), ...more }, settings),
          unfiltered: answer.changes.length,
        };
  await printAnswer({ context, flags }, printed, 'errors');
  const care = (flags.failOn ?? FAIL_ON).some((what) => happened(answer, what));
  return exitCodeOf({ care, unknown: isOpen(answer), diagnostics: answer.diagnostics }, settings.allowUnknown);
}

interface Sides {
  readonly args: readonly string[];
  /** The Azure network around BASE, where it is another one than around HEAD. */
  readonly azureBase: readonly string[] | undefined;
}

async function readBoth(reading: Reading, { args, azureBase }: Sides): Promise<readonly [Input, Input]> {
  const [base = '', head = ''] = args.map(folderOfChoices);
  if (base === '-' && head === '-') throw new Refusal('BASE and HEAD cannot both be standard input');
  const folder = reading.context.surroundings.folder;
  const paths = [await pathOf(folder, base), await pathOf(folder, head)] as const;
  const { settings } = reading;
  const around = { ...settings, azure: azureBase ?? settings.azure };
  const before = await readInput({ ...reading, settings: around, mayBeEmpty: true }, [paths[0]]);
  // A folder that is new, or gone, is a difference; two that hold nothing are a slip.
  const after = await readInput({ ...reading, mayBeEmpty: objectsOf(before.snapshot) > 0 }, [paths[1]]);
  return againstDesign(reading, [before, after], paths);
}

/** The choices of a blueprint stand for its folder. */
function folderOfChoices(side: string): string {
  return basename(side) === CHOICES_FILE ? dirname(side) : side;
}

function isDesignFolder({ surroundings }: CliContext, side: string): boolean {
  return existsSync(resolve(surroundings.folder, folderOfChoices(side), CHOICES_FILE));
}

/** What is no file and no form of a PATH is a git revision of the current folder. */
async function pathOf(folder: string, side: string): Promise<string> {
  if (side === '-' || side.startsWith('git:') || /[*?[{]/.test(side) || existsSync(resolve(folder, side))) return side;
  const top = await topOfRepository({ cwd: folder });
  if (top === undefined) {
    throw new Refusal(
      `\`${escapeControl(side)}\` does not exist`,
      'it could be a git revision too, but the current folder is in no git repository',
    );
  }
  const inside = relative(top, folder).split('\\').join('/');
  return inside === '' ? `git:${side}` : `git:${side}:${inside}`;
}

/** Both sides are judged as of today, so that an acceptance that ended is no difference. */
function findingsBetween(
  context: CliContext,
  [base, head]: readonly [Analysis, Analysis],
  settings: Settings,
): ChangedFindings {
  const taken = new Date().toISOString();
  const scanned = (analysis: Analysis): ScanAnswer =>
    scanOf(contextFor({ analysis, settings: settings.controls, today: taken.slice(0, 10), kind: 'manifests' }), {
      controls: CONTROLS,
      version: VERSION,
      taken,
      onControl: (id) => id !== undefined && context.progress.show(`judging: ${id}`),
    });
  return changedFindings(scanned(base), scanned(head));
}

function happened({ changes, invariants }: DiffAnswer, what: FailOn): boolean {
  if (what === 'opened') return changes.some(({ opened }) => !isNothing(opened));
  if (what === 'closed') return changes.some(({ closed }) => !isNothing(closed));
  return invariants.some(({ base, head }) => (head === 'broken' || head === 'invalid') && base !== head);
}

function isOpen({ changes, invariants }: DiffAnswer): boolean {
  return changes.some(({ unsettled }) => !isNothing(unsettled)) || invariants.some(({ head }) => head === 'unknown');
}

function within(answer: DiffAnswer, settings: Settings): DiffAnswer {
  const namespaces = new Set(settings.namespaces);
  if (namespaces.size === 0) return answer;
  const touches = (id: string): boolean => isIn(namespaces, id);
  return {
    ...answer,
    changes: answer.changes.filter(({ from, to }) => touches(from) || touches(to)),
    groups: answer.groups.filter(({ from, to }) => from.some(touches) || to.some(touches)),
    endpoints: { added: answer.endpoints.added.filter(touches), removed: answer.endpoints.removed.filter(touches) },
    ...(answer.findings !== undefined && { findings: findingsIn(answer.findings, namespaces) }),
  };
}

function findingsIn({ come, go, unsettled, left }: ChangedFindings, namespaces: ReadonlySet<string>): ChangedFindings {
  const inside = (findings: readonly Finding[]) =>
    findings.filter(({ where }) =>
      where.kind === 'Namespace' ? namespaces.has(where.name) : isIn(namespaces, `${where.namespace}/`),
    );
  return { come: inside(come), go: inside(go), unsettled: inside(unsettled), left };
}
