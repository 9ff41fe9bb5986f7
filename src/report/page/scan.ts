import type { Finding, ScanAnswer } from '#model/scan.ts';
import { scanSummary } from '../text/scan.ts';
import { counts, radiusText } from '../text/scan-words.ts';
import { count, objectText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, type Page, type Run } from './page.ts';
import {
  acceptedTable,
  ofStates,
  placeRun,
  questionsTable,
  severityTable,
  stateBadge,
  undecidedTable,
} from './scan-parts.ts';

/** A scan as a comment on a pull request: what counts first, everything else folded. */
export function scanPage(answer: ScanAnswer): Page {
  const counting = answer.findings.filter(counts);
  const known = answer.findings.filter(({ suppressed, isNew }) => suppressed === null && isNew === false);
  const accepted = answer.findings.filter(({ suppressed }) => suppressed !== null);
  return {
    title: counting.length === 0 ? 'Scan: nothing to close' : `Scan: ${count(counting.length, 'finding')} to close`,
    summary: [scanSummary(answer)],
    blocks: [
      ...(answer.findings.length === 0 ? [] : [severityTable(answer)]),
      ...errorBlocks(answer),
      ...(counting.length === 0
        ? []
        : ([{ kind: 'heading', text: 'To close, those first that matter most' }, findingsTable(counting)] as const)),
      ...folded('known before', known, findingsTable),
      ...folded('accepted', accepted, acceptedTable),
      ...folded('for a person to answer', ofStates(answer, 'MANUAL'), questionsTable),
      ...folded('not decided by this input', ofStates(answer, 'UNKNOWN'), undecidedTable),
      ...notesOf(answer),
    ],
  };
}

function errorBlocks({ internalErrors }: ScanAnswer): Block[] {
  return internalErrors.map(({ control, message }) => ({
    kind: 'paragraph',
    run: [badge('problem', 'mistake of ours'), ' ', code(control), ` could not be judged: ${message}`],
  }));
}

function folded<T>(title: string, entries: readonly T[], table: (entries: readonly T[]) => Block): Block[] {
  if (entries.length === 0) return [];
  return [{ kind: 'details', summary: `${entries.length} ${title}`, blocks: [table(entries)] }];
}

function findingsTable(findings: readonly Finding[]): Block {
  const rows = findings.map((finding): readonly Run[] => [
    [stateBadge(finding.state), ' ', finding.severity],
    [code(finding.control)],
    [code(objectText(finding.where))],
    [finding.message],
    placeRun(finding),
    [radiusText(finding.blastRadius)],
    [finding.fix?.summary ?? ''],
  ]);
  return { kind: 'table', columns: ['state', 'control', 'place', 'what', 'where', 'blast radius', 'fix'], rows };
}
