import { useSyncExternalStore } from 'react';
import type { EnvironmentAnswer, StatusAnswer } from './answers.ts';
import { API, get, Problem } from './client.ts';

/** What the console knows of the server: whether it answers, how current it is, and what every answer is about. */
export interface Live {
  readonly connection: 'connecting' | 'open' | 'lost';
  readonly status: StatusAnswer | undefined;
  readonly environment: EnvironmentAnswer | undefined;
  /** What the server is at, while it reads or analyses. */
  readonly progress: string | undefined;
  readonly problem: Problem | undefined;
}

let live: Live = {
  connection: 'connecting',
  status: undefined,
  environment: undefined,
  progress: undefined,
  problem: undefined,
};
const listeners = new Set<() => void>();

export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => live);
}

/** Follows the server's events, of which the first is the status as it is; after a loss the browser connects again. */
export function watchEnvironment(): void {
  const events = new EventSource(`${API}/events`);
  events.addEventListener('open', () => change({ connection: 'open' }));
  events.addEventListener('error', () => {
    change({ connection: 'lost' });
    // A browser that was refused does not ask again, and does not say why it was.
    if (events.readyState === EventSource.CLOSED) void take(get<StatusAnswer>('/status'));
  });
  events.addEventListener(
    'status',
    ({ data }: MessageEvent<string>) => void take(Promise.resolve(JSON.parse(data) as StatusAnswer)),
  );
  events.addEventListener('progress', ({ data }: MessageEvent<string>) =>
    change({ progress: JSON.parse(data) as string }),
  );
}

/** The environment is told anew with each revision only. */
async function take(coming: Promise<StatusAnswer>): Promise<void> {
  try {
    const status = await coming;
    change({ status, progress: undefined, problem: undefined });
    if (status.revision === 0 || live.environment?.revision === status.revision) return;
    change({ environment: await get<EnvironmentAnswer>('/environment') });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    change({ problem: error });
  }
}

function change(part: Partial<Live>): void {
  live = { ...live, ...part };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
