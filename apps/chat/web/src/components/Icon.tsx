// Drawn here, so that the page needs nothing from elsewhere.

const paths = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M17.5 14.7c2.3.6 3.7 2.4 4 5.3",
  send: "M5 12h13M12.5 6l6 6-6 6",
  down: "M12 5v13M6 12.5l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  leave: "M14 5H6v14h8M10.5 12H20M16.5 8.5L20 12l-3.5 3.5",
  power: "M12 4v8M7.5 6.8a7 7 0 1 0 9 0",
  clock: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  enter: "M10 5h8v14h-8M4 12h10M10.5 8l4 4-4 4",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15ZM10 21h4",
  calendar: "M5 6h14v14H5ZM5 10.5h14M9 3.5V7M15 3.5V7",
  back: "M19 12H6M11.5 6l-6 6 6 6",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  edit: "M5 19l1-4.2L15.8 5 19 8.2 9.2 18ZM13.5 7.3l3.2 3.2",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5",
  settings: "M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5",
  image: "M4 5h16v14H4ZM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5v.1",
  at: "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0ZM15.5 8.5V13a2.7 2.7 0 0 0 5.4 0v-1a8.9 8.9 0 1 0-3.6 7.2",
  info: "M12 11v6M12 7.2v.2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  alert: "M12 7v6M12 16.8v.2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M6 20 L16 9 L26 20 M11.5 23.5 h9" />
    </svg>
  );
}
