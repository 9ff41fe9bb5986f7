import type { AskedRequest } from '#model/request.ts';
import { NO_TRAFFIC } from '#model/traffic.ts';
import type { Box, Layer, Policy, Rule, Stack } from './form.ts';

/**
 * Settles every box that looks into the request, so that the fold need not know of requests.
 *
 * With a request in the question a box that means another request is taken out. Without one the question is about the
 * connection: an allow lets it pass, for the requests that it means (explanations name them); a deny stops no
 * connection and is set aside in `Rule.except`; a pass may or may not happen.
 */
export function settleRequests(layer: Layer, asked: AskedRequest | undefined): Layer {
  if (!looksIntoRequests(layer.ingress) && !looksIntoRequests(layer.egress)) return layer;
  return { ...layer, ingress: settleStack(layer.ingress, asked), egress: settleStack(layer.egress, asked) };
}

function looksIntoRequests(stack: Stack): boolean {
  return stack.some(({ levels }) => levels.some((level) => level.some(isConditional)));
}

function isConditional({ rules }: Policy): boolean {
  return rules.some(({ boxes }) => boxes.some(({ request }) => request !== undefined));
}

function settleStack(stack: Stack, asked: AskedRequest | undefined): Stack {
  return stack.map((tier) => ({
    ...tier,
    levels: tier.levels.map((level) =>
      level.map((policy) =>
        isConditional(policy) ? { ...policy, rules: policy.rules.map((rule) => settleRule(rule, asked)) } : policy,
      ),
    ),
  }));
}

function settleRule(rule: Rule, asked: AskedRequest | undefined): Rule {
  if (asked !== undefined) {
    return {
      ...rule,
      boxes: rule.boxes.flatMap((box) => settleBox(box, asked)),
      otherRequests: rule.boxes.filter(({ request }) => request?.matches(asked) === 'no'),
    };
  }
  switch (rule.action) {
    case 'allow':
    case 'log':
      return rule;
    case 'deny':
      return {
        ...rule,
        boxes: rule.boxes.filter(({ request }) => request === undefined),
        except: rule.boxes.filter(({ request }) => request !== undefined),
      };
    case 'pass':
      return { ...rule, boxes: rule.boxes.map((box) => (box.request === undefined ? box : doubtful(box))) };
  }
}

function settleBox(box: Box, asked: AskedRequest): Box[] {
  const { request, ...rest } = box;
  switch (request?.matches(asked)) {
    case undefined:
      return [box];
    case 'yes':
      return [rest];
    case 'no':
      return [];
    case 'perhaps':
      return [doubtful(rest)];
  }
}

function doubtful(box: Box): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt: 'request-unknown' };
}
