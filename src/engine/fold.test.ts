import { describe, expect, test } from 'vitest';
import { type Bits, bitsOf, fullBits, members } from '#base/bits.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import type { RuleAction } from '#model/verdict.ts';
import { fold, foldRoom, isolationOf, type Probe } from './fold.ts';
import { exactTraffic, type Policy, type Tier } from './form.ts';
import type { Program, ProgramBox, ProgramPolicy, ProgramTier } from './program.ts';

/** Peers 0 to 4 for one kind of traffic. A rule is `allow 0 1`; with `?` behind a peer it matches that peer perhaps. */
const PEERS = 5;

interface PolicySpec {
  readonly rules: readonly string[];
  readonly isolates?: boolean;
  /** Selects the subject only perhaps. */
  readonly unsure?: boolean;
}

type LevelSpec = readonly PolicySpec[];

interface TierSpec {
  readonly levels: readonly LevelSpec[];
  readonly onEnd?: 'deny' | 'pass';
}

function programOf(tiers: readonly TierSpec[]): Program {
  return { tiers: tiers.map(tierOf) };
}

function tierOf({ levels, onEnd = 'pass' }: TierSpec): ProgramTier {
  const programs = levels.map((level) => level.map(policyOf));
  const tier: Tier = { name: 'tier', levels: programs.map((level) => level.map(({ policy }) => policy)), onEnd };
  return { tier, levels: programs };
}

function policyOf({ rules, isolates = false, unsure = false }: PolicySpec): ProgramPolicy {
  const compiled = rules.map(ruleOf);
  const subject = { must: bitsOf(1, [0]), may: bitsOf(1, [0]), doubts: [] };
  const ref = { kind: 'NetworkPolicy', namespace: '', name: 'p', origin: NO_ORIGIN };
  const policy: Policy = { ref, subject, isolates, rules: compiled.map(({ rule }) => rule) };
  return { policy, certain: !unsure, rules: compiled };
}

function ruleOf(text: string): ProgramPolicy['rules'][number] {
  const [action, ...peers] = text.split(' ');
  const numbers = (list: readonly string[]) =>
    bitsOf(
      PEERS,
      list.map((peer) => Number.parseInt(peer, 10)),
    );
  const must = numbers(peers.filter((peer) => !peer.endsWith('?')));
  const exact = peers.every((peer) => !peer.endsWith('?'));
  const may = exact ? must : numbers(peers);
  const box = { peers: { must, may, doubts: [] }, traffic: exactTraffic(ALL_TRAFFIC) };
  const boxes: ProgramBox[] = [{ box, mustTraffic: 0, mayTraffic: 0, certain: true, exact }];
  return { rule: { action: action as RuleAction, boxes: [box], path: text, origin: NO_ORIGIN }, boxes };
}

const probe: Probe = { must: ({ box }) => box.peers.must, may: ({ box }) => box.peers.may };

/** The end for each peer: `a`llowed, `d`enied, `?` both possible. */
function ends(...tiers: readonly TierSpec[]): string {
  const { allow, deny } = fold(programOf(tiers), fullBits(PEERS), probe);
  return endsOf(allow, deny);
}

function endsOf(allow: Bits, deny: Bits): string {
  const [can, cannot] = [new Set(members(allow)), new Set(members(deny))];
  return Array.from({ length: PEERS }, (_, peer) =>
    can.has(peer) ? (cannot.has(peer) ? '?' : 'a') : cannot.has(peer) ? 'd' : '!',
  ).join('');
}

const one = (...rules: readonly string[]): LevelSpec => [{ rules }];
const isolating = (...rules: readonly string[]): LevelSpec => [{ rules, isolates: true }];
const perhapsIsolating = (...rules: readonly string[]): LevelSpec => [{ rules, isolates: true, unsure: true }];
const deny = 'deny' as const;

