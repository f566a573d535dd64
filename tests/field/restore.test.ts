/** Opening a record again: everything that was entered is there, and everything there is sent. */
import { describe, expect, test } from 'vitest';
import { recordName, snapshot } from '../../static/field/engine/draft.ts';
import { finalise } from '../../static/field/engine/finalise.ts';
import type { Kept } from '../../static/field/engine/kept.ts';
import type { FormSession } from '../../static/field/engine/session.ts';
import { fixture, input, open, repeat, upload } from './open.ts';

const XML = fixture('traps.xml');
const photo = (content: string) => new File([content], 'image.jpg', { type: 'image/jpeg' });

async function reopened(session: FormSession, as: Kept['as'] = 'draft'): Promise<FormSession> {
  return open(XML, { kept: { as, ...(await snapshot(session)) } });
}

async function filled(): Promise<FormSession> {
  const session = await open(XML);
  session.enter(input(session, '/data/name'), 'Ani');
  session.enter(input(session, '/data/size'), '2');
  session.enter(input(session, '/data/member[2]/nick'), 'Aram');
  upload(session, '/data/photo').setValue(photo('house'));
  upload(session, '/data/member[2]/photo').setValue(photo('portrait'));
  return session;
}

const sent = async (session: FormSession) => {
  const record = await finalise(session);
  const files = new Map<string, string>();
  for (const file of record.files) files.set(file.name, await file.blob.text());
  return { record, xml: await record.xml.text(), files };
};

describe('a draft that is opened again', () => {
  test('keeps its id, answers and entries', async () => {
    const before = await filled();
    const after = await reopened(before);
    expect(after.instanceId).toBe(before.instanceId);
    expect(after.instanceId).toMatch(/^uuid:/);
    expect(input(after, '/data/name').currentState.value).toBe('Ani');
    expect(repeat(after, '/data/member').currentState.children).toHaveLength(2);
    expect(input(after, '/data/member[2]/nick').currentState.value).toBe('Aram');
    expect(recordName(after)).toBe('Ani');
  });

  test('has no mark for the part of its name that is not answered yet', async () => {
    const bind = '<bind nodeset="/data/meta/instanceID"';
    const named = `<bind nodeset="/data/meta/instanceName" calculate="concat(/data/name, ' · ', /data/size)"/>${bind}`;
    const session = await open(XML.replace('<instanceID/>', '<instanceID/><instanceName/>').replace(bind, named));
    expect(recordName(session)).toBe('');
    session.enter(input(session, '/data/size'), '2');
    expect(recordName(session)).toBe('2');
    session.enter(input(session, '/data/name'), 'Ani');
    expect(recordName(session)).toBe('Ani · 2');
  });

  test('sends the files that it was restored with, under the names that it had', async () => {
    const before = await filled();
    const names = [upload(before, '/data/photo'), upload(before, '/data/member[2]/photo')].map(
      (node) => node.currentState.instanceValue,
    );
    const { xml, files } = await sent(await reopened(await reopened(before)));
    expect([...files.entries()]).toEqual(
      expect.arrayContaining([
        [names[0], 'house'],
        [names[1], 'portrait'],
      ]),
    );
    for (const name of names) expect(xml).toContain(`<photo>${name}</photo>`);
  });

  test('a photo that is removed then leaves no name behind', async () => {
    const after = await reopened(await filled());
    upload(after, '/data/photo').setValue(null);
    expect(upload(after, '/data/photo').currentState.instanceValue).toBe('');
    const { xml, files } = await sent(after);
    expect(files.size).toBe(1);
    expect(xml).toMatch(/<photo\/>|<photo><\/photo>/);
  });

  test('answers behind a condition that does not hold come back with it', async () => {
    const session = await filled();
    session.enter(input(session, '/data/visit[1]/place'), 'Goris');
    session.addEntry(repeat(session, '/data/visit'));
    session.enter(input(session, '/data/visit[2]/place'), 'Sisian');
    upload(session, '/data/proof').setValue(photo('proof'));
    session.enter(input(session, '/data/name'), 'hide');
    expect((await sent(session)).xml).not.toContain('Sisian');
    const after = await reopened(await reopened(session));
    expect((await sent(after)).xml).not.toContain('Sisian');
    expect((await sent(after)).files.size).toBe(2);
    after.enter(input(after, '/data/name'), 'Ani');
    const { xml, files } = await sent(after);
    expect(xml).toContain('<place>Goris</place>');
    expect(xml).toContain('<place>Sisian</place>');
    expect([...files.values()]).toContain('proof');
  });
});

test('a correction has an id of its own and names what it corrects', async () => {
  const before = await filled();
  const after = await reopened(before, 'correction');
  const { record, xml, files } = await sent(after);
  expect(record.instanceId).not.toBe(before.instanceId);
  expect(xml).toMatch(new RegExp(`<(orx:)?deprecatedID>${before.instanceId}<`));
  expect(files.size).toBe(2);
  const again = await reopened(after);
  expect(again.instanceId).toBe(record.instanceId);
  expect((await sent(again)).xml).toContain(before.instanceId);
});

test('a copy is a record of its own', async () => {
  const before = await filled();
  const { record, xml } = await sent(await reopened(await reopened(before, 'correction'), 'copy'));
  expect(record.instanceId).not.toBe(before.instanceId);
  expect(xml).not.toContain(before.instanceId);
  expect(xml).not.toContain('deprecatedID');
  expect(xml).toContain('Aram');
});
