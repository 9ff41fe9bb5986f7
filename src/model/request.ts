import type { Labels } from './resource.ts';

/** One request that is asked about, inside a connection. What is absent is not known. */
export interface AskedRequest {
  readonly kind: 'http' | 'dns' | 'kafka';
  /** HTTP: upper case. */
  readonly method?: string;
  /** HTTP: without the query, as it is written; begins with `/`. gRPC: `/package.Service/Method`. */
  readonly path?: string;
  /** HTTP: the `Host` or `:authority`, lower case. DNS: the name that is asked for. */
  readonly host?: string;
  /** Names in lower case. */
  readonly headers: Labels;
  /** Kafka. */
  readonly topic?: string;
}

/** Which requests a rule means. Made by compilers from their API's own language. */
export interface RequestMatch {
  /** For people: `GET /orders/*`, `host shop.example.com`, `any request of JWT issuer …`. Control characters escaped. */
  readonly text: string;
  /** `perhaps`: the request asked about does not say enough. Linear in the length of the request. */
  matches(request: AskedRequest): 'yes' | 'no' | 'perhaps';
}
