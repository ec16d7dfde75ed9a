/** Keys: what they do, and whether single ones do anything. */
import { prefer, usePreferences } from "../../live/preferences.ts";
import { Choices } from "../../parts/choices.tsx";
import { KeyTable } from "../../shell/key_table.tsx";
import { useTitle } from "../../shell/title.ts";
import { KEYS_WORDS, SETTINGS } from "../../words/settings.ts";

export function KeysScreen() {
  useTitle(SETTINGS.title);
  const { keys } = usePreferences();
  return (
    <div className="settings">
      <Choices
        isWide
        label={SETTINGS.singleKeys}
        value={keys ? "on" : "off"}
        choices={(["on", "off"] as const).map((value) => ({ value, ...KEYS_WORDS[value] }))}
        onChoose={(value) => prefer({ keys: value === "on" })}
      />
      <KeyTable />
    </div>
  );
}
