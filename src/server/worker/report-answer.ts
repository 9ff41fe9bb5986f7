import type { Answer } from '#report/answer.ts';
import { render } from '#report/render.ts';
import { refuseUnknownNamespaces } from './lists.ts';
import type { Material } from './material.ts';
import { pathAnswer } from './path-answer.ts';
import type { PathFormat, Question, Reply, ReportFormat } from './question.ts';
import { narrowed, wholeScan } from './scan-answer.ts';

type ReportAsked = Extract<Question, { readonly kind: 'report' }>;

/** How each form is sent, and how its file ends. */
export const REPORT_TYPES: Readonly<
  Record<ReportFormat | PathFormat, { readonly type: string; readonly ending: string }>
> = {
  html: { type: 'text/html; charset=utf-8', ending: 'html' },
  oscal: { type: 'application/oscal+json', ending: 'oscal.json' },
  csv: { type: 'text/csv; charset=utf-8', ending: 'csv' },
  sarif: { type: 'application/sarif+json', ending: 'sarif' },
  markdown: { type: 'text/markdown; charset=utf-8', ending: 'md' },
  junit: { type: 'application/xml; charset=utf-8', ending: 'junit.xml' },
  svg: { type: 'image/svg+xml', ending: 'svg' },
  json: { type: 'application/json', ending: 'json' },
};

/** The scan as a file, byte for byte what `scan -o FORMAT` prints of the same. */
export async function reportReply(
  material: Material,
  { format, namespaces, frameworks, today }: ReportAsked,
  onProgress: (what: string) => void,
): Promise<Reply> {
  refuseUnknownNamespaces(material, namespaces);
  const answer = narrowed(wholeScan(material, today, onProgress), { namespaces, frameworks, controls: [] });
  const about = frameworks.length === 1 ? `-${frameworks[0]}` : '';
  return fileOf(answer, format, `ringfence${about}-${material.taken.slice(0, 10)}`);
}

type PathReportAsked = Extract<Question, { readonly kind: 'path-report' }>;

/** One path as a file, byte for byte what `can -o FORMAT` prints of the same. */
export function pathReportReply(material: Material, { asked, format }: PathReportAsked): Promise<Reply> {
  return fileOf(pathAnswer(material, asked), format, `ringfence-path-${material.taken.slice(0, 10)}`);
}

async function fileOf(answer: Answer, format: ReportFormat | PathFormat, name: string): Promise<Reply> {
  let text = '';
  for await (const piece of render(answer, format)) text += piece;
  const { type, ending } = REPORT_TYPES[format];
  return { kind: 'text', text, type, name: `${name}.${ending}` };
}
