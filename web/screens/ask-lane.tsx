import type { ReactNode } from 'react';
import type { HopEntry, NearMiss, PathBranch, RuleEntry } from '#model/answers.ts';
import { count, layerText, objectText, reasonTexts, requestTexts } from '#report/words.ts';
import { Arrow } from '../parts/arrow.tsx';
import { EndpointName } from '../parts/endpoint-name.tsx';
import { OriginLink } from '../parts/origin-link.tsx';
import { Prose, Sentence } from '../parts/prose.tsx';
import { SourceLines } from '../parts/source.tsx';
import { Verdict } from '../parts/verdict.tsx';

/** One row for each enforcement point, in the order in which the connection meets them. */
export function Lane({ hops }: { readonly hops: readonly HopEntry[] }): ReactNode {
  if (hops.length === 0) return <p className="quiet">No enforcement point is on the way: nothing could stop it.</p>;
  return (
    <ol className="lane">
      {hops.map((hop) => (
        <Hop key={`${hop.layer} ${hop.at}`} hop={hop} />
      ))}
    </ol>
  );
}

/** Where pods, backends or address families differ: each with its own lane. */
export function Branches({ branches }: { readonly branches: readonly PathBranch[] }): ReactNode {
  return branches.map((branch) => (
    <details
      key={`${branch.from} ${branch.to} ${branch.family} ${branch.protocol} ${branch.port}`}
      className="branch"
      open={branch.verdict !== 'allowed'}
    >
      <summary>
        <Verdict of={branch.verdict} /> <EndpointName id={branch.from} />
        <Arrow />
        <EndpointName id={branch.to} /> <span className="quiet">{branch.family === 'any' ? '' : branch.family}</span>
      </summary>
      <Lane hops={branch.hops} />
    </details>
  ));
}

/** Rules that nearly let it through, each with what would have to differ and the lines where it says so. */
export function NearMisses({ misses }: { readonly misses: readonly NearMiss[] }): ReactNode {
  if (misses.length === 0) return null;
  return (
    <section className="misses">
      <h2>What came near</h2>
      <ul className="rules">
        {misses.map((miss) => (
          <li key={`${miss.rule} ${miss.origin.line}`}>
            <div>
              <b>{miss.rule}</b> <OriginLink origin={miss.origin} />
            </div>
            <p className="quiet">
              <Sentence text={miss.why} />
            </p>
            {miss.origin.line > 0 && <SourceLines line={miss.origin} around={2} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Hop({ hop }: { readonly hop: HopEntry }): ReactNode {
  const deciding = hop.rules.filter(({ decides }) => decides);
  const others = hop.rules.filter(({ decides }) => !decides);
  return (
    <li className={`hop ${hop.verdict}`}>
      <header>
        <h3>{layerText(hop.layer, hop.at)}</h3>
        <Verdict of={hop.verdict} />
      </header>
      {hop.why !== '' && (
        <p>
          <Sentence text={hop.why} />
        </p>
      )}
      {requestTexts(hop).map((text) => (
        <p key={text}>
          <Sentence text={text} />
        </p>
      ))}
      {reasonTexts(hop.reasons).map((text) => (
        <p key={text} className="unsure-text">
          <Prose text={text} />
        </p>
      ))}
      {deciding.map((rule) => (
        <DecidingRule key={keyOf(rule)} rule={rule} />
      ))}
      {others.length > 0 && (
        <details>
          <summary>{count(others.length, 'rule')} that did not decide</summary>
          <ul className="rules">
            {others.map((rule) => (
              <li key={keyOf(rule)}>
                <div>
                  <RuleName rule={rule} /> <OriginLink origin={rule.origin} />
                </div>
                <p className="quiet">
                  <Sentence text={rule.why} />
                </p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

function DecidingRule({ rule }: { readonly rule: RuleEntry }): ReactNode {
  return (
    <section className="decides" aria-label="The rule that decides">
      <p>
        <RuleName rule={rule} /> <span className="action">{rule.action}</span> <OriginLink origin={rule.origin} />
      </p>
      {rule.why !== '' && (
        <p className="quiet">
          <Sentence text={rule.why} />
        </p>
      )}
      {rule.origin.file !== '' && rule.origin.line > 0 && <SourceLines line={rule.origin} around={2} />}
    </section>
  );
}

function RuleName({ rule }: { readonly rule: RuleEntry }): ReactNode {
  return (
    <>
      <b>{objectText(rule)}</b> {rule.rule !== '' && <code>{rule.rule}</code>}
    </>
  );
}

function keyOf(rule: RuleEntry): string {
  return `${rule.kind} ${rule.namespace}/${rule.name} ${rule.rule} ${rule.origin.line}`;
}
