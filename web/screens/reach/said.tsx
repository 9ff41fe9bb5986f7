import { type ReactNode, useEffect, useState } from 'react';
import type { PathAnswer } from '#model/answers.ts';
import { layerText, objectText, originText, reasonTexts, trafficText } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Prose } from '../../parts/prose.tsx';
import { questionName } from './axis.ts';
import { Form } from './legend.tsx';
import { type AnyCell, LOOKS } from './looks.ts';
import { cellAtPlace, seatsAt } from './pair.ts';
import { type Matrix, useComing } from './use-matrix.ts';
import type { CellPlace } from './viewport.ts';

/** Milliseconds that the cursor rests before it is asked why. */
const REST = 200;

/** The cell that the reader is at, in words, and what decided: read aloud when it comes. */
export function Said({ matrix, place }: { readonly matrix: Matrix; readonly place: CellPlace }): ReactNode {
  useComing(matrix);
  const { from, to } = seatsAt(matrix, place);
  const cell = cellAtPlace(matrix, place);
  const isAsked = matrix.level === 'workload' && matrix.asked.base === '' && cell !== undefined && isJudged(cell);
  const path = withQuery('/path', {
    from: questionName(from.entry),
    to: questionName(to.entry),
    port: matrix.asked.port,
    changes: 'none',
  });
  const asked = useAnswer<PathAnswer>(useRested(isAsked ? path : undefined));
  const why = isAsked && asked.data !== undefined && !asked.loading ? whyOf(asked.data) : '';
  return (
    <p className="said" role="status">
      {cell !== undefined && <Form of={cell} />}
      <span>
        <b>{from.name}</b> to <b>{to.name}</b>: {cell === undefined ? 'on its way' : LOOKS[cell].word}
        {why !== '' && (
          <span className="quiet">
            {' · '}
            <Prose text={why} />
          </span>
        )}
      </span>
    </p>
  );
}

/** Between these a policy has a say. */
export function isJudged(cell: AnyCell): boolean {
  return cell !== 'itself' && cell !== 'ungoverned';
}

/** Undefined until it did not change for a while. */
function useRested(path: string | undefined): string | undefined {
  const [rested, setRested] = useState<string | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => setRested(path), REST);
    return () => clearTimeout(timer);
  }, [path]);
  return rested === path ? rested : undefined;
}

/** `by NetworkPolicy shop/db (k8s/db.yaml:14)`, or which ports are open. */
function whyOf({ verdict, hops, reasons, allowed }: PathAnswer): string {
  if (verdict === 'unknown') return reasonTexts(reasons).join('; ');
  if (verdict !== 'denied') return allowed === undefined ? '' : trafficText(allowed);
  const hop = hops.find((each) => each.verdict === 'denied');
  if (hop === undefined) return '';
  const rule = hop.rules.find(({ decides }) => decides);
  if (rule === undefined) return `${layerText(hop.layer, hop.at)}: ${hop.why}`;
  const origin = originText(rule.origin);
  return `by ${objectText(rule)}${origin === '' ? '' : ` (${origin})`}`;
}
