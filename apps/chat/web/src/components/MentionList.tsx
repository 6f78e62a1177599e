interface MentionListProps {
  id: string;
  label: string;
  names: readonly string[];
  chosen: number;
  onTake: (name: string) => void;
}

export const optionId = (listId: string, index: number): string => `${listId}-${index}`;

/** Names to choose from while one is written; the focus stays in the field. */
export function MentionList({ id, label, names, chosen, onTake }: MentionListProps) {
  return (
    <ul id={id} className="mention-list" role="listbox" aria-label={label} data-testid="mention-list">
      {names.map((name, index) => (
        <li
          key={name}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(name)}
        >
          <span aria-hidden="true">@</span>
          {name}
        </li>
      ))}
    </ul>
  );
}
