/** Until when an operating system of nodes is mended by its maker, without paying for more. */
export interface NodeSystem {
  /** By `status.nodeInfo.osImage` of a node. */
  readonly image: RegExp;
  readonly name: string;
  /** The last day. */
  readonly until: string;
  readonly source: string;
}

export const NODE_SYSTEMS_AS_OF = '2026-11';

export const NODE_SYSTEMS: readonly NodeSystem[] = [
  ubuntu('18.04', '2023-05-31'),
  ubuntu('20.04', '2025-05-31'),
  ubuntu('22.04', '2027-05-31'),
  ubuntu('24.04', '2029-05-31'),
  debian('10', 'buster', '2024-06-30'),
  debian('11', 'bullseye', '2026-08-31'),
  debian('12', 'bookworm', '2028-06-30'),
  {
    image: /^(?:CBL-)?Mariner/i,
    name: 'Azure Linux 2',
    until: '2025-11-30',
    source: 'https://learn.microsoft.com/en-us/azure/aks/use-azure-linux',
  },
  {
    image: /^CentOS Linux (?:7|8)/,
    name: 'CentOS Linux',
    until: '2024-06-30',
    source: 'https://www.centos.org/centos-linux-eol/',
  },
  {
    image: /^Amazon Linux 2$/,
    name: 'Amazon Linux 2',
    until: '2026-06-30',
    source: 'https://aws.amazon.com/amazon-linux-2/faqs/',
  },
];

function ubuntu(version: string, until: string): NodeSystem {
  return {
    image: new RegExp(`^Ubuntu ${version.replace('.', '\\.')}`),
    name: `Ubuntu ${version}`,
    until,
    source: 'https://ubuntu.com/about/release-cycle',
  };
}

/** With long-term support. */
function debian(version: string, codename: string, until: string): NodeSystem {
  return {
    image: new RegExp(`^Debian GNU/Linux ${version}(?: \\(${codename}\\))?`),
    name: `Debian ${version}`,
    until,
    source: 'https://wiki.debian.org/LTS',
  };
}
