import type { KeyboardEvent, ReactNode } from 'react';
import type { HopEntry, RuleEntry } from '#model/answers.ts';
import { count, objectText, reasonTexts, requestTexts } from '#report/words.ts';
import { FilterBox } from '../../parts/filter-box.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { Prose, Sentence } from '../../parts/prose.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { choose, usePlace } from '../../shell/location.tsx';
import { ruleText, type Stage, verdictMark, verdictWord } from './stages.ts';

/** A tab for each list of rules, and before them one for what decides in all of them. */
export function Stages({ stages }: { readonly stages: readonly Stage[] }): ReactNode {
  const asked = Number(usePlace().query.get('layer') ?? '0');
  const at = stages[asked - 1] === undefined ? 0 : asked;
  const tabs = [undefined, ...stages];
  return (
    <>
      <div className="azure-tabs" role="tablist" aria-label="Layers, in the order of the way" onKeyDown={moveTab}>
        {tabs.map((stage, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place of a list on the way is what it is
          <Tab key={index} stage={stage} index={index} isChosen={index === at} />
        ))}
      </div>
      <div id="azure-panel" role="tabpanel" aria-labelledby={`azure-tab-${at}`} className="card azure-panel">
        {at === 0 ? <Merged stages={stages} /> : <OneStage stage={stages[at - 1]!} />}
      </div>
    </>
  );
}

interface TabProps {
  /** Absent: all of them. */
  readonly stage: Stage | undefined;
  readonly index: number;
  readonly isChosen: boolean;
}

function Tab({ stage, index, isChosen }: TabProps): ReactNode {
  return (
    <button
      type="button"
      role="tab"
      id={`azure-tab-${index}`}
      aria-controls="azure-panel"
      aria-selected={isChosen}
      tabIndex={isChosen ? 0 : -1}
      onClick={() => chooseTab(index)}
    >
      <span className="name">
        {stage !== undefined && (
          <span className={`tone ${stage.verdict ?? ''}`}>
            {verdictMark(stage)}
            <span className="unseen"> {verdictWord(stage)}</span>
          </span>
        )}{' '}
        {stage?.title ?? 'All layers'}
      </span>
      <span className="quiet small">{stage === undefined ? 'what decides' : stage.of}</span>
    </button>
  );
}

function chooseTab(index: number): void {
  choose({ layer: index === 0 ? undefined : `${index}`, q: undefined });
}

function moveTab(event: KeyboardEvent<HTMLDivElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.findIndex((tab) => tab.contains(document.activeElement));
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  const tab = next === undefined ? undefined : tabs[next];
  if (tab === undefined || next === undefined) return;
  event.preventDefault();
  chooseTab(next);
  tab.focus();
}

