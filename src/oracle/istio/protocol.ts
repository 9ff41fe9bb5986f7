import type { ServicePort } from '#model/exposure.ts';
import type { Question } from '../party.ts';
import type { ServicePath } from '../service-path.ts';

/**
 * What a proxy takes the connection for. Where nobody declares the protocol it looks at the first bytes: without a request
 * in the question the client may send either.
 */
export function protocolsOf(question: Question, paths: readonly ServicePath[]): readonly ('http' | 'tcp')[] {
  const declared = [...new Set(paths.map(({ port }) => protocolOf(port)))];
  const protocol =
    declared.length > 1 ? question.world.choose('the Service that declares the protocol', declared) : declared[0];
  if (protocol !== undefined && protocol !== 'sniffed') return [protocol];
  return question.request === undefined ? ['http', 'tcp'] : ['http'];
}

const HTTP = ['http', 'http2', 'grpc', 'grpc-web'];
const OTHERS = ['https', 'tls', 'tcp', 'mongo', 'mysql', 'redis', 'udp'];
/** Ports of servers that speak first: never sniffed. */
const SERVER_FIRST = [25, 53, 3306, 27017];

/** What `appProtocol` says, or the start of the port's name, or a well-known number. */
function protocolOf({ appProtocol, name = '', port }: ServicePort): 'http' | 'tcp' | 'sniffed' {
  const said = appProtocol?.toLowerCase() ?? name.toLowerCase();
  const known = [...HTTP, ...OTHERS]
    .sort((a, b) => b.length - a.length)
    .find((each) => said === each || (appProtocol === undefined && said.startsWith(`${each}-`)));
  if (known !== undefined) return HTTP.includes(known) ? 'http' : 'tcp';
  if (appProtocol === 'kubernetes.io/h2c' || appProtocol === 'kubernetes.io/ws') return 'http';
  return SERVER_FIRST.includes(port) ? 'tcp' : 'sniffed';
}
