using System;
using System.Collections.Generic;
using System.IO;
using Sidecar.Config.Tree;

namespace Sidecar.ControlPlane.Resources;

/// <summary>Reads the resource files of a folder, and of no folder below it. One thread.</summary>
public static class FolderReader
{
    /// <summary>A file larger than this is refused.</summary>
    public const long MaxFileBytes = 64 << 20;

    /// <summary>
    /// Reads the *.yaml, *.yml and *.json files in the order of their names. Hidden files (an editor's, or the `..data` of a mounted
    /// ConfigMap) are skipped.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="errors">Takes what could not be read.</param>
    public static List<ResourceFile> Read(string folder, ConfigErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        List<ResourceFile> files = [];
        try
        {
            string[] paths = Directory.GetFiles(folder);
            Array.Sort(paths, StringComparer.Ordinal);
            foreach (string path in paths)
            {
                if (IsResourceFile(path) && ReadFile(path, errors) is { } content)
                {
                    files.Add(new ResourceFile(path, content));
                }
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SourcePosition(folder, 0, 0), "", "cannot be read: " + unreadable.Message);
        }

        return files;
    }

    /// <summary>True if a file of that name is read.</summary>
    public static bool IsResourceFile(string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
        return !name.StartsWith('.')
            && (name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
    }

    private static byte[]? ReadFile(string path, ConfigErrors errors)
    {
        try
        {
            if (new FileInfo(path).Length <= MaxFileBytes)
            {
                return File.ReadAllBytes(path);
            }

            errors.Add(new SourcePosition(path, 0, 0), "", $"larger than {MaxFileBytes >> 20} MiB");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SourcePosition(path, 0, 0), "", "cannot be read: " + unreadable.Message);
        }

        return null;
    }
}
