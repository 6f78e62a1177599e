import { createContext, useContext } from "react";
import type { Line } from "../lib/line";

export const LineContext = createContext<Line | null>(null);

/** The page's connection. */
export function useLine(): Line {
  const line = useContext(LineContext);
  if (!line) throw new Error("useLine is for components below LineContext");
  return line;
}
