// How the page looks and which language it speaks. Both are chosen once for this browser; until then the system says.

import { create } from "zustand";
import { followOtherTabs, load, save } from "../lib/storage";
import { en, type Words } from "../words/en";
import { ko } from "../words/ko";

export const languages = { en: { name: "English", words: en }, ko: { name: "한국어", words: ko } } as const;
export type Language = keyof typeof languages;

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

interface SettingsState {
  theme: Theme;
  language: Language;
  chooseTheme(theme: Theme): void;
  chooseLanguage(language: Language): void;
}

export const useSettings = create<SettingsState>()((set) => ({
  theme: load("theme", isTheme) ?? "system",
  language: load("language", isLanguage) ?? languageOf(browserLanguages()),
  chooseTheme: (theme) => {
    save("theme", theme === "system" ? undefined : theme);
    set({ theme });
  },
  chooseLanguage: (language) => {
    save("language", language);
    set({ language });
  },
}));

/** The words of the chosen language; for components there is `useWords`. */
export function words(): Words {
  return languages[useSettings.getState().language].words;
}

/** The first of the browser's languages that the page speaks; English when it speaks none of them. */
export function languageOf(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.toLowerCase().split("-")[0]).find(isLanguage) ?? "en";
}

/** The browser's own variant of the chosen language, for dates and times. */
export function locale(): string {
  const { language } = useSettings.getState();
  return browserLanguages().find((tag) => languageOf([tag]) === language && isLanguage(tag.split("-")[0])) ?? language;
}

/** Brings the settings to the document and follows what other tabs choose. Returns how to stop that. */
export function applySettings(): () => void {
  apply(useSettings.getState());
  const stops = [
    useSettings.subscribe(apply),
    followOtherTabs("theme", (value) => useSettings.setState({ theme: isTheme(value) ? value : "system" })),
    followOtherTabs("language", (value) => isLanguage(value) && useSettings.setState({ language: value })),
  ];
  return () => stops.forEach((stop) => stop());
}

function apply({ theme, language }: SettingsState): void {
  const root = document.documentElement;
  root.lang = language;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  // The bar of a phone's browser has the colour of the page: of the theme that is chosen, not of the system's.
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.dataset["scheme"] as "light" | "dark";
    meta.media = theme === "system" ? `(prefers-color-scheme: ${own})` : theme === own ? "all" : "not all";
  }
}

function browserLanguages(): readonly string[] {
  return globalThis.navigator?.languages ?? [];
}

function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

function isLanguage(value: unknown): value is Language {
  return typeof value === "string" && Object.hasOwn(languages, value);
}
