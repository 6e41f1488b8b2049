using System;
using System.Collections.Generic;
using System.IO;

namespace Sidecar.ArchitectureTests;

/// <summary>The source tree that is being checked.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Sidecar.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Projects whose code runs on workers.</summary>
    public static IReadOnlyList<string> WorkerProjects { get; } =
    [
        "Sidecar.Core", "Sidecar.Event", "Sidecar.Http", "Sidecar.Network", "Sidecar.Upstream", "Sidecar.Proxy", "Sidecar.Extensions",
    ];

    /// <summary>Files below a folder, without build output.</summary>
    public static List<string> Files(string folder, string pattern)
    {
        var files = new List<string>();
        string path = Path.Combine(Root, folder);
        if (!Directory.Exists(path))
        {
            return files;
        }

        foreach (string file in Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories))
        {
            string relative = Relative(file);
            if (!relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal)
                && !relative.Contains("/node_modules/", StringComparison.Ordinal))
            {
                files.Add(file);
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>Lines <c>name | rule | reason</c> of an exceptions file beside the tests; the reason is required.</summary>
    public static Dictionary<string, string> Exceptions(string fileName)
    {
        var exceptions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadAllLines(Path.Combine(Root, "tests/Sidecar.ArchitectureTests", fileName)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
            Assert.True(parts.Length == 3 && parts[2].Length > 0, $"{fileName}: '{line}' is not 'name | rule | reason'");
            exceptions.Add($"{parts[0]} | {parts[1]}", parts[2]);
        }

        return exceptions;
    }

    /// <summary>Fails with all problems, one a line.</summary>
    public static void AssertNone(IReadOnlyCollection<string> problems, string advice) =>
        Assert.True(problems.Count == 0, $"{advice}\n  {string.Join("\n  ", problems)}");

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Sidecar.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("Sidecar.sln is above none of the test's folders");
    }
}
