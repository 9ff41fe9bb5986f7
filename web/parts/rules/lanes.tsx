import type { ReactNode } from 'react';
import type { RulebookPolicy, RulebookRule, RuleLane, SomeNames } from '#model/rulebook.ts';
import { count, objectText, reasonTexts } from '#report/words.ts';
import { EndpointLink } from '../endpoint-link.tsx';
import { OriginLink } from '../origin-link.tsx';
import { Prose, Sentence } from '../prose.tsx';
import { laneRule, laneTitle } from './lane-words.ts';
import { Marks, Proof } from './marks.tsx';
import '../../style/screens/lanes.css';

interface LanesProps {
  readonly lanes: readonly RuleLane[];
  /** In the order in which they are asked. */
  readonly policies: readonly RulebookPolicy[];
  /** Whether rules are shown at once. */
  readonly isOpen: boolean;
  /** Of the headings of the two ways; those of lanes are one below. */
  readonly heading: 2 | 3;
}

/** One lane after the other, as a connection meets them: out of the pod, then in. */
export function Lanes({ lanes, policies, isOpen, heading }: LanesProps): ReactNode {
  const [Way, Title] = heading === 2 ? (['h2', 'h3'] as const) : (['h3', 'h4'] as const);
  const byLane = Map.groupBy(policies, ({ lane }) => lane);
  return (['egress', 'ingress'] as const).map((direction) => {
    const shown = lanes.flatMap((lane, at) => {
      const own = byLane.get(at);
      return lane.direction === direction && own !== undefined ? [{ lane, at, own }] : [];
    });
    if (shown.length === 0) return null;
    return (
      <section key={direction} className="way" aria-labelledby={`way-${direction}`}>
        <Way id={`way-${direction}`}>{direction === 'egress' ? 'On the way out' : 'On the way in'}</Way>
        <ol className="lanes">
          {shown.map(({ lane, at, own }) => (
            <Lane key={at} lane={lane} policies={own} isOpen={isOpen} title={Title} />
          ))}
        </ol>
      </section>
    );
  });
}

interface LaneProps {
  readonly title: 'h3' | 'h4';
  readonly lane: RuleLane;
  readonly policies: readonly RulebookPolicy[];
  readonly isOpen: boolean;
}

function Lane({ title: Title, lane, policies, isOpen }: LaneProps): ReactNode {
  const allowsOnly = policies.every(({ rules }) => rules.every(({ action }) => action === 'allow' || action === 'log'));
  return (
    <li className="rule-lane">
      <header>
        <Title>{laneTitle(lane)}</Title>
        <span className="quiet small">
          {policies.length < lane.policies && `${policies.length} of `}
          {count(lane.policies, 'policy', 'policies')}
        </span>
        <p className="quiet small">
          <Sentence text={laneRule(lane, allowsOnly)} />
        </p>
      </header>
      <LeftOpen policies={policies} />
      {policies.map((policy) => (
        <PolicyRow
          key={`${policy.level} ${policy.kind} ${policy.namespace}/${policy.name} ${policy.origin.line}`}
          policy={policy}
          hasLevels={lane.asked === 'in-order'}
          isOpen={isOpen}
        />
      ))}
    </li>
  );
}

/** Most policies leave the same open: it is said once for all of them. */
function LeftOpen({ policies }: { readonly policies: readonly RulebookPolicy[] }): ReactNode {
  const open = policies.flatMap(({ rules }) => rules.filter(isLeftOpen));
  if (open.length === 0) return null;
  const doubts = [...new Set(open.flatMap((rule) => rule.doubts))];
  return (
    <p className="unsure-text small">
      ? {count(open.length, 'policy leaves', 'policies leave')} open whether protocols without ports pass:{' '}
      {reasonTexts(doubts).join('; ')}
    </p>
  );
}

function isLeftOpen({ rule, given }: RulebookRule): boolean {
  return given === true && rule === '';
}

interface PolicyRowProps {
  readonly policy: RulebookPolicy;
  readonly hasLevels: boolean;
  readonly isOpen: boolean;
}

function PolicyRow({ policy, hasLevels, isOpen }: PolicyRowProps): ReactNode {
  const { problems, risks, selects, isolates, level, origin } = policy;
  const rules = policy.rules.filter((rule) => !isLeftOpen(rule));
  const inner = [...problems, ...rules.flatMap((rule) => rule.problems)];
  const innerRisks = [...risks, ...rules.flatMap((rule) => rule.risks)];
  return (
    <details className="policy" open={isOpen || inner.length + innerRisks.length > 0}>
      <summary data-row>
        {hasLevels && <span className="level-number">{level}</span>}
        <b>{objectText(policy)}</b>
        <span className="quiet small">
          {count(rules.length, 'rule')} for {count(selects.total, 'endpoint')}
          {isolates && ' · isolates'}
        </span>
        <Marks problems={inner} risks={innerRisks} />
      </summary>
      <div className="policy-body">
        <p className="small">
          <span className="quiet">For</span> <Names of={selects} /> <OriginLink origin={origin} />
        </p>
        <Proof problems={problems} risks={risks} />
        {rules.length === 0 && isolates && <p className="small">It has no rule: it isolates, and admits nothing.</p>}
        <ol className="rule-rows">
          {rules.map((rule, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rules may say the same, and their order is what they are
            <RuleRow key={at} rule={rule} />
          ))}
        </ol>
      </div>
    </details>
  );
}

const EFFECTS: Readonly<Record<string, string>> = { allow: '✓', deny: '✕', pass: '↷', log: '·' };

function RuleRow({ rule }: { readonly rule: RulebookRule }): ReactNode {
  const { action, says, peers, origin, problems, risks, given, doubts } = rule;
  return (
    <li className={given === true ? 'rule-row given' : 'rule-row'}>
      <span className={`effect ${action}`}>
        <span aria-hidden="true">{EFFECTS[action] ?? '·'}</span> {action}
      </span>
      <div>
        <p>
          <Prose text={says} /> <Marks problems={problems} risks={risks} />
        </p>
        <p className="small">
          {rule.rule !== '' && <code className="quiet">{rule.rule}</code>}{' '}
          {given === true && <span className="quiet">stands in no document</span>}{' '}
          {peers.total > 0 && given !== true && (
            <>
              <span className="quiet">matches</span> <Names of={peers} />
            </>
          )}{' '}
          {given !== true && <OriginLink origin={origin} />}
        </p>
        {doubts.length > 0 && (
          <p className="unsure-text small">Matches some only perhaps: {reasonTexts(doubts).join('; ')}</p>
        )}
        <Proof problems={problems} risks={risks} />
      </div>
    </li>
  );
}

const FIRST = 4;

/** The first of them, and how many there are. */
function Names({ of: { names, total } }: { readonly of: SomeNames }): ReactNode {
  if (total === 0) return <span className="quiet">nobody</span>;
  if (total <= FIRST) return <List names={names} />;
  return (
    <>
      <List names={names.slice(0, 2)} />{' '}
      <details className="names">
        <summary>
          <span className="quiet">and {total - 2} more</span>
        </summary>
        <List names={names.slice(2)} />
        {total > names.length && (
          <span className="quiet"> and {total - names.length} more that are not listed here</span>
        )}
      </details>
    </>
  );
}

function List({ names }: { readonly names: readonly string[] }): ReactNode {
  return names.map((name, at) => (
    <span key={name}>
      {at > 0 && ', '}
      <EndpointLink id={name} />
    </span>
  ));
}
