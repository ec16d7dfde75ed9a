/** All of the settings: one file to load for whoever comes here. */
export { AboutScreen } from "./about.tsx";
export { AppearanceScreen } from "./appearance.tsx";
export { KeysScreen } from "./keys.tsx";
export { SettingsScreen } from "./settings.tsx";
export { TokensScreen } from "./tokens.tsx";
