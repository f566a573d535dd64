/**
 * What the engine does in silence, each with the way in which the client keeps
 * it from harming a record. These run on the real engine: when its next version
 * behaves otherwise, they say so.
 */
import { describe, expect, test, vi } from 'vitest';
import { finalise } from '../../static/field/engine/finalise.ts';
import { plainLabel } from '../../static/field/engine/tree.ts';
import { UnusableForm } from '../../static/field/engine/open.ts';
import { fixture, input, open, repeat, upload } from './open.ts';

const photo = (name: string, content: string) => new File([content], name, { type: 'image/jpeg' });

async function ready() {
  const session = await open(fixture('traps.xml'));
  session.enter(input(session, '/data/name'), 'Ani');
  return session;
}

describe('two photos of the same name', () => {
  test('both are in the record, under names of their own', async () => {
    const session = await ready();
    session.enter(input(session, '/data/size'), '1');
    upload(session, '/data/photo').setValue(photo('image.jpg', 'house'));
    upload(session, '/data/member[1]/photo').setValue(photo('image.jpg', 'portrait'));
    const record = await finalise(session);
    const xml = await record.xml.text();
    expect(record.files).toHaveLength(2);
    expect(new Set(record.files.map((file) => file.name)).size).toBe(2);
    for (const file of record.files) expect(xml).toContain(`>${file.name}<`);
    expect(await Promise.all(record.files.map((file) => file.blob.text()))).toEqual(
      expect.arrayContaining(['house', 'portrait']),
    );
  });

  test('a name made before is kept when the file is set again', async () => {
    const session = await ready();
    const node = upload(session, '/data/photo');
    node.setValue(photo('image.jpg', 'house'));
    const before = node.currentState.instanceValue;
    node.setValue(node.currentState.value);
    expect(node.currentState.instanceValue).toBe(before);
  });
});

describe('answers that the engine would make blank', () => {
  test.each([
    ['/data/at', '10:15', /^10:15:00\.000[+-]\d\d:\d\d$/],
    ['/data/moment', '2020-11-23T10:15', /^2020-11-23T10:15:00\.000[+-]\d\d:\d\d$/],
    ['/data/weight', '1,5', /^1\.5$/],
    ['/data/birth', '1980-02-29', /^1980-02-29$/],
  ])('%s takes %j', async (reference, typed, stored) => {
    const session = await ready();
    expect(session.enter(input(session, reference), typed)).toBe(true);
    expect(input(session, reference).currentState.instanceValue).toMatch(stored);
  });

  test.each([
    ['/data/count', 'abc', 'value.integer'],
    ['/data/count', '2.5', 'value.wholeOnly'],
    ['/data/weight', 'heavy', 'value.decimal'],
    ['/data/birth', '1981-02-29', 'value.date'],
  ])('%s refuses %j aloud, and sending waits for it', async (reference, typed, key) => {
    const session = await ready();
    const node = input(session, reference);
    expect(session.enter(node, typed)).toBe(false);
    expect(session.shownProblem(node)).toMatchObject({ kind: 'unreadable', key });
    expect(session.problems()).toHaveLength(1);
  });

  test('the answer before it does not stay behind what cannot be read', async () => {
    const session = await ready();
    const node = input(session, '/data/count');
    session.enter(node, '5');
    session.enter(node, 'five');
    expect(node.currentState.instanceValue).toBe('');
    session.enter(node, '6');
    expect(node.currentState.instanceValue).toBe('6');
    expect(session.problems()).toHaveLength(0);
  });
});

