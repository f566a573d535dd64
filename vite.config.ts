/**
 * Builds what a browser loads from this repository and does not come from
 * Django: the field client (default mode) into static/build/field/, its service
 * worker (`--mode worker`) into static/build/worker/, and the site's third-party
 * assets (`--mode vendor`) into static/build/vendor/.
 *
 * The names app.js and app.css stay stable, since Django's static storage gives
 * them their hash; every other file carries its own, and none of them imports
 * app.js back by name. first.ts is a script of its own, which the page runs
 * before the client has come.
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

/** What of crypto-js the engine's `digest()` and `randomize()` call. */
const HASHES = ['Core', 'X64Core', 'Md5', 'Sha1', 'Sha256', 'Sha512', 'Sha384'];

/** Replaces what stands from one text to the end of another, each of which must be there once. */
function replaced(code: string, from: string, to: string, by: string): string {
  const [before = '', rest, ...more] = code.split(from);
  const end = rest?.indexOf(to) ?? -1;
  if (rest === undefined || more.length > 0 || end < 0) throw new Error(`The engine has changed: no single "${from}"`);
  return before + by + rest.slice(end + to.length);
}

/**
 * The engine comes as one file with more than it uses: a general parser in
 * WebAssembly, for which ours stands in, and every cipher of crypto-js beside
 * the hashes. Without them a phone fetches a third less.
 */
function leanEngine(): Plugin {
  const reader = join(root, 'static/field/engine/xpath.ts');
  return {
    name: 'lean-engine',
    transform(code, id) {
      if (!id.includes('xforms-engine/dist/')) return null;
      const read = `import { expressionParser } from ${JSON.stringify(reader)};`;
      const parsed = replaced(code, 'var treeSitter = {exports: {}};', 'await ExpressionParser.init({\n  webTreeSitter,\n  xpathLanguage\n});', read);
      const hashes = `module.exports = factory(${HASHES.map((name) => `require${name}()`).join(', ')});`;
      return { code: replaced(parsed, 'module.exports = factory(requireCore(), requireX64Core(), requireLib', ');', hashes), map: null };
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
    input: ['static/field/app.ts', 'static/field/first.ts'],
    output: {
      entryFileNames: (entry) => (entry.name === 'app' ? 'app.js' : 'chunks/[name]-[hash].js'),
      chunkFileNames: 'chunks/[name]-[hash].js',
      assetFileNames: (asset) =>
        asset.names.includes('app.css') ? 'app.css' : 'chunks/[name]-[hash][extname]',
      codeSplitting: {
        // What the lazy chunks share must never land in app.js.
        groups: [
          { name: 'early', test: /api[\\/]early\.ts|worker[\\/]words\.ts/, priority: 4 },
          { name: 'core', test: /preload-helper|node_modules[\\/]solid-js|static[\\/]field[\\/](main|pages[\\/](saver|SaveFailure))\.tsx?/, priority: 3 },
          { name: 'engine', test: /xforms-engine|engine[\\/]xpath\.ts/, includeDependenciesRecursively: false, priority: 2 },
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
  plugins: PLUGINS[mode]?.() ?? [solid({ exclude: [/node_modules/] }), leanEngine()],
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
