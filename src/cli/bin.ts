#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// First of all, and with everything else behind a dynamic import, so that all other code comes from V8's cache.
enableCompileCache();
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
