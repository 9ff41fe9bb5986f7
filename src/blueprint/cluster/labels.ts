/** The label of namespaces that names their team: teams are apart unless a choice joins them. */
export const TEAM = 'team';
export const SENSITIVITY = 'sensitivity';
/** Of the namespaces that belong to nobody but the platform. */
export const PLATFORM_TEAM = 'platform';

/** Pods to which the way in leads. A team gives this label to the pods that answer requests, and to no others. */
export const PUBLISHED: Readonly<Record<string, string>> = { published: 'true' };

/** The Service of a published namespace: the way in leads to it, and it to the pods that are labelled. */
export const ENTRY = 'entry';
