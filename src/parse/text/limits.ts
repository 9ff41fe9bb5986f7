/** Levels of maps and lists inside one another. No Kubernetes object comes near; consumers may recurse this deep. */
export const MAX_DEPTH = 200;

/** Nodes that the aliases and merge keys of one document may add to what is written out. */
export const MAX_EXPANDED_NODES = 1_000_000;
