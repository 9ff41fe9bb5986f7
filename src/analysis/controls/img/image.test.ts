import { expect, test } from 'vitest';
import { parseImage, taggedOf } from './image.ts';

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['istio/proxyv2:1.28', 'docker.io/istio/proxyv2:1.28'],
  ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest'],
  ['registry:5000/a/b:1@sha256:0a', 'registry:5000/a/b:1'],
  ['localhost/a', 'localhost/a:latest'],
  ['Shop.azurecr.io/web', 'shop.azurecr.io/web:latest'],
])('%s is %s', (text, tagged) => {
  expect(taggedOf(parseImage(text)!)).toBe(tagged);
});

test.each(['', '{{ .Values.image }}', '$IMAGE', ':1'])('%j is no image', (text) => {
  expect(parseImage(text)).toBeUndefined();
});
