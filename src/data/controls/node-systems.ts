/** Until when an operating system of nodes is mended by its maker, without paying for more. */
export interface NodeSystem {
  /** By `status.nodeInfo.osImage` of a node. */
  readonly image: RegExp;
  readonly name: string;
  /** The last day. */
  readonly until: string;
  readonly source: string;
}

/** When all of them were held against their sources. */
export const NODE_SYSTEMS_AS_OF = '2026-11';

export const NODE_SYSTEMS: readonly NodeSystem[] = [
  ubuntu('18.04', '2023-05-31'),
  ubuntu('20.04', '2025-05-29'),
  ubuntu('22.04', '2027-06-01'),
  ubuntu('24.04', '2029-05-31'),
  ubuntu('26.04', '2031-05-29'),
  debian('10', 'buster', '2024-06-30'),
  debian('11', 'bullseye', '2026-08-31'),
  debian('12', 'bookworm', '2028-06-30'),
  debian('13', 'trixie', '2030-06-30'),
  {
    image: /^(?:CBL-)?Mariner/i,
    name: 'Azure Linux 2',
    until: '2025-11-30',
    source: 'https://learn.microsoft.com/en-us/azure/aks/upgrade-os-version',
  },
  {
    image: /^CentOS Linux 7/,
    name: 'CentOS Linux 7',
    until: '2024-06-30',
    source: 'https://www.centos.org/centos-linux-eol/',
  },
  {
    image: /^CentOS Linux 8/,
    name: 'CentOS Linux 8',
    until: '2021-12-31',
    source: 'https://www.centos.org/centos-linux-eol/',
  },
  {
    image: /^Amazon Linux 2$/,
    name: 'Amazon Linux 2',
    until: '2026-06-30',
    source: 'https://aws.amazon.com/amazon-linux-2/faqs/',
  },
];

/** Standard support, by the days that Ubuntu itself keeps in `distro-info-data`. */
function ubuntu(version: string, until: string): NodeSystem {
  return {
    image: new RegExp(`^Ubuntu ${version.replace('.', '\\.')}`),
    name: `Ubuntu ${version}`,
    until,
    source: 'https://ubuntu.com/about/release-cycle',
  };
}

/** With long-term support; the days are those of `distro-info-data`. */
function debian(version: string, codename: string, until: string): NodeSystem {
  return {
    image: new RegExp(`^Debian GNU/Linux ${version}(?: \\(${codename}\\))?`),
    name: `Debian ${version}`,
    until,
    source: 'https://wiki.debian.org/LTS',
  };
}
