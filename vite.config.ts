/**
 * Builds what a browser loads from this repository and does not come from
 * Django: the field client (default mode) into static/build/field/, its service
 * worker (`--mode worker`) into static/build/worker/, and the site's third-party
 * assets (`--mode vendor`) into static/build/vendor/.
 *
 * The names app.js and app.css stay stable, since Django's static storage gives
 * them their hash; every other file carries its own, and none of them imports
 * app.js back by name.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';

const root = dirname(fileURLToPath(import.meta.url));
const packages = createRequire(import.meta.url);

/**
 * The engine carries its WebAssembly as base64 text: a third heavier on the
 * wire and parsed as JavaScript. Emitted as files it streams and compiles.
 * `virtual:engine-wasm` lists their addresses, so that they can be fetched
 * beside the engine instead of after it.
 */
function wasmFiles(): Plugin {
  const inlined = /"data:application\/wasm;base64,([A-Za-z0-9+/=]+)"/g;
  const listed = '\0engine-wasm';
  const references = new Map<string, string>();
  let building = false;
  return {
    name: 'wasm-files',
    configResolved(config) {
      building = config.command === 'build';
    },
    buildStart() {
      if (!building) return;
      const engine = readFileSync(join(root, 'node_modules/@getodk/xforms-engine/dist/solid.js'), 'utf8');
      for (const [, base64 = ''] of engine.matchAll(inlined)) {
        const file = { type: 'asset' as const, name: 'engine.wasm', source: Buffer.from(base64, 'base64') };
        references.set(base64, `import.meta.ROLLUP_FILE_URL_${this.emitFile(file)}`);
      }
    },
    resolveId: (id) => (id === 'virtual:engine-wasm' ? listed : null),
    load: (id) => (id === listed ? `export default [${[...references.values()].join(', ')}];` : null),
    transform(code, id) {
      if (!building || !id.includes('xforms-engine')) return null;
      return {
        code: code.replace(inlined, (whole, base64: string) => references.get(base64) ?? whole),
        map: null,
      };
    },
  };
}

/** Copies what the site uses of packages that need no building. */
function shippedFiles(target: string): Plugin {
  const files = {
    'bootstrap.min.css': 'bootstrap/dist/css/bootstrap.min.css',
    'bootstrap.rtl.min.css': 'bootstrap/dist/css/bootstrap.rtl.min.css',
    'bootstrap.bundle.min.js': 'bootstrap/dist/js/bootstrap.bundle.min.js',
    'htmx.min.js': 'htmx.org/dist/htmx.min.js',
  };
  return {
    name: 'shipped-files',
    closeBundle() {
      mkdirSync(target, { recursive: true });
      for (const [name, source] of Object.entries(files)) {
        // Django's static storage follows a reference to a source map and fails where there is none.
        const text = readFileSync(packages.resolve(source), 'utf8');
        writeFileSync(join(target, name), text.replace(/\n?\/[/*]# sourceMappingURL=.*$/m, ''));
      }
    },
  };
}

const fieldClient: UserConfig['build'] = {
  outDir: 'static/build/field',
  manifest: 'manifest.json',
  chunkSizeWarningLimit: 600,
  rolldownOptions: {
    // A branch of the engine's WebAssembly loader that no form reaches, and that the page's policy forbids.
    checks: { eval: false },
    input: 'static/field/app.ts',
    output: {
      entryFileNames: 'app.js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      assetFileNames: (asset) =>
        asset.names.includes('app.css') ? 'app.css' : 'chunks/[name]-[hash][extname]',
      codeSplitting: {
        // What the lazy chunks share must never land in app.js.
        groups: [
          { name: 'core', test: /preload-helper|node_modules[\\/]solid-js|static[\\/]field[\\/](main|pages[\\/](saver|SaveFailure))\.tsx?/, priority: 3 },
          { name: 'engine', test: /xforms-engine/, includeDependenciesRecursively: false, priority: 2 },
          { name: 'fill', test: /pages[\\/]FillPage\.tsx/, priority: 1 },
        ],
      },
    },
  },
};

const vendor: UserConfig['build'] = {
  outDir: 'static/build/vendor',
  chunkSizeWarningLimit: 1200,
  rolldownOptions: {
    input: 'static/field/vendor/charts.ts',
    preserveEntrySignatures: 'strict',
    output: { entryFileNames: 'charts.js', codeSplitting: false },
  },
};

/** One classic script: not every browser starts a worker from modules. */
const worker: UserConfig['build'] = {
  outDir: 'static/build/worker',
  rolldownOptions: {
    input: 'static/field/worker/sw.ts',
    output: { format: 'iife', entryFileNames: 'sw.js', codeSplitting: false },
  },
};

const BUILDS: Readonly<Record<string, UserConfig['build']>> = { vendor, worker };
const PLUGINS: Readonly<Record<string, () => Plugin[]>> = {
  vendor: () => [shippedFiles(resolve(root, 'static/build/vendor'))],
  worker: () => [],
};

export default defineConfig(({ mode }) => ({
  root,
  base: './',
  publicDir: false,
  plugins: PLUGINS[mode]?.() ?? [solid({ exclude: [/node_modules/] }), wasmFiles()],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    sourcemap: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    ...(BUILDS[mode] ?? fieldClient),
  },
  test: {
    environment: 'jsdom',
    include: ['tests/field/**/*.test.{ts,tsx}'],
    // The engine's first load takes seconds on a busy machine.
    testTimeout: 60_000,
    server: { deps: { inline: [/@getodk/, /solid-js/] } },
  },
}));
