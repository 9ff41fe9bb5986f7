import { findTool, runTool } from './run-tool.ts';
import { newSession, type SourceOptions } from './session.ts';

/** Which commit was checked out, and by whom it was made. */
export interface Commit {
  readonly id: string;
  readonly author: string;
  /** RFC 3339 */
  readonly at: string;
  /** The first line of its message. */
  readonly subject: string;
}

/**
 * The commit that a folder is at, where it is in a git work tree; undefined where it is in none, or git does not answer. What
 * is edited since is not looked for: `git status` runs the filters that a repository names.
 */
export async function commitAt(options: SourceOptions): Promise<Commit | undefined> {
  const session = newSession(options);
  const git = await findTool(session, 'git');
  if (git === undefined) return undefined;
  const log = ['log', '-1', '--no-show-signature', '--format=%H%x00%an%x00%aI%x00%s', 'HEAD', '--'];
  const last = await runTool(session, { path: git, args: log }, { cwd: session.cwd });
  if (!last.ok) return undefined;
  const [id = '', author = '', at = '', subject = ''] = last.output.toString('utf8').trimEnd().split('\0');
  if (!/^[0-9a-f]{40,64}$/.test(id)) return undefined;
  return { id, author, at, subject };
}
