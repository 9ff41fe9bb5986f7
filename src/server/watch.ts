import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { azureScopeOf } from '#source/azure/scope.ts';
import type { Plan } from './plan.ts';

/** `files`: the system tells of changes; `polling`: everything is read again every few seconds; `none`: nothing can change. */
export type Watching = 'files' | 'polling' | 'none';

export interface Watch {
  readonly mode: () => Watching;
  readonly close: () => void;
}

export interface WatchOptions {
  readonly onChange: () => void;
  /** Changes that come within so many milliseconds are one. */
  readonly quietMs?: number;
  readonly pollMs?: number;
  /** Of a live cluster, which tells nobody. */
  readonly livePollMs?: number;
  /** For tests: as if the system could not watch. */
  readonly cannotWatch?: boolean;
}

/** Tells of changes of what the plan reads. Never fails: where the system cannot watch, it polls. */
export function watchPlan(plan: Plan, options: WatchOptions): Watch {
  const { onChange, quietMs = 150, pollMs = 5_000, livePollMs = 60_000 } = options;
  const targets = targetsOf(plan);
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let polling: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  };
  const poll = (every: number) => {
    polling ??= setInterval(onChange, every).unref();
  };
  const fail = () => {
    for (const watcher of watchers.splice(0)) watcher.close();
    poll(pollMs);
  };
  try {
    if (options.cannotWatch === true) fail();
    else for (const target of targets) watchers.push(watched(target, changed).on('error', fail));
  } catch {
    fail();
  }
  if (plan.live !== undefined) poll(livePollMs);
  return {
    mode: () => (polling !== undefined ? 'polling' : watchers.length > 0 ? 'files' : 'none'),
    close: () => {
      clearTimeout(timer);
      clearInterval(polling);
      for (const watcher of watchers) watcher.close();
    },
  };
}

interface Target {
  readonly folder: string;
  /** The only file that counts, by its name; all of the tree where absent. */
  readonly name?: string;
}

/** What cannot change is not watched: standard input, revisions of git, and what is asked of Azure. */
function targetsOf({ folder, paths, live, azure, invariants }: Plan): readonly Target[] {
  const named = [...(live === undefined ? paths : []), ...azure.filter((text) => azureScopeOf(text) === undefined)];
  const files = named.filter((path) => path !== '-' && !path.startsWith('git:'));
  return [...files, ...invariants].map((path) => targetOf(resolve(folder, path.split(/[*?[{]/)[0]!)));
}

/** Editors put a new file in the place of the old one: its folder is watched. */
function targetOf(path: string): Target {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return { folder: dirname(path) };
  return status.isDirectory() ? { folder: path } : { folder: dirname(path), name: basename(path) };
}

function watched({ folder, name }: Target, onChange: () => void): FSWatcher {
  return watch(folder, { recursive: name === undefined, persistent: false }, (_event, changed) => {
    if (name !== undefined && changed !== null && changed !== name) return;
    if (changed !== null && NOISE.test(changed)) return;
    onChange();
  });
}

/** Nothing in there is ever read, and much changes. */
const NOISE = /(?:^|[\\/])(?:\.git|node_modules)(?:[\\/]|$)/;
