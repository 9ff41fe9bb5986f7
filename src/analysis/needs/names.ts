/** A place that a text names. */
export interface NamedPlace {
  /** Lower case, without a dot at the end; or an address. */
  readonly host: string;
  readonly port?: number;
  /** `https`; absent where there is none. */
  readonly scheme?: string;
}

const URL_TEXT = /\b([a-z][a-z0-9+.-]*):\/\/(?:[^\s/@'"<>]*@)?([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?/gi;
const HOST_PORT = /(?:^|[\s,;='"(@[|/])([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?):(\d{1,5})(?=$|[\s,;'")/\]|])/gi;
const CLUSTER_NAME = /\b([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.svc(?:\.[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?/gi;
const WHOLE = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;
/** Text of configuration is read up to so many characters. */
const MOST = 200_000;

/** Places named inside a text, of any form: URLs, `host:port`, names of Services in full. */
export function placesNamedIn(whole: string): readonly NamedPlace[] {
  const text = whole.slice(0, MOST);
  const found: NamedPlace[] = [
    ...[...text.matchAll(URL_TEXT)].map(([, scheme, host, port]) => placed(host!, port, scheme)),
    ...[...text.matchAll(HOST_PORT)].map(([, host, port]) => placed(host!, port)),
    ...[...text.matchAll(CLUSTER_NAME)].map(([, host, port]) => placed(host!, port)),
    ...brokersIn(text),
  ];
  return [
    ...new Map(found.map((place) => [`${place.scheme ?? ''} ${place.host} ${place.port ?? ''}`, place])).values(),
  ];
}

/** Lists of hosts in one URL: `mongodb://a:27017,b:27017/db`; the first is found as a URL. */
function brokersIn(text: string): NamedPlace[] {
  const lists = [...text.matchAll(/:\/\/([^\s/'"<>]+,[^\s/'"<>]+)/g)].map(([, list]) => list!.split('@').at(-1)!);
  return lists.flatMap((list) =>
    list.split(',').flatMap((item) => {
      const [, host, port] = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(item) ?? [];
      return host === undefined ? [] : [placed(host, port)];
    }),
  );
}

/** The names of a value that is nothing but names: `db`, `a.shop, b.shop`. */
export function namesThatAre(value: string): readonly NamedPlace[] {
  const items = value.split(/[\s,;]+/).filter((item) => item !== '');
  return items.length <= 16 && items.every((item) => WHOLE.test(item))
    ? items.map((host) => placed(host, undefined))
    : [];
}

function placed(host: string, port: string | undefined, scheme?: string): NamedPlace {
  const number = port === undefined ? undefined : Number(port);
  return {
    host: host.toLowerCase(),
    ...(number !== undefined && number > 0 && number < 65536 && { port: number }),
    ...(scheme !== undefined && { scheme: scheme.toLowerCase() }),
  };
}

const PORT_OF_SCHEME: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27017,
  redis: 6379,
  rediss: 6380,
  amqp: 5672,
  amqps: 5671,
  nats: 4222,
  kafka: 9092,
  ldap: 389,
  ldaps: 636,
  sqlserver: 1433,
  smtp: 25,
  ftp: 21,
  ssh: 22,
  git: 9418,
};

/** The port that a place is asked at: the one that is written, or its scheme's own. */
export function portOf({ port, scheme }: NamedPlace): number | undefined {
  return port ?? (scheme === undefined ? undefined : PORT_OF_SCHEME[scheme.split('+')[0]!]);
}

/** Endings of names that are files, and not hosts. */
const FILES =
  /\.(?:ya?ml|json|conf|cfg|ini|toml|sh|py|js|ts|go|rb|java|class|jar|war|so|txt|log|md|xml|html?|css|png|svg|pem|crt|cer|key|csr|p12|jks|properties|tmpl|tpl|sql|sock|gz|tgz|zip|tar|db|lock|pid|local|internal|localdomain|svc|test|example|invalid)$/;

/** Whether a name could be looked up on the internet or in a company: a label, a dot, and an ending of letters. */
export function isOutsideName(host: string): boolean {
  return /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(host) && !FILES.test(host);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^(?:127\.|0\.0\.0\.0$)/.test(host);
}