describe('fold', () => {
  test.each<[why: string, tiers: TierSpec[], want: string]>([
    ['no policy: all is allowed', [], 'aaaaa'],
    ['a policy without rules that does not isolate changes nothing', [{ levels: [one()] }], 'aaaaa'],

    // first match
    ['the first rule that matches decides', [{ levels: [one('deny 0 1', 'allow 1 2', 'deny 2 3')] }], 'ddada'],
    ['a rule that nobody is left for changes nothing', [{ levels: [one('allow 0', 'deny 0')] }], 'aaaaa'],
    ['log decides nothing', [{ levels: [one('log 0', 'deny 0')] }], 'daaaa'],
    ['levels are asked in order', [{ levels: [one('allow 0'), one('deny 0 1')] }], 'adaaa'],
    ['tiers are asked in order', [{ levels: [one('allow 0')] }, { levels: [one('deny 0 1')] }], 'adaaa'],

    // union of allows
    ['isolation without a rule denies all', [{ levels: [isolating()], onEnd: deny }], 'ddddd'],
    ['what is allowed is allowed, the rest denied', [{ levels: [isolating('allow 0 1')], onEnd: deny }], 'aaddd'],
    [
      'policies of one level are united',
      [{ levels: [[...isolating('allow 0'), ...isolating('allow 1')]], onEnd: deny }],
      'aaddd',
    ],
    ['… one that isolates is enough', [{ levels: [[...one('allow 0'), ...isolating()]], onEnd: deny }], 'adddd'],
    ['a tier that nothing isolates in is passed', [{ levels: [one('allow 0')], onEnd: deny }], 'aaaaa'],
    ['isolation means nothing where the tier passes on', [{ levels: [isolating('allow 0')], onEnd: 'pass' }], 'aaaaa'],
    [
      'what a tier ends, no later tier sees',
      [{ levels: [isolating('allow 0')], onEnd: deny }, { levels: [one('deny 0', 'allow 1')] }],
      'adddd',
    ],

    // deny over allow: two levels
    ['denies in a level before allows', [{ levels: [one('deny 0 1'), isolating('allow 1 2')], onEnd: deny }], 'ddadd'],

    // pass
    ['pass leaves the tier', [{ levels: [one('pass 0'), one('deny 0 1')] }], 'adaaa'],
    ['… to the next', [{ levels: [one('pass 0', 'deny 1')] }, { levels: [one('deny 0 1')] }], 'ddaaa'],
    [
      '… where isolation may wait',
      [{ levels: [one('pass 0', 'allow 1')] }, { levels: [isolating()], onEnd: deny }],
      'daddd',
    ],
    ['… and does not meet the end of its own', [{ levels: [isolating('pass 0')], onEnd: deny }], 'adddd'],

    // equal priority
    ['equals that agree', [{ levels: [[...one('deny 0'), ...one('deny 0 1')]] }], 'ddaaa'],
    ['equals that disagree leave it open', [{ levels: [[...one('deny 0 1'), ...one('allow 0')]] }], '?daaa'],
    ['… each by its own first match', [{ levels: [[...one('allow 0', 'deny 0'), ...one('allow 0')]] }], 'aaaaa'],
    ['… pass against deny: what pass leads to', [{ levels: [[...one('pass 0'), ...one('deny 0')]] }], '?aaaa'],
    [
      '… which may be the same',
      [{ levels: [[...one('pass 0'), ...one('deny 0')]] }, { levels: [isolating()], onEnd: deny }],
      'ddddd',
    ],
    [
      '… and one that says nothing leaves it to the other',
      [{ levels: [[...one('log 0'), ...one('deny 0')]] }],
      'daaaa',
    ],
    [
      'equals decide before the next level',
      [{ levels: [[...one('deny 0'), ...one('allow 1')], one('allow 0', 'deny 1')] }],
      'daaaa',
    ],

    [
      'pass against allow: what pass leads to',
      [{ levels: [[...one('pass 0'), ...one('allow 0')]] }, { levels: [one('deny 0')] }],
      '?aaaa',
    ],
    ['… in either order', [{ levels: [[...one('allow 0'), ...one('pass 0')]] }, { levels: [one('deny 0')] }], '?aaaa'],

    // perhaps
    ['a denial that matches perhaps', [{ levels: [one('deny 0? 1')] }], '?daaa'],
    ['… and what comes after it', [{ levels: [one('deny 0? 1', 'allow 0')] }], '?daaa'],
    ['… another denial makes it certain', [{ levels: [one('deny 0?', 'deny 0')] }], 'daaaa'],
    [
      'an allow that matches perhaps, at an end that denies',
      [{ levels: [isolating('allow 0? 1')], onEnd: deny }],
      '?addd',
    ],
    [
      '… united with one that is certain',
      [{ levels: [[...isolating('allow 0?'), ...isolating('allow 0')]], onEnd: deny }],
      'adddd',
    ],
    ['a pass that matches perhaps', [{ levels: [one('pass 0?', 'deny 0')] }], '?aaaa'],
    ['a policy that selects perhaps', [{ levels: [[{ rules: ['deny 0'], unsure: true }]] }], '?aaaa'],
    [
      '… isolates perhaps, and admits what it admits in any case',
      [{ levels: [perhapsIsolating('allow 0')], onEnd: deny }],
      'a????',
    ],
    [
      '… beside another that isolates perhaps and does not',
      [{ levels: [[...perhapsIsolating('allow 0 1'), ...perhapsIsolating('allow 0')]], onEnd: deny }],
      'a????',
    ],
    ['… admits perhaps', [{ levels: [perhapsIsolating('allow 0?')], onEnd: deny }], '?????'],
    [
      '… beside one that isolates for certain',
      [{ levels: [[...perhapsIsolating('allow 0'), ...isolating('allow 1')]], onEnd: deny }],
      '?addd',
    ],
    [
      'what ends perhaps is asked on',
      [{ levels: [perhapsIsolating()], onEnd: deny }, { levels: [one('deny 0')] }],
      'd????',
    ],
    [
      'equals of which one selects perhaps',
      [{ levels: [[{ rules: ['deny 0'], unsure: true }, ...one('allow 0')]] }],
      '?aaaa',
    ],
    ['… and does not disagree', [{ levels: [[{ rules: ['deny 0'], unsure: true }, ...one('deny 0')]] }], 'daaaa'],
  ])('%s', (_why, tiers, want) => {
    expect(ends(...tiers)).toBe(want);
  });

  test('a box that is for the subject only perhaps decides nothing for certain', () => {
    const program = programOf([{ levels: [isolating('allow 0 1')], onEnd: deny }]);
    const [policy] = program.tiers[0]!.levels[0]!;
    const rules = policy!.rules.map((rule) => ({
      ...rule,
      boxes: rule.boxes.map((box) => ({ ...box, certain: false })),
    }));
    const unsure: Program = { tiers: [{ ...program.tiers[0]!, levels: [[{ ...policy!, rules }]] }] };
    const { allow, deny: denied } = fold(unsure, fullBits(PEERS), probe);
    expect(endsOf(allow, denied)).toBe('??ddd');
  });

  test('a room may be used again, and leaves nothing behind', () => {
    const room = foldRoom(1);
    const everyone = fullBits(PEERS);
    const first = programOf([{ levels: [one('pass 0', 'deny 1 2', 'allow 3')] }]);
    const second = programOf([{ levels: [isolating('allow 4')], onEnd: deny }]);
    for (const program of [first, second, first]) {
      const alone = fold(program, everyone, probe);
      const { allow, deny: denied } = fold(program, everyone, probe, { room });
      expect(endsOf(allow, denied)).toBe(endsOf(alone.allow, alone.deny));
    }
  });

  test('who is not asked about has no end', () => {
    const program = programOf([{ levels: [one('deny 0')] }]);
    const { allow, deny: denied } = fold(program, bitsOf(PEERS, [0, 1]), probe);
    expect(endsOf(allow, denied)).toBe('da!!!');
  });

  test('a watch sees every rule with who was live, every end, and what the stack leaves', () => {
    const seen: string[] = [];
    const list = (live: Bits) => [...members(live)].join('');
    fold(
      programOf([
        { levels: [one('deny 0', 'allow 1'), one('pass 2')] },
        { levels: [isolating('allow 3')], onEnd: deny },
      ]),
      fullBits(PEERS),
      probe,
      {
        watch: {
          rule: ({ rule, live }) => seen.push(`${rule.rule.path} of ${list(live)}`),
          tierEnd: ({ certain, live }) => seen.push(`end ${certain} of ${list(live)}`),
          stackEnd: (live) => seen.push(`left ${list(live)}`),
        },
      },
    );
    expect(seen).toEqual([
      'deny 0 of 01234',
      'allow 1 of 1234',
      'pass 2 of 234',
      'allow 3 of 234',
      'end true of 24',
      'left ',
    ]);
  });

  test('to a watch, allow-only policies of one level come none before another', () => {
    const seen: string[] = [];
    fold(
      programOf([{ levels: [[...isolating('allow 0'), ...isolating('allow 0 1')]], onEnd: deny }]),
      fullBits(PEERS),
      probe,
      {
        watch: {
          rule: ({ live }) => seen.push([...members(live)].join('')),
          tierEnd: () => undefined,
          stackEnd: () => undefined,
        },
      },
    );
    expect(seen).toEqual(['01234', '01234']);
  });
});

describe('isolationOf', () => {
  test.each<[why: string, tier: TierSpec, want: string]>([
    ['no policy that isolates', { levels: [one()], onEnd: deny }, 'no'],
    ['one for certain', { levels: [[...perhapsIsolating(), ...isolating()]], onEnd: deny }, 'yes'],
    ['one perhaps', { levels: [[...perhapsIsolating(), ...one()]], onEnd: deny }, 'perhaps'],
    ['a tier that passes on', { levels: [isolating()], onEnd: 'pass' }, 'no'],
    ['in a later level', { levels: [one(), isolating()], onEnd: deny }, 'yes'],
  ])('%s', (_why, tier, want) => {
    expect(isolationOf(tierOf(tier))).toBe(want);
  });
});
