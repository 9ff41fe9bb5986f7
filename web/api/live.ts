import { useSyncExternalStore } from 'react';
import type { EnvironmentAnswer } from './answers.ts';
import { API, get, Problem } from './client.ts';

/** Whether the console hears from the server, and the environment as it last heard. */
export interface Live {
  readonly connection: 'connecting' | 'open' | 'lost';
  readonly environment: EnvironmentAnswer | undefined;
  readonly problem: Problem | undefined;
}

let live: Live = { connection: 'connecting', environment: undefined, problem: undefined };
const listeners = new Set<() => void>();

export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => live);
}

/** Follows the server's events; the browser connects again by itself after a loss. */
export function watchEnvironment(): void {
  void refresh();
  const events = new EventSource(`${API}/events`);
  events.addEventListener('open', () => {
    change({ connection: 'open' });
    void refresh();
  });
  events.addEventListener('error', () => change({ connection: 'lost' }));
  events.addEventListener('revision', () => void refresh());
}

async function refresh(): Promise<void> {
  try {
    change({ environment: await get<EnvironmentAnswer>('/environment'), problem: undefined });
  } catch (error) {
    if (error instanceof Problem) change({ problem: error });
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
