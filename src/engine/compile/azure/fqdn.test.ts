import { describe, expect, test } from 'vitest';
import { matchesFqdn, matchesPath, type NameAnswer, urlPatternOf } from './fqdn.ts';

describe('names of application rules', () => {
  test.each<[string, string, NameAnswer]>([
    ['www.contoso.com', 'www.contoso.com', 'yes'],
    ['WWW.contoso.com', 'www.Contoso.com.', 'yes'],
    ['www.contoso.com', 'contoso.com', 'no'],
    ['*.contoso.com', 'any.contoso.com', 'yes'],
    ['*.contoso.com', 'sub.any.contoso.com', 'yes'],
    ['*.contoso.com', 'contoso.com', 'no'],
    ['*contoso.com', 'contoso.com', 'yes'],
    ['*contoso.com', 'example.anycontoso.com', 'yes'],
    ['*', 'anything.example', 'yes'],
    ['www.contoso.*', 'www.contoso.com', 'perhaps'],
    ['*.contoso.*', 'www.contoso.com', 'perhaps'],
  ])('%s and %s: %s', (pattern, name, answer) => {
    expect(matchesFqdn(pattern, name)).toBe(answer);
  });
});

describe('URLs of application rules', () => {
  test.each<[string, string, NameAnswer]>([
    ['www.contoso.com/test', '/test', 'yes'],
    ['www.contoso.com/test', '/test/', 'yes'],
    ['www.contoso.com/test', '/test/more', 'no'],
    ['www.contoso.com/test/*', '/test/anything', 'yes'],
    ['www.contoso.com/test/*', '/test', 'no'],
    ['https://www.contoso.com/*', '/', 'yes'],
    ['www.contoso.com', '/', 'yes'],
    ['www.contoso.com', '/more', 'perhaps'],
    ['www.contoso.com/*/x', '/a/x', 'perhaps'],
  ])('%s and %s: %s', (url, path, answer) => {
    expect(matchesPath(urlPatternOf(url).path, path)).toBe(answer);
    expect(urlPatternOf(url).host).toBe('www.contoso.com');
  });
});
