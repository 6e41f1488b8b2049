using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;

namespace Sidecar.ArchitectureTests;

public sealed partial class DocumentationTests
{
    [Fact]
    public void TypeNamesInDocs_Exist()
    {
        HashSet<string> known = DeclaredTypes();
        Dictionary<string, string> exceptions = Repository.Exceptions("docs-exceptions.txt");
        var problems = new List<string>();
        foreach (string file in Repository.Files("docs", "*.md"))
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                foreach (Match match in TypeNameInBackTicks().Matches(lines[i]))
                {
                    string name = match.Groups[1].Value;
                    if (!known.Contains(name) && !exceptions.ContainsKey($"{name} | not ours"))
                    {
                        problems.Add($"{Repository.Relative(file)}:{i + 1}: `{name}`");
                    }
                }
            }
        }

        Repository.AssertNone(problems, "types in back-ticks that no source declares (a name that is not ours goes to docs-exceptions.txt):");
    }

    private static HashSet<string> DeclaredTypes()
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in (List<string>)[.. Repository.Files("src", "*.cs"), .. Repository.Files("tests", "*.cs")])
        {
            foreach (Match match in TypeDeclaration().Matches(File.ReadAllText(file)))
            {
                types.Add(match.Groups[1].Value);
            }
        }

        return types;
    }

    /// <summary>Two or more humps, optionally generic: <c>BufferChain</c>, <c>Slot&lt;T&gt;</c>; not <c>GET</c>, not <c>stats.json</c>.</summary>
    [GeneratedRegex(@"`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:<\w+>)?`")]
    private static partial Regex TypeNameInBackTicks();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface) (?:struct |class )?(\w+)")]
    private static partial Regex TypeDeclaration();
}
