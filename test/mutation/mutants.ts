/** One deliberate mistake: the only place of `find` in `file` becomes `replace`. */
export interface Mutant {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What the mistake would mean, for people. */
  readonly what: string;
}

/** Mistakes that a person could make in the engine. Every one must be noticed by a fast test (see `run.ts`). */
export const MUTANTS: readonly Mutant[] = [
  // ---------------------------------------------------------------- fold
  {
    file: 'src/engine/fold.ts',
    find: '    state.live.fill(0);\n  } else if',
    replace: '  } else if',
    what: 'what a tier denied is asked on',
  },
  {
    file: 'src/engine/fold.ts',
    find: "  if (tier.tier.onEnd === 'pass') return 'no';",
    replace: '',
    what: 'a tier that passes on isolates',
  },
  {
    file: 'src/engine/fold.ts',
    find: "if (certain) return 'yes';",
    replace: "return 'yes';",
    what: 'a policy that selects perhaps isolates for certain',
  },
  {
    file: 'src/engine/fold.ts',
    find: '  if (!isEmpty(state.passed)) addAll(state.live, state.passed);',
    replace: '',
    what: 'what is passed on is lost',
  },
  {
    file: 'src/engine/fold.ts',
    find: '    state.passed.fill(0);',
    replace: '',
    what: 'what one tier passed on comes back after every later tier',
  },
  {
    file: 'src/engine/fold.ts',
    find: '    keepAll(after, state.live);',
    replace: '    addAll(after, state.live);',
    what: 'of equals, one that decides does not settle it',
  },
  {
    file: 'src/engine/fold.ts',
    find: '    state.live.set(before);',
    replace: '',
    what: 'of equals, the first in the list comes first',
  },
  {
    file: 'src/engine/fold.ts',
    find: '  if (certain) decide(rule, state, probe);',
    replace: '  decide(rule, state, probe);',
    what: 'a policy that selects perhaps decides for certain',
  },
  {
    file: 'src/engine/fold.ts',
    find: 'const must = box.certain ? probe.must(box) : undefined;\n    if (must !== undefined) removeAll(state.live, must);',
    replace: 'const must = probe.must(box);\n    if (must !== undefined) removeAll(state.live, must);',
    what: 'a box that is for the subject perhaps decides for certain',
  },
  {
    file: 'src/engine/fold.ts',
    find: 'const may = probe.may(box);',
    replace: 'const may = probe.must(box);',
    what: 'what a rule matches perhaps is taken for not matched',
  },
  {
    file: 'src/engine/fold.ts',
    find: 'if (!certain || !exact) return false;',
    replace: 'if (!exact) return false;',
    what: 'a rule by port name decides for subjects that have the port only perhaps',
  },
  {
    file: 'src/engine/fold.ts',
    find: "rule.action !== 'allow' && rule.action !== 'log'",
    replace: "rule.action === 'deny'",
    what: 'a pass and an allow of one priority do not disagree',
  },
  {
    file: 'src/engine/fold.ts',
    find: '      if (must !== undefined) removeAll(denied, must);',
    replace: '',
    what: 'a policy that selects perhaps may deny what it admits',
  },
  {
    file: 'src/engine/fold.ts',
    find: '    addAll(state.deny, denied);',
    replace: '',
    what: 'a policy that isolates perhaps denies nothing',
  },
  // ---------------------------------------------------------------- rows, cells, grants, programs
  {
    file: 'src/engine/rows.ts',
    find: 'intersects(allow, deny) ? difference(allow, deny) : possible',
    replace: 'possible',
    what: 'what is only possible is called allowed',
  },
  {
    file: 'src/engine/rows.ts',
    find: '    left = difference(left, part.peers);',
    replace: '',
    what: 'peers are in two entries of one row',
  },
  {
    file: 'src/engine/cells.ts',
    find: 'bounds.add(set[i]!).add(set[i + 1]! + 1)',
    replace: 'bounds.add(set[i]!).add(set[i + 1]!)',
    what: 'the last port of a range belongs to what follows it',
  },
  {
    file: 'src/engine/grants.ts',
    find: 'exact ? allowed : meet(a.possible, b.possible)',
    replace: 'allowed',
    what: 'unknown on one side is denied on both',
  },
  {
    file: 'src/engine/grants.ts',
    find: 'Math.min(a.id, b.id) * 0x4000000 + Math.max(a.id, b.id)',
    replace: 'a.id + b.id',
    what: 'two pairs of grants share one remembered meeting',
  },
  {
    file: 'src/engine/grants.ts',
    find: "? 'unknown' : 'denied'",
    replace: "? 'denied' : 'denied'",
    what: 'unknown is called denied',
  },
  {
    file: 'src/engine/signatures.ts',
    find: "hasBit(must, point) ? '!' : hasBit(may, point) ? '?' : '.'",
    replace: "hasBit(may, point) ? '!' : '.'",
    what: 'subjects that have a port perhaps share the row of those that have it',
  },
  {
    file: 'src/engine/signatures.ts',
    find: 'if (order !== place.order) last.levels.push([]);',
    replace: 'if (last.levels.length === 0) last.levels.push([]);',
    what: 'priorities of one tier are all equal',
  },
  {
    file: 'src/engine/signatures.ts',
    find: 'const exact = mustTraffic === mayTraffic && box.peers.must === box.peers.may;',
    replace: 'const exact = box.peers.must === box.peers.may;',
    what: 'traffic that is open is taken for exact',
  },
  {
    file: 'src/engine/reach.ts',
    find: '  if ((world.points[from]!.families & world.points[to]!.families) === 0) return grants.none;',
    replace: '',
    what: 'IPv4 reaches IPv6',
  },
  {
    file: 'src/engine/all-pairs.ts',
    find: '    removeAll(room.usual, incoming.excepted);',
    replace: '',
    what: 'exceptions of a destination also get what is usual',
  },
  // ---------------------------------------------------------------- selectors, addresses, the world
  {
    file: 'src/engine/select.ts',
    find: "if (requirement.operator === 'In' || requirement.operator === 'Exists') keepAll(bits, listed);",
    replace: "if (requirement.operator !== 'NotIn') keepAll(bits, listed);",
    what: 'DoesNotExist is Exists',
  },
  {
    file: 'src/engine/select.ts',
    find: 'return value === undefined || !requirement.values.includes(value);',
    replace: 'return value !== undefined && !requirement.values.includes(value);',
    what: 'NotIn needs the key',
  },
  {
    file: 'src/engine/select.ts',
    find: 'if (unknown !== undefined) removeAll(must, unknown);',
    replace: '',
    what: 'a label that a controller sets is taken for absent',
  },
  {
    file: 'src/engine/select.ts',
    find: '  if (!known) return false;',
    replace: '',
    what: 'a namespace that the selector excludes by name matches perhaps',
  },
  {
    file: 'src/engine/atoms.ts',
    find: 'starts.add(range.hi + 1n)',
    replace: 'starts.add(range.hi)',
    what: 'the last address of a block is told apart from the block',
  },
  {
    file: 'src/engine/addresses.ts',
    find: 'subtractRanges(cidr, mergeRanges(except))',
    replace: '[cidr]',
    what: '`except` is ignored',
  },
  {
    file: 'src/engine/addresses.ts',
    find: "  if (left.length === 0) return 'all';",
    replace: '',
    what: 'a block that covers every pod range covers some',
  },
  {
    file: 'src/engine/addresses.ts',
    find: "  if (isHost(point) && hosts === 'undefined-by-api') return 'node-address-undefined';",
    replace: '',
    what: 'whether a block covers nodes is settled',
  },
  {
    file: 'src/engine/world.ts',
    find: 'return new Map(namespace.labels).set(NAMESPACE_NAME_LABEL, namespace.name);',
    replace: 'return namespace.labels;',
    what: 'namespaces lack their name label',
  },
  {
    file: 'src/engine/world.ts',
    find: 'if (unit.nodeName === undefined) draft.placed = false;',
    replace: 'if (unit.nodeName === undefined) continue;',
    what: 'pods that run nobody knows where count as placed',
  },
  {
    file: 'src/engine/units.ts',
    find: "if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;",
    replace: "if (pod.phase === 'Failed') continue;",
    what: 'pods that succeeded still own their address',
  },
  // ---------------------------------------------------------------- compilers
  {
    file: 'src/engine/compile/network-policy.ts',
    find: 'if (unread === undefined && !hasSay(compiling, policy, direction)) return undefined;',
    replace: '',
    what: 'every policy isolates in both directions',
  },
  {
    file: 'src/engine/compile/network-policy.ts',
    find: 'if (peers.length === 0) return compiling.everyone;',
    replace:
      'if (peers.length === 0) return { ...compiling.everyone, must: compiling.world.pods, may: compiling.world.pods };',
    what: '`from: []` is every pod and nobody else',
  },
  {
    file: 'src/engine/compile/network-policy.ts',
    find: 'compiling.selection.pods({ ...peer, namespace: policy.namespace })',
    replace:
      'compiling.selection.pods({ namespaceSelector: policy.podSelector, ...peer, namespace: policy.namespace })',
    what: 'a podSelector alone looks in other namespaces',
  },
  {
    file: 'src/engine/compile/network-policy.ts',
    find: 'portTraffic(protocol, port, endPort ?? port)',
    replace: 'portTraffic(protocol, port, port)',
    what: '`endPort` is ignored',
  },
  {
    file: 'src/engine/compile/network-policy.ts',
    find: 'return { must: ALL_PORTS, may: ALL_TRAFFIC };',
    replace: 'return exactTraffic(ALL_TRAFFIC);',
    what: 'a rule without ports admits ICMP for certain',
  },
  {
    file: 'src/engine/compile/network-policy.ts',
    find: "if (profile.hostNetworkPods === 'never') return within(pods, world.pods);",
    replace: "if (profile.hostNetworkPods === 'never') return pods;",
    what: 'selectors match host-network pods',
  },
  {
    file: 'src/engine/compile/network-policy.ts',
    find: 'const open = ports.filter(({ protocol }) => !limited.has(protocol));',
    replace: 'const open = ports;',
    what: 'a port name beside a number opens its whole protocol',
  },
  {
    file: 'src/engine/compile/boxes.ts',
    find: 'if (port.protocol !== undefined && port.protocol !== entry.protocol) continue;',
    replace: '',
    what: 'a port name of TCP is one of UDP too',
  },
  {
    file: 'src/engine/compile/boxes.ts',
    find: "if (direction === 'ingress') boxes.push({ on: destination, peers, traffic });",
    replace: "if (direction === 'ingress') boxes.push({ peers, traffic });",
    what: 'a port name is the number of any pod that has it',
  },
  {
    file: 'src/engine/compile/cluster-policy.ts',
    find: "if (unread && action !== 'allow') return denyAll(compiling, rule);",
    replace: '',
    what: 'a Deny rule with a peer that is not known matches nothing',
  },
  {
    file: 'src/engine/compile/cluster-policy.ts',
    find: 'return within(selection.pods(peer), world.pods);',
    replace: 'return selection.pods(peer);',
    what: 'cluster-wide kinds select host-network pods',
  },
  {
    file: 'src/engine/compile/cluster-policy.ts',
    find: 'asked.length > wanted.length - 1',
    replace: 'asked.length >= wanted.length - 1',
    what: '`*.x` matches a name with nothing before the dot',
  },
  {
    file: 'src/engine/compile/kubernetes.ts',
    find: '.sort(([a], [b]) => a - b)',
    replace: '.sort(([a], [b]) => b - a)',
    what: 'the higher number is asked first',
  },
  {
    file: 'src/engine/compile/kubernetes.ts',
    find: 'if (policy.tier !== where.tier) continue;',
    replace: '',
    what: 'Baseline policies are in Admin too',
  },
  {
    file: 'src/engine/compile/own-node.ts',
    find: "  if (!shared) return 'no';",
    replace: "  if (!shared) return 'perhaps';",
    what: 'any node may be the own node',
  },
  {
    file: 'src/engine/compile/own-node.ts',
    find: "pod.nodeNames.size === 1 && host.nodeNames.size === 1 ? 'yes' : 'perhaps'",
    replace: "'yes'",
    what: 'pods of several nodes are at home on each',
  },
  // ---------------------------------------------------------------- explanation, edits
  {
    file: 'src/engine/explain.ts',
    find: "const decides = live && may && rule.rule.action !== 'log';",
    replace: "const decides = may && rule.rule.action !== 'log';",
    what: 'rules that come too late are said to decide',
  },
  {
    file: 'src/engine/explain.ts',
    find: 'if (!hasBit(box.peers.must, peer)) reasons.push(...doubtsIn(box.peers, peer));',
    replace: '',
    what: 'an unknown peer is no reason',
  },
  {
    file: 'src/engine/edit.ts',
    find: '[...labelKeys].every((key) => coversLabel(world, key)) &&',
    replace: '',
    what: 'an edit selects by labels that the world does not tell apart',
  },
  {
    file: 'src/engine/edit.ts',
    find: "if (direction === 'ingress' && senders.has(from) && differsAt(before, after, { from, to })) continue;",
    replace: '',
    what: 'a pair that changed on both sides is told twice',
  },
  {
    file: 'src/engine/edit.ts',
    find: '  for (const policy of [...gone, ...came]) addAll(affected, policy.subject.may);',
    replace: '  for (const policy of came) addAll(affected, policy.subject.may);',
    what: 'rows of those whom a policy that went selected stay as they were',
  },
  {
    file: 'src/engine/rewrites.ts',
    find: 'at.grants.meet(grantIn(near, point, at.grants), grantIn(row, at.subject, at.grants))',
    replace: 'grantIn(near, point, at.grants)',
    what: 'points on the way take and send everything',
  },
  {
    file: 'src/engine/rewrites.ts',
    find: 'if (far.length === 0) return { must: NO_TRAFFIC, may: rewrite.traffic };',
    replace: 'if (far.length === 0) return { must: rewrite.traffic, may: rewrite.traffic };',
    what: 'a point on the way that the input lacks lets everything through',
  },
  {
    file: 'src/engine/rewrites.ts',
    find: 'withRest(row, at.world.everything, at.grants) : row;',
    replace: 'row : row;',
    what: 'who may not be reached straight is not reached over a point on the way',
  },
  {
    file: 'src/engine/rewrites.ts',
    find: "const seen = direction === 'egress' ? as : via?.onward;",
    replace: 'const seen = as;',
    what: 'a point on the way sends on nothing but tunnels',
  },
];
