import { useEffect, useId, useRef, useState } from "react";
import { useWords } from "../hooks/useWords";
import { languages, themes, useSettings, type Language, type Theme } from "../stores/settings";
import { Icon } from "./Icon";

/** The theme and the language, side by side. */
export function Settings() {
  const { theme, language, chooseTheme, chooseLanguage } = useSettings();
  const words = useWords();
  const id = useId();
  const themeNames: Record<Theme, string> = { system: words.themeSystem, light: words.themeLight, dark: words.themeDark };

  return (
    <div className="settings" role="group" aria-label={words.settings}>
      <label htmlFor={`${id}-theme`}>{words.theme}</label>
      <select
        id={`${id}-theme`}
        className="field"
        data-testid="theme-select"
        value={theme}
        onChange={(event) => chooseTheme(event.target.value as Theme)}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {themeNames[each]}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-language`}>{words.language}</label>
      <select
        id={`${id}-language`}
        className="field"
        data-testid="language-select"
        value={language}
        onChange={(event) => chooseLanguage(event.target.value as Language)}
      >
        {Object.entries(languages).map(([each, { name }]) => (
          <option key={each} value={each} lang={each}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A button that shows the settings above itself. */
export function SettingsButton() {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    place.current?.querySelector("select")?.focus();
    const onPress = (event: PointerEvent): void => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [open]);

  return (
    <div
      ref={place}
      className="settings-place"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
    >
      {open && (
        <div className="settings-card">
          <Settings />
        </div>
      )}
      <button
        ref={button}
        className="icon-button"
        data-testid="settings-button"
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-label={words.settings}
        title={words.settings}
      >
        <Icon name="settings" />
      </button>
    </div>
  );
}
