using System;
using System.IO;

namespace Sidecar.Config.Tests.Corpus;

/// <summary>A fact over the corpus of real xDS resources beside the repository; skipped, saying so, where the corpus is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        Skip = Directory is null ? "the corpus of xDS resources (../shared/xds-corpus) is not here" : null;
    }

    /// <summary>The folder of the corpus' resources, null if absent.</summary>
    internal static string? Directory { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "xds-corpus", "resources");
            if (System.IO.Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
