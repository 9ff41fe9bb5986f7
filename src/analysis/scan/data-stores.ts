import { textAt } from '#model/plain.ts';
import { type ControlContext, onceKey } from '../controls/context.ts';

const STORES = onceKey<readonly string[]>('data-stores');

/** Workloads that keep data: by the image that they run. */
export function dataStoresIn(context: ControlContext): readonly string[] {
  return context.once(STORES, ({ podOwners }) =>
    podOwners
      .filter(({ containers }) =>
        containers.some(({ role, value }) => role === 'container' && isDataStore(textAt(value, 'image') ?? '')),
      )
      .map(({ endpoint }) => endpoint)
      .sort(),
  );
}

/** Names of images of databases, queues, caches, object stores and vaults, as their makers publish them. */
const NAMES = [
  'postgres',
  'postgresql',
  'postgis',
  'timescaledb',
  'mysql',
  'mariadb',
  'percona',
  'mssql',
  'mssql-server',
  'server',
  'oracle',
  'cockroach',
  'mongo',
  'mongodb',
  'couchdb',
  'couchbase',
  'cassandra',
  'scylla',
  'redis',
  'redis-stack',
  'redis-cart',
  'valkey',
  'keydb',
  'dragonfly',
  'memcached',
  'elasticsearch',
  'opensearch',
  'solr',
  'clickhouse',
  'clickhouse-server',
  'influxdb',
  'neo4j',
  'kafka',
  'cp-kafka',
  'zookeeper',
  'rabbitmq',
  'nats',
  'pulsar',
  'activemq',
  'etcd',
  'minio',
  'vault',
  'consul',
  'qdrant',
  'weaviate',
  'milvus',
];
/** The last part of a name, which others use for other things: only with the part before it. */
const WITH_OWNER: Readonly<Record<string, RegExp>> = { server: /mssql/, oracle: /oracle/ };

function isDataStore(image: string): boolean {
  const path = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return NAMES.includes(name) && (WITH_OWNER[name]?.test(path) ?? true);
}
