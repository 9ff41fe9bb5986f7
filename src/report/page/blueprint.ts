import { type BlueprintAnswer, brokenIn } from '#model/blueprint.ts';
import { CONTROL_STATES } from '#model/control.ts';
import { count, trafficText } from '../words.ts';
import { engineRun } from './notes.ts';
import { type Block, badge, code, type Page, type Run } from './page.ts';

/** What a built environment was found to be: `PROOF.md`. */
export function blueprintPage(answer: BlueprintAnswer): Page {
  const broken = brokenIn(answer);
  return {
    title: 'Proof of the blueprint',
    summary: [{ kind: 'strong', text: blueprintSummary(answer) }],
    blocks: [
      { kind: 'paragraph', run: ['engine: ', ...engineRun(answer.engine)] },
      ...listBlocks('What does not hold', broken),
      ...invariantBlocks(answer),
      ...exposureBlocks(answer),
      ...egressBlocks(answer),
      ...connectionBlocks(answer),
      ...acceptedBlocks(answer),
      ...paidBlocks(answer),
      ...controlBlocks(answer),
    ],
  };
}

/** `it does what it says: 34 controls pass, 12 invariants hold`, or how much does not. */
export function blueprintSummary(answer: BlueprintAnswer): string {
  const { controls, invariants } = answer;
  const broken = brokenIn(answer).length;
  const passes = controls.filter(({ state }) => state === 'PASS' || state === 'PASS-PLATFORM').length;
  const holds = invariants.filter(({ state }) => state === 'holds').length;
  const facts = `${count(passes, 'control')} pass, ${count(holds, 'invariant')} hold`;
  return broken === 0 ? `it does what it says: ${facts}` : `${count(broken, 'thing')} does not hold; ${facts}`;
}

function listBlocks(title: string, texts: readonly string[]): Block[] {
  if (texts.length === 0) return [];
  return [
    { kind: 'heading', text: title },
    { kind: 'list', items: texts.map((text): Run => [text]) },
  ];
}

function tableBlocks(title: string, columns: readonly string[], rows: readonly (readonly Run[])[]): Block[] {
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: title },
        { kind: 'table', columns, rows },
      ];
}

function invariantBlocks({ invariants }: BlueprintAnswer): Block[] {
  const rows = invariants.map(({ name, state, why }): readonly Run[] => [
    [state === 'holds' ? badge('allowed', 'holds') : badge('problem', state)],
    [name],
    [state === 'holds' ? '' : why],
  ]);
  return tableBlocks('What must stay true', ['state', 'invariant', 'why'], rows);
}

function exposureBlocks({ exposures }: BlueprintAnswer): Block[] {
  const rows = exposures.map(({ scope, through, at, to, verdict }): readonly Run[] => [
    [scope],
    [code(at)],
    [through],
    [code(to)],
    [badge(verdict)],
  ]);
  return tableBlocks('Ways in', ['from', 'at', 'through', 'to', 'verdict'], rows);
}

function egressBlocks({ egress }: BlueprintAnswer): Block[] {
  const rows = egress.required.map(({ destination, protocol, port, feature, need, verdict }): readonly Run[] => [
    [badge(verdict)],
    [code(destination)],
    [`${protocol} ${port}`],
    [need === 'required' ? feature : `${feature} (${need})`],
  ]);
  return tableBlocks('What the cluster needs outside', ['verdict', 'name', 'port', 'needed by'], rows);
}

function connectionBlocks({ connections }: BlueprintAnswer): Block[] {
  const rows = connections.map(({ from, to, allowed, unknown }): readonly Run[] => [
    [code(from)],
    [code(to)],
    [trafficText(allowed)],
    [trafficText(unknown)],
  ]);
  return tableBlocks('Who can reach whom', ['from', 'to', 'allowed', 'not known'], rows);
}

function acceptedBlocks({ findings }: BlueprintAnswer): Block[] {
  const rows = findings.flatMap(({ control, where, accepted }): (readonly Run[])[] =>
    accepted === null ? [] : [[[control], [code(where)], [accepted.reason], [accepted.owner]]],
  );
  return tableBlocks('Accepted by choice', ['control', 'where', 'why', 'who'], rows);
}

function paidBlocks({ paid }: BlueprintAnswer): Block[] {
  const rows = paid.map(({ feature, chosen, lost }): readonly Run[] => [
    [feature],
    [chosen ? 'on' : 'off'],
    [chosen ? '' : lost],
  ]);
  return tableBlocks('What costs money by itself', ['feature', 'chosen', 'what is lost without it'], rows);
}

function controlBlocks({ controls }: BlueprintAnswer): Block[] {
  const rank = new Map(CONTROL_STATES.map((state, index) => [state, index]));
  const rows = [...controls]
    .sort((a, b) => rank.get(a.state)! - rank.get(b.state)! || (a.id < b.id ? -1 : 1))
    .map(({ id, title, state, why }): readonly Run[] => [[state], [id], [title], [why]]);
  return tableBlocks('Every control', ['state', 'control', 'title', 'why'], rows);
}
