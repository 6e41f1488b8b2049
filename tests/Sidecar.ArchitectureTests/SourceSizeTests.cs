using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Sidecar.ArchitectureTests;

public sealed partial class SourceSizeTests(ITestOutputHelper output)
{
    private const int LimitLines = 600;
    private const int LookTwiceLines = 400;
    private const int TestLimitLines = 1000;

    [Theory]
    [InlineData("src", LimitLines)]
    [InlineData("tests", TestLimitLines)]
    public void Files_StayReadable(string folder, int limit)
    {
        Dictionary<string, string> exceptions = Repository.Exceptions("size-exceptions.txt");
        var problems = new List<string>();
        foreach (string file in Repository.Files(folder, "*.cs"))
        {
            int lines = File.ReadAllLines(file).Length;
            string name = Repository.Relative(file);
            if (lines > limit && !exceptions.ContainsKey($"{name} | lines"))
            {
                problems.Add($"{name}: {lines} lines");
            }
            else if (lines > LookTwiceLines)
            {
                output.WriteLine($"look twice: {name}: {lines} lines");
            }
        }

        Repository.AssertNone(problems, $"over {limit} lines; split by concern (or size-exceptions.txt with a reason):");
    }

    [Fact]
    public void PartialTypes_CountAsOne()
    {
        var linesByType = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string file in Repository.Files("src", "*.cs"))
        {
            string text = File.ReadAllText(file);
            Match match = PartialType().Match(text);
            if (match.Success)
            {
                string type = $"{Path.GetDirectoryName(Repository.Relative(file))}: {match.Groups[1].Value}";
                linesByType[type] = linesByType.GetValueOrDefault(type) + text.Split('\n').Length;
            }
        }

        var problems = new List<string>();
        foreach ((string type, int lines) in linesByType)
        {
            if (lines > LimitLines)
            {
                problems.Add($"{type}: {lines} lines in all its parts");
            }
        }

        Repository.AssertNone(problems, $"a partial type is one type; over {LimitLines} lines:");
    }

    [GeneratedRegex(@"^\s*(?:public|internal)[\w ]*\bpartial (?:class|struct|record|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PartialType();
}
