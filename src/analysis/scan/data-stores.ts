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
  'percona-server',
  'percona-xtradb-cluster',
  'percona-server-mongodb',
  'spilo',
  'documentdb',
  'documentdb-local',
  'ferretdb',
  'azure-cosmos-emulator',
  'yugabyte',
  'tidb',
  'tikv',
  'azure-sql-edge',
  'mssql',
  'mssql-server',
  'server',
  'oracle',
  'cockroach',
  'mongo',
  'mongodb',
  'mongodb-community-server',
  'mongodb-enterprise-server',
  'arangodb',
  'rethinkdb',
  'ravendb',
  'couchdb',
  'couchbase',
  'cassandra',
  'scylla',
  'redis',
  'redis-stack',
  'redis-stack-server',
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
  'kafka-native',
  'redpanda',
  'cp-kafka',
  'zookeeper',
  'rabbitmq',
  'nats',
  'pulsar',
  'activemq',
  'etcd',
  'minio',
  'azurite',
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
