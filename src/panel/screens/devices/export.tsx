/** The devices that are found, or chosen, as a file or as a call. */
import { curlGet } from "../../live/curl.ts";
import { devicesFound, keepDevices, listPath, MOST_EXPORTED } from "../../live/export.ts";
import { hubNow } from "../../live/time.ts";
import { ExportMenu, type FileForm } from "../../parts/export_menu.tsx";
import { EXPORT } from "../../words/list.ts";

interface Props {
  queries: readonly string[];
  isUp?: boolean;
  className?: string;
}

export function Export({ queries, ...around }: Props) {
  const save = async (form: FileForm) => {
    const { devices, isCut } = await devicesFound(queries);
    keepDevices(devices, form, hubNow());
    return isCut ? EXPORT.cut(MOST_EXPORTED) : EXPORT.done(devices.length);
  };
  const curl = queries.length === 1 ? () => curlGet(listPath(queries[0])) : null;
  return <ExportMenu words={EXPORT} save={save} curl={curl} {...around} />;
}
