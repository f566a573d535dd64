/**
 * A stand-in for the server while the field client is developed: serves the
 * built client, every XForm of a folder, and receipts. How it answers to a
 * submission can be changed at POST /mock/mode, to see each failure on screen.
 *
 *   npm run build && npm run mock -- [folder of .xml files] [port]
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'tests/field/fixtures');
const port = Number(process.argv[3] ?? 8099);
const OPERATION = { slug: 'demo', name: 'Demonstration' };
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');
const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.csv': 'text/csv',
  '.geojson': 'application/geo+json',
  '.xml': 'application/xml',
  '.json': 'application/json',
};
const state = { mode: 'ok', submissions: [] };

const hash = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('hex');
const json = (response, status, body, type = 'application/json') => {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
};
const problem = (response, status, code, title, detail, how) =>
  json(response, status, { type: 'about:blank', status, code, title, detail, how }, 'application/problem+json');

function describe(file) {
  const id = basename(file, '.xml');
  const bytes = readFileSync(join(folder, file));
  const xml = bytes.toString('utf8');
  const media = join(folder, `${id}-media`);
  const attachments = existsSync(media) ? readdirSync(media) : [];
  return {
    id,
    form_id: /<instance>\s*<[^>]*\bid="([^"]+)"/.exec(xml)?.[1] ?? id,
    title: /<h:title>([^<]*)</.exec(xml)?.[1] ?? id,
    version: /<instance>\s*<[^>]*\bversion="([^"]+)"/.exec(xml)?.[1] ?? '1',
    state: id.endsWith('draft') ? 'draft' : 'published',
    operation: OPERATION,
    assessment: { id: 1, title: 'Rapid assessment of displaced households' },
    languages: [...xml.matchAll(/<translation [^>]*lang="([^"]+)"/g)].map((match) => match[1]),
    hash: `md5:${hash('md5', bytes)}`,
    xform_url: `/mock/forms/${encodeURIComponent(file)}`,
    attachments: attachments.map((filename) => ({
      filename,
      hash: `md5:${hash('md5', readFileSync(join(media, filename)))}`,
      url: `/mock/media/${id}/${encodeURIComponent(filename)}`,
      type: TYPES[extname(filename)] ?? 'application/octet-stream',
    })),
    submit_url: `/field/api/forms/${id}/submissions`,
    description: '',
  };
}
const forms = () => readdirSync(folder).filter((file) => file.endsWith('.xml')).map(describe);

/** Parts of a multipart body: name, file name, bytes. */
function parts(body, boundary) {
  const found = [];
  const mark = Buffer.from(`--${boundary}`);
  for (let start = body.indexOf(mark); start >= 0; ) {
    const end = body.indexOf(mark, start + mark.length);
    if (end < 0) break;
    const part = body.subarray(start + mark.length + 2, end - 2);
    const split = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, split).toString('utf8');
    found.push({
      name: /\bname="([^"]*)"/.exec(head)?.[1] ?? '',
      filename: /\bfilename="([^"]*)"/.exec(head)?.[1] ?? '',
      bytes: part.subarray(split + 4),
    });
    start = end;
  }
  return found;
}

const readBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

async function submit(request, response) {
  const body = await readBody(request);
  switch (state.mode) {
    case 'refuse':
      return problem(response, 409, 'form_closed', 'This form is closed', 'It took answers until 20 November.', 'Ask the coordinator to open it again.');
    case 'captive':
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the hotel</h1>');
    case 'drop':
      return request.socket.destroy();
    case 'signed-out':
      return problem(response, 401, 'signed_out', 'Sign in', '', '');
  }
  const sent = parts(body, /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? '');
  const xml = sent.find((part) => part.name === 'xml_submission_file');
  if (!xml) return problem(response, 400, 'no_xml', 'No submission', 'The XML part is missing.', '');
  const text = xml.bytes.toString('utf8');
  const files = sent.filter((part) => part !== xml);
  state.submissions.push({ xml: text, files: files.map((file) => file.name), token: request.headers['x-csrftoken'] });
  const receipt = {
    id: randomUUID(),
    instance_id: /<(?:\w+:)?instanceID>([^<]+)</.exec(text)?.[1] ?? '',
    sha256: state.mode === 'wrong-hash' ? '0'.repeat(64) : hash('sha256', xml.bytes),
    received_at: new Date().toISOString(),
    test: false,
    url: null,
    files: files.map((file) => ({ name: file.name, sha256: hash('sha256', file.bytes), size: file.bytes.length })),
    missing: [],
  };
  return json(response, 201, { receipt });
}

