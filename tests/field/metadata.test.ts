/** What a form knows besides its answers: its log, the record before it, where it was begun. */
import { describe, expect, test, vi } from 'vitest';
import { AuditLog } from '../../static/field/engine/audit.ts';
import { snapshot } from '../../static/field/engine/draft.ts';
import { finalise } from '../../static/field/engine/finalise.ts';
import { input, open } from './open.ts';

const form = (track = 'false') => `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms">
<h:head><h:title>A</h:title><model odk:xforms-version="1.0.0">
<instance><data id="a" version="1"><began/><place/><first/><meta><audit/><instanceID/></meta></data></instance>
<instance id="__last-saved" src="jr://instance/last-saved"/>
<bind nodeset="/data/began" type="geopoint"/>
<odk:setgeopoint ref="/data/began" event="odk-instance-first-load"/>
<bind nodeset="/data/place" type="string"/>
<bind nodeset="/data/first" type="string" calculate="once(/data/place)"/>
<setvalue ref="/data/place" event="odk-instance-first-load" value=" instance('__last-saved')/data/place "/>
<bind nodeset="/data/meta/audit" type="binary" odk:track-changes="${track}"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head><h:body><input ref="/data/place"><label>Place</label></input></h:body></h:html>`;

describe('the record that was saved last', () => {
  test('gives the answers that a new one begins with', async () => {
    const session = await open(form(), { lastSaved: '<data id="a"><place>Goris</place></data>' });
    expect(input(session, '/data/place').currentState.value).toBe('Goris');
  });

  test('is an empty one on a device that has none', async () => {
    expect(input(await open(form()), '/data/place').currentState.value).toBe('');
  });
});

test('what is taken once stays', async () => {
  const session = await open(form());
  session.enter(input(session, '/data/place'), 'Goris');
  session.enter(input(session, '/data/place'), 'Sisian');
  expect(await (await finalise(session)).xml.text()).toContain('<first>Goris</first>');
});

test('the place where a record was begun is in it', async () => {
  const coords = { latitude: 40.18, longitude: 44.51, altitude: null, accuracy: 9 };
  const geolocation = { getCurrentPosition: (done: (found: unknown) => void) => done({ coords }) };
  Object.defineProperty(navigator, 'geolocation', { value: geolocation, configurable: true });
  const session = await open(form());
  await vi.waitFor(async () => {
    expect(await (await snapshot(session)).xml.text()).toContain('<began>40.18 44.51 0.0 9.0</began>');
  });
});

describe('the log of the filling', () => {
  test('goes with the record as a file that the record names', async () => {
    const session = await open(form());
    session.audit?.enter('/data/place', '');
    session.enter(input(session, '/data/place'), 'Goris');
    session.audit?.leave('/data/place', 'Goris');
    const record = await finalise(session);
    expect(await record.xml.text()).toContain('<audit>audit.csv</audit>');
    const lines = (await record.files.find((file) => file.name === 'audit.csv')?.blob.text())?.split('\n') ?? [];
    expect(lines[0]).toBe('event,node,start,end');
    expect(lines.slice(1, -1).map((line) => line.replace(/\d+/g, 'T'))).toEqual([
      'form start,,T,',
      'question,/data/place,T,T',
      'form finalize,,T,',
    ]);
  });

  test('goes on where a draft was left', async () => {
    const before = await open(form());
    const kept = { as: 'draft' as const, ...(await snapshot(before)) };
    const text = (await open(form(), { kept })).audit?.text ?? '';
    expect(text.split('\n').slice(1, 3).map((line) => line.split(',')[0])).toEqual(['form start', 'form resume']);
  });

  test('says what an answer was before, where the form asks for it', () => {
    let time = 1000;
    const log = new AuditLog(true, '', () => time);
    log.enter('/data/place', 'a "b"');
    time = 2000;
    log.leave('/data/place', 'c,d');
    expect(log.text.split('\n')[2]).toBe('question,/data/place,1000,2000,"a ""b""","c,d"');
  });

  test('is not kept for a form without it', async () => {
    const session = await open(form().replace('<audit/>', '').replace(/<bind nodeset="[^"]*audit"[^>]*>/, ''));
    expect(session.audit).toBeNull();
    expect((await finalise(session)).files).toEqual([]);
  });
});