/** The effective rules: what decides in each list, in the order of the way. */
function Merged({ stages }: { readonly stages: readonly Stage[] }): ReactNode {
  return (
    <Scrolled className="scroll" label="What decides in each layer">
      <table className="azure-table">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Verdict</th>
            <th scope="col">What decides</th>
            <th scope="col">Why</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => {
            const deciding = stage.rules.filter(({ decides }) => decides);
            return (
              <tr key={`${stage.title} ${stage.of} ${stage.hop.at}`} data-row tabIndex={-1}>
                <th scope="row">
                  {stage.title} <span className="quiet small">{stage.of}</span>
                </th>
                <td className="narrow">
                  <Said stage={stage} />
                </td>
                <td>
                  {deciding.map((rule) => (
                    <div key={keyOf(rule)}>
                      <Effect of={rule} /> <code>{ruleText(rule)}</code>
                    </div>
                  ))}
                  {deciding.length === 0 && <span className="quiet">no rule</span>}
                </td>
                <td>{deciding.length === 0 ? <Why stage={stage} /> : <Matching stage={stage} rules={deciding} />}</td>
                <td>
                  {deciding.map((rule) => (
                    <div key={keyOf(rule)}>
                      <OriginLink origin={rule.origin} />
                    </div>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolled>
  );
}

function Said({ stage }: { readonly stage: Stage }): ReactNode {
  if (stage.verdict === undefined) return <span className="quiet">{verdictWord(stage)}</span>;
  return <Verdict of={stage.verdict} />;
}

/** What the rules that decide are about: that they decide stands beside it. */
function Matching({
  stage: { hop },
  rules,
}: {
  readonly stage: Stage;
  readonly rules: readonly RuleEntry[];
}): ReactNode {
  return (
    <>
      {[...new Set(rules.map(({ why }) => why))].map((why) => (
        <p key={why}>
          <Sentence text={why} />
        </p>
      ))}
      <More hop={hop} />
    </>
  );
}

function Why({ stage: { hop } }: { readonly stage: Stage }): ReactNode {
  return (
    <>
      {hop.why !== '' && (hop.verdict !== 'unknown' || hop.reasons.length === 0) && <Sentence text={hop.why} />}
      <More hop={hop} />
    </>
  );
}

function More({ hop }: { readonly hop: HopEntry }): ReactNode {
  return (
    <>
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
    </>
  );
}

const FORM: FilterForm<RuleEntry> = {
  fields: ['rule', 'of', 'action', 'matches', 'decides'],
  of: ({ rule, name, action, matches, decides, why, origin }) => ({
    fields: { rule: [rule], of: [name], action: [action], matches: [matches], decides: [decides ? 'yes' : 'no'] },
    text: [rule, name, why, origin.file].join(' '),
  }),
};

/** Every rule of one list, with what became of it. */
function OneStage({ stage }: { readonly stage: Stage }): ReactNode {
  const filter = usePlace().query.get('q') ?? '';
  const { list, problem } = useFilter(stage.rules, filter, FORM);
  return (
    <>
      <div className="azure-said">
        <Said stage={stage} />
        <div>
          <Why stage={stage} />
        </div>
      </div>
      {stage.rules.length === 0 ? (
        <p className="quiet">No rule is asked here.</p>
      ) : (
        <>
          <FilterBox
            filter={filter}
            problem={problem}
            shown={list.length}
            of={count(stage.rules.length, 'rule')}
            hint="matches:yes,perhaps action:deny decides:yes"
          />
          <RuleTable rules={list} />
        </>
      )}
    </>
  );
}

const MATCHES: Readonly<Record<RuleEntry['matches'], string>> = {
  yes: 'matches',
  no: 'does not match',
  perhaps: 'perhaps',
};

function RuleTable({ rules }: { readonly rules: readonly RuleEntry[] }): ReactNode {
  return (
    <Scrolled className="scroll" label="Rules of this layer">
      <table className="azure-table">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Does</th>
            <th scope="col">Matches</th>
            <th scope="col">Why</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rules may say the same, and their order is what they are
            <tr key={at} className={rule.decides ? 'decides-here' : ''} data-row tabIndex={-1}>
              <th scope="row">
                <code>{ruleText(rule)}</code> <span className="quiet small">{objectText(rule)}</span>
                {rule.decides && <span className="mark">decides</span>}
              </th>
              <td className="narrow">
                <Effect of={rule} />
              </td>
              <td className="narrow">{MATCHES[rule.matches]}</td>
              <td>
                <Sentence text={rule.why} />
              </td>
              <td>
                <OriginLink origin={rule.origin} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

const EFFECTS: Readonly<Record<string, readonly [mark: string, word: string]>> = {
  allow: ['✓', 'allow'],
  deny: ['✕', 'deny'],
  pass: ['↷', 'pass on'],
  log: ['·', 'note'],
};

function Effect({ of: { action } }: { readonly of: RuleEntry }): ReactNode {
  const [mark, word] = EFFECTS[action] ?? ['·', action];
  return (
    <span className={`azure-effect ${action}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}

function keyOf(rule: RuleEntry): string {
  return `${objectText(rule)} ${rule.rule} ${rule.action} ${rule.origin.file} ${rule.origin.line}`;
}
