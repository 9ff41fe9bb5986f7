import { describe, expect, test } from 'vitest';
import { idOf } from '../../../inbound/estate.test-support.ts';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { clusterEstate, gatewayBefore, WAF_TYPE, wafPolicy, webManifests } from '../estate.test-support.ts';
import { ingWaf002 } from './control.ts';

const GATEWAY = gatewayBefore({ firewallPolicy: { id: idOf(WAF_TYPE, 'waf') } });
const OLD = { managedRuleSets: [{ ruleSetType: 'OWASP', ruleSetVersion: '3.0' }] };
const EXCLUDED = {
  exclusions: [{ matchVariable: 'RequestHeaderNames', selector: 'x', selectorMatchOperator: 'Equals' }],
};

describe('ING-WAF-002', () => {
  test.each([
    ['blocks', wafPolicy(), 'PASS'],
    ['detects only', wafPolicy({ mode: 'Detection' }), 'FAIL'],
    ['off', wafPolicy({ state: 'Disabled' }), 'FAIL'],
    ['no bodies', wafPolicy({ requestBodyCheck: false }), 'FAIL'],
    ['old rules', wafPolicy({}, OLD), 'FAIL'],
    ['exclusions', wafPolicy({}, EXCLUDED), 'WARN'],
  ])('%s', (_, policy, state) => {
    expect(stateOf(ingWaf002, { azure: clusterEstate([...GATEWAY, policy]) })).toBe(state);
  });

  test('a policy that nothing uses is not judged', () => {
    expect(stateOf(ingWaf002, { azure: clusterEstate([wafPolicy({ mode: 'Detection' })]) })).toBe('NA');
  });

  test('without Azure', () => {
    expect(stateOf(ingWaf002, { manifests: webManifests(true) })).toBe('UNKNOWN');
  });

  test('a way past it', () => {
    const beside = webManifests(true).split('---')[1]!.replace('name: web', 'name: beside');
    const input = {
      manifests: `${webManifests(false)}---${beside}`,
      azure: clusterEstate([...GATEWAY, wafPolicy()]),
      engine: 'upstream' as const,
    };
    expect(placesOf(assess(ingWaf002, input))).toEqual([
      `PASS ${WAF_TYPE} waf application-gateway`,
      'FAIL Service shop/beside bypass',
    ]);
    const context = contextOf(input);
    const place = ingWaf002.assess(context).places.find(({ detail }) => detail === 'bypass')!;
    expect(ingWaf002.fix?.(context, place)).toMatchObject({ automatic: false });
  });

  test('is set to block', () => {
    const context = contextOf({ azure: clusterEstate([...GATEWAY, wafPolicy({ mode: 'Detection' })]) });
    const fix = ingWaf002.fix?.(context, ingWaf002.assess(context).places[0]!);
    expect(fix).toMatchObject({
      automatic: true,
      changes: [{ kind: 'edit-azure', command: expect.stringContaining('--mode Prevention') }],
    });
  });
});
