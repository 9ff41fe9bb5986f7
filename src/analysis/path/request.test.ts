import { describe, expect, test } from 'vitest';
import { readRequest, requestText } from './request.ts';

describe('readRequest', () => {
  test.each([
    ['GET /orders', { kind: 'http', method: 'GET', path: '/orders', headers: new Map() }],
    ['get /orders?all=1', { kind: 'http', method: 'GET', path: '/orders', headers: new Map() }],
    ['/orders', { kind: 'http', path: '/orders', headers: new Map() }],
    ['DELETE', { kind: 'http', method: 'DELETE', headers: new Map() }],
    [
      'POST https://Shop.example.com/cart',
      { kind: 'http', method: 'POST', host: 'shop.example.com', path: '/cart', headers: new Map() },
    ],
    [
      'GET /; X-Team: a; Host: shop',
      {
        kind: 'http',
        method: 'GET',
        path: '/',
        host: 'shop',
        headers: new Map([
          ['x-team', 'a'],
          ['host', 'shop'],
        ]),
      },
    ],
  ])('%s', (text, request) => {
    expect(readRequest(text)).toEqual(request);
  });

  test.each(['', 'GET orders', 'GET / HTTP/1.1', 'GET /; team', 'G_T /', 'ftp://x/'])('refuses `%s`', (text) => {
    expect(readRequest(text)).toBeUndefined();
  });

  test('reads back what it says', () => {
    expect(requestText(readRequest('get http://shop/cart')!)).toBe('GET shop/cart');
  });
});
