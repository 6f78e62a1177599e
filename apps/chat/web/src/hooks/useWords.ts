import { languages, useSettings } from "../stores/settings";
import type { Words } from "../words/en";

/** What the page says, in the chosen language. */
export function useWords(): Words {
  return languages[useSettings((state) => state.language)].words;
}
