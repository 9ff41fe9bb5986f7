import type { ReactNode } from 'react';
import type { PolicyProblem } from '#model/answers.ts';
import type { RuleRisk } from '#model/rulebook.ts';
import { count } from '#report/words.ts';
import { Link } from '../../shell/location.tsx';
import { OriginLink } from '../origin-link.tsx';
import { Sentence } from '../prose.tsx';
import { Severity } from '../severity.tsx';

interface MarksProps {
  readonly problems: readonly PolicyProblem[];
  readonly risks: readonly RuleRisk[];
}

/** What is wrong with a rule in one word each: dead, shadowed, redundant, … and risky. */
export function Marks({ problems, risks }: MarksProps): ReactNode {
  const words = new Set(problems.map(({ problem }) => problem));
  return (
    <>
      {[...words].map((word) => (
        <span key={word} className={`mark ${word}`}>
          {word}
        </span>
      ))}
      {risks.length > 0 && <span className="mark risky">risky</span>}
    </>
  );
}

/** Why, with the rules that make it so and the findings that it is evidence of. */
export function Proof({ problems, risks }: MarksProps): ReactNode {
  if (problems.length + risks.length === 0) return null;
  return (
    <ul className="proof">
      {problems.map((each) => (
        <li key={`${each.problem} ${each.why}`}>
          <Sentence text={each.why} />
          {each.culprits.map((culprit) => (
            <span key={`${culprit.rule} ${culprit.origin.line}`} className="culprit">
              {culprit.rule} <OriginLink origin={culprit.origin} />
            </span>
          ))}
        </li>
      ))}
      {risks.map((risk) => (
        <li key={risk.control}>
          <Severity of={risk.severity} />{' '}
          <Link to={`/findings?${new URLSearchParams({ finding: risk.fingerprint })}`}>{risk.control}</Link>{' '}
          <Sentence text={risk.message} />
          {risk.findings > 1 && <span className="quiet"> ({count(risk.findings, 'finding')})</span>}
        </li>
      ))}
    </ul>
  );
}
