import { type Draft, GROUPS, type Group, MODULES, type Module, neededBy, type Parameter } from './value.ts';

/** All resources of one environment, and what its templates ask for. */
export interface Estate {
  readonly location: string;
  /** Under which Terraform keeps its state. */
  readonly stateKey: string;
  readonly groups: ReadonlyMap<Group, string>;
  readonly drafts: readonly Draft[];
  readonly parameters: readonly Parameter[];
  readonly byKey: ReadonlyMap<string, Draft>;
}

export interface EstateParts {
  readonly location: string;
  readonly stateKey: string;
  readonly groupName: (group: Group) => string;
  readonly drafts: readonly Draft[];
  readonly parameters: readonly Parameter[];
}

/** Puts drafts in the order in which they can be made. Throws where a key is used twice or leads nowhere: our bug. */
export function estateOf({ location, stateKey, groupName, drafts, parameters }: EstateParts): Estate {
  const byKey = new Map<string, Draft>();
  for (const draft of drafts) {
    if (byKey.has(draft.key)) throw new Error(`two resources are called ${draft.key}`);
    byKey.set(draft.key, draft);
  }
  const used = GROUPS.filter((group) => drafts.some((draft) => draft.group === group));
  const groups = new Map(used.map((group) => [group, groupName(group)]));
  return { location, stateKey, groups, drafts: ordered(drafts, byKey), parameters, byKey };
}

/** Resources that are made together: one file. */
export interface Unit {
  readonly module: Module;
  readonly group: Draft['group'];
  readonly drafts: readonly Draft[];
  /** Units that must be there first, by the names of `unitName`. */
  readonly after: readonly string[];
}

/** Modules by group: a module that has resources in two groups is two units. */
export function unitsOf({ drafts, byKey }: Estate): readonly Unit[] {
  const units = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const name = unitName(draft);
    units.set(name, [...(units.get(name) ?? []), draft]);
  }
  return inOrder(
    [...units].map(([name, own]) => {
      const { module, group } = own[0]!;
      const needed = own.flatMap((draft) => [...neededBy(draft)].map((key) => unitName(byKey.get(key)!)));
      return { module, group, drafts: own, after: [...new Set(needed)].filter((each) => each !== name).sort() };
    }),
  );
}

/** By module, each after those that it needs. Throws where two need each other, which no form can deploy: our bug. */
function inOrder(units: readonly Unit[]): readonly Unit[] {
  const left = [...units].sort((a, b) => MODULES.indexOf(a.module) - MODULES.indexOf(b.module));
  const done = new Set<string>();
  const placed: Unit[] = [];
  while (left.length > 0) {
    const index = left.findIndex(({ after }) => after.every((name) => done.has(name)));
    const [next] = left.splice(index, index === -1 ? 0 : 1);
    if (next === undefined) throw new Error(`${left.map(unitName).join(', ')} need each other`);
    placed.push(next);
    done.add(unitName(next));
  }
  return placed;
}

/** `monitoring-hub`; of the spoke by the module alone: no two groups have one name, or one would be deployed where the other stands. */
export function unitName({ module, group }: Pick<Draft, 'module' | 'group'>): string {
  return group === 'spoke' ? module : `${module}-${group}`;
}

/** What is needed comes first; otherwise as written. */
function ordered(drafts: readonly Draft[], byKey: ReadonlyMap<string, Draft>): readonly Draft[] {
  const placed: Draft[] = [];
  const states = new Map<Draft, 'open' | 'placed'>();
  const place = (draft: Draft) => {
    const state = states.get(draft);
    if (state === 'placed') return;
    if (state === 'open') throw new Error(`${draft.key} needs itself`);
    states.set(draft, 'open');
    for (const key of neededBy(draft)) {
      const needed = byKey.get(key);
      if (needed === undefined) throw new Error(`${draft.key} names ${key}, which is nothing`);
      place(needed);
    }
    states.set(draft, 'placed');
    placed.push(draft);
  };
  for (const draft of drafts) place(draft);
  return placed;
}
