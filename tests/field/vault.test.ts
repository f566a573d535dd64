/** The device's own keeping: nothing is lost, nothing is shown to somebody else. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { use } from '../../static/field/store/database.ts';
import { currentPerson, fresh, signIn, signOut } from '../../static/field/store/people.ts';
import { CONTENT_FOR, DELETED_FOR, RECEIPT_FOR, RecordMoved, unsentByOwner, Vault } from '../../static/field/store/vault.ts';
import { Clock, draft, finished, frozen, newDevice, origin } from './device.ts';

const photo = (name: string, content: string) => new File([content], name, { type: 'image/jpeg' });
let clock: Clock;
let vault: Vault;

beforeEach(async () => {
  await newDevice();
  clock = new Clock();
  vault = new Vault('ani', () => undefined, clock.now);
});

describe('a draft', () => {
  test('comes back with its answers and files, byte for byte', async () => {
    await vault.saveDraft(origin('uuid:1'), 'Goris', draft('a', [photo('a-1.jpg', 'house')]));
    const stored = await vault.read('uuid:1');
    expect(stored?.row).toMatchObject({ state: 'draft', name: 'Goris', owner: 'ani' });
    expect(await stored?.xml.text()).toBe('<data>a</data>');
    expect(await stored?.files[0]?.text()).toBe('house');
    expect(stored?.files[0]).toMatchObject({ name: 'a-1.jpg', type: 'image/jpeg' });
  });

  test('writes a file once, and drops one that was removed', async () => {
    const house = photo('a-1.jpg', 'house');
    const read = vi.spyOn(house, 'arrayBuffer');
    await vault.saveDraft(origin('uuid:1'), '', draft('a', [house]));
    await vault.saveDraft(origin('uuid:1'), '', draft('b', [house]));
    expect(read).toHaveBeenCalledTimes(1);
    await vault.saveDraft(origin('uuid:1'), '', draft('c'));
    expect((await vault.read('uuid:1'))?.files).toEqual([]);
  });

  test('stays on the version that it was begun on', async () => {
    await vault.saveDraft(origin('uuid:1'), '', draft('a'));
    const newer = { ...origin('uuid:1'), form: { ...origin('uuid:1').form, version: '2', id: 2 } };
    await vault.saveDraft(newer, '', draft('b'));
    expect((await vault.row('uuid:1'))?.form.version).toBe('1');
  });

  test('is not written over once another tab has finished it', async () => {
    await vault.saveDraft(origin('uuid:1'), '', draft('a'));
    await finished(vault, 'uuid:1');
    await expect(vault.saveDraft(origin('uuid:1'), '', draft('late'))).rejects.toBeInstanceOf(RecordMoved);
    expect(await (await vault.read('uuid:1'))?.xml.text()).toBe('<data>uuid:1</data>');
    await expect(vault.finalise(origin('uuid:1'), '', await frozen('uuid:1'))).rejects.toBeInstanceOf(RecordMoved);
  });
});

test('a database that the browser closed is opened again', async () => {
  await vault.saveDraft(origin('uuid:1'), '', draft('a'));
  await use(async (database) => database.close());
  expect(await vault.list()).toHaveLength(1);
  await use(async (database) => database.close());
  await vault.saveDraft(origin('uuid:1'), '', draft('b'));
  expect(await (await vault.read('uuid:1'))?.xml.text()).toBe('<data>b</data>');
});

test('a write that fails leaves the draft before it whole', async () => {
  await vault.saveDraft(origin('uuid:1'), '', draft('a', [photo('a-1.jpg', 'house')]));
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(vault.saveDraft(origin('uuid:1'), '', draft('b'))).rejects.toMatchObject({ name: 'QuotaExceededError' });
  put.mockRestore();
  const stored = await vault.read('uuid:1');
  expect(await stored?.xml.text()).toBe('<data>a</data>');
  expect(await stored?.files[0]?.text()).toBe('house');
});

describe('another person on the same device', () => {
  const other = () => new Vault('lusine', () => undefined, clock.now);

  test('cannot list, read, change or finish what is not theirs', async () => {
    await vault.saveDraft(origin('uuid:1'), 'secret', draft('a'));
    expect(await other().list()).toEqual([]);
    expect(await other().row('uuid:1')).toBeNull();
    expect(await other().read('uuid:1')).toBeNull();
    await expect(other().remove('uuid:1')).rejects.toBeInstanceOf(RecordMoved);
    await expect(other().reopen('uuid:1')).rejects.toBeInstanceOf(RecordMoved);
    await expect(other().saveDraft(origin('uuid:1'), '', draft('b'))).rejects.toBeInstanceOf(RecordMoved);
    expect(await (await vault.read('uuid:1'))?.xml.text()).toBe('<data>a</data>');
  });

  test('sees only that something waits, and whose it is', async () => {
    await vault.saveDraft(origin('uuid:1'), '', draft('a'));
    await finished(vault, 'uuid:2');
    await vault.saveDraft(origin('uuid:3'), '', draft('c'));
    await vault.remove('uuid:3');
    expect([...(await unsentByOwner())]).toEqual([['ani', 2]]);
  });
});

describe('what is let go', () => {
  test('a removed record comes back for a day, and is gone after it', async () => {
    await vault.saveDraft(origin('uuid:1'), '', draft('a'));
    await vault.remove('uuid:1');
    clock.pass(DELETED_FOR - 1000);
    await vault.tidy();
    expect((await vault.bringBack('uuid:1')).deletedAt).toBeNull();
    expect(await (await vault.read('uuid:1'))?.xml.text()).toBe('<data>a</data>');
    await vault.remove('uuid:1');
    clock.pass(DELETED_FOR + 1000);
    await vault.tidy();
    expect(await vault.row('uuid:1')).toBeNull();
    expect(await vault.read('uuid:1')).toBeNull();
  });

  test('a sent record keeps its answers for a week and its receipt for a month', async () => {
    await finished(vault, 'uuid:1', ['photo']);
    await vault.change('uuid:1', (row) => ({ ...row, state: 'sent', changedAt: clock.now() }));
    clock.pass(CONTENT_FOR + 1000);
    await vault.tidy();
    expect(await vault.read('uuid:1')).toBeNull();
    expect(await vault.row('uuid:1')).toMatchObject({ state: 'sent', hasContent: false });
    clock.pass(RECEIPT_FOR);
    await vault.tidy();
    expect(await vault.row('uuid:1')).toBeNull();
  });

  test('what the server has not confirmed is never let go by itself', async () => {
    await finished(vault, 'uuid:1', ['photo']);
    await vault.saveDraft(origin('uuid:2'), '', draft('a'));
    clock.pass(10 * RECEIPT_FOR);
    await vault.tidy();
    expect((await vault.list()).map((row) => row.instanceId).sort()).toEqual(['uuid:1', 'uuid:2']);
    expect((await vault.read('uuid:1'))?.files).toHaveLength(1);
  });
});

test('whoever signed in last can start without a network, until they sign out', async () => {
  const session = {
    user: { username: 'ani', name: 'Ani', language: 'hy' },
    csrf_token: '',
    operations: [],
    version: '1',
  };
  expect(await currentPerson()).toBeNull();
  await signIn(session);
  expect(await currentPerson()).toEqual(fresh(session));
  await signOut();
  expect(await currentPerson()).toBeNull();
});
