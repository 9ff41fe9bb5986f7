/** Until when versions of a product get fixes, by the name of its image. */
export interface ImageEnds {
  /** The name of the product, as its maker has it. */
  readonly name: string;
  readonly source: string;
  /** Cycles as tags begin: `12`, `3.8`; a name of Debian's. The last day of each. */
  readonly cycles: Readonly<Record<string, string>>;
}

export const IMAGE_ENDS_AS_OF = '2026-11';

/** Official images whose tags begin with the version of what is in them. */
export const IMAGE_ENDS: Readonly<Record<string, ImageEnds>> = {
  node: {
    name: 'Node.js',
    source: 'https://nodejs.org/en/about/previous-releases',
    cycles: {
      '12': '2022-04-30',
      '14': '2023-04-30',
      '16': '2023-09-11',
      '17': '2022-06-01',
      '18': '2025-04-30',
      '19': '2023-06-01',
      '20': '2026-04-30',
      '21': '2024-06-01',
      '23': '2025-06-01',
    },
  },
  python: {
    name: 'Python',
    source: 'https://devguide.python.org/versions/',
    cycles: {
      '2.7': '2020-01-01',
      '3.5': '2020-09-30',
      '3.6': '2021-12-23',
      '3.7': '2023-06-27',
      '3.8': '2024-10-07',
      '3.9': '2025-10-31',
      '3.10': '2026-10-31',
    },
  },
  php: {
    name: 'PHP',
    source: 'https://www.php.net/supported-versions.php',
    cycles: { '7.3': '2021-12-06', '7.4': '2022-11-28', '8.0': '2023-11-26', '8.1': '2025-12-31' },
  },
  postgres: {
    name: 'PostgreSQL',
    source: 'https://www.postgresql.org/support/versioning/',
    cycles: {
      '9.6': '2021-11-11',
      '10': '2022-11-10',
      '11': '2023-11-09',
      '12': '2024-11-21',
      '13': '2025-11-13',
      '14': '2026-11-12',
    },
  },
  mysql: {
    name: 'MySQL',
    source: 'https://www.mysql.com/support/supportedplatforms/database.html',
    cycles: { '5.6': '2021-02-28', '5.7': '2023-10-31', '8.0': '2026-04-30' },
  },
  mongo: {
    name: 'MongoDB',
    source: 'https://www.mongodb.com/legal/support-policy/lifecycles',
    cycles: {
      '3.6': '2021-04-30',
      '4.0': '2022-04-30',
      '4.2': '2023-04-30',
      '4.4': '2024-02-29',
      '5.0': '2024-10-31',
      '6.0': '2025-07-31',
    },
  },
  elasticsearch: {
    name: 'Elasticsearch',
    source: 'https://www.elastic.co/support/eol',
    cycles: { '6': '2022-02-10', '7': '2026-01-15' },
  },
  alpine: {
    name: 'Alpine Linux',
    source: 'https://alpinelinux.org/releases/',
    cycles: {
      '3.12': '2022-05-01',
      '3.13': '2022-11-01',
      '3.14': '2023-05-01',
      '3.15': '2023-11-01',
      '3.16': '2024-05-23',
      '3.17': '2024-11-22',
      '3.18': '2025-05-09',
      '3.19': '2025-11-01',
      '3.20': '2026-04-01',
      '3.21': '2026-11-01',
    },
  },
  ubuntu: {
    name: 'Ubuntu',
    source: 'https://ubuntu.com/about/release-cycle',
    cycles: {
      '16.04': '2021-04-30',
      '18.04': '2023-05-31',
      '20.04': '2025-05-31',
      bionic: '2023-05-31',
      focal: '2025-05-31',
    },
  },
  debian: {
    name: 'Debian',
    source: 'https://wiki.debian.org/LTS',
    cycles: {
      '9': '2022-06-30',
      '10': '2024-06-30',
      '11': '2026-08-31',
      stretch: '2022-06-30',
      buster: '2024-06-30',
      bullseye: '2026-08-31',
    },
  },
  centos: {
    name: 'CentOS Linux',
    source: 'https://www.centos.org/centos-linux-eol/',
    cycles: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  },
};