const AREA = (name, west) => ({
  type: 'Feature',
  properties: { name, pcode: name },
  geometry: {
    type: 'Polygon',
    coordinates: [[[west, 39.6], [west + 0.8, 39.5], [west + 0.9, 40.3], [west + 0.1, 40.4], [west, 39.6]]],
  },
});

function api(request, response, path) {
  if (path === 'session') {
    return json(response, 200, {
      user: { username: 'officer', name: 'Ani Sargsyan', language: 'en' },
      csrf_token: 'mock-token',
      operations: [OPERATION],
      version: 'mock',
    });
  }
  if (path === 'forms') return json(response, 200, { forms: state.mode === 'empty' ? [] : forms() });
  if (path === 'areas.geojson') {
    return json(response, 200, { type: 'FeatureCollection', features: [AREA('Syunik', 45.7), AREA('Ararat', 44.7)] });
  }
  if (request.method === 'POST') return submit(request, response);
  const form = forms().find((one) => `forms/${one.id}` === decodeURIComponent(path));
  return form ? json(response, 200, form) : problem(response, 404, 'not_found', 'No such form', '', 'Go back to the list.');
}

function shell(url) {
  const language = url.searchParams.get('lang') ?? 'en';
  const theme = url.searchParams.get('theme');
  return readFileSync(join(root, 'templates/field/shell.html'), 'utf8')
    .replace(/\{% comment %\}.*?\{% endcomment %\}/gs, '')
    .replace(/\{% if theme.*?\{% endif %\}/, theme ? ` data-bs-theme="${theme}"` : '')
    .replace(/\{% if LANGUAGE_BIDI %\}rtl\{% else %\}ltr\{% endif %\}/, language === 'ar' ? 'rtl' : 'ltr')
    .replace(/\{\{ LANGUAGE_CODE \}\}/g, language)
    .replace(/\{% static '([^']+)' %\}/g, '/static/$1')
    .replace(/\{% translate "([^"]+)" %\}/g, '$1')
    .replace(/\{%.*?%\}/g, '');
}

function file(response, base, path) {
  const found = normalize(join(base, decodeURIComponent(path)));
  if (!found.startsWith(normalize(base)) || !existsSync(found) || !statSync(found).isFile()) {
    return response.writeHead(404).end();
  }
  const hashed = path.includes('/chunks/');
  response.writeHead(200, {
    'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
    'content-encoding': 'gzip',
    'cache-control': hashed ? 'max-age=31536000, immutable' : 'max-age=60',
  });
  return response.end(zipped(found));
}

/** Compressed as the real server's static files are, so that loading times can be believed. */
const cache = new Map();
function zipped(path) {
  const key = `${path}@${statSync(path).mtimeMs}`;
  if (!cache.has(key)) cache.set(key, gzipSync(readFileSync(path), { level: 9 }));
  return cache.get(key);
}

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname;
  response.setHeader('content-security-policy', CSP);
  if (path === '/field/') return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(shell(url));
  if (path.startsWith('/field/api/')) return api(request, response, path.slice('/field/api/'.length));
  if (path === '/mock/mode') {
    state.mode = (await readBody(request)).toString() || 'ok';
    return json(response, 200, { mode: state.mode });
  }
  if (path === '/mock/submissions') return json(response, 200, state.submissions);
  if (path.startsWith('/mock/forms/')) return file(response, folder, path.slice('/mock/forms/'.length));
  if (path.startsWith('/mock/media/')) {
    const [id = '', name = ''] = path.slice('/mock/media/'.length).split('/');
    return file(response, join(folder, `${id}-media`), name);
  }
  return path.startsWith('/static/')
    ? file(response, join(root, 'static'), path.slice('/static/'.length))
    : response.writeHead(404).end();
}).listen(port, '127.0.0.1', () => process.stdout.write(`Field client at http://localhost:${port}/field/\n`));
