import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { EgressAnswer } from '#model/egress.ts';
import {
  DISAGREEMENT_WORDS,
  egressSummary,
  evidenceText,
  FACT_VERDICTS,
  needText,
  portText,
  proofText,
  writtenSummary,
} from '../egress-words.ts';
import { originText, reasonTexts, trafficText } from '../words.ts';
import { notesOf } from './notes.ts';
import { type Block, badge, code, codes, type Page, place, type Run } from './page.ts';

/** Whether what leaves a cluster is decided alike by its policies and by the network around it. */
export function egressPage(answer: EgressAnswer): Page {
  return {
    title: 'What leaves the cluster',
    summary: [{ kind: 'strong', text: egressSummary(answer) }],
    blocks: [
      ...requiredBlocks(answer),
      ...factBlocks('Rules that are wider than needed', answer.wide),
      ...disagreementBlocks(answer),
      ...unneededBlocks(answer),
      ...factBlocks('Past the rules', answer.bypasses),
      ...factBlocks('What the cluster itself needs', answer.flows),
      ...factBlocks('Address plan', answer.addressPlan),
      ...factBlocks('Retirements', answer.retirements),
      ...writtenBlocks(answer),
      ...notesOf(answer),
    ],
  };
}

function requiredBlocks({ required }: EgressAnswer): Block[] {
  if (required.length === 0) return [];
  const rows = required.map((each): readonly Run[] => [
    [badge(each.verdict)],
    [code(each.destination)],
    [portText(each)],
    [needText(each)],
    [each.use],
    each.verdict === 'unknown' ? [reasonTexts(each.reasons).join('; ')] : evidenceRun(each.by),
    codes(each.from),
  ]);
  return [
    { kind: 'heading', text: 'Required endpoints' },
    { kind: 'table', columns: ['verdict', 'destination', 'port', 'for', 'use', 'why', 'from'], rows },
  ];
}

function evidenceRun(evidence: readonly AzureEvidence[]): Run {
  return codes(evidence.map(evidenceText));
}

function factBlocks(title: string, facts: readonly AzureFact[]): Block[] {
  if (facts.length === 0) return [];
  const rows = facts.map(({ state, severity, message, evidence, source }): readonly Run[] => [
    [badge(FACT_VERDICTS[state], state)],
    [severity],
    [message],
    evidenceRun(evidence),
    [source],
  ]);
  return [
    { kind: 'heading', text: title },
    { kind: 'table', columns: ['state', 'severity', 'what', 'evidence', 'source'], rows },
  ];
}

function disagreementBlocks({ disagreements, unlimited }: EgressAnswer): Block[] {
  if (disagreements.length + unlimited.length === 0) return [];
  const rows = disagreements.map(({ state, from, to, traffic, layers, reasons, by }): readonly Run[] => [
    [badge(state === 'policy-allows' ? 'denied' : 'unknown', DISAGREEMENT_WORDS[state])],
    codes(from),
    codes(to),
    [code(trafficText(traffic))],
    [layers.join(', ')],
    reasons.length > 0 ? [reasonTexts(reasons).join('; ')] : evidenceRun(by),
  ]);
  return [
    { kind: 'heading', text: 'Where policy and Azure differ' },
    { kind: 'table', columns: ['what', 'from', 'to', 'traffic', 'layers', 'why'], rows },
    ...(unlimited.length > 0
      ? [{ kind: 'paragraph', run: ['No policy limits what these send: ', ...codes(unlimited)] } as const]
      : []),
  ];
}

function unneededBlocks({ unneeded }: EgressAnswer): Block[] {
  if (unneeded.length === 0) return [];
  const rows = unneeded.map(({ kind, name, rule, evidence }): readonly Run[] => [
    [code(`${kind} ${name}`)],
    [code(rule)],
    place(originText(evidence.origin)),
  ]);
  return [
    { kind: 'heading', text: 'Rules that nobody needs' },
    { kind: 'table', columns: ['resource', 'rule', 'place'], rows },
  ];
}

function writtenBlocks({ written }: EgressAnswer): Block[] {
  if (written === undefined) return [];
  const rows = written.left.map(({ from, to, traffic, why }): readonly Run[] => [
    codes(from),
    codes(to),
    [code(trafficText(traffic))],
    [why],
  ]);
  return [
    { kind: 'heading', text: 'Rules to add' },
    { kind: 'paragraph', run: [{ kind: 'strong', text: writtenSummary(written) }, '; ', proofText(written)] },
    ...(written.text === '' ? [] : [{ kind: 'code', text: written.text.trimEnd() } as const]),
    ...(rows.length === 0 ? [] : [{ kind: 'table', columns: ['from', 'to', 'traffic', 'why no rule'], rows } as const]),
  ];
}
