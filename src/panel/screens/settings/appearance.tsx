/** How this browser shows the panel: theme, density, zone and units. */
import { useMap } from "../../live/map.ts";
import { prefer, type Preferences, usePreferences } from "../../live/preferences.ts";
import { useClock } from "../../live/time.ts";
import { Choices } from "../../parts/choices.tsx";
import { THEME_ICONS } from "../../parts/theme.tsx";
import { useTitle } from "../../shell/title.ts";
import { inWords, wholeMomentOf } from "../../words/format.ts";
import { MAP, MAP_CHOICE } from "../../words/map.ts";
import {
  DENSITY_WORDS,
  SETTINGS,
  TEMPERATURE_WORDS,
  THEME_WORDS,
  UNIT_WORDS,
  ZONE_WORDS,
} from "../../words/settings.ts";

export function AppearanceScreen() {
  useTitle(SETTINGS.title);
  const { theme, density, zone, temperature, units } = usePreferences();
  const shared = { isWide: true };
  return (
    <div className="settings">
      <p className="text-ink2">{SETTINGS.ofThisBrowser}</p>
      <Choices
        {...shared}
        label={SETTINGS.theme}
        value={theme}
        choices={choicesOf(THEME_WORDS, (one) => {
          const Icon = THEME_ICONS[one];
          return <Icon size={16} className="mt-0.5 shrink-0 text-ink3" aria-hidden="true" />;
        })}
        onChoose={(theme) => prefer({ theme } as Partial<Preferences>)}
      />
      <Choices
        {...shared}
        label={SETTINGS.density}
        value={density}
        choices={choicesOf(DENSITY_WORDS)}
        onChoose={(density) => prefer({ density } as Partial<Preferences>)}
      />
      <Choices
        {...shared}
        label={SETTINGS.zone}
        value={zone}
        choices={choicesOf(ZONE_WORDS)}
        onChoose={(zone) => prefer({ zone } as Partial<Preferences>)}
      />
      <Choices
        {...shared}
        label={SETTINGS.temperature}
        value={temperature}
        choices={choicesOf(TEMPERATURE_WORDS)}
        onChoose={(temperature) => prefer({ temperature } as Partial<Preferences>)}
      />
      <Choices
        {...shared}
        label={SETTINGS.units}
        value={units}
        choices={choicesOf(UNIT_WORDS)}
        onChoose={(units) => prefer({ units } as Partial<Preferences>)}
      />
      <MapChoices />
      <Example key={`${zone} ${temperature} ${units}`} />
    </div>
  );
}

type Words<T extends string> = Record<T, { title: string; sentence: string }>;

const choicesOf = <T extends string>(words: Words<T>, icon?: (one: T) => React.ReactNode) =>
  (Object.keys(words) as T[]).map((value) => ({ value, ...words[value], icon: icon?.(value) }));

const NO_MAP = "";

/** [S7] Only where this hub names a map. */
function MapChoices() {
  const choice = useMap();
  if (!choice) return null;
  const { host, isChosen, choose } = choice;
  return (
    <Choices
      isWide
      label={MAP_CHOICE.label}
      value={isChosen ? host : NO_MAP}
      choices={[
        { value: NO_MAP, ...MAP_CHOICE.plain },
        { value: host, title: MAP_CHOICE.from(host), sentence: MAP.wouldSee(MAP_CHOICE.it, location.host) },
      ]}
      onChoose={(value) => choose(value === host)}
    />
  );
}

/** What the choices come to, in the words that are used everywhere. */
function Example() {
  const now = useClock(wholeMomentOf);
  const [warm, wind, pressure] = [
    inWords(21.5, { unit: "°C", precision: 1 }),
    inWords(4.2, { unit: "m/s", precision: 1 }),
    inWords(1013, { unit: "hPa", precision: 0 }),
  ];
  return (
    <p className="example" aria-label={SETTINGS.example}>
      {[now, warm, wind, pressure].map((text, index) => <span key={index}>{text}</span>)}
    </p>
  );
}
