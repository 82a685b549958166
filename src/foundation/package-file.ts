/**
 * A file or folder that ships with this package.
 * @param path below the package's own folder; a folder's ends with a slash
 */
export const packageFile = (path: string): URL => new URL(`../../${path}`, import.meta.url);
