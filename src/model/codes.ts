import type { Severity } from './diagnostic.ts';

/** What a code means for people: `ringfence explain CODE` and the docs page are made from this. */
export interface CodeEntry {
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
}

/**
 * Every diagnostic code. RF1: bytes and syntax. RF2: objects that an API server would refuse (they take no part).
 * RF3: objects that are accepted but do not do what they seem to. RF4: the environment and what was assumed of it.
 * RF5: invariants and questions (RF50), cloud documents (RF51), Terraform (RF52). RF6: blueprints. A code never changes
 * its meaning and is never reused.
 */
export const CODES = {
  RF1001: {
    severity: 'error',
    title: 'not valid YAML or JSON',
    why: 'The document cannot be read, so whatever it says takes no part in any answer. Every other document is still read.',
    fix: 'Correct the syntax at the marked place.',
  },
  RF1002: {
    severity: 'warning',
    title: 'duplicate key',
    why: 'YAML forbids a key twice in one mapping; kubectl keeps the last one, and so do we. Whoever wrote the first meant something by it.',
    fix: 'Remove one of the two.',
  },
  RF1003: {
    severity: 'error',
    title: 'nested too deep',
    why: 'The document nests deeper than any Kubernetes object can. It was left out so that it cannot exhaust memory.',
    fix: 'Check whether the file is what you think it is.',
  },
  RF1004: {
    severity: 'error',
    title: 'aliases expand too far',
    why: 'Anchors that refer to anchors can make a small file expand to gigabytes. The document was left out.',
    fix: 'Write the repeated parts out, or split the document.',
  },
  RF1005: {
    severity: 'error',
    title: 'alias refers to itself',
    why: 'An anchor that contains its own alias has no finite value.',
    fix: 'Remove the cycle.',
  },
  RF1006: {
    severity: 'error',
    title: 'file or folder cannot be read',
    why: 'What it holds is unknown, so every answer is without it.',
    fix: 'Check the path and the permissions.',
  },
  RF1007: {
    severity: 'error',
    title: 'file too large',
    why: 'The file is larger than the limit for one file and was left out.',
    fix: 'Split the file, or raise the limit with --max-file-size.',
  },
  RF1008: {
    severity: 'warning',
    title: 'binary file',
    why: 'The file has the name of a manifest but holds binary data. It was left out.',
    fix: 'Rename it, or list it in .ringfenceignore.',
  },
  RF1009: {
    severity: 'warning',
    title: 'scalar that kubectl reads differently than it looks',
    why: 'kubectl reads YAML 1.1 plain scalars: `on`, `y` and `no` are booleans and 017 is 15. The value is used as kubectl would.',
    fix: 'Put quotes around the value to say that it is text.',
  },
  RF1010: {
    severity: 'error',
    title: 'tool needed to read this is missing',
    why: 'A Helm chart or a kustomization is a program for manifests, not manifests. Without its tool we do not know what it would produce.',
    fix: 'Install the named tool, or render to files first and point Ringfence at those.',
  },
  RF1011: {
    severity: 'error',
    title: 'the tool that renders this failed',
    why: 'helm, kustomize or git reported an error, so what it would have produced takes no part.',
    fix: 'Run the printed command by hand and correct what it reports.',
  },
  RF1012: {
    severity: 'error',
    title: 'not UTF-8 text',
    why: 'Kubernetes manifests are UTF-8. The file was left out.',
    fix: 'Convert the file to UTF-8.',
  },
  RF1013: {
    severity: 'error',
    title: 'gzip data is damaged or expands too far',
    why: 'The compressed file cannot be unpacked within the limit and was left out.',
    fix: 'Unpack it by hand and check it.',
  },
  RF1014: {
    severity: 'info',
    title: 'nothing to read here',
    why: 'The path holds no Kubernetes object, so there is nothing to answer about.',
    fix: 'Point Ringfence at the folder that holds your manifests, or pipe `kubectl get -A -o yaml` into it.',
  },
  RF1015: {
    severity: 'info',
    title: 'not used by the kustomization of its folder',
    why: 'A file or a kustomization lies in the folder of a kustomization that does not use it. What a folder deploys is what its own kustomization renders.',
    fix: 'Give it as a PATH of its own if it is deployed too.',
  },
  RF2001: {
    severity: 'error',
    title: 'object without apiVersion, kind or name',
    why: 'The API server needs all three; the object takes no part.',
    fix: 'Add what is missing.',
  },
  RF2002: {
    severity: 'error',
    title: 'field of the wrong type',
    why: 'The API server refuses an object whose field has another type than the schema says; the object takes no part.',
    fix: 'Write the value as the named type. A number or boolean where text is wanted needs quotes.',
  },
  RF2003: {
    severity: 'error',
    title: 'required field missing',
    why: 'The API server refuses the object; it takes no part.',
    fix: 'Add the field.',
  },
  RF2004: {
    severity: 'error',
    title: 'value not allowed',
    why: 'The API server refuses the object; it takes no part.',
    fix: 'Use one of the values that the message names.',
  },
  RF2005: {
    severity: 'error',
    title: 'invalid label selector',
    why: 'The API server refuses a selector with an unknown operator, or with values where none or some are required; the object takes no part.',
    fix: 'In and NotIn need values; Exists and DoesNotExist must have none.',
  },
  RF2006: {
    severity: 'error',
    title: 'invalid label or name',
    why: 'The API server refuses names and labels outside their character set; the object takes no part.',
    fix: 'Use letters, digits, `-`, `_` and `.`, at most 63 characters, starting and ending with a letter or digit.',
  },
  RF2007: {
    severity: 'error',
    title: 'invalid CIDR or address',
    why: 'The API server refuses it; the object takes no part.',
    fix: 'Write an address and a prefix length, as 10.0.0.0/8 or 2001:db8::/32.',
  },
  RF2008: {
    severity: 'error',
    title: 'invalid port',
    why: 'Ports are 1 to 65535, or the name of a container port; endPort needs a numeric port that is not larger. The object takes no part.',
    fix: 'Correct the port.',
  },
  RF2009: {
    severity: 'error',
    title: 'fields that exclude each other',
    why: 'The API server refuses the combination; the object takes no part.',
    fix: 'Keep one of the two; write two entries if you mean both.',
  },
  RF2010: {
    severity: 'error',
    title: 'except outside its block',
    why: 'Each `except` must lie inside `cidr` and be smaller than it. The object takes no part.',
    fix: 'Correct the except entry.',
  },
  RF2011: {
    severity: 'warning',
    title: 'the same object twice',
    why: 'One name can hold one object. Applied in this order the later one wins, and so it does here.',
    fix: 'Remove or rename one of the two.',
  },
  RF2012: {
    severity: 'error',
    title: 'unknown version of a known API',
    why: 'The object is of a kind that decides about traffic, in a version that Ringfence does not know. It takes no part, and answers may lack it.',
    fix: 'Use one of the versions that the message names.',
  },
  RF2013: {
    severity: 'warning',
    title: 'unknown field',
    why: 'Ringfence does not know this field. kubectl refuses it by default as a likely typing error; if a server accepts it, it may change the meaning. Verdicts it touches are unknown.',
    fix: 'Correct the spelling, or remove it.',
  },
  RF2014: {
    severity: 'error',
    title: 'too many or too few entries',
    why: 'The schema bounds the length of this list; the API server refuses the object and it takes no part.',
    fix: 'Split the object, or add an entry.',
  },
  RF2015: {
    severity: 'error',
    title: 'invalid selector expression',
    why: 'The expression cannot be parsed, so the controller does not program the policy; it takes no part.',
    fix: 'Correct the expression at the marked place.',
  },
  RF2016: {
    severity: 'error',
    title: 'policy that its controller refuses',
    why: 'The API server may store the object, but its controller finds it invalid and does not enforce any of it; it takes no part.',
    fix: 'Correct what the message names. The status of the object in the cluster should say the same.',
  },
  RF3001: {
    severity: 'warning',
    title: 'CIDR with host bits or leading zeros',
    why: 'The block is read as its network address. New API servers refuse such entries, and a reader may take leading zeros for octal.',
    fix: 'Write the network address.',
  },
  RF3002: {
    severity: 'warning',
    title: 'rules in a direction that policyTypes leaves out',
    why: 'Rules of a direction that policyTypes does not list have no effect in the NetworkPolicy API; some engines enforce them all the same.',
    fix: 'Add the direction to policyTypes, or remove the rules.',
  },
  RF3003: {
    severity: 'warning',
    title: 'policy selects nothing',
    why: 'No pod in the input matches, so the policy protects nobody. Often a label is misspelt.',
    fix: 'Compare the selector with the labels of the pods it should protect.',
  },
  RF3004: {
    severity: 'info',
    title: 'namespace not defined in the input',
    why: 'Objects refer to the namespace, but its labels are not in the input. Selectors on namespace labels other than its name give unknown.',
    fix: 'Add the Namespace manifest.',
  },
  RF3005: {
    severity: 'warning',
    title: 'selector written with a key that YAML reads as true or false',
    why: 'A key such as `on` or `y` without quotes becomes the label key `true`.',
    fix: 'Put quotes around the key.',
  },
  RF3006: {
    severity: 'info',
    title: 'policy on secondary networks only',
    why: 'A MultiNetworkPolicy governs secondary networks. Ringfence answers about the cluster network, where it has no say.',
    fix: 'Nothing; read answers as about the cluster network.',
  },
  RF3007: {
    severity: 'warning',
    title: 'namespace with a primary user-defined network',
    why: 'Its pods are not on the cluster network, so their reachability is unknown.',
    fix: 'Answers about pods of that namespace are unknown.',
  },
  RF3008: {
    severity: 'warning',
    title: 'pod template is not in the input',
    why: 'The object makes pods from a template that another object holds, and that object is not in the input. Its pods are missing from every answer.',
    fix: 'Add the manifest that the message names.',
  },
  RF3009: {
    severity: 'warning',
    title: 'field that matters and is not supported',
    why: 'The field can change who reaches what, and Ringfence does not read it yet. Answers may lack what it adds.',
    fix: 'Write the same thing without the field where you can, and read answers about this object with care.',
  },
  RF3010: {
    severity: 'warning',
    title: 'accepted and without effect',
    why: 'The controller takes the object, or this part of it, and does nothing with it. Whoever wrote it means something by it.',
    fix: 'Remove it, or write what the message says instead.',
  },
  RF3011: {
    severity: 'warning',
    title: 'reference to an object that is not there',
    why: 'The object that it names is not in the input. What the API does then is often not what the name suggests.',
    fix: 'Add the object that the message names, or correct the name.',
  },
  RF3012: {
    severity: 'warning',
    title: 'wider or narrower than it reads',
    why: 'The engine enforces something else than the text suggests: a condition that it cannot see is dropped, or the rule with it.',
    fix: 'Write the rule so that the enforcing component can see all of it.',
  },
  RF4001: {
    severity: 'info',
    title: 'engine profile',
    why: 'The same policies mean different things under different engines. This says which one was assumed, and from what.',
    fix: 'Choose another with --engine.',
  },
  RF4002: {
    severity: 'info',
    title: 'pod addresses assumed',
    why: 'Pods without an address in the input are taken to have private addresses (RFC 1918, RFC 6598, RFC 4193).',
    fix: 'Give the pod range with --pod-cidr to settle rules that name private blocks.',
  },
  RF4003: {
    severity: 'warning',
    title: 'policies are not enforced',
    why: 'Under the profile `none` nothing enforces NetworkPolicy objects: they exist and have no effect.',
    fix: 'Install a network plug-in that enforces them, or choose the right one with --engine.',
  },
  RF4004: {
    severity: 'warning',
    title: 'the chosen engine does not know this kind of policy',
    why: 'The objects exist and have no effect under this engine.',
    fix: 'Choose the engine that runs with --engine.',
  },
  RF4007: {
    severity: 'warning',
    title: 'several engines in the input',
    why: 'Two engines that enforce policy run side by side, or one of them is a leftover. Which of them decides cannot be known from the manifests alone.',
    fix: 'Choose the one that decides with --engine.',
  },
  RF4008: {
    severity: 'warning',
    title: 'policies of an engine that is not there',
    why: 'The objects are of a kind that only another engine reads. They exist, have no effect, and take no part in answers.',
    fix: 'Choose the engine that runs with --engine, or translate the policies to kinds that it enforces.',
  },
  RF4009: {
    severity: 'warning',
    title: 'no nodes to compare',
    why: 'Engines differ most in how they treat nodes: whether a pod always reaches its own, and whether blocks of addresses cover them. Without nodes in the input none of that can be told.',
    fix: 'Add the nodes of the cluster to the input, or read the running cluster with --context.',
  },
  RF4005: {
    severity: 'error',
    title: 'invalid configuration file',
    why: 'A setting that cannot be read would silently not be one, so nothing is answered.',
    fix: 'Correct the setting at the marked place; docs/configuration.md lists them all.',
  },
  RF4006: {
    severity: 'error',
    title: 'part of the cluster cannot be read',
    why: 'The API server refused to list objects of a kind that decides about traffic, so every answer is without them.',
    fix: 'Ask for permission to list them; the help shows the command to check with.',
  },
  RF5001: {
    severity: 'error',
    title: 'invalid invariant',
    why: 'An invariant that cannot be read cannot hold; the test fails.',
    fix: 'Correct the entry; docs/verbs/test.md shows the form.',
  },
  RF5002: {
    severity: 'info',
    title: 'changes told by namespace',
    why: 'More connections changed than a list can hold. They are summed by namespace: a change is listed where it is one for some of the workloads.',
    fix: 'Compare inputs that lie closer together, or ask `can` about the connections that matter.',
  },
  RF5201: {
    severity: 'warning',
    title: 'Terraform module or variable file not in the input',
    why: 'What the module makes and gives out is unknown, and so is everything that is computed from it.',
    fix: 'Give the output of `terraform show -json` for a plan instead, or add the folder of the module.',
  },
  RF5202: {
    severity: 'info',
    title: 'Terraform resource types that are not read',
    why: 'The resources are kept as they are written, and take no part in answers about the network.',
    fix: 'If one of them decides about traffic, export it from Azure and add the export.',
  },
  RF5203: {
    severity: 'warning',
    title: 'Terraform expression that is not evaluated',
    why: 'Functions of providers, references that go in circles and configurations that grow without bound have no value here. What is computed from them is unknown.',
    fix: 'Give the output of `terraform show -json` for a plan instead.',
  },
  RF5204: {
    severity: 'warning',
    title: 'Terraform association with a resource that is not known',
    why: 'The resource ties another one to a third, and which one that is cannot be told from the input. Whatever it might be tied to is unknown there.',
    fix: 'Add what the message names, or give the output of `terraform show -json` for a plan.',
  },
  RF5101: {
    severity: 'warning',
    title: 'expression that cannot be evaluated',
    why: 'Azure would refuse the expression, or Ringfence does not know a function in it. The value is unknown, and so is what depends on it.',
    fix: 'Correct the expression at the marked place.',
  },
  RF5102: {
    severity: 'warning',
    title: 'linked template is not in the input',
    why: 'The template deploys another one from an address. What that one makes is missing from every answer, and its outputs are unknown.',
    fix: 'Add the file that the message names, or compile the template with Bicep, which puts modules inside.',
  },
  RF5103: {
    severity: 'info',
    title: 'cloud resource given twice',
    why: 'One id can hold one resource. What was read from Azure is as it is, so it is used before what a template says; of two of a kind the later is used.',
    fix: 'Leave one of the two out of the input if the other one is meant.',
  },
  RF5104: {
    severity: 'error',
    title: 'template expands too far',
    why: 'Loops, modules or references make more than Azure would deploy. What goes past the limit was left out, so that it cannot exhaust memory.',
    fix: 'Check the numbers of the loops and what refers to what.',
  },
  RF5105: {
    severity: 'warning',
    title: 'answer of Azure with pages missing',
    why: 'The document says that it is only the first part of an answer. Resources of the other parts are missing from every answer.',
    fix: 'Ask Azure for all pages and add them to the input.',
  },
  RF5106: {
    severity: 'info',
    title: 'parameters without values',
    why: 'The template leaves them to whoever deploys it. What depends on them is unknown.',
    fix: 'Put a file of parameters beside the template, as `main.parameters.json` beside `main.json`.',
  },
  RF5107: {
    severity: 'warning',
    title: 'file of parameters that is not used',
    why: 'No template of the input is known to take it, or another file gives the values. What it says takes no part.',
    fix: 'Name it after its template, as `main.parameters.json` beside `main.json`.',
  },
  RF5108: {
    severity: 'error',
    title: 'cloud resource that Azure would refuse',
    why: 'A resource needs a type and a name that fits it; this one takes no part.',
    fix: 'Correct what the message names.',
  },
  RF5109: {
    severity: 'error',
    title: 'several managed clusters',
    why: 'Where pods stand in the network is known from the cluster that runs them. With several in the input and none chosen, answers are about the policies of the cluster alone.',
    fix: 'Name the cluster that the manifests are of with --azure-cluster.',
  },
  RF5110: {
    severity: 'error',
    title: 'no managed cluster',
    why: 'Where pods stand in the network is known from the managed cluster that runs them. Without it answers are about the policies of the cluster alone.',
    fix: 'Add the managed cluster to what --azure names: its template, its export, or its Terraform.',
  },
  RF5121: {
    severity: 'error',
    title: 'part of Azure that may not be read',
    why: 'The credentials lack a permission, or cannot see a subscription. Azure leaves out without a word what they cannot see, so what is named here is missing from every answer.',
    fix: 'Give the credentials the role Reader there, or the custom role of docs/azure-live.md.',
  },
  RF5122: {
    severity: 'error',
    title: 'part of Azure that could not be read',
    why: 'Azure did not answer, or not in a form that can be read, or asked for fewer requests even after waiting. What is named here is missing from every answer.',
    fix: 'Read again later, or fewer subscriptions at once.',
  },
  RF5123: {
    severity: 'error',
    title: 'answer of Azure that is cut short',
    why: 'Azure holds more than it gave, or more than may be held. The rest is missing from every answer.',
    fix: 'Read fewer subscriptions at once.',
  },
  RF5124: {
    severity: 'info',
    title: 'effective rules that were not read',
    why: 'Azure can say what security groups and routes come to at a network interface. That needs permissions beyond Reader and is slow. No answer depends on it: Ringfence computes the same from the rules.',
    fix: 'Give the credentials the custom role of docs/azure-live.md if you want them kept for comparison.',
  },
  RF5125: {
    severity: 'warning',
    title: 'part of a network that is referred to and was not read',
    why: 'Azure leaves out without a word what the credentials may not read, and what stands in other subscriptions is not asked. What such a part decides is unknown.',
    fix: 'Add the subscription that the message names, or give the credentials the role Reader there.',
  },
  RF5131: {
    severity: 'error',
    title: 'load balancer that its controller refuses',
    why: 'The cloud controller of Azure stops at a Service that has sources both in `loadBalancerSourceRanges` and in an annotation. What its security group holds is what it held before, and unknown.',
    fix: 'Keep one of the two: the field holds at the nodes too, the annotation only at the security group.',
  },
  RF5132: {
    severity: 'warning',
    title: 'sources of a load balancer that are not what they seem',
    why: 'The cloud controller of Azure reads the annotations otherwise than they look: an entry that is no CIDR closes the Service to everybody else, and service tags and ranges add to each other.',
    fix: 'Correct what the message names.',
  },
  RF5133: {
    severity: 'warning',
    title: 'security group of AKS that differs from what its controller writes',
    why: 'AKS owns the group, and its controller writes it anew whenever a Service changes. What was put in by hand works until then, and is not supported.',
    fix: 'Say it in the Service (`loadBalancerSourceRanges`, annotations), or in a security group of your own at the subnet.',
  },
  RF6001: {
    severity: 'error',
    title: 'a choice of the blueprint that cannot stand',
    why: 'What is built of choices that contradict each other would not work, or would not be safe. Nothing was written.',
    fix: 'Choose what the message names as the nearest that can.',
  },
  RF9001: {
    severity: 'error',
    title: 'internal error',
    why: 'Ringfence has a bug. Other answers are still given.',
    fix: 'Report it with the printed text.',
  },
} as const satisfies Record<string, CodeEntry>;

export type DiagnosticCode = keyof typeof CODES;
