import { FINDING_FORM } from '#analysis/filter-forms.ts';
import { type ControlSeverity, FRAMEWORK_IDS, type FrameworkId, SEVERITIES } from '#model/control.ts';
import { formatsOf } from '#report/formats.ts';
import { filterFlag } from '../filter.ts';
import { type LiveFlags, liveFlags, READ_ALIASES, text } from '../flags.ts';
import { verb } from './verb.ts';

export interface ScanFlags extends LiveFlags {
  readonly filter: string | undefined;
  readonly failOn: ControlSeverity | 'never' | undefined;
  readonly framework: readonly FrameworkId[] | undefined;
  readonly control: readonly string[] | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  readonly strict: boolean | undefined;
  readonly profile: boolean | undefined;
  readonly sarifAll: boolean | undefined;
  readonly fix: 'write' | 'diff' | undefined;
}

const FLAG = { kind: 'boolean', optional: true, withNegated: false } as const;

export const scanVerb = verb<ScanFlags>({
  name: 'scan',
  brief: 'which controls pass, fail or cannot be decided, with evidence, and what to close first',
  usage: '[PATH...]',
  about: [
    'Judges every recommendation of the published baselines on what is really so: policies of all APIs composed, ways in followed to the pod, encryption as it would be on the wire. Each finding tells what decided it, with file and line, what somebody who got in there could reach, and how it is closed.',
    'What the input cannot show is UNKNOWN and never a pass; what only a person knows is MANUAL, and is answered in ringfence.yaml. Exits 1 when a finding at or over --fail-on counts: one that is not accepted and, with --baseline, is new.',
  ],
  examples: [
    ['scan examples/shop', 'what to close first'],
    ['scan examples/estate/manifests --azure examples/estate/terraform', 'with the Azure network around the cluster'],
    ['scan examples/shop --fix=diff', 'what a proven fix would change'],
    ['scan examples/shop --framework cis-kubernetes', 'as a view of one published list'],
  ],
  flags: {
    ...liveFlags(formatsOf('ringfence.dev/scan/v1')),
    filter: filterFlag(FINDING_FORM.fields),
    failOn: {
      kind: 'enum',
      values: [...SEVERITIES, 'never'],
      optional: true,
      placeholder: 'SEVERITY',
      brief: 'exit 1 for findings of this severity or a worse one; high unless given',
    },
    framework: {
      kind: 'enum',
      values: FRAMEWORK_IDS,
      optional: true,
      variadic: true,
      placeholder: 'FRAMEWORK',
      brief: `only controls that one of these asks for: ${FRAMEWORK_IDS.join(', ')}; may be repeated`,
    },
    control: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'ID',
      brief: 'only this control, or those whose id begins so, as NET-POL; may be repeated',
    },
    baseline: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'an earlier scan as JSON, or a baseline: only findings that are not in it count',
    },
    writeBaseline: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'write the fingerprints of all findings there, for --baseline',
    },
    strict: { ...FLAG, brief: 'exit 3 when a control is UNKNOWN or MANUAL' },
    sarifAll: { ...FLAG, brief: 'in sarif, also what was met, what is open and what does not apply' },
    fix: {
      kind: 'enum',
      values: ['write', 'diff'],
      optional: true,
      placeholder: 'HOW',
      brief:
        'make every fix that is proven on the model: --fix writes the files, --fix=diff prints a patch; Azure is never changed, its commands are told',
    },
    profile: { ...FLAG, brief: 'how long each control took, on standard error' },
  },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/scan.ts')).runScan,
});
