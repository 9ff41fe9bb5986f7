import type { Choices, Team, TeamNamespace } from '../choices/choices.ts';
import { doorOf } from './way-in.ts';

/** A namespace with everything that the choices say of it, wherever they say it. */
export interface Space extends TeamNamespace {
  readonly team: Team;
  /** Namespaces that call it. */
  readonly callers: readonly string[];
  /** Names outside that it reaches. */
  readonly outside: readonly { readonly name: string; readonly port: number }[];
  /** Whether the way in leads here: it is published, and there is a way in. */
  readonly isEntered: boolean;
}

/** In the order of the choices. */
export function spacesOf(choices: Choices): readonly Space[] {
  const all = choices.teams.flatMap((team) => team.namespaces.map((namespace) => ({ team, namespace })));
  return all.map(({ team, namespace }) => ({
    ...namespace,
    team,
    callers: all.filter((other) => other.namespace.calls.includes(namespace.name)).map((other) => other.namespace.name),
    outside: choices.outside.filter(({ namespaces }) => namespaces.includes(namespace.name)),
    isEntered: namespace.published && doorOf(choices) !== 'none',
  }));
}
