import { CONTROLS } from '#analysis/controls/controls.ts';
import { FINDING_FORM } from '#analysis/filter-forms.ts';
import { nearest } from '#analysis/nearest.ts';
import { withFrames } from '#analysis/scan/frames.ts';
import { type Assessed, assessAll, type ScanOptions, scanOver } from '#analysis/scan/scan.ts';
import { escapeControl } from '#base/escape.ts';
import type { Finding, ScanAnswer } from '#model/scan.ts';
import { sourceOf } from '#source/made-source.ts';
import { withDecisions } from './decided.ts';
import { inputOf } from './environment-answer.ts';
import { isIn, pageOf, refuseUnknownNamespaces } from './lists.ts';
import { controlContextOf, type Material, once } from './material.ts';
import { type Question, Refused, type Reply } from './question.ts';
import { answered, told } from './reply.ts';

type ScanAsked = Extract<Question, { readonly kind: 'scan' }>;

export function scanAnswer(material: Material, asked: ScanAsked, onProgress: (what: string) => void): Reply {
  refuseUnknownNamespaces(material, asked.namespaces);
  for (const wanted of asked.controls) refuseUnknownControl(wanted);
  const wanted = narrowed(wholeScan(material, asked.today, onProgress), asked);
  const { list, total } = pageOf(wanted.findings, asked.page, FINDING_FORM);
  return answered({ ...wanted, findings: list }, total);
}

/** All controls, judged once for a revision and a day: acceptances end on a day. */
export function wholeScan(material: Material, today: string, onProgress: (what: string) => void): ScanAnswer {
  return judged(material, today, onProgress).answer;
}

/** The same with the places behind it. */
export function judged(material: Material, today: string, onProgress: (what: string) => void): Judging {
  return once(material, `scan:${today}`, () => {
    const context = controlContextOf(material, today);
    const options: ScanOptions = {
      controls: CONTROLS,
      version: material.plan.version,
      input: inputOf(material),
      taken: material.taken,
      onControl: (id) => id !== undefined && onProgress(`judging: ${id}`),
    };
    const assessed = assessAll(context, options);
    const answer = withDecisions(scanOver(context, options, assessed), material.decisions, today);
    const sources = [...material.texts.files, ...material.texts.azure].map(sourceOf);
    return { answer: withFrames(answer, sources), assessed };
  });
}

interface Judging {
  readonly answer: ScanAnswer;
  readonly assessed: Assessed;
}

/** One finding by its fingerprint. */
export function findingAnswer(
  material: Material,
  { fingerprint, today }: Extract<Question, { readonly kind: 'finding' }>,
  onProgress: (what: string) => void,
): Reply {
  const found = wholeScan(material, today, onProgress).findings.find((each) => each.fingerprint === fingerprint);
  if (found === undefined) throw new Refused('missing', 'there is no such finding now');
  return told(found);
}

/** What of a scan is about namespaces, frameworks and controls; none of each is all. */
export function narrowed(
  answer: ScanAnswer,
  { namespaces, frameworks, controls }: Pick<ScanAsked, 'namespaces' | 'frameworks' | 'controls'>,
): ScanAnswer {
  const isAsked = (id: string) => controls.length === 0 || controls.some((each) => id.startsWith(each.toUpperCase()));
  const chosen = answer.controls.filter(
    (control) =>
      isAsked(control.id) &&
      (frameworks.length === 0 || control.frameworks.some(({ framework }) => frameworks.includes(framework))),
  );
  const ids = new Set(chosen.map(({ id }) => id));
  const isAbout = ({ control, where }: Pick<Finding, 'control' | 'where'>) =>
    ids.has(control) &&
    (where.kind === 'Namespace' ? isIn(namespaces, `ns:${where.name}`) : isIn(namespaces, `${where.namespace}/`));
  return {
    ...answer,
    controls: chosen,
    findings: answer.findings.filter(isAbout),
    open: answer.open.filter(isAbout),
    frameworks: answer.frameworks.filter(({ framework }) => frameworks.length === 0 || frameworks.includes(framework)),
  };
}

function refuseUnknownControl(wanted: string): void {
  const ids = CONTROLS.map(({ data }) => data.id);
  if (ids.some((id) => id.startsWith(wanted.toUpperCase()))) return;
  throw new Refused('asked', `no control \`${escapeControl(wanted)}\``, nearest(wanted.toUpperCase(), ids));
}
