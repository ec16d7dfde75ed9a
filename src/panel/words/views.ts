/** Saved views of the list of devices. */

export const VIEWS = {
  label: "Views",
  /** Before the name of the one that is seen, and after that it is changed, for whoever hears it. */
  view: "View",
  changed: "changed",
  since: "since saved",
  changedTitle: "What you see is no longer what was saved.",
  none: "Save what you look for, how it is sorted and its columns under a name, and come back to it here.",
  shared: "Shared",
  sharedBy: (name: string) => `Shared by ${name}`,
  edit: (name: string) => `Rename or share ${name}`,
  remove: (name: string) => `Delete ${name}`,
  save: "Save this view…",
  saveChanges: (name: string) => `Save the changes to ${name}`,
  back: (name: string) => `Back to ${name} as saved`,
  leave: "All devices",
  everything: "all devices",
  saved: (name: string) => `${name} is saved.`,
  deleted: (name: string) => `${name} is deleted.`,
} as const;

export const SAVE_VIEW = {
  title: "Save this view",
  titleOf: (name: string) => `Rename or share ${name}`,
  name: "Name",
  example: "Cold rooms",
  nameless: "Give it a name.",
  share: "Share it",
  shareHint: "Everybody of this hub sees it, and operators may change it.",
  shareFixed: (name: string) => `${name} shares it, and takes it back, or an administrator does.`,
  query: "Looks for",
  sort: "Sorted by",
  columns: "Columns",
  descending: (field: string) => `${field}, descending`,
  usual: "the usual ones",
  noColumns: "none",
} as const;