describe('a smaller number of entries', () => {
  const members = async () => {
    const session = await ready();
    session.enter(input(session, '/data/size'), '3');
    session.enter(input(session, '/data/member[2]/nick'), 'Aram');
    session.enter(input(session, '/data/member[3]/nick'), 'Lusine');
    upload(session, '/data/member[3]/photo').setValue(photo('image.jpg', 'portrait'));
    return { session, size: input(session, '/data/size'), range: repeat(session, '/data/member') };
  };

  test('asks before answered entries go', async () => {
    const { session, size } = await members();
    session.enter(size, '1');
    expect(session.state.loss).toMatchObject({ entries: 2, answers: 3 });
  });

  test('keeping puts number and answers back, files too', async () => {
    const { session, size, range } = await members();
    session.enter(size, '1');
    session.state.loss?.keep();
    expect(size.currentState.instanceValue).toBe('3');
    expect(range.currentState.children).toHaveLength(3);
    expect(input(session, '/data/member[2]/nick').currentState.instanceValue).toBe('Aram');
    expect(input(session, '/data/member[3]/nick').currentState.instanceValue).toBe('Lusine');
    expect(await upload(session, '/data/member[3]/photo').currentState.value?.text()).toBe('portrait');
    expect(session.state.loss).toBeNull();
  });

  test('what was removed can be brought back when the number rises again', async () => {
    const { session, size, range } = await members();
    session.enter(size, '1');
    session.state.loss?.remove();
    expect(session.canBringBack(range)).toBe(true);
    session.enter(size, '2');
    session.bringBack(range);
    expect(input(session, '/data/member[2]/nick').currentState.instanceValue).toBe('Aram');
  });

  test('blank entries go without a question', async () => {
    const session = await ready();
    session.enter(input(session, '/data/size'), '3');
    session.enter(input(session, '/data/size'), '1');
    expect(session.state.loss).toBeNull();
    expect(repeat(session, '/data/member').currentState.children).toHaveLength(1);
  });
});

describe('entries added by hand', () => {
  test('a removed one can be brought back', async () => {
    const session = await ready();
    const range = repeat(session, '/data/visit');
    session.addEntry(range);
    session.enter(input(session, '/data/visit[2]/place'), 'Goris');
    session.removeEntry(range, 1);
    expect(range.currentState.children).toHaveLength(1);
    session.bringBack(range);
    expect(input(session, '/data/visit[2]/place').currentState.instanceValue).toBe('Goris');
    expect(session.canBringBack(range)).toBe(false);
  });
});

describe('the bytes of a record', () => {
  test('serialising twice gives two records, so it is done once', async () => {
    vi.useFakeTimers({ now: new Date('2020-11-23T08:00:00Z'), toFake: ['Date'] });
    try {
      const session = await ready();
      const record = await finalise(session);
      const first = await record.xml.text();
      vi.setSystemTime(new Date('2020-11-23T09:00:00Z'));
      const again = await finalise(session);
      expect(await again.xml.text()).not.toBe(first);
      expect(await record.xml.text()).toBe(first);
      expect(again.instanceId).toBe(record.instanceId);
    } finally {
      vi.useRealTimers();
    }
  });

  test('who and which device filled it is in it', async () => {
    const xml = await (await finalise(await ready())).xml.text();
    expect(xml).toContain('<device>tessera:test</device>');
    expect(xml).toContain('<person>ani</person>');
  });

  test('a record with problems is not made', async () => {
    const session = await open(fixture('traps.xml'));
    await expect(finalise(session)).rejects.toThrow();
  });
});

describe('texts', () => {
  test('guidance is apart from the hint, in the form’s language', async () => {
    const session = await open(fixture('traps.xml'), { language: 'ru' });
    const node = input(session, '/data/name');
    expect(plainLabel(node)).toBe('Имя');
    expect(node.currentState.hint?.asString).toBe('Как в карточке');
    expect(session.guidance(node)).toBe('Попросите показать карточку.');
  });
});

describe('a choice file that is missing', () => {
  test('the form does not open, and the file is named', async () => {
    const xml = fixture('traps.xml').replace('<bind nodeset="/data/start"', '<instance id="areas" src="jr://file-csv/areas.csv"/><bind nodeset="/data/start"');
    const refusal = await open(xml).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnusableForm);
    expect((refusal as UnusableForm).missing).toEqual(['areas.csv']);
  });

  test('with the file the form opens', async () => {
    const xml = fixture('traps.xml').replace('<bind nodeset="/data/start"', '<instance id="areas" src="jr://file-csv/areas.csv"/><bind nodeset="/data/start"');
    await expect(open(xml, { attachments: { 'areas.csv': 'name,label\nAM01,Aragatsotn\n' } })).resolves.toBeDefined();
  });
});
