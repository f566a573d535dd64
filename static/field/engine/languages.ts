/**
 * Finds the form's language that suits the reader. Forms name their languages
 * freely: "English (en)", "english", "Русский".
 */
import type { FormLanguage, RootNode } from './types.ts';

export function formLanguages(root: RootNode): readonly FormLanguage[] {
  return root.languages.filter((language): language is FormLanguage => !language.isSyntheticDefault);
}

/** The name without its code, as a heading would write it. */
export function languageName(language: FormLanguage): string {
  const name = language.language.replace(/\s*\([^)]*\)\s*$/, '').trim() || language.language;
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

export function suits(name: string, reader: string): boolean {
  const code = /\(([a-z]{2,3})(?:[-_][A-Za-z]+)?\)\s*$/i.exec(name)?.[1] ?? name;
  if (code.toLowerCase() === reader) return true;
  const named = [reader, 'en'].map((inLanguage) =>
    new Intl.DisplayNames([inLanguage], { type: 'language' }).of(reader)?.toLowerCase(),
  );
  return named.includes(languageName({ language: name, isDefault: false }).toLowerCase());
}

export function chooseLanguage(root: RootNode, reader: string): void {
  const language = formLanguages(root).find((candidate) => suits(candidate.language, reader));
  if (language) root.setLanguage(language);
}

/** The language of the form's texts as a code, so that readers pronounce them rightly. */
export function formNodeLanguage(root: RootNode): string | undefined {
  const active = root.currentState.activeLanguage;
  return active.locale?.language ?? /\(([a-z]{2,3})\)\s*$/i.exec(active.language)?.[1]?.toLowerCase();
}
