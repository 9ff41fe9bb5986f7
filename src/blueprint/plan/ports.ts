/** Ports that Services may listen on: HTTPS, and those of the databases and metrics that clusters have inside. */
export const ALLOWED_SERVICE_PORTS: readonly number[] = [443, 8080, 8443, 9090];
