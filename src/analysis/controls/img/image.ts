/** A reference to an image, its parts as container runtimes take them. */
export interface Image {
  /** `docker.io` where none is named. */
  readonly registry: string;
  /** `library/nginx` for `nginx`. */
  readonly repository: string;
  /** Absent where none is named: `latest` then. */
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** Undefined for what is no reference: an empty text, a template that was not filled in. */
export function parseImage(text: string): Image | undefined {
  if (text === '' || /[\s{}$<>]/.test(text)) return undefined;
  const [named = '', digest] = text.split('@', 2);
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  // The first part is a registry where it looks like the name of a host (distribution's reference grammar).
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  if (repository === '') return undefined;
  const registry = hasRegistry
    ? first.toLowerCase().replace(/^(?:index|registry-1)\.docker\.io$/, 'docker.io')
    : 'docker.io';
  return {
    registry,
    repository: registry === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository,
    ...(colon >= 0 && { tag: rest.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
}

/** `docker.io/library/nginx` */
export function repositoryOf({ registry, repository }: Image): string {
  return `${registry}/${repository}`;
}

/** `docker.io/library/nginx:latest` */
export function taggedOf(image: Image): string {
  return `${repositoryOf(image)}:${image.tag ?? 'latest'}`;
}
