import { defineConfig } from 'vite';

/** No plugin: the bundler knows TSX by itself. Nothing is inlined, so that the strictest content policy holds. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', development: false } },
  // Also where a test builds it, whose environment says otherwise.
  define: { 'process.env.NODE_ENV': '"production"' },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: true,
    manifest: true,
    reportCompressedSize: false,
  },
});
