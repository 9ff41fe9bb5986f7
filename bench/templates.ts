import { existsSync, readFileSync } from 'node:fs';
import { readAzure } from '#parse/azure/read-azure.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { NotMeasured } from './process.ts';

/** Compiled ARM templates to the resources that they deploy, held against what V8 needs to parse their JSON alone. */
export const templatesBenchmark: Benchmark = {
  name: 'templates',
  title: 'text of compiled ARM templates to resources with positions, modules inside of modules',
  cases: casesOf,
};

/** Real templates beside the repository, where they are there. */
const CORPUS = process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus';
const SAMPLES = ['networkforbyo.json', 'SampleAppMain.json'];

function casesOf(scale: Scale): Case[] {
  const modules = scale === 'smoke' ? 5 : 200;
  const rounds = scale === 'smoke' ? 1 : 3;
  const floor = 'JSON.parse of the same text';
  return [
    {
      name: `${modules} modules`,
      against: floor,
      rounds,
      repeats: 3,
      prepare: () => readerRun('main.json', JSON.stringify(templateOf(modules), null, 2)),
    },
    { name: floor, rounds, repeats: 3, prepare: () => floorRun(JSON.stringify(templateOf(modules), null, 2)) },
    ...SAMPLES.map((file) => ({ name: file, rounds, repeats: 3, prepare: () => sampleRun(file) })),
  ];
}

function sampleRun(file: string): () => Outcome {
  const path = `${CORPUS}/aks-construction/samples/${file}`;
  if (!existsSync(path)) throw new NotMeasured(`not measured: no ${path}`);
  return readerRun(file, readFileSync(path, 'utf8'));
}

function readerRun(file: string, text: string): () => Outcome {
  return () => {
    const { documents } = readDocuments({ file, text });
    const { resources } = readAzure(documents);
    const failures = resources.length > 0 ? [] : ['no resources'];
    return { facts: { KB: Math.round(text.length / 1000), resources: resources.length }, failures };
  };
}

function floorRun(text: string): () => Outcome {
  return () => ({ facts: { KB: Math.round(text.length / 1000), keys: Object.keys(JSON.parse(text)).length } });
}

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

/** Modules that hand what they make to one another: a network with a loop of subnets and a group of rules for each. */
function templateOf(modules: number): object {
  const resources = Array.from({ length: modules }, (_, index) => moduleOf(index));
  return {
    $schema: SCHEMA,
    contentVersion: '1.0.0.0',
    parameters: { prefix: { type: 'string' }, deny: { type: 'bool', defaultValue: true } },
    resources,
  };
}

function moduleOf(index: number): object {
  const before = `[reference(resourceId('Microsoft.Resources/deployments', 'net${index - 1}'), '2022-09-01').outputs.id.value]`;
  return {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2022-09-01',
    name: `net${index}`,
    properties: {
      expressionEvaluationOptions: { scope: 'inner' },
      mode: 'Incremental',
      parameters: {
        name: { value: `[format('{0}-{1}', parameters('prefix'), ${index})]` },
        range: { value: `[cidrSubnet('10.0.0.0/8', 20, ${index})]` },
        deny: { value: "[parameters('deny')]" },
        ...(index === 0 ? {} : { peer: { value: before } }),
      },
      template: networkTemplate(),
    },
  };
}

function networkTemplate(): object {
  return {
    $schema: SCHEMA,
    contentVersion: '1.0.0.0',
    parameters: {
      name: { type: 'string' },
      range: { type: 'string' },
      deny: { type: 'bool' },
      peer: { type: 'string', defaultValue: '' },
    },
    variables: { names: "[map(range(0, 10), lambda('i', format('subnet-{0}', lambdaVariables('i'))))]" },
    resources: [rulesResource(), networkResource(), peeringResource()],
    outputs: {
      id: { type: 'string', value: "[resourceId('Microsoft.Network/virtualNetworks', parameters('name'))]" },
    },
  };
}

function rulesResource(): object {
  return {
    copy: { name: 'groups', count: "[length(variables('names'))]" },
    type: 'Microsoft.Network/networkSecurityGroups',
    apiVersion: '2024-01-01',
    name: "[format('{0}-{1}', parameters('name'), variables('names')[copyIndex()])]",
    properties: {
      securityRules: [
        {
          name: 'rule',
          properties: {
            priority: '[add(100, copyIndex())]',
            direction: 'Inbound',
            access: "[if(parameters('deny'), 'Deny', 'Allow')]",
            protocol: '*',
            sourceAddressPrefix: "[cidrSubnet(parameters('range'), 24, copyIndex())]",
            sourcePortRange: '*',
            destinationAddressPrefix: '*',
            destinationPortRange: '*',
          },
        },
      ],
    },
  };
}

function networkResource(): object {
  const group =
    "resourceId('Microsoft.Network/networkSecurityGroups', format('{0}-{1}', parameters('name'), variables('names')[copyIndex('subnets')]))";
  return {
    type: 'Microsoft.Network/virtualNetworks',
    apiVersion: '2024-01-01',
    name: "[parameters('name')]",
    properties: {
      addressSpace: { addressPrefixes: "[array(parameters('range'))]" },
      copy: [
        {
          name: 'subnets',
          count: "[length(variables('names'))]",
          input: {
            name: "[variables('names')[copyIndex('subnets')]]",
            properties: {
              addressPrefix: "[cidrSubnet(parameters('range'), 24, copyIndex('subnets'))]",
              networkSecurityGroup: { id: `[${group}]` },
            },
          },
        },
      ],
    },
  };
}

function peeringResource(): object {
  return {
    condition: "[not(empty(parameters('peer')))]",
    type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
    apiVersion: '2024-01-01',
    name: "[format('{0}/{1}', parameters('name'), last(split(parameters('peer'), '/')))]",
    properties: { remoteVirtualNetwork: { id: "[parameters('peer')]" }, allowVirtualNetworkAccess: true },
  };
}
