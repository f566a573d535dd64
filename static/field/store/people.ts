/**
 * Who uses this device: the one signed in last can go on without a network, and
 * keeps the lists of forms that came with the last visit.
 */
import type { FormVersion, Session } from '../api/contract.ts';
import { use, type PersonRow } from './database.ts';

const CURRENT = 'signed-in';

/** Whoever was signed in last and has not signed out. */
export async function currentPerson(): Promise<PersonRow | null> {
  return use(async (database) => {
    const username = await database.get('settings', CURRENT);
    return username === undefined ? null : ((await database.get('people', username)) ?? null);
  });
}

export const fresh = (session: Session): PersonRow => ({
  username: session.user.username,
  session,
  forms: [],
  syncedAt: null,
  pausedUntil: 0,
  revoked: false,
});

/** Remembers that somebody is signed in, for the next start without a network. */
export async function signIn(session: Session): Promise<PersonRow> {
  return use(async (database) => {
    const transaction = database.transaction(['people', 'settings'], 'readwrite');
    const people = transaction.objectStore('people');
    const person = { ...((await people.get(session.user.username)) ?? fresh(session)), session };
    await people.put(person);
    await transaction.objectStore('settings').put(session.user.username, CURRENT);
    await transaction.done;
    return person;
  });
}

export async function signOut(): Promise<void> {
  await use((database) => database.delete('settings', CURRENT));
}

export async function changePerson(
  username: string,
  change: Partial<Pick<PersonRow, 'forms' | 'cargo' | 'syncedAt' | 'pausedUntil' | 'revoked'>>,
): Promise<void> {
  await use(async (database) => {
    const transaction = database.transaction('people', 'readwrite');
    const person = await transaction.store.get(username);
    if (person) await transaction.store.put({ ...person, ...change });
    await transaction.done;
  });
}

export async function person(username: string): Promise<PersonRow | null> {
  return (await use((database) => database.get('people', username))) ?? null;
}

export const keptForms = async (username: string): Promise<readonly FormVersion[]> =>
  (await person(username))?.forms ?? [];
