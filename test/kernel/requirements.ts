import { execFileSync } from 'node:child_process';

/** Why the suite cannot run here, in one line; undefined when it can. Installs what a package can supply. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'building network namespaces needs root';
  installMissing();
  if (!has('ip', ['-V'])) return 'the command `ip` is missing (Debian package iproute2)';
  if (!has('nft', ['--version'])) return 'the command `nft` is missing (Debian package nftables)';
  if (!has('python3', ['--version'])) return 'the command `python3` is missing (Debian package python3)';
  const probe = `rf-${process.pid}-probe`;
  if (!has('ip', ['netns', 'add', probe])) return 'this machine does not let us make network namespaces';
  try {
    return missingFrom(probe);
  } finally {
    has('ip', ['netns', 'delete', probe]);
  }
}

function missingFrom(netns: string): string | undefined {
  if (!has('ip', ['-n', netns, 'link', 'add', 'p0', 'type', 'veth', 'peer', 'name', 'p1']))
    return 'the kernel has no veth';
  const forward = 'echo 1 > /proc/sys/net/ipv4/ip_forward && echo 1 > /proc/sys/net/ipv6/conf/all/forwarding';
  if (!has('ip', ['netns', 'exec', netns, 'sh', '-c', forward])) {
    return 'settings of a network namespace cannot be written, or the kernel has no IPv6';
  }
  const rules = [
    'table inet t {',
    'chain z { type filter hook prerouting priority raw; ct zone set 1; }',
    'chain f { type filter hook forward priority 0; ct state established accept; reject with icmpx type admin-prohibited; }',
    '}',
  ].join('\n');
  if (!has('ip', ['netns', 'exec', netns, 'nft', '-f', '-'], rules)) {
    return 'the kernel lacks nf_tables with connection tracking and reject';
  }
  return undefined;
}

function installMissing(): void {
  const wanted = [
    ['nft', '--version', 'nftables'],
    ['ip', '-V', 'iproute2'],
    ['python3', '--version', 'python3'],
  ] as const;
  const packages = wanted.filter(([command, flag]) => !has(command, [flag])).map(([, , name]) => name);
  if (packages.length === 0 || !has('apt-get', ['--version'])) return;
  console.log(`installing ${packages.join(', ')}`);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (!has('apt-get', install) && has('apt-get', ['update'])) has('apt-get', install);
}

function has(command: string, args: readonly string[], input = ''): boolean {
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync(command, args, { input, env, stdio: ['pipe', 'ignore', 'ignore'] });
    return true;
  } catch {
    return false;
  }
}
