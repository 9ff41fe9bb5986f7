import { execFileSync } from 'node:child_process';

/** Installs a package of Debian where we may. Answers whether it was. */
export function installPackage(name: string): boolean {
  if (process.getuid?.() !== 0) return false;
  console.log(`installing ${name}`);
  const install = ['install', '-y', '--no-install-recommends', name];
  return runs('apt-get', install) || (runs('apt-get', ['update']) && runs('apt-get', install));
}

function runs(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    return true;
  } catch {
    return false;
  }
}
