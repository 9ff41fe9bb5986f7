import { escapeControl } from '#base/escape.ts';
import type { ControlSeverity, Evidence, Judged } from '#model/control.ts';
import {
  type CisCheck,
  type ComponentTest,
  type Condition,
  type FileTest,
  nameOfCheck,
} from '../../../../data/frameworks/cis-check.ts';
import type { ComponentView } from './component-view.ts';
import { meets, wantedText } from './expectation.ts';
import { keyOf, type NodeInfo } from './node-info.ts';

export type ComponentCheck = CisCheck & { readonly test: ComponentTest };
export type FileCheck = CisCheck & { readonly test: FileTest };

/** What a check says of a component at one place. */
export function judgeComponent(check: ComponentCheck, view: ComponentView): Judged {
  const branches = check.test.anyOf.map((all) => all.map((condition) => outcomeOf(condition, view)));
  const met = branches.find((outcomes) => outcomes.every(({ state }) => state === 'met'));
  const decisive = met ?? branches[0] ?? [];
  const open = branches.flat().find(({ state }) => state === 'open');
  const failed = decisive.find(({ state }) => state === 'unmet') ?? decisive[0];
  const shown = met === undefined ? (open ?? failed) : met[0];
  return {
    where: view.where,
    state: met !== undefined ? 'PASS' : open !== undefined ? 'UNKNOWN' : stateOf(check, failed),
    message: `${shown?.message ?? ''} (${nameOfCheck(check)})`,
    evidence: (met ?? (shown === undefined ? [] : [shown])).map(({ evidence }) => evidence),
    detail: nameOfCheck(check),
    ...severityOf(check),
  };
}

interface Outcome {
  readonly state: 'met' | 'unmet' | 'open';
  readonly isSet: boolean;
  readonly message: string;
  readonly evidence: Evidence;
}

function stateOf({ unmet, unset }: CisCheck, failed: Outcome | undefined): Judged['state'] {
  return failed?.isSet === false && unset !== undefined ? unset : unmet;
}

function severityOf({ severity }: CisCheck): { readonly severity?: ControlSeverity } {
  return severity === undefined ? {} : { severity };
}

function outcomeOf(condition: Condition, view: ComponentView): Outcome {
  const found = view.find(condition);
  const { must, otherwise } = condition;
  const name = nameIn(condition, view);
  if (found !== undefined && REFERENCE.test(found.value) && must.be !== 'set' && must.be !== 'unset') {
    const message = `${name} is \`${escapeControl(found.value)}\`, which the input does not settle`;
    return { state: 'open', isSet: true, message, evidence: found.evidence };
  }
  if (found !== undefined) {
    const met = meets(must, found.value);
    const text = `${name} is \`${escapeControl(found.value)}\``;
    const message = met ? text : `${text}, and ${wantedText(must)}`;
    return { state: met ? 'met' : 'unmet', isSet: true, message, evidence: found.evidence };
  }
  const moved = condition.movedBy?.find((flag) => view.find({ flag }) !== undefined);
  const elsewhere = moved === undefined ? view.elsewhere : `\`--${moved}\` names a file that the input does not have`;
  if (!view.whole || moved !== undefined)
    return {
      state: 'open',
      isSet: false,
      message: `${name} is not known: ${elsewhere ?? 'it may be set elsewhere'}`,
      evidence: view.absent,
    };
  const met = meets(must, otherwise);
  const text = otherwise === undefined ? `${name} is not set` : `${name} is not set, which means \`${otherwise}\``;
  return {
    state: met ? 'met' : 'unmet',
    isSet: false,
    message: met || must.be === 'set' ? text : `${text}, and ${wantedText(must)}`,
    evidence: { ...view.absent, why: `${name} is not set` },
  };
}

/** A variable of the container or of a shell. */
const REFERENCE = /\$[({A-Za-z_]/;

function nameIn({ flag, field }: Condition, { component, edited, endpoint }: ComponentView): string {
  const byField = field !== undefined && endpoint === undefined && (edited !== undefined || component !== 'kubelet');
  return byField ? `\`${field}\` of ${component}` : `\`--${flag}\` of ${component}`;
}

// ---------------------------------------------------------------- files

/** What a check says of files of one node. */
export function judgeFile(check: FileCheck, info: NodeInfo): Judged {
  const key = keyOf(check.test, info);
  const { state, message } = fileOutcome(check, (info.valuesOf(key) ?? []).map(String));
  return {
    where: info.where,
    state,
    message: `${message} (${nameOfCheck(check)})`,
    evidence: [info.evidenceOf(key)],
    detail: nameOfCheck(check),
    ...severityOf(check),
  };
}

function fileOutcome({ test, unmet }: FileCheck, values: readonly string[]): Pick<Judged, 'state' | 'message'> {
  const [first] = values;
  if (first === undefined) return { state: 'UNKNOWN', message: `the collector has no ${wordOf(test)} of ${test.file}` };
  const wrong = [...new Set(values.filter((value) => !isMet(test, value)))];
  const shown = (wrong.length === 0 ? [first] : wrong).map(escapeControl).join('`, `');
  const text = `${test.file} has the ${wordOf(test)} \`${shown}\``;
  return wrong.length === 0
    ? { state: 'PASS', message: text }
    : { state: unmet, message: `${text}, and ${limitOf(test)}` };
}

function wordOf({ must }: FileTest): string {
  return 'mode' in must ? 'mode' : 'owner';
}

function limitOf({ must }: FileTest): string {
  return 'mode' in must ? `may have at most \`${must.mode.toString(8)}\`` : `is to have \`${must.owner}\``;
}

/** Collectors write modes as the digits that `stat` prints: octal. */
function isMet({ must }: FileTest, value: string): boolean {
  if ('owner' in must) return value === must.owner;
  return /^[0-7]{3,4}$/.test(value) && (Number.parseInt(value, 8) & ~must.mode) === 0;
}
