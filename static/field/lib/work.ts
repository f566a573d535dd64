/** What a person does in the field client, and how the first page is named by it. */
import type { Session } from '../api/contract.ts';
import { t } from '../i18n/index.ts';

/** Servers of older releases say nothing: everybody fills forms. */
export const does = ({ work }: Session, what: string): boolean => work?.includes(what) ?? what === 'forms';

export const listTitle = (session: Session): string =>
  does(session, 'receipts') && !does(session, 'forms') ? t('list.cargo') : t('list.title');
