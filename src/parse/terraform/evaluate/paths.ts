/** A path with `.` and `..` worked out, below a folder; `''` is the folder that everything is in. */
export function resolvePath(folder: string, path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of `${isAbsolute ? '' : folder}/${path}`.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return `${isAbsolute || (path === '' && folder.startsWith('/')) ? '/' : folder.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/** The folder that a file lies in. */
export function folderOf(file: string): string {
  const slash = file.replaceAll('\\', '/').lastIndexOf('/');
  return slash < 0 ? '' : resolvePath('', file.slice(0, slash) || '/');
}
